"""Delivery by SendGrid's Mail Send API, through its SDK: one request a recipient.

SendGrid knows no idempotency key, so whatever may have been accepted is `unknown` and never sent again
blindly (R10.1).
"""

from __future__ import annotations

import ssl
import unicodedata
from datetime import datetime, timedelta
from http.client import HTTPException
from typing import Any
from urllib.error import URLError
from zlib import crc32

from python_http_client.exceptions import HTTPError as Refusal

from engine.adapters.mail.addresses import needs_smtputf8
from engine.adapters.mail.departure import objection
from engine.adapters.mail.fields import flatten, structured
from engine.adapters.mail.mime import message_id
from engine.adapters.mail.sendgrid_client import HOST, endpoint, errors_in, reset_of
from engine.domain.message import Address, Message, Receipt

_SOON = timedelta(minutes=5)
_NO_TRACKING = {
    "click_tracking": {"enable": False, "enable_text": False},
    "open_tracking": {"enable": False},
    "subscription_tracking": {"enable": False},
}
_WITHOUT_MARKS = str.maketrans(
    {"ß": "ss", "Æ": "AE", "æ": "ae", "Œ": "OE", "œ": "oe", "Ø": "O", "ø": "o", "Ł": "L", "ł": "l"}
)


class SendGridMailer:
    """Sends with one API key; one mailer belongs to one worker. `timeout` is in seconds."""

    def __init__(
        self, api_key: str, key: bytes = b"", host: str = HOST, timeout: float = 10.0
    ) -> None:
        self._api_key = api_key
        self._key = key
        self._endpoint = endpoint(api_key, "mail/send", host, timeout)

    def send(self, message: Message, now: datetime) -> Receipt:
        """One mail, one request, and what its answer means. Only 202 is success.

        An URLError comes while connecting or sending, so the request is not complete and nothing was
        accepted; any other error of the connection comes while waiting for the answer.
        """
        against = _unfit(message)
        if against:
            return Receipt("refused", detail=against)
        try:
            body = _body(message, message_id(message, self._key))
        except ValueError as unwritable:
            return Receipt("refused", detail=str(unwritable))
        try:
            answer = self._endpoint.post(request_body=body)
        except Refusal as refusal:
            return self._verdict(refusal.status_code, refusal.headers, refusal.body, message, now)
        except URLError as failed:
            mend = isinstance(failed.reason, ssl.SSLCertVerificationError)
            detail = self._harmless(f"SendGrid is not reached: {failed.reason}")
            return Receipt("later", detail=detail, retry_at=now + _SOON, stops_lane=mend)
        except (OSError, HTTPException) as lost:
            detail = self._harmless(f"no answer from SendGrid: {lost or type(lost).__name__}")
            return Receipt("unknown", detail=detail)
        return self._verdict(answer.status_code, answer.headers, answer.body, message, now)

    def recall(self, send_id: str) -> None:
        """Its events say so; its log cannot be searched by our ids."""

    def close(self) -> None:
        """The SDK holds no connection open."""

    def _verdict(
        self, status: int, headers: Any, body: bytes, message: Message, now: datetime
    ) -> Receipt:
        if status == 202:
            return Receipt("accepted", provider_id=headers.get("X-Message-Id") or "")
        detail = self._harmless(f"{status} {errors_in(body)}")
        if status in (401, 403):
            # The key is at fault, not the mail: it waits until the key is mended.
            return Receipt("later", detail=detail, retry_at=now + _SOON, stops_lane=True)
        if status == 429:
            return Receipt(
                "later", detail=detail, retry_at=_reset(headers, message, now), paced=True
            )
        if status == 503:
            return Receipt("later", detail=detail, retry_at=now + _SOON)
        if 300 <= status < 400 or status in (404, 405):  # this is not the API
            return Receipt("later", detail=detail, retry_at=now + _SOON, stops_lane=True)
        if 400 <= status < 500:
            return Receipt("refused", detail=detail)
        return Receipt("unknown", detail=detail)

    def _harmless(self, text: str) -> str:
        return flatten(text.replace(self._api_key, "…"))[:300]


def _unfit(message: Message) -> str:
    """Why this mail is not offered to SendGrid, or nothing."""
    against = objection(message)
    if not against and needs_smtputf8(message.to.email):
        against = f"SendGrid cannot carry the foreign letters of {message.to.email}"
    if not against and not (message.text and message.html and flatten(message.subject)):
        against = "SendGrid takes no mail with an empty subject or part"
    return against


def _body(message: Message, identity: str) -> dict[str, Any]:
    """The JSON of the published API. Ids only in `custom_args`: SendGrid keeps them for ever."""
    for name, value in message.headers.items():
        structured(name, value)  # raises for what cannot be a header
    body: dict[str, Any] = {
        "personalizations": [
            {
                "to": [_recipient(message.to)],
                "custom_args": {"sincerely_send_id": message.send_id},
            }
        ],
        "from": _sender(message.sender),
        "subject": flatten(message.subject),
        "content": [
            {"type": "text/plain", "value": message.text},
            {"type": "text/html", "value": message.html},
        ],
        "headers": {
            **{name: flatten(value) for name, value in message.headers.items()},
            "Message-ID": identity,
        },
        "tracking_settings": _NO_TRACKING,
    }
    if message.reply_to:
        body["reply_to"] = _sender(message.reply_to)
    if message.categories:
        body["categories"] = list(dict.fromkeys(name[:255] for name in message.categories))[:10]
    return body


def _recipient(address: Address) -> dict[str, str]:
    """A name may not hold `;` or `,`."""
    name = flatten(address.name.replace(";", " ").replace(",", " "))
    return {"email": address.email, "name": name} if name else {"email": address.email}


def _sender(address: Address) -> dict[str, str]:
    """`from` takes no Unicode: letters lose their marks, and others are left out."""
    plain = unicodedata.normalize("NFKD", address.name.translate(_WITHOUT_MARKS))
    name = flatten(plain.encode("ascii", "ignore").decode("ascii"))
    return {"email": address.email, "name": name} if name else {"email": address.email}


def _reset(headers: Any, message: Message, now: datetime) -> datetime:
    """When the rate is free again, plus up to five seconds by the send id, so that not all come at once."""
    spread = timedelta(milliseconds=crc32(message.send_id.encode()) % 5000)
    return reset_of(headers, now) + spread
