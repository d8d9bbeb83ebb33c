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
from engine.adapters.templates.face import Face, place
from engine.adapters.templates.inline import inline
from engine.adapters.templates.markdown import html_in, reader
from engine.adapters.templates.plain import as_text
from engine.adapters.templates.sandbox import MailEnvironment, View
from engine.adapters.templates.tags import HELD, Holder, Tag
from engine.adapters.templates.values import NAMES
from engine.application.ports.renderer import NotRendered, RenderFailed, SkipMail
from engine.language.config_file import Company
from engine.language.template_header import TemplateFile

LONGEST_SOURCE = 200_000
LONGEST_MARKDOWN = 40_000

_WORD = re.compile(r"[a-z_]\w*")
_THE_SAME_FOR_ALL = {"company", "picture_of"}
_WHOLE = re.compile(r"\s*(?:jq\d{5}qj\s*)*<(?:!doctype|html)\b", re.IGNORECASE)
_LINK = re.compile(r"""(<(?:a|area)\b[^<>]*?\bhref\s*=\s*)(["'])([^"'<>]*)\2""", re.IGNORECASE)
_IMAGE = re.compile(r"""<img\b[^<>]*?\bsrc\s*=\s*(["'])([^"'<>:]+)\1[^<>]*>""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Compiled:
    """A mail in one language, ready to be written for anybody.

    `reads` are the attributes and properties that its tags name, as (`customer` or `event`, name);
    the globals are what every mail may call, blocks above all, in their two faces.
    """

    file: TemplateFile
    subject: Face
    preheader: Face
    html: Face
    text: Face
    reads: tuple[tuple[str, str], ...]
    html_globals: Mapping[str, Any]
    text_globals: Mapping[str, Any]


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
        self.site = company.home
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
        return Compiled(
            file, heads[0], heads[1], html, text, reads, self.in_html.globals, self.in_text.globals
        )

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
            body = reader(language).html(held, holder, self.blocks.names)
            layout = layout or "letter"
        elif file.kind == "mjml":
            body, layout = _from_mjml(held, holder, file.path), None
        else:
            body = held
            layout = None if _WHOLE.match(held) else layout or "letter"
        document = body if layout is None else self._in_layout(body, layout, holder, file)
        return self._with_whole_addresses(holder.settle(document), file.path)

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

    def _with_whole_addresses(self, html: str, path: str) -> str:
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
            raise RenderFailed(str(error), path) from None

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
        shadowed = {need.name for need in file.needs} | holder.assigned()

        def constant(tag: Tag) -> str | None:
            own = shadowed and shadowed & set(_WORD.findall(tag.inner))
            return None if own else self._constant(tag, escapes)

        source, lines = holder.release(held, constant)
        if "{" not in source:
            return Face(None, lines, file.path, source)
        try:
            tree = environment.parse(source)
            self._know_all(tree, known | set(environment.globals), lines, file.path)
            code: Any = environment.compile(tree, file.path, file.path)
        except TemplateSyntaxError as error:
            where, line = place(lines, error.lineno, file.path)
            if where != file.path:  # what the body leaves open breaks only further down
                try:
                    environment.parse(file.body)
                except TemplateSyntaxError as own:
                    where, line = file.path, file.body_line + own.lineno - 1
            raise RenderFailed(error.message or "not a template", where, line) from None
        except (SyntaxError, MemoryError):
            raise RenderFailed("the template is nested too deeply", file.path) from None
        return Face(Template.from_code(environment, code, {}), lines, file.path)

    def _know_all(
        self, tree: nodes.Template, known: frozenset[str], lines: Mapping[int, Tag], file: str
    ) -> None:
        names = [name for name in tree.find_all(nodes.Name) if name.name not in known]
        # Jinja finds out what is undeclared by writing the whole program, so only where it may be.
        unknown = meta.find_undeclared_variables(tree) if names else frozenset()
        for name in names:
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
        """What a tag prints for everybody: one of company, blocks and written words alone.

        Raises:
            RenderFailed: it fails for everybody.
        """
        is_address = tag.is_address and escapes
        key = (escapes, is_address, tag.inner)
        if key not in self._constants:
            try:
                self._constants[key] = self._worked_out(escapes, is_address, tag.inner)
            except (NotRendered, TemplateSyntaxError, filters.DependsOnPerson):
                self._constants[key] = None
            except RecursionError:
                raise
            except Exception as error:
                # As when rendering: a template may fail in any way Python can.
                raise RenderFailed(str(error), tag.file, tag.line) from error
        return self._constants[key]

    def _worked_out(self, escapes: bool, is_address: bool, inner: str) -> str | None:
        environment = self.in_html if escapes else self.in_text
        source = f"{{{{ ({inner.strip('-+ ')}) {'|href' if is_address else ''} }}}}"
        tree = environment.parse(source)
        if meta.find_undeclared_variables(tree) - self.blocks.names - _THE_SAME_FOR_ALL:
            return None
        program: Any = environment.compile(tree)
        template = Template.from_code(environment, program, environment.globals)
        present = filters.rendering.set(_nowhere(self.site))
        try:
            return "".join(template.root_render_func(template.new_context()))
        finally:
            filters.rendering.reset(present)


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
