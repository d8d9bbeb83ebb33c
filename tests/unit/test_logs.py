"""Logs never hold an address, a key or a password."""

import io
import json
import logging

import pytest

from engine.logs import Lines, redact


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("to ann.lee+x@shop.example now", "to [redacted] now"),
        ("key SG.abc-1.def_2!", "key [redacted]!"),
        ("postgresql://shop:pw@db/mail", "postgresql://[redacted]@db/mail"),
        ("nothing to hide: 12 of 14 at 10:00", "nothing to hide: 12 of 14 at 10:00"),
    ],
)
def test_addresses_keys_and_passwords_are_blacked_out(text, kept):
    assert redact(text) == kept


def logged(as_json, say):
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Lines(as_json=as_json))
    logger = logging.Logger("engine.test")
    logger.addHandler(handler)
    say(logger)
    return stream.getvalue()


def test_extra_fields_stand_in_the_line_and_in_the_json():
    def say(logger):
        logger.info("sent to %s", "ann@shop.example", extra={"action": "send", "count": 3})

    line = logged(False, say)
    assert line.endswith("Z info engine.test sent to [redacted] action=send count=3\n")
    document = json.loads(logged(True, say))
    assert (document["message"], document["count"]) == ("sent to [redacted]", 3)


def test_a_traceback_is_blacked_out_too():
    def say(logger):
        try:
            raise ValueError("ann@shop.example")
        except ValueError:
            logger.exception("failed")

    for as_json in (True, False):
        text = logged(as_json, say)
        assert "ValueError: [redacted]" in text
        assert "ann" not in text
