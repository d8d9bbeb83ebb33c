"""Take the pictures of the README: a mail on a phone and on a desktop, and the demo's summary.

    python docs/pictures/shots.py demo-summary.txt

Needs Chromium and the command `sincerely`. The argument is the output of `make demo`.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from html import escape
from pathlib import Path
from shutil import which
from textwrap import wrap

HERE = Path(__file__).parent
COLUMNS = 124
BROWSER = which("chromium") or which("chromium-browser") or which("google-chrome") or "chromium"
FLAGS = (
    "--headless --no-sandbox --disable-gpu --hide-scrollbars --no-first-run --disable-sync "
    "--disable-background-networking --disable-component-update --allow-file-access-from-files "
    "--force-device-scale-factor=2"
).split()
PHONE = """<!doctype html><body style="margin:0;background:#fff"><div style="width:390px;margin:14px auto;
border:9px solid #2c211b;border-radius:38px;overflow:hidden;height:760px">
<iframe src="{mail}" style="border:0;width:390px;height:760px"></iframe></div>"""
TERMINAL = """<!doctype html><body style="margin:0;background:#fff"><pre style="margin:14px;padding:18px
22px;background:#241b16;color:#f1e7dc;border-radius:12px;font:13px/1.45 DejaVu Sans Mono,monospace;
white-space:pre">{text}</pre>"""


def main(summary: Path) -> None:
    """Take all three."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        mail = place / "mail.html"
        subprocess.run(
            ["sincerely", "--at", "2026-03-04 10:00", "preview", "service/late-with-credit",
             "--persona", "regular", "--tone", "anxious", "--out", str(mail)],
            check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        shoot(mail, HERE / "mail-desktop.png", "900,1020", place)
        (place / "phone.html").write_text(PHONE.format(mail=mail.as_uri()))
        shoot(place / "phone.html", HERE / "mail-phone.png", "500,806", place)
        said = ["$ make demo", *summary.read_text().rstrip().splitlines()]
        lines = [part for line in said for part in folded(line)]
        (place / "terminal.html").write_text(TERMINAL.format(text=escape("\n".join(lines))))
        height = 66 + 19 * len(lines)
        shoot(place / "terminal.html", HERE / "terminal.png", f"1066,{height}", place)


def folded(line: str) -> list[str]:
    """A line in parts that fit the picture, each as far in as the first."""
    inside = " " * (len(line) - len(line.lstrip()))
    return wrap(line, COLUMNS, subsequent_indent=inside, break_on_hyphens=False) or [""]


def shoot(page: Path, picture: Path, size: str, place: Path) -> None:
    """One picture of one page."""
    profile = f"--user-data-dir={place / 'profile'}"
    target = [f"--window-size={size}", f"--screenshot={picture}", page.as_uri()]
    subprocess.run(
        [BROWSER, *FLAGS, profile, *target], check=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]))
