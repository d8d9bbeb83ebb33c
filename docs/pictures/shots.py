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

HERE = Path(__file__).parent
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
white-space:pre-wrap">{text}</pre>"""


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
        lines = ["$ make demo", *summary.read_text().rstrip().splitlines()]
        (place / "terminal.html").write_text(TERMINAL.format(text=escape("\n".join(lines))))
        height = 70 + 19 * sum(1 + len(line) // 116 for line in lines)
        shoot(place / "terminal.html", HERE / "terminal.png", f"1000,{height}", place)


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
