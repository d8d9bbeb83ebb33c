"""Facts never change with the mood, only words do: all wordings of a mail state the same.

The wordings of one persona are compared with each other, and the voices of the personas with each
other, for one and the same person. What only one of them states, or states otherwise, is a mistake.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from engine.application.places import find, offset_place, place_of
from engine.application.wordings import TONE_TAG, Wording
from engine.domain.emotion import GROUPS
from engine.language.care.stated import KINDS, Statements, stated
from engine.language.diagnostics import Diagnostic, Place, at
from engine.language.project import Project
from engine.language.template_header import TemplateFile

OTHER_FACTS = "T411"


@dataclass(frozen=True, slots=True)
class _Variant:
    wording: Wording
    says: Statements


def same_facts(
    file: TemplateFile, families: Iterable[Sequence[Wording]], project: Project
) -> Iterator[Diagnostic]:
    """A diagnostic for each kind of fact in which a wording differs from the others of its family."""
    told: set[tuple[str, int, str]] = set()
    for family in families:
        texts = {(one.mail.subject, one.mail.preheader, one.mail.html): one.mail for one in family}
        if len(texts) < 2:
            continue
        names = _known_names(project, family)
        says = {text: stated(mail, known_names=names) for text, mail in texts.items()}
        variants = [
            _Variant(one, says[one.mail.subject, one.mail.preheader, one.mail.html])
            for one in family
        ]
        for kind in KINDS:
            for found in _differing(kind, variants, file, project):
                if (found.file, found.line, kind) not in told:
                    told.add((found.file, found.line, kind))
                    yield found


def _differing(
    kind: str, variants: Sequence[_Variant], file: TemplateFile, project: Project
) -> Iterator[Diagnostic]:
    alike: dict[frozenset[str], list[_Variant]] = defaultdict(list)
    for variant in variants:
        alike[frozenset(variant.says.of(kind))].append(variant)
    if len(alike) < 2:
        return
    most = max(len(group) for group in alike.values())
    plain = frozenset(variants[0].says.of(kind))
    usual = plain if len(alike[plain]) == most else max(alike, key=lambda one: len(alike[one]))
    for values, group in alike.items():
        if values != usual:
            yield _diagnostic(kind, group[0], alike[usual][0], file, project)


def _diagnostic(
    kind: str, odd: _Variant, usual: _Variant, file: TemplateFile, project: Project
) -> Diagnostic:
    said, otherwise = odd.says.of(kind), usual.says.of(kind)
    only = {value: words for value, words in said.items() if value not in otherwise}
    lacks = {value: words for value, words in otherwise.items() if value not in said}
    who, others = _named(odd.wording), _named(usual.wording)
    if only and lacks:
        message = f"{who} says {_quoted(only)}, {others} says {_quoted(lacks)}"
    elif only:
        message = f"{who} says {_quoted(only)}, and {others} does not"
    else:
        message = f"{others} says {_quoted(lacks)}, and {who} does not"
    path, place = _place(
        next(iter((only or lacks).values())), bool(only), odd, usual, file, project
    )
    return at(
        place,
        OTHER_FACTS,
        path,
        message,
        f"state {KINDS[kind]} the same way in every wording, best outside of `{{% tone %}}`",
    )


def _quoted(facts: dict[str, str]) -> str:
    return " and ".join(f"`{words[:60]}`" for words in list(facts.values())[:3])


def _named(wording: Wording) -> str:
    voice = f"the voice of `{wording.persona}`" if wording.persona else "the company's voice"
    if wording.tone is None:
        return f"the plain wording in {voice}" if wording.persona else "the plain wording"
    words = f"the wording for `{_group(wording)}`"
    return f"{words} in {voice}" if wording.persona else words


def _group(wording: Wording) -> str:
    tones = {tone for tone in wording.tones if tone}
    whole = next((name for name, all_of in GROUPS.items() if tones == set(all_of)), None)
    return whole or str(wording.tone)


def _place(
    words: str, own: bool, odd: _Variant, usual: _Variant, file: TemplateFile, project: Project
) -> tuple[str, Place]:
    """Where the odd words stand; where something is lacking, the branch that lacks it."""
    text = project.sources.get(file.path, "")
    wording = odd.wording if own or odd.wording.tone is not None else usual.wording
    read = list(branches(text, wording.tone))
    for start, end, _ in read if own else ():
        found = find(words, text, start, end)
        if found is not None:
            return file.path, found
    if read:
        return file.path, read[0][2]
    if wording.persona:
        path = f"segments/{wording.persona}.persona.yaml"
        found = find(words, project.sources.get(path, ""))
        if found is not None:
            return path, found
    return place_of(words, "body", file, project, wording.persona)


def branches(text: str, tone: str | None) -> Iterator[tuple[int, int, Place]]:
    """The branches of `{% tone %}` that somebody in this tone reads: where their words begin and end,
    and the place of their tag."""
    tags = list(TONE_TAG.finditer(text))
    taken = False
    for tag, following in pairwise(tags):
        if tag["tag"] == "tone":
            taken = False
        elif tag["tag"] == "endtone" or taken:
            continue
        words = {
            emotion
            for word in tag["words"].replace(",", " ").split()
            for emotion in GROUPS.get(word, (word,))
        }
        if tone in words or (not words and tag["tag"] == "elsetone"):
            taken = True
            yield tag.end(), following.start(), offset_place(text, tag.start(), tag.end())


def _known_names(project: Project, family: Sequence[Wording]) -> frozenset[str]:
    """Words in capitals that are no matter of the mail: who signs, the shop, and the reader."""
    spoken = [project.config.company.name, project.config.company.address]
    spoken += [sender.name for sender in project.config.senders.values()]
    spoken += project.config.company.voice.values()
    for persona in project.rulebook.personas:
        spoken += persona.voice.values()
        spoken += [line for _, lines in persona.voice_when for line in lines.values()]
        spoken += [str(value) for value in persona.sample.values()]
    spoken += [value for wording in family for _, value, _ in wording.mail.used]
    words = " ".join(spoken).replace("-", " ").replace(",", " ").replace(".", " ")
    return frozenset(words.split()) | {"I", "Dear", "Hello", "Hi"}
