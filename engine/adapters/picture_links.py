"""Pictures for files that are opened from the disk, where nothing serves them.

A rendered mail names its pictures by content, `SITE/a/HASH/NAME`. A preview carries them inside; a
folder of mails keeps one copy of each beside the mails.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from mimetypes import guess_type
from pathlib import Path

from engine.adapters.pictures import HASH_DIGITS, asset_hash

_LINK = rf"/a/([0-9a-f]{{{HASH_DIGITS}}})/([^\"'\s)>]+)"


def inside(pictures: Mapping[str, bytes], site: str) -> Callable[[str], str]:
    """A function that puts the pictures into the HTML itself, as `data:` addresses."""
    by_hash = {asset_hash(content): (name, content) for name, content in pictures.items()}
    link = re.compile(re.escape(site.rstrip("/")) + _LINK)

    def embed(found: re.Match[str]) -> str:
        if found[1] not in by_hash:
            return found[0]
        name, content = by_hash[found[1]]
        kind = guess_type(name)[0] or "application/octet-stream"
        return f"data:{kind};base64,{b64encode(content).decode('ascii')}"

    return lambda html: link.sub(embed, html)


def beside(pictures: Mapping[str, bytes], site: str, out: Path) -> Callable[[str], str]:
    """A function that points the HTML at copies in `out/a/`, and those copies, written now.

    For mails that lie one folder below `out`.
    """
    link = re.compile(re.escape(site.rstrip("/")) + _LINK)
    for name, content in pictures.items():
        place = out / "a" / asset_hash(content) / name.rpartition("/")[2]
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    return lambda html: link.sub(r"../a/\1/\2", html)
