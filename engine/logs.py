"""Logging: one line an event, for people or as JSON, and never an address, a key or a token.

`logger.info("batch sent", extra={"action": "send", "count": 40})`: what stands in `extra` becomes
fields of the line.
"""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime
from typing import TextIO

SECRETS = re.compile(
    r"""SG\.[\w-]+(?:\.[\w-]+)?            # a SendGrid key
      | (?<=://)[^/\s:@]+:[^/\s@]+(?=@)    # user and password of a URL
      | (?<=/[a-z]/)[\w-]{32}(?![\w-])     # the token of a link
      | [^\s<>"'(),;:=@]+@[^\s<>"'(),;:=@]+  # a mail address
    """,
    re.VERBOSE,
)
_ORDINARY = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def redact(text: str) -> str:
    """The text with keys, passwords, tokens of links and mail addresses blacked out."""
    return SECRETS.sub("[redacted]", text)


class Lines(logging.Formatter):
    """`2026-03-04T10:00:00Z info engine.daemon batch sent action=send count=40`, or JSON."""

    def __init__(self, *, as_json: bool = False) -> None:
        super().__init__()
        self.as_json = as_json

    def format(self, record: logging.LogRecord) -> str:
        """One record as one line (a traceback follows on its own lines, or inside the JSON)."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="seconds")
        at = at.replace("+00:00", "Z")
        fields = {k: v for k, v in vars(record).items() if k not in _ORDINARY}
        trace = self.formatException(record.exc_info) if record.exc_info else ""
        level = record.levelname.lower()
        if self.as_json:
            head = {"at": at, "level": level, "logger": record.name, "message": record.getMessage()}
            document = {**head, **fields, **({"trace": trace} if trace else {})}
            return redact(json.dumps(document, ensure_ascii=False, default=str))
        pairs = "".join(f" {key}={value}" for key, value in fields.items())
        line = f"{at} {level} {record.name} {record.getMessage()}{pairs}".replace("\n", " ")
        return redact(f"{line}\n{trace}" if trace else line)


def configure(stream: TextIO, *, level: int = logging.INFO, as_json: bool = False) -> None:
    """Send everything that is logged from `level` on to `stream`, replacing what was set before."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Lines(as_json=as_json))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
