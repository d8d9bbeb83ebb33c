"""`application.ports.dns.Dns` by dnspython."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address

from dns.exception import DNSException
from dns.rdatatype import RdataType
from dns.resolver import NXDOMAIN, NoAnswer, Resolver

from engine.application.ports.dns import Silent

_SECONDS = 4.0


class NameServers:
    """The name servers of this machine, or the one at `server`: its number, with a port if it has an
    unusual one (`192.0.2.53`, `192.0.2.53:5353`, `[2001:db8::53]:5353`)."""

    def __init__(self, server: str = "") -> None:
        """Raises ValueError: if `server` is none."""
        self._resolver: Resolver | None = None
        self._server = _place_of(server) if server else None

    def texts(self, name: str) -> tuple[str, ...]:
        """The TXT records; a name server may have cut a long one into strings."""
        return tuple(
            b"".join(record.strings).decode("utf-8", "replace")
            for record in self._ask(name, RdataType.TXT)
        )

    def receives(self, domain: str) -> bool:
        """Its MX, else its addresses."""
        exchanges = [str(record.exchange) for record in self._ask(domain, RdataType.MX)]
        if exchanges:
            return exchanges != ["."]
        return any(any(self._ask(domain, kind)) for kind in (RdataType.A, RdataType.AAAA))

    def _ask(self, name: str, kind: RdataType) -> Iterator:  # type: ignore[type-arg]
        try:
            answer = self._asked().resolve(name, kind, search=False)
        except (NXDOMAIN, NoAnswer):
            return iter(())
        except (DNSException, OSError) as failed:
            raise Silent(f"no name server answers: {type(failed).__name__}") from failed
        return iter(answer)

    def _asked(self) -> Resolver:
        if self._resolver is None:
            self._resolver = Resolver(configure=not self._server)
            self._resolver.lifetime = _SECONDS
            if self._server:
                self._resolver.nameservers, self._resolver.port = [self._server[0]], self._server[1]
        return self._resolver


def _place_of(server: str) -> tuple[str, int]:
    host, port = server, ""
    if server.startswith("["):
        host, _, port = server[1:].partition("]")
        port = port.removeprefix(":")
    elif server.count(":") == 1:
        host, _, port = server.partition(":")
    return str(ip_address(host)), int(port or 53)
