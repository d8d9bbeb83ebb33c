"""A project as it is used: read, compiled, with what was learned and decided since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from engine.adapters.files import read_assets, read_sources, shipped_jurisdictions
from engine.domain.errors import MistakeError
from engine.domain.experiment import winners_to_use
from engine.domain.facts import Rulebook
from engine.domain.index import by_stage
from engine.domain.lifecycle import Thresholds
from engine.language.diagnostics import Diagnostic
from engine.language.project import JURISDICTIONS, Project, read_project
from engine.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from engine.adapters.templates.renderer import Templates


_SHOWN = 5


class ProjectError(MistakeError):
    """A project's files have mistakes."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        mistakes = [found for found in diagnostics if found.severity == "error"]
        noun = "mistake" if len(mistakes) == 1 else "mistakes"
        lines = [
            f"{found.file}:{found.line}:{found.column}: {found.code} {found.message}"
            for found in mistakes[:_SHOWN]
        ]
        super().__init__(
            "\n".join([f"the project has {len(mistakes)} {noun}", *lines]),
            help="run `sincerely check`, it shows their places and what to do",
        )


class Workshop:
    """A project's folder, read once."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @cached_property
    def sources(self) -> Mapping[str, str]:
        """The text files, by path, and the jurisdictions that come with the engine."""
        return {**shipped_jurisdictions(), **read_sources(self.settings.project)}

    @cached_property
    def pictures(self) -> Mapping[str, bytes]:
        """The pictures of `templates/_assets`."""
        return read_assets(self.settings.project)

    @cached_property
    def project(self) -> Project:
        """The project as far as it can be read, with its mistakes."""
        return compile_project(self.sources)

    def sound(self) -> Project:
        """The project, if nothing in it blocks.

        Raises:
            ProjectError: if something does.
        """
        if not self.project.ok:
            raise ProjectError(self.project.diagnostics)
        return self.project

    def proven(self, now: datetime) -> Project:
        """The project, if nothing in it blocks and every mail can be written with its samples: what may
        be applied.

        Raises:
            ProjectError: if something does.
        """
        from engine.application.check import check
        from engine.language.diagnostics import has_errors

        found = check(self.project, self.templates(), now)
        if has_errors(found):
            raise ProjectError(found)
        return self.project

    def templates(self) -> Templates:
        """The mails."""
        return templates_of(self.project, self.pictures)


def compile_project(sources: Mapping[str, str]) -> Project:
    """A project from its texts, whichever name its config has. Where it holds no jurisdictions, as in
    a version that is older than they are, those of the engine count."""
    if not any(path.startswith(JURISDICTIONS) for path in sources):
        sources = {**sources, **shipped_jurisdictions()}
    name = next((n for n in ("config.yaml", "config.example.yaml") if n in sources), "config.yaml")
    return read_project(sources, config_name=name)


def with_holidays(project: Project, year: int) -> Rulebook:
    """The rulebook with the closed days of the place that the config names."""
    rules, place = project.rulebook, project.config.holidays
    if place is None:
        return rules
    from engine.adapters.public_holidays import public_holidays

    return replace(rules, policy=replace(rules.policy, holidays=public_holidays(place, year)))


def with_thresholds(rules: Rulebook, thresholds: Thresholds) -> Rulebook:
    """The rulebook with learned thresholds. They are an edit of the segments that depend on stages: the
    first look at one of these afterwards enters nobody (R6.2)."""
    since = dict(rules.segments_since)
    if thresholds.holds_from is not None:
        for name in by_stage(rules):
            since[name] = max(since.get(name, thresholds.holds_from), thresholds.holds_from)
    return replace(rules, thresholds=thresholds, segments_since=since)


def with_decisions(
    connection: Connection, rules: Rulebook, now: datetime, *, then: bool = False
) -> Rulebook:
    """The rulebook with what people and time decided beside the files: switches, approvals, winners of
    experiments, and the thresholds and base rates in use at `now`. With `then`, as all that was at `now`;
    else as it stands."""
    from engine.adapters.db import approvals, base_rates, experiments, switches, thresholds

    until = now if then else None
    paused, paused_journeys = switches.paused(connection, until)
    rules = replace(
        rules,
        paused=paused,
        paused_journeys=paused_journeys,
        judged=approvals.first_sends(connection, until),
        winners=winners_to_use(experiments.trials(connection, until), rules.journeys),
        emotion=base_rates.as_learned(connection, rules.emotion, now),
    )
    return with_thresholds(rules, thresholds.thresholds_at(connection, now))


def templates_of(project: Project, pictures: Mapping[str, bytes]) -> Templates:
    """The mails of a project. They name pictures by content, `SITE/a/HASH/NAME`."""
    from engine.adapters.templates.renderer import Templates

    files = [file for by_locale in project.templates.values() for file in by_locale.values()]
    return Templates(files, project.layouts, project.config.company, pictures)
