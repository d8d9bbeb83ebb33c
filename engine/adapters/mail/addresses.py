"""Mail addresses: which ones are written to, and what their normal form is.

Pure: nothing is looked up in the network. People come in by import, by HTTP and by hand, and they are
checked again at the hand-off; all must agree on what an address is, so all call these functions.
"""

from __future__ import annotations

import re
from functools import lru_cache

from email_validator import EmailNotValidError, validate_email

LONGEST = 254
_LONGEST_LOCAL = 64
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_PLAIN_LOCAL = re.compile(rf"{_ATOM}(\.{_ATOM})*")


class NotAnAddress(ValueError):
    """It cannot be written to; the text says why in plain words."""


def normal(address: str) -> str:
    """The form that goes into envelope and header: no quoted local part, no domain literal, the
    domain lower-case in A-labels, at most 254 octets (RFC 5321 4.5.3.1). The local part keeps its case;
    one outside ASCII stays as it is and needs a way that knows SMTPUTF8 (RFC 6531). Spaces around the
    address are dropped.

    Raises:
        NotAnAddress: with the reason in plain words.
    """
    address = address.strip(" ")
    local, _, domain = address.rpartition("@")
    if len(local) <= _LONGEST_LOCAL and _PLAIN_LOCAL.fullmatch(local):
        valid = f"{local}@{_ascii_domain(domain)}"
    else:
        valid = _validated(address)
    if len(valid.encode()) > LONGEST:
        raise NotAnAddress(f"The address is longer than {LONGEST} characters.")
    return valid


def mailbox(address: str) -> str:
    """The form by which one mailbox is counted and suppressed (R3.5): `normal`, in lower case.

    Raises:
        NotAnAddress: with the reason in plain words.
    """
    return normal(address).lower()


def needs_smtputf8(address: str) -> bool:
    """Whether only a way that offers SMTPUTF8 can carry this normal form (RFC 6531)."""
    return not address.isascii()


@lru_cache(maxsize=4096)
def _ascii_domain(domain: str) -> str:
    """Domains are few and slow to check; an answer is kept."""
    return _validated(f"a@{domain}")[2:]


def _validated(address: str) -> str:
    if not address:
        raise NotAnAddress("The address is empty.")
    try:
        valid = validate_email(
            address,
            check_deliverability=False,
            allow_quoted_local=False,
            allow_domain_literal=False,
            strict=True,
        )
    except EmailNotValidError as refused:
        raise NotAnAddress(str(refused)) from refused
    return f"{valid.local_part}@{valid.ascii_domain}"
