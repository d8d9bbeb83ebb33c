"""The bounces that Mailman has collected (tests/data/bounces), with the recipients that it names.

Half of them, drawn by lot, was not looked at while the reader was made. At its first sight of that half
it found 64 of 67 recipients; what the other three taught is in it since.
"""

import json
import tarfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from engine.adapters.mail.incoming.read import read_mail
from engine.domain.incoming import Bounce

_DATA = Path(__file__).parents[4] / "data" / "bounces"
_OTHERWISE = {"simple_42.txt", "simple_43.txt", "dumbass_01.txt", "simple_20.txt"}
"""In the first three Mailman names nobody, and the mail that came back does; the last comes from a sender
with a person's name, who answers in the subject: nothing sure tells it from a reply."""


@pytest.fixture(scope="module")
def samples() -> Mapping[str, bytes]:
    with tarfile.open(_DATA / "flufl_bounce_samples.tar.xz") as archive:
        files = [(member.name, archive.extractfile(member)) for member in archive.getmembers()]
        return {name.rpartition("/")[2]: file.read() for name, file in files if file is not None}


def test_the_recipients_of_all_known_forms_are_found(samples: Mapping[str, bytes]) -> None:
    """R5.8: who was not reached, and whether the server still tries (RFC 3464 2.3.3)."""
    known = json.loads((_DATA / "flufl_bounce_expected.json").read_text())
    expected, found = {}, {}
    for name, forms in known.items():
        if name in _OTHERWISE:
            continue
        incoming = read_mail(samples[name])
        assert isinstance(incoming, Bounce) or not any(form["recipients"] for form in forms), name
        expected[name] = {
            address.lower(): not form["temporary"]
            for form in forms
            for address in form["recipients"]
        }
        undelivered = incoming.undelivered if isinstance(incoming, Bounce) else ()
        found[name] = {one.address: one.final for one in undelivered}
    assert len(expected) > 110
    assert found == expected
