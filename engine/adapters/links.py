"""Links in a mail that only its reader can have: signed tokens of 32 characters.

A token is base64url(80 bits of the send id + 112 bits of HMAC-SHA256). It holds no personal data, is
good for one purpose, and never runs out (R5.6): the mail that it came from is looked up by its send id.
Keys are turned over by putting the new one first; links signed with an older one keep working.
"""

from __future__ import annotations

import hmac
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Literal

Purpose = Literal["u", "p", "c", "w", "d", "t", "o", "h"]
"""The first step of the address: unsubscribe, preferences, confirm, why, my data, tracked link, the picture
that tells of an open; and hand-over, the page on which a team closes its task."""

ID_DIGITS = 20
_ID_OCTETS, _MAC_OCTETS = 10, 14
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")
_SHORTEST_KEY = 16
_LINK_DIGITS = ID_DIGITS - 2
_STAMP_OCTETS = 12
_STAMP = re.compile(r"([0-9a-f]{1,12})\.([A-Za-z0-9_-]{16})")


class Links:
    """Makes and reads the links of one business. `site` is `company.site`, `keys` the newest first."""

    def __init__(self, site: str, keys: Sequence[bytes]) -> None:
        """Raises ValueError: if there is no key."""
        if not keys:
            raise ValueError("links need a key")
        self._site = site.rstrip("/")
        self._keys = tuple(keys)

    def url(self, purpose: Purpose, send_id: str) -> str:
        """`https://site/u/TOKEN`."""
        return f"{self._site}/{purpose}/{self.token(purpose, send_id)}"

    def token(self, purpose: Purpose, send_id: str) -> str:
        """The token of a mail for one purpose.

        Raises:
            ValueError: if the send id does not begin with 20 hexadecimal digits.
        """
        identity = bytes.fromhex(send_id[:ID_DIGITS])
        if len(identity) != _ID_OCTETS:
            raise ValueError(f"{send_id!r} is too short for a send id")
        return urlsafe_b64encode(identity + _mac(self._keys[0], purpose, identity)).decode("ascii")

    def read(self, purpose: Purpose, token: str) -> str | None:
        """The first 20 hexadecimal digits of the send id, or None if the token is not ours.

        Every key is tried, in constant time each.
        """
        if not _TOKEN.fullmatch(token):
            return None
        octets = urlsafe_b64decode(token)
        identity, mac = octets[:_ID_OCTETS], octets[_ID_OCTETS:]
        known = [hmac.compare_digest(mac, _mac(key, purpose, identity)) for key in self._keys]
        return identity.hex() if any(known) else None

    def link(self, send_id: str, number: int) -> str:
        """`https://site/t/TOKEN`, for link 0 to 255 of a mail: the number takes the place of the last
        octet of its id."""
        return self.url("t", f"{send_id[:_LINK_DIGITS]}{number:02x}")

    def read_link(self, token: str) -> tuple[str, int] | None:
        """The first 18 hexadecimal digits of the send id and the number of the link, or None if the
        token is not ours."""
        found = self.read("t", token)
        return None if found is None else (found[:_LINK_DIGITS], int(found[_LINK_DIGITS:], 16))

    def stamp(self, name: str, second: int) -> str:
        """A second (since 1970) that nobody but us can have written, for a form of this name."""
        return f"{second:x}.{urlsafe_b64encode(self._seal(self._keys[0], name, second)).decode('ascii')}"

    def second_of(self, name: str, stamp: str) -> int | None:
        """The second of a stamp, or None if it is not ours."""
        found = _STAMP.fullmatch(stamp)
        if found is None:
            return None
        second, mac = int(found[1], 16), urlsafe_b64decode(found[2])
        known = [hmac.compare_digest(mac, self._seal(key, name, second)) for key in self._keys]
        return second if any(known) else None

    @staticmethod
    def _seal(key: bytes, name: str, second: int) -> bytes:
        return hmac.digest(key, f"form:{second:x}:{name}".encode(), "sha256")[:_STAMP_OCTETS]


def link_keys(secret: str) -> tuple[bytes, ...]:
    """The keys of `secrets.links`: one, or several between commas, the newest first.

    Raises:
        ValueError: if one is shorter than 16 characters, which is too easy to guess.
    """
    keys = tuple(part.strip().encode() for part in secret.split(",") if part.strip())
    if not keys or min(map(len, keys)) < _SHORTEST_KEY:
        raise ValueError(f"a link key needs at least {_SHORTEST_KEY} characters")
    return keys


def _mac(key: bytes, purpose: Purpose, identity: bytes) -> bytes:
    return hmac.digest(key, b"link:" + purpose.encode() + b":" + identity, "sha256")[:_MAC_OCTETS]
