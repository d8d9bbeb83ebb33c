"""`web:` of the config: how the pages are reached, where something stands before them."""

from __future__ import annotations

import re
from ipaddress import ip_network

from engine.language.config_types import Web
from engine.language.pen import Pen
from engine.language.reader import Got, NotAPhrase, Shape, Word, one_or_more, phrase, short

_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")


def _network(text: str) -> str:
    try:
        return str(ip_network(text, strict=False))
    except ValueError:
        raise NotAPhrase(
            "C122",
            f"`{short(text)}` is not the address of a proxy",
            "write its number, like `127.0.0.1`, or its network, like `10.0.0.0/8`",
        ) from None


def _host(text: str) -> str:
    if _HOST.fullmatch(text) is None:
        raise NotAPhrase(
            "C122",
            f"`{short(text)}` is not the name of a machine",
            "write it in small letters, without `https://` and without a port: `mail.cozy.example`",
        )
    return text


BEHIND = Word(
    "behind",
    one_or_more(phrase("the address of a proxy", _network, "127.0.0.1", "10.0.0.0/8")),
    "The proxies that are believed when they say who asks (`X-Forwarded-For`).",
    "127.0.0.1",
)
HOSTS = Word(
    "hosts",
    one_or_more(phrase("the name of a machine", _host)),
    "Names that the pages are reached by beside that of `company.site`.",
    "[mail.cozy.example]",
)
WEB = Shape("`web`", (BEHIND, HOSTS))


def read_web(got: Got, pen: Pen) -> Web:
    """How the pages are reached."""
    return Web(got.get(BEHIND) or (), got.get(HOSTS) or ())
