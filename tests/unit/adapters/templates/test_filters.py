"""Filters speak the language of the mail, in the zone of the person (R9.3)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.application.ports.renderer import RenderContext, RenderFailed
from engine.domain.message import Rendered

Write = Callable[..., Rendered]
Context = Callable[..., RenderContext]
NARROW = "\u202f"
HARD = "\xa0"


@pytest.mark.parametrize(
    ("locale", "expression", "shown"),
    [
        ("en", "'2027-03-14' | date", "March 14, 2027"),
        ("en-GB", "'2027-03-14' | date", "14 March 2027"),
        ("de", "'2027-03-14' | date", "14. März 2027"),
        ("pt-BR", "'2027-03-14' | date", "14 de março de 2027"),
        ("de", "'2027-03-14' | date('short')", "14.03.27"),
        ("en", "'2027-03-14' | date('full')", "Sunday, March 14, 2027"),
        ("de", "'2027-03-14' | date('EEEE d. MMMM')", "Sonntag 14. März"),
        # 23:30 in UTC is the next day in Berlin.
        ("de", "'2027-03-12T23:30:00.000000Z' | date", "13. März 2027"),
        ("de", "'2027-03-12T23:30:00.000000Z' | date('time')", "00:30"),
        ("en", "'2027-03-14' | relative_date", "today"),
        ("de", "'2027-03-15' | relative_date", "morgen"),
        ("en", "'2027-03-13' | relative_date", "yesterday"),
        ("en", "'2027-03-17' | relative_date", "in 3 days"),
        ("de", "'2027-02-28' | relative_date", "vor 2 Wochen"),
        # Late in the evening of the 12th in UTC is the 13th in Berlin, where now is the 14th.
        ("en", "'2027-03-12T23:30:00.000000Z' | relative_date", "yesterday"),
        ("en", "12.5 | money", "€12.50"),
        ("de", "1234.5 | money", f"1.234,50{HARD}€"),
        ("en", "12 | money('USD')", "$12.00"),
        ("en", "'12.50' | money", "€12.50"),
        ("en", "1240 | number", "1,240"),
        ("de", "1240.256 | number(1)", "1.240,3"),
        ("fr", "1240 | number", f"1{NARROW}240"),
        ("en", "1 | plural('one order', '{n} orders')", "one order"),
        ("en", "1240 | plural('one order', '{n} orders')", "1,240 orders"),
        ("en", "0 | plural('{n} order', '{n} orders')", "0 orders"),
        ("pl", "3 | plural(one='{n} kawa', few='{n} kawy', other='{n} kaw')", "3 kawy"),
        ("pl", "5 | plural(one='{n} kawa', few='{n} kawy', other='{n} kaw')", "5 kaw"),
        ("en", "['a', 'b', 'c'] | list", "a, b, and c"),
        ("en-GB", "['a', 'b', 'c'] | list", "a, b and c"),
        ("de", "['a', 'b', 'c'] | list", "a, b und c"),
        ("en", "['a', 'b'] | list('or')", "a or b"),
        ("en", "'a' | list", "a"),
        ("en", "customer.tags", "x, y"),
        ("en", "customer.vip", "yes"),
    ],
)  # fmt: skip
def test_a_value_is_shown_as_the_language_does(
    locale: str, expression: str, shown: str, write: Write, context: Context
) -> None:
    values = context({"tags": ("x", "y"), "vip": True}, locale=locale)
    file = "" if locale.startswith("en") else locale
    assert write(f"{{{{ {expression} }}}}", values=values, locale=file).text == f"{shown}\n"


def test_an_english_mail_to_a_german_has_english_dates(write: Write, context: Context) -> None:
    values = context({"locale": "de-AT"})
    assert write("{{ '2027-03-14' | date }}", values=values).text == "March 14, 2027\n"


def test_dates_in_blocks_follow_the_person(write: Write, context: Context) -> None:
    body = '{{ coupon("X", "A gift", until="2027-12-24") }}'
    for locale, said in (("en-GB", "24 December 2027"), ("en-US", "December 24, 2027")):
        assert f"until {said}" in write(body, values=context(locale=locale)).text


@pytest.mark.parametrize("locale", ["en-QQ", "en_XX-y", "en-../../x", "en" * 40])
def test_an_odd_locale_of_a_person_harms_nothing(
    locale: str, write: Write, context: Context
) -> None:
    assert write("{{ 1240 | number }}", values=context({"locale": locale})).text == "1,240\n"


@pytest.mark.parametrize(
    ("expression", "says"),
    [
        ("'soon' | date", "'soon' is not a date"),
        ("'x' | money", "'x' is not a number"),
        ("'1e999999' | money", "is not a number"),
        ("'NaN' | number", "is not a number"),
        ("1 | plural('a')", "two forms"),
        ("1 | plural(one='a')", "`other`"),
        ("1 | list", "is not a list"),
        ("['a'] | list('nor')", '"and" or "or"'),
        ("'2027-03-14' | date('time')", "no time of day"),
        ("1 | money('EURO')", "not a currency"),
    ],
)
def test_a_value_that_cannot_be_shown_says_why(
    expression: str, says: str, write: Write, context: Context
) -> None:
    with pytest.raises(RenderFailed, match=says):
        write(f"{{{{ {expression} }}}}")
