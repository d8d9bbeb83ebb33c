"""Mails for people: the port `Renderer`, with templates compiled on first use."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from threading import Lock

from engine.adapters.pictures import asset_hash, asset_url
from engine.adapters.templates import budget, filters
from engine.adapters.templates.compile import Compiled, Compiler
from engine.adapters.templates.face import Face
from engine.adapters.templates.plain import tidy
from engine.adapters.templates.sandbox import blank
from engine.adapters.templates.values import Used, needed, spoken
from engine.application.ports.renderer import Finding, NotRendered, RenderContext, RenderFailed
from engine.domain.journey import Class
from engine.domain.message import Rendered
from engine.language.config_file import Company
from engine.language.template_header import TemplateFile

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
KEPT = 1_000

_LOCALE = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
_UNFIT = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]")
_compiled: dict[str, Compiled] = {}


class Templates:
    """All mails of one version of a project.

    `shared` holds layouts and blocks as text by path below `templates/`
    (`_layouts/letter.html.j2`). `pictures` are the files of `templates/_assets` by their path
    below it; `picture_url` answers, for hash and name, where one is served (by default
    `SITE/a/HASH/NAME`). `currency` is an ISO 4217 code, for amounts that name none.
    A template is compiled on first use and kept by the hash of all that went in, so a project read
    anew compiles only what changed.
    """

    def __init__(
        self,
        templates: Iterable[TemplateFile],
        shared: Mapping[str, str],
        company: Company,
        pictures: Mapping[str, bytes] | None = None,
        picture_url: Callable[[str, str], str] | None = None,
        currency: str = "EUR",
    ) -> None:
        site = company.site or ""
        self._files = {(file.mail, file.locale): file for file in templates}
        self._shared = shared
        self._company = company
        self._pictures = pictures or {}
        self._picture_url = picture_url or (lambda digest, name: asset_url(digest, name, site))
        self._compiler: Compiler | None = None
        self._one_at_a_time = Lock()
        self._of_all = repr((
            sorted(shared.items()), company,
            sorted((name, asset_hash(content)) for name, content in self._pictures.items()),
            self._picture_url("0", "x"),
        ))  # fmt: skip
        self._keys: dict[tuple[str, str], str] = {}
        self._default = company.locales[0] if company.locales else "en"
        self._currency = currency
        self._site = company.home

    # ── the port ──────────────────────────────────────────────────────────────────────────────

    def render(self, mail: str, values: RenderContext) -> Rendered:
        """The mail `A/B` in the person's language, as `ports.renderer.Renderer` says.

        Raises:
            SkipMail, MissingValue, RenderFailed: see there.
        """
        wanted = values.locale or values.person.attributes.get("locale")
        file = self.file(mail, str(wanted) if wanted else None)
        compiled = self.compiled(file)
        locale = self._spelling(file, str(wanted or ""))
        budget.begin()
        token = filters.rendering.set(
            filters.Rendering(locale, values.zone, values.now, self._currency, self._site)
        )
        try:
            return self._write(compiled, values, locale)
        finally:
            filters.rendering.reset(token)

    def file(self, mail: str, locale: str | None) -> TemplateFile:
        """The translation that a person of this locale gets: `pt-BR`, `pt`, default (R9.3).

        Raises:
            RenderFailed: there is no such mail.
        """
        wanted = (locale or "").replace("_", "-")
        for choice in (wanted, wanted.partition("-")[0], "", self._default):
            file = self._files.get((mail, choice))
            if file is not None:
                return file
        raise RenderFailed(f"there is no mail `{mail}`")

    def compiled(self, file: TemplateFile) -> Compiled:
        """The program of one file, compiled now if it was not before.

        Raises:
            RenderFailed: the file is wrong; the place is where.
        """
        key = self._key(file)
        compiled = _compiled.get(key)
        if compiled is not None:
            return compiled
        with self._one_at_a_time:
            if self._compiler is None:
                self._compiler = Compiler(
                    self._shared, self._company, self._pictures, self._picture_url
                )
            compiled = self._compiler.compile(file, self._language(file))
            if len(_compiled) >= KEPT:
                _compiled.pop(next(iter(_compiled)), None)
            _compiled[key] = compiled
        return compiled

    def mistakes(self) -> list[RenderFailed]:
        """What is wrong in the files themselves, whoever the mail is for: the first mistake of each
        file, once also where many mails share it."""
        found: dict[str, RenderFailed] = {}
        for file in self._files.values():
            try:
                self.compiled(file)
            except RenderFailed as mistake:
                found.setdefault(str(mistake), mistake)
        return sorted(found.values(), key=lambda mistake: (mistake.file, mistake.line))

    def inspect(self, mail: Rendered, klass: Class, links: Mapping[str, str]) -> list[Finding]:
        """Everything wrong with a rendered mail, as `ports.renderer.Renderer` says."""
        from engine.adapters.templates.inspection import inspect

        return inspect(mail, klass, links=links, address=self._company.address)

    # ── one mail ──────────────────────────────────────────────────────────────────────────────

    def _write(self, compiled: Compiled, values: RenderContext, locale: str) -> Rendered:
        file = compiled.file
        used: Used = []
        needs = needed(file.needs, values, used)
        language = locale.replace("_", "-")
        said = {
            **spoken(values, needs, used, file.tone or values.tone),
            **needs,
            "lang": language,
            "dir": "rtl" if language.partition("-")[0] in RIGHT_TO_LEFT else "ltr",
        }
        in_text = {**compiled.text_globals, **said}
        in_text["subject"] = subject = _one_line(_try(compiled.subject, in_text))
        in_text["preheader"] = preheader = _one_line(_try(compiled.preheader, in_text))
        in_html = {**compiled.html_globals, **said}
        in_html["subject"], in_html["preheader"] = subject, preheader
        html = _try(compiled.html, in_html)
        text = tidy(_try(compiled.text, in_text))
        if not subject:
            raise RenderFailed("the subject is empty", file.path)
        _note_reads(compiled, values, used)
        return Rendered(subject, preheader, html, text, tuple(used))

    def _language(self, file: TemplateFile) -> str:
        return (file.locale or self._default).replace("_", "-").partition("-")[0].lower()

    def _spelling(self, file: TemplateFile, wanted: str) -> str:
        """How dates and numbers are spelled: as the person is used to, if it is the mail's language;
        else as the mail's language does. In Babel's form (`pt_BR`)."""
        of_file = file.locale or self._default
        fits = wanted.replace("_", "-").partition("-")[0].lower() == self._language(file)
        chosen = wanted if fits and _LOCALE.fullmatch(wanted) else of_file
        return chosen.replace("-", "_")

    def _key(self, file: TemplateFile) -> str:
        place = (file.mail, file.locale)
        if place not in self._keys:
            all_of_it = repr((file, self._of_all, self._default)).encode()
            self._keys[place] = hashlib.sha256(all_of_it).hexdigest()
        return self._keys[place]


def _try(face: Face, values: dict[str, object]) -> str:
    try:
        return face.write(values)
    except NotRendered:
        raise
    except RecursionError:
        raise RenderFailed("the template calls itself without end", face.file) from None
    except Exception as error:
        # A template may fail in any way Python can; it stops this one mail only (R10.4).
        file, line = face.place(error)
        raise RenderFailed(str(error) or type(error).__name__, file, line) from error


def _one_line(text: str) -> str:
    """On one line, without characters that end a header's line or turn its direction around."""
    return " ".join(_UNFIT.sub(" ", text).split())


def _note_reads(compiled: Compiled, values: RenderContext, used: Used) -> None:
    for of, name in compiled.reads:
        value: object = None
        if of == "customer":
            value = values.person.attribute(name)
        elif values.event is not None:
            value = values.event.properties.get(name)
        if not blank(value):
            used.append((f"{of}.{name}", str(value), of))
