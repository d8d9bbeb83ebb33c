"""What a mail may say, and what happens where a value is missing (R9.1, R9.2)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.application.ports.renderer import MissingValue, RenderContext, RenderFailed, SkipMail
from engine.domain.event import Event
from engine.domain.message import Rendered
from engine.language.template_header import Need

Write = Callable[..., Rendered]
Context = Callable[..., RenderContext]
THERE = Need("first_name", "Tara", "there", "word")
HELD = Need("first_name", "Tara")
HOSTILE = '</p><b>*Tara*</b> [x](javascript:alert(1)) {{ 7 * 7 }} "quoted" <!-- -->'


def test_a_needed_value_is_an_attribute_of_the_customer_first(
    write: Write, context: Context, event: Event
) -> None:
    mail = write("{{ total }}", Need("total"), values=context({"total": 7}, event=event))
    assert mail.text.startswith("7\n")
    assert mail.used == (("total", "7", "customer"),)


def test_a_needed_value_is_else_a_property_of_the_entry_event(
    write: Write, context: Context, event: Event
) -> None:
    mail = write("{{ order_id }}", Need("order_id"), values=context(event=event))
    assert mail.used == (("order_id", "1042", "event"),)


def test_a_missing_value_is_the_word_of_its_need(write: Write) -> None:
    mail = write("Hello {{ first_name }},", THERE, subject="For {{ first_name }}")
    assert (mail.subject, mail.text) == ("For there", "Hello there,\n")
    assert mail.used == (("first_name", "there", "fallback"),)


@pytest.mark.parametrize("value", ["", "   ", (), "\u200b\xa0", "\u3164", "\r\n", "\x00"])
def test_a_blank_value_is_a_missing_one(value: object, write: Write, context: Context) -> None:
    assert write("{{ first_name }}", THERE, values=context({"first_name": value})).text == "there\n"


def test_R9_1_a_missing_value_without_a_word_holds_the_mail(write: Write) -> None:
    """Scenario 37: no blank greeting; it needs attention, and the path says what is missing."""
    with pytest.raises(MissingValue) as caught:
        write("Hello {{ first_name }},", HELD)
    assert caught.value.path == "first_name"


def test_a_need_holds_the_mail_even_where_this_person_would_not_see_it(write: Write) -> None:
    with pytest.raises(MissingValue):
        write("{% if customer.vip %}{{ first_name }}{% endif %}Hello", HELD)


def test_a_need_may_skip_the_mail(write: Write) -> None:
    with pytest.raises(SkipMail, match="examples"):
        write("{{ examples | list }}", Need("examples", on_missing="skip"))


def test_R9_2_a_mail_may_say_that_it_is_not_for_this_person(write: Write) -> None:
    with pytest.raises(SkipMail) as caught:
        write('{% if not customer.orders %}{{ skip_mail("no order to talk about") }}{% endif %}Hi')
    assert caught.value.reason == "no order to talk about"


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ("{{ customer.birthday }}", "customer.birthday"),
        ("{{ customer['birthday'] }}", "customer.birthday"),
        ("{{ event.total }}", "event.total"),
        ("{{ event.total | money }}", "event.total"),
        ("{{ customer.total + 1 }}", "customer.total"),
        ("{{ persona.voice.postscript }}", "persona.voice.postscript"),
        ("{{ steps.first-order.event.total }}", "steps.first-order.event.total"),
        ("{{ persona.voice.greeting }}", "customer.first_name"),
        ("{% for x in customer.tags %}{{ x }}{% endfor %}", "customer.tags"),
        ("{% if customer.seats > 3 %}x{% endif %}", "customer.seats"),
        ('{{ button("Go", url=customer.shop) }}', "customer.shop"),
    ],
)
def test_R9_1_a_missing_value_says_its_path(body: str, path: str, write: Write) -> None:
    with pytest.raises(MissingValue) as caught:
        write(body)
    assert caught.value.path == path


@pytest.mark.parametrize(
    "body",
    [
        "{% if customer.birthday %}no{% else %}yes{% endif %}",
        "{% if customer.plan == 'trial' %}no{% else %}yes{% endif %}",
        "{% if not event.total %}yes{% endif %}",
        "{% if steps.first-order.event %}no{% else %}yes{% endif %}",
        "{% if steps.first-order.event.total == 3 %}no{% else %}yes{% endif %}",
        "{% if customer.birthday is defined %}no{% else %}yes{% endif %}",
        "{{ customer.birthday | default('yes') }}",
    ],
)
def test_asking_for_a_missing_value_answers_no(body: str, write: Write) -> None:
    assert write(body).text == "yes\n"


def test_a_voice_line_takes_the_word_of_the_need(write: Write) -> None:
    assert write("{{ persona.voice.greeting }}", THERE).text == "Hello there,\n"


def test_a_voice_line_takes_any_attribute(write: Write, context: Context) -> None:
    values = context({"team": "Roasters"}, voice={"greeting": "Dear {team},"})
    mail = write("{{ persona.voice.greeting }}", values=values)
    assert mail.text == "Dear Roasters,\n"
    assert mail.used == (("customer.team", "Roasters", "customer"),)


def test_a_voice_line_that_cannot_be_said_harms_no_mail_that_does_not_say_it(write: Write) -> None:
    assert write("Just words.").text == "Just words.\n"


def test_samples_stand_in_only_where_asked_for(write: Write, context: Context) -> None:
    mail = write("Hello {{ first_name }},", HELD, values=context(samples=True))
    assert mail.text == "Hello Tara,\n"
    assert mail.used == (("first_name", "Tara", "sample"),)


def test_a_step_of_several_words_has_its_event(
    write: Write, context: Context, event: Event
) -> None:
    values = context(steps={"first-big-order": event})
    assert write("{{ steps.first-big-order.event.order_id }}", values=values).text == "1042\n"


def test_a_property_may_be_called_like_a_method(
    write: Write, context: Context, event: Event
) -> None:
    assert write("{{ event.items }}", values=context(event=event)).text == "3\n"


def test_the_event_itself_has_a_name_and_a_time(
    write: Write, context: Context, event: Event
) -> None:
    mail = write("{{ event.name }} {{ event.at | date }}", values=context(event=event))
    assert mail.text == "order.placed March 12, 2027\n"


@pytest.mark.parametrize("kind", ["md", "html"])
def test_data_are_never_markup(kind: str, write: Write, context: Context) -> None:
    values = context({"first_name": HOSTILE})
    body = (
        '<p title="{{ first_name }}">{{ first_name }}</p>' if kind == "html" else "{{ first_name }}"
    )
    mail = write(body, THERE, kind=kind, values=values, subject="{{ first_name }}")
    assert "<b>" not in mail.html
    assert "<!-- -->" not in mail.html
    assert "javascript:alert" in mail.html
    assert 'href="javascript' not in mail.html
    assert "{{ 7 * 7 }}" in mail.html
    assert mail.subject == HOSTILE
    assert "*Tara*" in mail.text


def test_data_in_a_block_are_never_markup(write: Write, context: Context) -> None:
    values = context({"first_name": HOSTILE})
    html = write("{{ note(first_name) }}", THERE, values=values).html
    assert "&lt;b&gt;*Tara*&lt;/b&gt;" in html


@pytest.mark.parametrize("address", ["javascript:alert(1)", " java\nscript:x", "data:text/html,x"])
@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("html", '<a href="{{ customer.u }}">x</a>'),
        ("html", "<img src='{{ customer.u }}' alt=''>"),
        ("md", "[x]({{ customer.u }})"),
        ("md", '{{ button("x", url=customer.u) }}'),
    ],
)
def test_a_link_leads_to_the_web_or_nowhere(
    kind: str, body: str, address: str, write: Write, context: Context
) -> None:
    with pytest.raises(RenderFailed, match="not a web address"):
        write(body, kind=kind, values=context({"u": address}))


def test_a_value_in_an_element_stands_in_quotes(write: Write) -> None:
    with pytest.raises(RenderFailed, match="between quotes"):
        write("<a href={{ customer.u }}>x</a>", kind="html")


def test_a_subject_is_one_clean_line(write: Write, context: Context) -> None:
    values = context({"first_name": "Tara\r\nBcc: x@example.com\u2028\x07"})
    mail = write(
        "Hi", THERE, values=values, subject="{{ first_name }}", preheader="{{ first_name }}"
    )
    assert mail.subject == "Tara Bcc: x@example.com"
    assert mail.preheader == mail.subject


def test_a_subject_keeps_its_emoji(write: Write, context: Context) -> None:
    family = "👩\u200d👧 ☕\ufe0f"
    mail = write("Hi", THERE, values=context({"first_name": family}), subject="{{ first_name }}")
    assert mail.subject == family


def test_a_mail_that_is_not_there_says_so(write: Write, context: Context) -> None:
    with pytest.raises(RenderFailed, match="no mail `a/b`"):
        write("Hi", mail="a/c")
