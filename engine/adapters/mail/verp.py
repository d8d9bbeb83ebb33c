"""The address that a mail comes back to, or that it is answered to: each mail's own, signed (VERP).

`bounce+0123456789abcdef0123.SIGNATURE@domain`: the first 80 bits of the send id, and 80 bits of
HMAC-SHA256. A report that comes to it is about that mail, and nobody who has not seen it can make one up.
All of it is in small letters, for some servers write it so.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Sequence
from typing import Literal

from engine.adapters.links import ID_DIGITS

_LONGEST_LOCAL = 64
_SIGNED = re.compile(rf"([0-9a-f]{{{ID_DIGITS}}})\.([0-9a-f]{{20}})")
LONGEST_NAME = _LONGEST_LOCAL - len("+.") - ID_DIGITS - 20
"""How long the name before the `+` may be (RFC 5321 4.5.3.1.1)."""


class Verp:
    """Makes and reads the addresses of one business. `address` takes what comes back, `keys` sign, the
    newest first. An address for one purpose is none for another."""

    def __init__(
        self, address: str, keys: Sequence[bytes], purpose: Literal["bounce", "reply"] = "bounce"
    ) -> None:
        """Raises ValueError: if there is no key, or the name of the address is too long."""
        name, _, domain = address.lower().rpartition("@")
        if not keys:
            raise ValueError("addresses for bounces need a key")
        if len(name) > LONGEST_NAME:
            raise ValueError(f"the name of {address} has more than {LONGEST_NAME} characters")
        self._name, self._domain = name, domain
        self._keys = tuple(keys)
        self._purpose = purpose

    def sender(self, send_id: str) -> str:
        """The envelope sender of a mail. Its send id begins with 20 hexadecimal digits."""
        identity = send_id[:ID_DIGITS].lower()
        return f"{self._name}+{identity}.{self._mac(self._keys[0], identity)}@{self._domain}"

    def read(self, address: str) -> str | None:
        """The first 20 digits of the send id, or None if the address is not one of ours."""
        local, _, domain = address.lower().rpartition("@")
        name, _, signed = local.rpartition("+")
        found = _SIGNED.fullmatch(signed)
        if found is None or (name, domain) != (self._name, self._domain):
            return None
        known = [hmac.compare_digest(found[2], self._mac(key, found[1])) for key in self._keys]
        return found[1] if any(known) else None

    def _mac(self, key: bytes, identity: str) -> str:
        signed = f"{self._purpose}:{identity}".encode("ascii")
        return hmac.digest(key, signed, "sha256")[:10].hex()
