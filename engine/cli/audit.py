"""`sincerely audit`: were people treated alike?"""

from __future__ import annotations

from dataclasses import asdict
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import click

from engine.cli.call import Call, pass_call
from engine.cli.output import clean, counted, document, say, table
from engine.domain.errors import MistakeError, UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from engine.application.audit import Audit, Compared, Group

_TOLD = {"held": "held", "handed_off": "handed to a human", "offered": "offered something"}


@click.command()
@click.option("--by", "attribute", metavar="ATTRIBUTE", required=True, help="Such as `gender`.")
@click.option("--from", "since", metavar="TIME", help="From then on; from the beginning if not.")
@click.option("--to", "until", metavar="TIME", help="Up to then, exclusive; up to now if not.")
@pass_call
def audit(call: Call, attribute: str, since: str | None, until: str | None) -> None:
    """Who was held, handed to a human and offered something, compared across an attribute.

    Any attribute of the customers will do (`gender`, `country`, `locale`, `birthday` …), and
    `lifecycle`. Each group is compared with everybody else, with sizes and 95 % intervals.
    """
    from engine.settings import read_time

    output = call.wants("text", "json")
    zone = call.settings().zone
    start = read_time(since, zone) if since else None
    end = read_time(until, zone) if until else None
    if start and end and start >= end:
        raise UsageError("`--from` lies after `--to`", help="swap the two times")
    found = _audit(call, attribute, start, end)
    if output == "json":
        document(_as_json(found))
    else:
        _tell(found)


def _audit(call: Call, attribute: str, since: datetime | None, until: datetime | None) -> Audit:
    from engine.adapters.db import audits
    from engine.adapters.db.connect import reading
    from engine.application.audit import audit as compare

    database = call.database()
    rules = call.in_force(database).rules
    sells = [name for name, category in rules.policy.categories.items() if category.sells]
    promotions = [mail for mail, header in rules.mails.items() if header.promotion_blocks]
    with reading(database) as connection:
        tallies = audits.tallies(connection, attribute, sells, promotions, since, until)
        if all(tally.value is None for tally in tallies):
            known = audits.attributes(connection)
            near = get_close_matches(attribute, known, n=1)
            raise MistakeError(
                f"nobody has an attribute `{clean(attribute)}`",
                help=f"did you mean `{near[0]}`?" if near else f"there are {', '.join(known)}",
            )
    return compare(attribute, tallies, since, until)


def _as_json(found: Audit) -> dict[str, Any]:
    return {
        "by": found.attribute,
        "from": found.since,
        "to": found.until,
        "people": found.people,
        "groups": [
            {
                "value": group.name,
                "people": group.people,
                **{
                    decision: {
                        "people": compared.rate.reached,
                        "rate": compared.rate.share,
                        "interval": compared.rate.interval,
                        "others": asdict(compared.others) | {"rate": compared.others.share},
                        "says": compared.says,
                        "difference": compared.difference,
                        "low": compared.low,
                        "high": compared.high,
                        "p": compared.p,
                    }
                    for decision, compared in group.decisions.items()
                },
            }
            for group in found.groups
        ],
    }


# ── for people ────────────────────────────────────────────────────────────────────────────────


def _tell(found: Audit) -> None:
    from engine.application.audit import beyond_chance

    say(f"Who was held, handed to a human and offered something, by `{found.attribute}`\n")
    table(
        (found.attribute, "people", *_TOLD.values()),
        [
            (group.name, group.people, *(_rate(one) for one in group.decisions.values()))
            for group in found.groups
        ],
    )
    say("\nIn brackets: where the true rate lies, 95 %.")
    different = beyond_chance(found)
    for group, decision, compared in different:
        say(f"\n{_sentence(found, group, decision, compared)}")
    if different:
        say(
            "\nA difference is a question, not yet a verdict: people may have had different reasons to"
            "\ncomplain. Read some of their messages (`sincerely person show`) before you answer it."
        )
    else:
        say(_nothing(found))


def _rate(one: Compared) -> str:
    low, high = one.rate.interval
    return f"{one.rate.reached:,} · {one.rate.share:.1%} ({low:.1%} to {high:.1%})"


def _sentence(found: Audit, group: Group, decision: str, one: Compared) -> str:
    assert one.difference is not None and one.low is not None and one.high is not None
    more = "more" if one.difference > 0 else "less"
    return (
        f"{found.attribute} {group.name}: {_TOLD[decision]} {more} often than everybody else,"
        f" {one.rate.share:.1%} against {one.others.share:.1%}; the difference lies between"
        f" {100 * one.low:+.1f} and {100 * one.high:+.1f} percentage points (95 %; p = {one.p:.2g}"
        " after all comparisons)."
    )


def _nothing(found: Audit) -> str:
    widths = [
        one.high - one.low
        for group in found.groups
        for one in group.decisions.values()
        if one.high is not None and one.low is not None
    ]
    small = sum(
        one.says == "not enough data" for group in found.groups for one in group.decisions.values()
    )
    told = (
        f"\nNo difference beyond chance in {counted(len(widths), 'comparison')}. With these sizes one"
        f" of less than about {50 * max(widths):.0f} percentage points could stay unseen."
        if widths
        else "\nThere is not enough data to compare anybody."
    )
    if widths and small:
        told += f"\n{counted(small, 'comparison')} had too few people."
    return told
