"""What a check may look at: the compiled project, and where everything stands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from engine.domain.facts import Rulebook
from engine.language.config_file import Config
from engine.language.diagnostics import Place
from engine.language.journey_file import JourneyFile
from engine.language.pen import Use
from engine.language.template_header import TemplateFile
from engine.language.test_file import JourneyTests


@dataclass(frozen=True, slots=True)
class Parts:
    """A project as the checks see it.

    `rulebook` and `journeys` hold only files without errors. `named` has, for journey, segment, grid
    and persona, the names that have a file (readable or not) with its path; `mails` those of all
    mails. `uses` is every name used anywhere, with its place. `config_is_whole` says that the config
    has no errors, so that what is not in it does not exist.
    """

    rulebook: Rulebook
    config: Config
    config_file: str
    config_is_whole: bool
    journeys: Mapping[str, JourneyFile]
    segment_files: Mapping[str, str]
    persona_files: Mapping[str, str]
    templates: Mapping[str, Mapping[str, TemplateFile]]
    layouts: Mapping[str, str]
    tests: tuple[JourneyTests, ...]
    named: Mapping[str, Mapping[str, str]]
    mails: frozenset[str]
    uses: tuple[Use, ...]
    sources: Mapping[str, str]

    def in_config(self, section: str, name: str) -> Place:
        """Where `name` stands in the config, behind the word `section`; its first line if nowhere."""
        text = self.sources.get(self.config_file, "")
        begins = re.search(rf"\b{re.escape(section)}:", text)
        found = re.compile(rf"(?<![\w-]){re.escape(name)}(?=\s*:)").search(
            text, begins.end() if begins else 0
        )
        if found is None:
            return Place()
        line = text.count("\n", 0, found.start()) + 1
        column = found.start() - text.rfind("\n", 0, found.start())
        return Place(line, column, line, column + len(name))
