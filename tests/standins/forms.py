"""SendGrid's side of Inbound Parse: a mail posted as a form, raw or in its parts."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from email import message_from_bytes, policy
from email.message import EmailMessage

BOUNDARY = "xYzZY"


def form(fields: Mapping[str, bytes], files: Sequence[bytes] = ()) -> tuple[str, bytes]:
    """Content type and body of a post."""
    parts = [
        f'Content-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + value
        for name, value in fields.items()
    ]
    parts += [
        f'Content-Disposition: form-data; name="attachment{number}"; filename="p{number}.png"\r\n'
        "Content-Type: image/png\r\n\r\n".encode()
        + content
        for number, content in enumerate(files, 1)
    ]
    line = f"--{BOUNDARY}".encode()
    body = b"".join(line + b"\r\n" + part + b"\r\n" for part in parts) + line + b"--\r\n"
    return f"multipart/form-data; boundary={BOUNDARY}", body


def parsed(octets: bytes, files: Sequence[bytes] = (), to: str = "") -> tuple[str, bytes]:
    """A mail as SendGrid takes it apart: the header, and the texts in UTF-8."""
    message = message_from_bytes(octets, policy=policy.default)
    assert isinstance(message, EmailMessage)
    fields = {"headers": octets.replace(b"\r\n", b"\n").partition(b"\n\n")[0] + b"\n"}
    for name, kind in (("text", "plain"), ("html", "html")):
        part = message.get_body((kind,))
        if part is not None:
            fields[name] = part.get_content().encode()
    fields["envelope"] = json.dumps({"to": [to] if to else [], "from": "ann@example.com"}).encode()
    fields["charsets"] = json.dumps({"text": "UTF-8", "html": "UTF-8"}).encode()
    fields["attachments"] = str(len(files)).encode()
    return form(fields, files)
