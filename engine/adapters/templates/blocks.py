"""Blocks: macros that mails call by name, each with a face in HTML and one in text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from typing import Any

from jinja2 import Environment, TemplateSyntaxError
from markupsafe import Markup

from engine.adapters.templates import budget
from engine.adapters.templates.plain import as_text
from engine.adapters.templates.sandbox import MailEnvironment
from engine.adapters.templates.tags import Holder
from engine.application.ports.renderer import RenderFailed

FOLDER = "_blocks/"


def load(
    shared: Mapping[str, str], lexer: Environment, html: MailEnvironment, text: MailEnvironment
) -> frozenset[str]:
    """Put every block of `shared` (text by path below `templates/`) among the globals of both
    environments; returns their names.

    `_blocks/button.html.j2` holds the macro `button`, and `button_text` for the text part. Without
    the latter, the text is read off the HTML.

    Raises:
        RenderFailed: a block's file is wrong.
    """
    names: set[str] = set()
    for path in sorted(path for path in shared if path.startswith(FOLDER)):
        name = PurePosixPath(path).name.partition(".")[0]
        holder = Holder(lexer)
        place = f"templates/{path}"
        try:
            budget.begin()
            held = holder.settle(holder.hold(shared[path], place))
            source, _ = holder.release(held, lambda tag: None)
            in_html = html.from_string(source).module
            in_text = text.from_string(shared[path]).module
        except TemplateSyntaxError as error:
            raise RenderFailed(error.message or "not a template", place, error.lineno) from None
        face = getattr(in_html, name, None)
        if face is None:
            raise RenderFailed(f"a block's file holds a macro of its name: `{name}`", place, 1)
        html.globals[name] = face
        twin = getattr(in_text, f"{name}_text", None)
        if twin is None:
            twin = _read_off(face, lexer)
            text.allow(twin)
        text.globals[name] = twin
        names.add(name)
    return frozenset(names)


def _read_off(face: Callable[..., Any], lexer: Environment) -> Callable[..., str]:
    def twin(*args: Any, **kwargs: Any) -> str:
        safe = [Markup.escape(arg) if isinstance(arg, str) else arg for arg in args]
        named = {k: Markup.escape(v) if isinstance(v, str) else v for k, v in kwargs.items()}
        return as_text(str(face(*safe, **named)), Holder(lexer)).strip()

    return twin
