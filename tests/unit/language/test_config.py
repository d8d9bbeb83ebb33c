"""The config: sensible where nothing is said, strict where something is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta

import pytest

from engine.domain.duration import Duration
from engine.domain.journey import Class, Overflow
from engine.domain.mail_links import Utm, may_track
from engine.language.codes import project_of
from engine.language.config_file import Config
from engine.language.project import read_config, read_project

SMALL = """\
company: { name: Cozy }
senders: { lena: { name: Lena, email: lena@cozy.example } }
"""


def _config(more: str = "") -> Config:
    config, found = read_config(SMALL + more, "config.yaml")
    assert found == ()
    return config


def test_a_name_and_a_sender_are_enough() -> None:
    config = _config()
    assert config.company.name == "Cozy"
    assert config.company.locales == ("en",)
    assert config.database == "sqlite:///sincerely.db"
    assert (config.delivery.by, config.delivery.to) == ("folder", "outbox")
    assert {c.klass for c in config.policy.categories.values()} == set(Class)
    assert config.policy.over_the_cap == Overflow()
    assert config.lifecycle.order_event == "order.placed"


def test_the_defaults_of_code_and_of_an_empty_file_agree() -> None:
    config, found = read_config("company: [", "config.yaml")
    assert found
    assert config == Config()


def test_a_part_with_a_mistake_has_its_default_and_the_rest_stands() -> None:
    text = SMALL + "database: mysql://x\nteams: { care: { email: care@cozy.example } }\n"
    config, found = read_config(text, "config.yaml")
    assert [d.code for d in found] == ["C117"]
    assert config.database == Config().database
    assert config.teams["care"].email == "care@cozy.example"


@pytest.mark.parametrize("value", ["hunter2", "SG.abc", "env:KEY", "${KEY}", "$lower", "$"])
def test_a_secret_in_the_file_is_refused_and_not_repeated(value: str) -> None:
    _, found = read_config(f"{SMALL}secrets: {{ sendgrid: '{value}' }}\n", "config.yaml")
    assert [d.code for d in found] == ["C110"]
    assert value not in found[0].message + found[0].help or value == "$"


@pytest.mark.parametrize("said", ["MX.cozy.example", "[mx.cozy.example]"])
def test_servers_of_ours_are_known_by_their_names_in_small_letters(said: str) -> None:
    """RFC 8601 2.5: an authserv-id is a domain's name or a like one."""
    delivery = _config(f"delivery: {{ by: folder, checked_by: {said} }}\n").delivery
    assert delivery.checked_by == ("mx.cozy.example",)


@pytest.mark.parametrize("said", ["'mx cozy'", "'mx;'", "'\"mx\"'", "mx@cozy"])
def test_what_is_no_name_of_a_server_is_told(codes_of: Callable[..., list[str]], said: str) -> None:
    config = f"{SMALL}delivery: {{ by: folder, checked_by: {said} }}\n"
    assert "C122" in codes_of({"config.yaml": config})


def test_smtp_asks_the_environment_for_its_password() -> None:
    delivery = _config(
        "delivery: { by: smtp, host: smtp.example, security: tls, user: cozy, password: $SMTP_PASSWORD }\n"
    ).delivery
    assert (delivery.host, delivery.port, delivery.password) == (
        "smtp.example",
        465,
        "$SMTP_PASSWORD",
    )


def test_thresholds_may_be_fixed() -> None:
    wanted = (timedelta(days=182), timedelta(days=385))
    text = "at-risk 182 days, lapsed 385 days"
    assert _config(f"lifecycle: {{ fixed: '{text}' }}\n").lifecycle.fixed == wanted
    assert _config(f"lifecycle: {{ learn_from: 'fixed: {text}' }}\n").lifecycle.fixed == wanted
    learned = _config("lifecycle: { learn_from: our own gaps between orders }\n")
    assert learned.lifecycle.fixed is None


def test_zero_is_said_and_not_forgotten() -> None:
    config = _config(
        "policy: { entry_grace: 0 minutes, release_spread: 0 minutes }\nemotion: { keep_text: 0 days }\n"
    )
    assert config.policy.entry_grace == timedelta(0)
    assert config.policy.release_spread == timedelta(0)
    assert config.emotion.keep_text == timedelta(0)


def test_what_is_kept_and_who_hears_of_trouble_may_be_said() -> None:
    config = _config(
        "keep: { events: 18 months, rendered_mails: 1 week }\n"
        "operator: { email: ops@shop.example, webhook: $HOOK }\n"
    )
    assert config.keep.events == Duration(months=18)
    assert config.keep.traces == Duration(months=24)
    assert config.keep.rendered_mails == Duration(days=7)
    assert (config.operator.email, config.operator.webhook) == ("ops@shop.example", "$HOOK")
    assert _config("operator: { webhook: 'https://chat.example/x' }\n").operator.email is None


def test_an_alert_goes_nowhere_but_to_an_https_address() -> None:
    for wrong in (
        "http://chat.example/x", "chat.example", "'https://chat.example/a b'", "https://",
        "https:///x", "https://me:secret@chat.example/", "https://chat.example:99999/",
        "'https://[chat.example/'",
    ):  # fmt: skip
        _, found = read_config(SMALL + f"operator: {{ webhook: {wrong} }}\n", "config.yaml")
        assert [d.code for d in found] == ["C112"]


def test_holidays_are_named_for_whoever_knows_calendars() -> None:
    assert _config("policy: { holidays: DE-BE }\n").holidays == "DE-BE"


def test_quiet_hours_may_wrap_midnight_but_not_the_day() -> None:
    """R4.2."""
    quiet = _config("policy: { quiet_hours: 22:00-07:00 }\n").policy.quiet_hours
    assert quiet is not None
    assert (quiet.start, quiet.end) == (time(22), time(7))
    _, found = read_config(SMALL + "policy: { quiet_hours: 22:00-21:00 }\n", "config.yaml")
    assert [d.code for d in found] == ["C302"]


def test_a_broken_config_does_not_make_its_names_unknown(
    codes_of: Callable[..., list[str]],
) -> None:
    """One mistake gives one error: senders and categories of a broken config are not looked up."""
    broken = project_of({})["config.yaml"].replace("Europe/Berlin", "Atlantis")
    journey = (
        "journey: x\ncategory: gone\nenter: { when: a.b }\nsteps:\n  - { id: a, wait: 1 day }\n"
    )
    assert codes_of({"config.yaml": broken, "journeys/x.yaml": journey}) == ["C301"]


def test_another_name_of_the_config_is_possible() -> None:
    files = project_of({})
    files["config.example.yaml"] = files.pop("config.yaml")
    assert read_project(files, config_name="config.example.yaml").diagnostics == ()


def test_links_are_left_alone_until_the_config_says_otherwise() -> None:
    links = _config().links
    assert (links.utm, links.clicks, links.opens) == (None, False, False)


def test_one_line_tags_links() -> None:
    config, found = read_config(
        SMALL.replace("name: Cozy }", "name: Cozy, site: https://cozy.example }")
        + "links: { utm: yes }\n",
        "config.yaml",
    )
    assert found == ()
    assert config.links.utm == Utm()
    assert config.links.own == {"cozy.example"}


def test_a_shop_at_another_address_than_the_pages_is_where_links_lead_and_are_tagged() -> None:
    both = "site: https://mail.cozy.example, shop: https://cozy.example/"
    config, found = read_config(
        SMALL.replace("name: Cozy }", f"name: Cozy, {both} }}") + "links: { utm: yes }\n",
        "config.yaml",
    )
    assert found == ()
    assert config.company.home == "https://cozy.example"
    assert config.links.own == {"cozy.example"}
    assert not may_track("https://mail.cozy.example/u/token", config.links)
    assert may_track("https://cozy.example/u/uji-tea", config.links)


def test_tags_and_tracking_in_ones_own_words() -> None:
    links = _config(
        "links: { utm: { source: letter, term: '{journey}' }, hosts: WWW.Shop.example, "
        "track: [clicks, opens] }\n"
    ).links
    assert links.utm == Utm(source="letter", term="{journey}")
    assert links.own == {"shop.example"}
    assert (links.clicks, links.opens) == (True, True)
    assert _config("links: { utm: no }\n").links.utm is None
