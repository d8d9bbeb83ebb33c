"""One mail's file to a program that writes it: Markdown or MJML, layout, CSS, text part, Jinja.

All of this happens once per template. What varies with the person is left to Jinja alone; what does
not (the company's name, a button with fixed words) is worked out here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import Any

from jinja2 import Environment, Template, TemplateSyntaxError, meta, nodes

from engine.adapters.pictures import asset_hash, size
from engine.adapters.templates import budget, filters
from engine.adapters.templates.blocks import Blocks
from engine.adapters.templates.inline import inline
from engine.adapters.templates.markdown import Markdown, html_in
from engine.adapters.templates.plain import as_text
from engine.adapters.templates.sandbox import MailEnvironment, View
from engine.adapters.templates.tags import HELD, Holder, Tag
from engine.adapters.templates.values import NAMES
from engine.application.ports.renderer import RenderFailed, SkipMail
from engine.language.config_file import Company
from engine.language.template_header import TemplateFile

LONGEST_SOURCE = 200_000
LONGEST_MARKDOWN = 40_000

_THE_SAME_FOR_ALL = {"company", "picture_of"}
_WHOLE = re.compile(r"\s*(?:jq\d{5}qj\s*)*<(?:!doctype|html)\b", re.IGNORECASE)
_LINK = re.compile(r"""(<(?:a|area)\b[^<>]*?\bhref\s*=\s*)(["'])([^"'<>]*)\2""", re.IGNORECASE)
_IMAGE = re.compile(r"""<img\b[^<>]*?\bsrc\s*=\s*(["'])([^"'<>:]+)\1[^<>]*>""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Face:
    """One compiled part of a mail and, per line of its Jinja source, the tag the author wrote.

    `fixed` is the part itself where it holds no tag, as many a subject."""

    template: Template
    lines: Mapping[int, Tag]
    file: str
    fixed: str | None = None

    def write(self, values: dict[str, Any]) -> str:
        """Rendered with these values, which must hold every name; within the present budget."""
        if self.fixed is not None:
            return self.fixed
        out: list[str] = []
        room = budget.LIMIT
        context = self.template.new_context(values, shared=True)
        for piece in self.template.root_render_func(context):
            room -= len(piece)
            if room < 0:
                raise budget.TooMuch("this mail is longer than any mail box takes")
            out.append(piece)
        return "".join(out)

    def place(self, error: BaseException) -> tuple[str, int]:
        """File and line, as the author knows them, of an error while writing; line 0 if unknown."""
        line = 0
        trace = error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_globals.get("__jinja_template__") is self.template:
                line = self.template.get_corresponding_lineno(trace.tb_lineno)
            trace = trace.tb_next
        return place(self.lines, line, self.file)


@dataclass(frozen=True, slots=True)
class Compiled:
    """A mail in one language, ready to be written for anybody.

    `reads` are the attributes and properties that its tags name, as (`customer` or `event`, name).
    """

    file: TemplateFile
    subject: Face
    preheader: Face
    html: Face
    text: Face
    reads: tuple[tuple[str, str], ...]


class Compiler:
    """Holds what the mails of a project share: company, layouts, blocks, pictures."""

    def __init__(
        self,
        shared: Mapping[str, str],
        company: Company,
        pictures: Mapping[str, bytes],
        picture_url: Callable[[str, str], str],
    ) -> None:
        self.shared = shared
        self.site = company.site or ""
        self.pictures = pictures
        self.picture_url = picture_url
        self.lexer = Environment()
        self.in_html = MailEnvironment(escapes=True, finalize=filters.shown)
        self.in_text = MailEnvironment(escapes=False, finalize=filters.shown)
        for environment in (self.in_html, self.in_text):
            environment.globals.update(
                company=_company(company), skip_mail=_skip_mail, picture_of=self._picture_of
            )
            environment.allow(_skip_mail, self._picture_of)
        self.blocks = Blocks(shared, self.lexer, self.in_html, self.in_text)
        self._constants: dict[tuple[bool, bool, str], str | None] = {}

    def compile(self, file: TemplateFile, language: str) -> Compiled:
        """The whole way, once.

        Raises:
            RenderFailed: a mistake in the file, with its place.
        """
        budget.begin()
        longest = LONGEST_MARKDOWN if file.kind == "md" else LONGEST_SOURCE
        if len(file.body) > longest:
            raise RenderFailed(f"a body of over {longest:,} characters is refused", file.path)
        try:
            holder = Holder(self.lexer)
            document = self._document(file, holder, language)
            self.blocks.make_ready(tag.inner for tag in holder.tags)
            known = NAMES | self.blocks.names | {need.name for need in file.needs}
            heads = [self._line(text, file, known) for text in (file.subject, file.preheader)]
            text = self._face(as_text(document, holder), holder, file, known, escapes=False)
            inlined = inline(document, holder, file.path)
            html = self._face(inlined, holder, file, known, escapes=True)
        except RecursionError:
            raise RenderFailed("the template is nested too deeply", file.path) from None
        reads = _reads([tag.inner for tag in holder.tags] + [file.subject, file.preheader])
        return Compiled(file, heads[0], heads[1], html, text, reads)

    # ── the document ──────────────────────────────────────────────────────────────────────────

    def _document(self, file: TemplateFile, holder: Holder, language: str) -> str:
        held = self._held(holder, file.body, file.path, file.body_line)
        layout: str | None = file.layout
        if file.kind == "md":
            found = html_in(held)
            if found:
                line = file.body_line + file.body[: max(file.body.find(found), 0)].count("\n")
                raise RenderFailed(
                    f"`{found.strip()}` would show as text: a Markdown mail uses blocks, an HTML "
                    "mail ends in .html.j2, and a note to yourself is {# … #}",
                    file.path,
                    line,
                )
            body = Markdown(language).html(held, holder, self.blocks.names)
            layout = layout or "letter"
        elif file.kind == "mjml":
            body, layout = _from_mjml(held, holder, file.path), None
        else:
            body = held
            layout = None if _WHOLE.match(held) else layout or "letter"
        document = body if layout is None else self._in_layout(body, layout, holder, file)
        return self._with_whole_addresses(holder.settle(document))

    def _held(self, holder: Holder, source: str, path: str, first_line: int) -> str:
        try:
            return holder.hold(source, path, first_line)
        except TemplateSyntaxError as error:
            line = error.lineno + first_line - 1
            raise RenderFailed(error.message or "not a template", path, line) from None

    def _in_layout(self, body: str, layout: str, holder: Holder, file: TemplateFile) -> str:
        path = f"_layouts/{layout}.{file.locale}.html.j2"
        if path not in self.shared:
            path = f"_layouts/{layout}.html.j2"
        if path not in self.shared:
            names = [p[9:-8] for p in self.shared if p.startswith("_layouts/")]
            near = get_close_matches(layout, names, 1)
            hint = f"did you mean `{near[0]}`?" if near else f"there are {', '.join(sorted(names))}"
            raise RenderFailed(f"there is no layout `{layout}`; {hint}", file.path, 1)
        frame = self._held(holder, self.shared[path], f"templates/{path}", 1)
        places = [
            word.group()
            for word in HELD.finditer(frame)
            if holder.tag(word.group()).kind == "print"
            and holder.tag(word.group()).inner.strip() == "content"
        ]
        if len(places) != 1:
            raise RenderFailed("a layout prints `{{ content }}` exactly once", f"templates/{path}")
        return frame.replace(places[0], body)

    def _with_whole_addresses(self, html: str) -> str:
        def link(found: re.Match[str]) -> str:
            head, quote, address = found.groups()
            if HELD.match(address):
                return found.group()
            return f"{head}{quote}{filters.web_address(address, self.site)}{quote}"

        def image(found: re.Match[str]) -> str:
            if found.group(2) not in self.pictures:
                return found.group()
            url, width, height = self._picture(found.group(2))
            whole = found.group().replace(found.group(2), url, 1)
            if "width=" in whole:
                return whole
            return whole.replace("<img", f'<img width="{width}" height="{height}"', 1)

        try:
            return _IMAGE.sub(image, _LINK.sub(link, html))
        except filters.BadValue as error:
            raise RenderFailed(str(error)) from None

    def _picture_of(self, name: str) -> View:
        """For blocks: address and size in pixels of a picture of `templates/_assets`."""
        if name not in self.pictures:
            near = get_close_matches(name, self.pictures, 1)
            hint = f"; did you mean `{near[0]}`?" if near else ""
            raise filters.BadValue(f"there is no picture `{name}` in templates/_assets{hint}")
        url, width, height = self._picture(name)
        known = {"url": filters.OwnAddress(url), "width": width, "height": height}
        return View("picture", known)

    def _picture(self, name: str) -> tuple[str, int, int]:
        content = self.pictures[name]
        measured = size(content)
        if measured is None:
            raise filters.BadValue(f"`{name}` is not a picture that mail programs show")
        return self.picture_url(asset_hash(content), name), *measured

    # ── the program ───────────────────────────────────────────────────────────────────────────

    def _line(self, source: str, file: TemplateFile, known: frozenset[str]) -> Face:
        holder = Holder(self.lexer)
        held = self._held(holder, source, file.path, 1)
        return self._face(held, holder, file, known, escapes=False)

    def _face(
        self,
        held: str,
        holder: Holder,
        file: TemplateFile,
        known: frozenset[str],
        *,
        escapes: bool,
    ) -> Face:
        environment = self.in_html if escapes else self.in_text
        source, lines = holder.release(held, lambda tag: self._constant(tag, escapes))
        try:
            tree = environment.parse(source)
            self._know_all(tree, known | set(environment.globals), lines, file.path)
            code: Any = environment.compile(source, file.path, file.path)
        except TemplateSyntaxError as error:
            where, line = place(lines, error.lineno, file.path)
            raise RenderFailed(error.message or "not a template", where, line) from None
        except (SyntaxError, MemoryError):
            raise RenderFailed("the template is nested too deeply", file.path) from None
        fixed = source if "{" not in source else None
        return Face(Template.from_code(environment, code, {}), lines, file.path, fixed)

    def _know_all(
        self, tree: nodes.Template, known: frozenset[str], lines: Mapping[int, Tag], file: str
    ) -> None:
        unknown = meta.find_undeclared_variables(tree) - known
        for name in tree.find_all(nodes.Name):
            if name.name in unknown:
                near = get_close_matches(name.name, known, 1)
                hint = f"did you mean `{near[0]}`? Else name" if near else "name"
                where, line = place(lines, name.lineno, file)
                raise RenderFailed(
                    f"`{name.name}` is not known here; {hint} it under `needs`, or write "
                    f"`customer.{name.name}`",
                    where,
                    line,
                )

    def _constant(self, tag: Tag, escapes: bool) -> str | None:
        """What a tag prints for everybody: one of company, blocks and written words alone."""
        key = (escapes, tag.is_address and escapes, tag.inner)
        if key not in self._constants:
            self._constants[key] = self._worked_out(*key)
        return self._constants[key]

    def _worked_out(self, escapes: bool, is_address: bool, inner: str) -> str | None:
        environment = self.in_html if escapes else self.in_text
        source = f"{{{{ ({inner.strip('-+ ')}) {'|href' if is_address else ''} }}}}"
        present = filters.rendering.set(_nowhere(self.site))
        try:
            tree = environment.parse(source)
            if meta.find_undeclared_variables(tree) - self.blocks.names - _THE_SAME_FOR_ALL:
                return None
            return environment.from_string(source).render()
        except Exception:
            # Whatever is wrong here is wrong at its own place too, and is reported there.
            return None
        finally:
            filters.rendering.reset(present)


def place(lines: Mapping[int, Tag], line: int, file: str) -> tuple[str, int]:
    """The author's file and line for a line of a released source."""
    before = [known for known in lines if known <= line]
    tag = lines[max(before)] if before else None
    return (tag.file, tag.line) if tag else (file, 0)


def _company(company: Company) -> View:
    said = {field.name: getattr(company, field.name) for field in fields(company)}
    said["voice"] = View("company.voice", company.voice)
    return View("company", {name: value for name, value in said.items() if value is not None})


def _skip_mail(reason: str = "the mail is not for this person") -> str:
    raise SkipMail(str(reason))


def _from_mjml(held: str, holder: Holder, path: str) -> str:
    from mjml import mjml2html

    settled = re.sub(
        HELD, lambda f: f"<!--{f[0]}-->" if holder.tag(f[0]).kind == "statement" else f[0], held
    )
    try:
        return str(mjml2html(settled))
    except ValueError as error:
        raise RenderFailed(f"MJML: {error}", path) from None


def _reads(sources: list[str]) -> tuple[tuple[str, str], ...]:
    found = (
        pair for source in sources for pair in re.findall(r"\b(customer|event)\.(\w+)", source)
    )
    return tuple(dict.fromkeys(found))


def _nowhere(site: str) -> filters.Rendering:
    """No language and no time: a filter that needs one fails, and so its tag is not constant."""
    return filters.Rendering("", "", datetime(1, 1, 1, tzinfo=UTC), "", site)
