"""Whose request it is: the address of the connection, or what a proxy that we were told of says of it.

`X-Forwarded-For` is written by anybody. It is read from the right, for each proxy appends whom it saw,
and only as far as proxies of ours (`web.behind`) wrote it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

Network = IPv4Network | IPv6Network
_Address = IPv4Address | IPv6Address

UNKNOWN = "unknown"
_HOME_PREFIX = 64
"""An IPv6 customer holds a whole network of this size, and any address in it."""


def networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Networks from `10.0.0.0/8` or `127.0.0.1`.

    Raises:
        ValueError: if one is none.
    """
    return tuple(ip_network(text, strict=False) for text in texts)


def client_of(peer: str | None, forwarded: Sequence[str], behind: Sequence[Network]) -> str:
    """The address of whoever asks. `peer` is the other end of the connection, `forwarded` the values of
    `X-Forwarded-For` in their order."""
    found = _address(peer or "")
    if found is None:
        return peer or UNKNOWN
    said = [part for value in forwarded for part in value.split(",")]
    while said and any(found in network for network in behind):
        before = _address(said.pop())
        if before is None:
            break
        found = before
    return str(found)


def household(client: str) -> str:
    """What shares one allowance: an IPv4 address, or the network of an IPv6 one."""
    found = _address(client)
    if isinstance(found, IPv6Address):
        return str(ip_network((found, _HOME_PREFIX), strict=False))
    return client


def _address(text: str) -> _Address | None:
    """`192.0.2.1`, `192.0.2.1:443`, `2001:db8::1`, `[2001:db8::1]:443`; None for anything else."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text)
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return mapped or found
