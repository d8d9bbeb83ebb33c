"""`/v1/…`: Segment's tracking API, so that its clients work as they are. What comes is stored, answered,
and then processed (`application.segment_inbox`)."""

from __future__ import annotations

import json
import logging
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from engine.adapters.db.connect import passes
from engine.application.ports.inbox import Sent
from engine.application.ports.write_keys import WriteKey, WriteKeys
from engine.application.segment_calls import KINDS
from engine.application.segment_inbox import LARGEST_EVENT
from engine.application.write_keys import recognise
from engine.domain.errors import SetupError
from engine.web.bodies import TooLarge, read_body
from engine.web.letterbox import Full, Letterbox
from engine.web.unpack import Refused, unpacked

log = logging.getLogger("sincerely.web")

LARGEST_BATCH = 500_000
MOST_CALLS = 2_500
"""Calls of one batch, as Segment has it."""
_BATCHES = ("batch", "import")
CALLS = {name: name for name in (*_BATCHES, *KINDS)} | {
    "b": "batch", "t": "track", "i": "identify", "p": "page", "s": "screen", "g": "group", "a": "alias",
}  # fmt: skip
"""What can be posted to, below `/v1/`: `import` is what Segment calls a batch of old events, and the
letters are what its library for browsers posts to."""

_SPOKEN = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
"""Browsers may call from any page: what lets a call in is its key, and there are no cookies."""
_ASKED = {
    **_SPOKEN,
    "Access-Control-Allow-Methods": "POST",
    "Access-Control-Allow-Headers": "authorization, content-type, content-encoding",
    "Access-Control-Max-Age": "86400",
}


@dataclass(frozen=True, slots=True)
class Tracking:
    """The ports of the API; `now` is the clock: aware, UTC."""

    keys: WriteKeys
    letterbox: Letterbox
    now: Callable[[], datetime]

    def route(self) -> Route:
        """Where it is called."""
        return Route("/v1/{call}", self.answer, methods=["POST", "OPTIONS"])

    async def answer(self, request: Request) -> Response:
        """Take a call in: 200 when it is safe."""
        if request.method == "OPTIONS":
            return Response(None, 204, _ASKED)
        kind = CALLS.get(request.path_params["call"])
        if kind is None:
            return _refusal(404, "unknown_call", f"there are {', '.join(CALLS)}")
        try:
            body = await read_body(request, LARGEST_BATCH)
            sent = await run_in_threadpool(self._open, request, kind, body)
            await self.letterbox.put(sent)
        except Refused as refused:
            return _refusal(refused.status, refused.code, refused.message)
        except TooLarge:
            return _refusal(413, "too_large", f"the body is larger than {LARGEST_BATCH:,} bytes")
        except (Full, SetupError, SQLAlchemyError) as error:
            if not (isinstance(error, Full) or passes(error)):
                raise
            log.warning("not stored", extra={"action": "wait", "because": type(error).__name__})
            return _refusal(503, "busy", "it cannot be stored just now; come again", again_after=2)
        return JSONResponse({"success": True}, headers=_SPOKEN)

    def _open(self, request: Request, kind: str, body: bytes) -> Sent:
        """What is stored of a request: a batch, without its key."""
        now = self.now()
        named = _user_of(request)
        key = None if named is None else self._key(named)
        text = unpacked(body, request.headers.get("content-encoding", ""), LARGEST_BATCH)
        document = _object(text)
        said = document.get("writeKey")
        if key is None:
            key = self._key(said if isinstance(said, str) else "")
        if kind in KINDS:
            text = _single(document, kind, key, text)
        else:
            _count(document)
            if _may_hold_a_key(text):
                text = _dumped(_keyless(document))
        self.keys.used(key.name, now)
        return Sent("segment", text, now, sender=key.name, content_type="application/json")

    def _key(self, named: str) -> WriteKey:
        key = recognise(self.keys, named)
        if key is None:
            raise Refused(
                401,
                "unauthorized",
                "the write key is unknown or revoked; it is the user name of basic auth",
            )
        return key


def _user_of(request: Request) -> str | None:
    """The user of basic auth; None where the request names none."""
    scheme, _, coded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        return b64decode(coded.strip(), validate=True).decode("utf-8").partition(":")[0] or None
    except (NotBase64, ValueError):
        return ""


def _object(text: bytes) -> dict[str, object]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise Refused(400, "invalid_json", "the body is not JSON") from None
    if not isinstance(document, dict):
        raise Refused(400, "invalid_json", "the body is not a JSON object")
    return document


def _count(document: dict[str, object]) -> None:
    calls = document.get("batch")
    if not isinstance(calls, list):
        raise Refused(400, "invalid_batch", "`batch` is missing, or is no list of calls")
    if len(calls) > MOST_CALLS:
        raise Refused(413, "too_large", f"the batch has more than {MOST_CALLS:,} calls")


def _may_hold_a_key(text: bytes) -> bool:
    """False where no member of this JSON can be called `writeKey`, whatever a reader makes of it: the
    name stands nowhere as it is, and nothing is escaped or written in UTF-16 or UTF-32."""
    return b"writeKey" in text or b"\\u" in text or b"\0" in text


def _keyless(document: dict[str, object]) -> dict[str, object]:
    """The document without the key, which some libraries put beside and into every call; in place."""
    within: list[object] = [document]
    while within:
        one = within.pop()
        if isinstance(one, dict):
            one.pop("writeKey", None)
            within.extend(one.values())
        elif isinstance(one, list):
            within.extend(one)
    return document


def _single(document: dict[str, object], kind: str, key: WriteKey, text: bytes) -> bytes:
    """One call as a batch of one."""
    if len(text) > LARGEST_EVENT:
        raise Refused(413, "too_large", "the call is larger than 32 KB")
    scope = KINDS[kind][0]
    if scope not in key.scopes:
        raise Refused(403, "forbidden", f"this write key has no scope `{scope}`")
    if document.get("userId") in (None, "") and document.get("anonymousId") in (None, ""):
        raise Refused(400, "invalid_call", "`userId` is missing, and so is `anonymousId`")
    for field in _NEEDED.get(kind, ()):
        if document.get(field) in (None, ""):
            raise Refused(400, "invalid_call", f"`{field}` is missing")
    call = {**_keyless(document), "type": kind}
    return _dumped({"sentAt": document.get("sentAt"), "batch": [call]})


_NEEDED = {"track": ("event",), "group": ("groupId",), "alias": ("userId", "previousId")}


def _dumped(document: object) -> bytes:
    try:
        return json.dumps(document, ensure_ascii=False).encode("utf-8", "surrogatepass")
    except RecursionError:  # what can just be read may be too deep to be written
        raise Refused(400, "invalid_json", "the body is nested too deeply") from None


def _refusal(status: int, code: str, message: str, again_after: int | None = None) -> Response:
    said = {"success": False, "code": code, "message": message}
    wait = {} if again_after is None else {"Retry-After": str(again_after)}
    return JSONResponse(said, status, headers={**_SPOKEN, **wait})
