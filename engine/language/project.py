"""A whole project, text to domain: the public door of the language.

Every file is read by its path; its mistakes are told with their places; what is whole goes into the
rulebook. Names of other things are looked up last, so that a broken file is not missed as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from engine.domain.facts import MailHeader, Rulebook
from engine.domain.jurisdiction import Jurisdiction, law_of
from engine.domain.segment import Persona, Segment
from engine.domain.zones import named_zone
from engine.language.checks import all_checks
from engine.language.checks.parts import Parts
from engine.language.config_file import Config, read_config_file
from engine.language.diagnostics import Diagnostic, Place
from engine.language.journey_file import JourneyFile, read_journey, version_of
from engine.language.jurisdiction_file import read_jurisdiction
from engine.language.nodes import Entries, Node, Text, compose, is_readable, place_of
from engine.language.pen import Pen, Use
from engine.language.persona_file import read_persona
from engine.language.reader import short
from engine.language.segment_file import read_grid, read_segment
from engine.language.template_header import TemplateFile, is_template, read_template
from engine.language.test_file import JourneyTests, read_tests

Sources = Mapping[str, str]
"""Paths relative to the project (with `/`), and the text of each file."""

JURISDICTIONS = "jurisdictions/"
"""Where the jurisdictions of a project stand. One of its own replaces the one that comes with the
engine under the same name."""


@dataclass(frozen=True, slots=True)
class Project:
    """A project as far as it could be read.

    `rulebook` holds what stands in files without errors. `templates` are by mail and locale (`""` is
    the default); `layouts` are the texts below `templates/` whose path begins with `_`, by the path
    below `templates/`. `diagnostics` are sorted; `ok` says that none of them blocks.
    """

    rulebook: Rulebook
    config: Config
    templates: Mapping[str, Mapping[str, TemplateFile]]
    layouts: Mapping[str, str]
    tests: tuple[JourneyTests, ...]
    sources: Sources
    diagnostics: tuple[Diagnostic, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing blocks; warnings never do."""
        return not any(found.severity == "error" for found in self.diagnostics)


def decode(raw: bytes) -> str:
    """The text of a file as `read_project` wants it. Bytes that are not UTF-8 stay recognisable, so
    that they are reported at their place. A byte order mark is dropped."""
    return raw.decode("utf-8", "surrogateescape").removeprefix("\ufeff")


def read_config(text: str, file: str) -> tuple[Config, tuple[Diagnostic, ...]]:
    """The config alone: cheap, for commands that need no journeys. Parts with mistakes have their
    defaults, and names in it are not looked up."""
    pen = Pen(file, "C")
    config, _ = read_config_file(_lines(text), pen)
    return config, tuple(sorted(pen.found))


def read_project(sources: Sources, *, config_name: str = "config.yaml") -> Project:
    """Read and check everything. Never raises for what the files say: mistakes are diagnostics."""
    return _Reading(sources, config_name).project()


class _Reading:
    """One project being read."""

    def __init__(self, sources: Sources, config_name: str) -> None:
        self._sources = sources
        self._config_name = config_name
        self._found: list[Diagnostic] = []
        self._uses: list[Use] = []
        self._named: dict[str, dict[str, str]] = {
            kind: {} for kind in ("journey", "segment", "persona", "jurisdiction")
        }
        self._journeys: dict[str, JourneyFile] = {}
        self._segments: dict[str, tuple[Segment, str]] = {}
        self._personas: dict[str, tuple[Persona, str]] = {}
        self._jurisdictions: dict[str, tuple[Jurisdiction, str]] = {}
        self._tests: list[JourneyTests] = []
        self._templates: dict[str, dict[str, TemplateFile]] = {}

    def project(self) -> Project:
        config, config_is_whole = self._read_config()
        self._looks_back = config.emotion.looks_back
        self._zone = named_zone(config.company.time_zone)
        layouts: dict[str, str] = {}
        for path in sorted(self._sources):
            if path.startswith("templates/_"):
                self._read_layout(path, layouts)
            elif is_template(path):
                self._read_template(path)
            elif path.startswith(("journeys/", "segments/", JURISDICTIONS)) and path.endswith(
                (".yaml", ".yml")
            ):
                self._read_yaml(path)
        personas = sorted((p for p, _ in self._personas.values()), key=lambda p: (p.rank, p.name))
        rulebook = Rulebook(
            journeys={name: file.journey for name, file in self._journeys.items()},
            segments={name: segment for name, (segment, _) in self._segments.items()},
            personas=tuple(personas),
            policy=config.policy,
            mails=_headers(self._templates, self._around(layouts, config)),
            teams=config.teams,
            lifecycle=config.lifecycle,
            emotion=config.emotion,
            law=law_of(one for one, _ in self._jurisdictions.values()),
            company_zone=config.company.time_zone,
            company_name=config.company.name,
        )
        parts = Parts(
            rulebook=rulebook,
            config=config,
            config_file=self._config_name,
            config_is_whole=config_is_whole,
            journeys=self._journeys,
            segment_files={name: file for name, (_, file) in self._segments.items()},
            persona_files={name: file for name, (_, file) in self._personas.items()},
            templates=self._templates,
            layouts=layouts,
            tests=tuple(self._tests),
            named=self._named,
            mails=self._mails(),
            uses=tuple(self._uses),
            sources=self._sources,
        )
        self._found.extend(all_checks(parts))
        return Project(
            rulebook=self._without_errors(rulebook),
            config=config,
            templates=self._templates,
            layouts=layouts,
            tests=parts.tests,
            sources=self._sources,
            diagnostics=tuple(sorted(self._found)),
        )

    def _around(self, layouts: Mapping[str, str], config: Config) -> str:
        """What readers see of every mail besides its own text: layouts and blocks, the company, the
        senders, and the voices of the personas."""
        voices = [(p.name, p.rank, p.voice, p.voice_when) for p, _ in self._personas.values()]
        return repr((sorted(layouts.items()), config.company, config.senders, voices))

    def _without_errors(self, rulebook: Rulebook) -> Rulebook:
        """The rulebook without what stands in files with errors."""
        wrong = {found.file for found in self._found if found.severity == "error"}
        segments, personas = self._segments, self._personas
        return replace(
            rulebook,
            journeys={n: j.journey for n, j in self._journeys.items() if j.file not in wrong},
            segments={n: segment for n, (segment, file) in segments.items() if file not in wrong},
            personas=tuple(p for p in rulebook.personas if personas[p.name][1] not in wrong),
        )

    def _read_config(self) -> tuple[Config, bool]:
        pen = Pen(self._config_name, "C")
        text = self._sources.get(self._config_name)
        if text is None:
            pen.error(
                "C120",
                Place(),
                "this project has no config",
                "go to a project's folder, make one with `sincerely init my-shop`, or write "
                f"`{self._config_name}` with `company:` and `senders:`",
            )
            self._keep(pen)
            return Config(), False
        config, whole = read_config_file(_lines(text), pen)
        self._keep(pen)
        return config, whole

    def _keep(self, pen: Pen) -> None:
        """Take a file's notes over. A name at a place that is wrong already is not looked up."""
        self._found.extend(pen.found)
        wrong = {(found.line, found.column) for found in pen.found}
        self._uses.extend(
            use for use in pen.uses if (use.place.line, use.place.column) not in wrong
        )

    def _pen(self, path: str, letter: str) -> Pen:
        return Pen(path, letter, looks_back=self._looks_back, zone=self._zone)

    # ── files ─────────────────────────────────────────────────────────────────────────────────

    def _read_layout(self, path: str, layouts: dict[str, str]) -> None:
        pen = self._pen(path, "T")
        text = _lines(self._sources[path])
        if is_readable(text, pen):
            layouts[path.removeprefix("templates/")] = text
        self._keep(pen)

    def _read_template(self, path: str) -> None:
        pen = self._pen(path, "T")
        template = read_template(path, _lines(self._sources[path]), pen)
        if template is not None:
            others = self._templates.setdefault(template.mail, {})
            other = others.setdefault(template.locale, template)
            if other is not template:
                pen.error(
                    "T112",
                    Place(),
                    f"`{other.path}` is the same mail",
                    "keep one of the two, or name it for a language, like `welcome.de.md.j2`",
                )
        self._keep(pen)

    def _read_yaml(self, path: str) -> None:
        stem = path.rsplit("/", 1)[1].rsplit(".", 1)[0]
        name, _, ending = stem.partition(".")
        kind, letter = _kind_of(path, ending)
        pen = self._pen(path, letter)
        if kind != "test" and name:
            self._named.setdefault(kind, {}).setdefault(name, path)
        text = _lines(self._sources[path])
        node = compose(text, pen)
        if node is not None and _opens_well(kind, name, node, pen):
            self._read_kind(kind, path, node, text, pen)
        self._keep(pen)

    def _read_kind(self, kind: str, path: str, node: Node, text: str, pen: Pen) -> None:
        if kind == "journey":
            journey = read_journey(node, text, pen)
            if journey is not None and self._is_new(
                journey.journey.name, self._journeys, pen, node
            ):
                self._journeys[journey.journey.name] = journey
        elif kind == "segment":
            segment = read_segment(node, pen)
            self._add_segments((segment,) if segment else (), node, pen)
        elif kind == "grid":
            self._add_segments(read_grid(node, pen), node, pen)
        elif kind == "persona":
            persona = read_persona(node, pen)
            if persona is not None and self._is_new(persona.name, self._personas, pen, node):
                self._personas[persona.name] = persona, path
        elif kind == "jurisdiction":
            law = read_jurisdiction(node, pen)
            if law is not None and self._is_new(law.name, self._jurisdictions, pen, node):
                self._jurisdictions[law.name] = law, path
        else:
            tests = read_tests(node, pen)
            if tests is not None:
                self._tests.append(tests)

    def _add_segments(self, segments: tuple[Segment, ...], node: Node, pen: Pen) -> None:
        for segment in segments:
            if self._is_new(segment.name, self._segments, pen, node):
                self._segments[segment.name] = segment, pen.file

    def _is_new(self, name: str, known: Mapping[str, object], pen: Pen, node: Node) -> bool:
        if name in known:
            pen.error(
                "201", place_of(node), f"another file makes `{name}` too", "give each its own name"
            )
            return False
        return True

    def _mails(self) -> frozenset[str]:
        """All mails that have a file, readable or not."""
        paths = [path for path in self._sources if is_template(path)]
        return frozenset(_mail_of(path) for path in paths)


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _mail_of(path: str) -> str:
    folder, _, name = path.removeprefix("templates/").rpartition("/")
    return f"{folder}/{name.split('.', 1)[0]}"


def _kind_of(path: str, ending: str) -> tuple[str, str]:
    if path.startswith("journeys/"):
        return ("test", "X") if ending == "test" else ("journey", "J")
    if path.startswith(JURISDICTIONS):
        return "jurisdiction", "L"
    if ending == "persona":
        return "persona", "P"
    return ("grid", "S") if ending == "grid" else ("segment", "S")


_OPENING = {
    "journey": "journey",
    "test": "test_journey",
    "segment": "segment",
    "grid": "grid",
    "persona": "persona",
    "jurisdiction": "jurisdiction",
}


def _opens_well(kind: str, name: str, node: Node, pen: Pen) -> bool:
    """Whether the file says the name that its path says."""
    word = _OPENING[kind]
    if not isinstance(node, Entries):
        pen.error(
            "103",
            place_of(node),
            f"this file has to be a block of words, beginning with `{word}: {name}`",
            "look at a file that works",
        )
        return False
    said = {key.text: value for key, value in node.entries}
    for other in _OPENING.values():
        if other in said and word not in said:
            pen.error(
                "101",
                place_of(node),
                f"a file that opens with `{other}` does not belong here",
                _WHERE[other],
            )
            return False
    value = said.get(word)
    if isinstance(value, Text) and value.text and value.text != name:
        pen.error(
            "101",
            place_of(value),
            f"`{short(value.text)}` is not the name of the file",
            f"write `{word}: {name}`, or rename the file",
        )
    return True


_WHERE = {
    "journey": "keep it in `journeys/NAME.yaml`",
    "test_journey": "keep it in `journeys/NAME.test.yaml`",
    "segment": "keep it in `segments/NAME.yaml`",
    "grid": "keep it in `segments/NAME.grid.yaml`",
    "persona": "keep it in `segments/NAME.persona.yaml`",
    "jurisdiction": "keep it in `jurisdictions/NAME.yaml`",
}


def _headers(
    templates: Mapping[str, Mapping[str, TemplateFile]], around: str
) -> dict[str, MailHeader]:
    headers: dict[str, MailHeader] = {}
    for mail, files in templates.items():
        file = files.get("") or next(iter(files.values()))
        sells = any(other.promotion_blocks for other in files.values())
        version = version_of(repr((sorted(files.items()), around)))
        headers[mail] = MailHeader(mail, file.sender, file.tags, sells, version, file.tone)
    return headers
