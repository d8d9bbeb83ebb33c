"""Small posted forms, in both encodings that RFC 8058 names, read without trust."""

from __future__ import annotations

from email import message_from_bytes
from email.message import Message
from urllib.parse import parse_qsl

from starlette.requests import Request

from engine.web.bodies import TooLarge, read_body

LARGEST = 16 * 1024
_MOST_FIELDS = 200


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a form; of a repeated one the first. What is no form has no fields.

    Raises:
        TooLarge: as soon as more than 16 KB have come, or for more than 200 fields.
    """
    body = await read_body(request, LARGEST)
    kind = request.headers.get("content-type", "")
    if kind.lower().startswith("multipart/form-data"):
        return _multipart(kind, body)
    fields: dict[str, str] = {}
    try:
        for name, value in parse_qsl(body.decode("latin-1"), max_num_fields=_MOST_FIELDS):
            fields.setdefault(name, value)
    except ValueError as too_many_fields:
        raise TooLarge from too_many_fields
    return fields


def _multipart(kind: str, body: bytes) -> dict[str, str]:
    head = b"Content-Type: " + kind.encode("latin-1", "replace") + b"\r\n\r\n"
    form = message_from_bytes(head + body)
    parts = form.get_payload()
    fields: dict[str, str] = {}
    for part in parts if isinstance(parts, list) else []:
        if isinstance(part, Message):
            name = part.get_param("name", header="content-disposition")
            value = part.get_payload(decode=True)
            if isinstance(name, str) and isinstance(value, bytes):
                fields.setdefault(name, value.decode("utf-8", "replace").strip("\r\n"))
    return fields
