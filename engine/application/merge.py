"""Two profiles of one human become one: by hand, or by the API's `alias`."""

from __future__ import annotations

from datetime import datetime

from engine.application.ports.profiles import Merged, Profiles
from engine.application.privacy import known
from engine.domain.errors import MistakeError
from engine.domain.facts import Rulebook


def merge(profiles: Profiles, keep: str, other: str, rules: Rulebook, now: datetime) -> Merged:
    """Merge the profile `other` into `keep`, each an id or an address; once more answers the same.

    From then on the other's id leads to the keeper, whatever comes in for it. `rules` are those in
    force: they say which journeys let somebody in more than once.

    Raises:
        MistakeError: if one of them is not there, or both are one profile.
    """
    keeper = known(profiles, keep)
    if profiles.was_merged(other, keeper):
        return Merged(keeper, other, already=True)
    loser = known(profiles, other)
    if loser == keeper:
        raise MistakeError(
            f"{keep} and {other} are one profile already, {keeper}",
            help="name the two by their ids: `sincerely person list`",
        )
    merged = profiles.merge(keeper, loser, rules, now)
    if merged is None:  # somebody was faster
        return merge(profiles, keep, other, rules, now)
    return merged
