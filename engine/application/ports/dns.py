"""The DNS, as far as `doctor` asks it."""

from __future__ import annotations

from typing import Protocol


class Silent(Exception):
    """No name server answered, so that nothing is known."""


class Dns(Protocol):
    """Asks a name server."""

    def texts(self, name: str) -> tuple[str, ...]:
        """The TXT records of a name, each as one text; none where there are none.

        Raises:
            Silent: if nobody answers.
        """
        ...

    def receives(self, domain: str) -> bool:
        """Whether mail to the domain can arrive: it has an MX that is not the empty one, or an address
        (RFC 5321 5.1, RFC 7505).

        Raises:
            Silent: if nobody answers.
        """
        ...
