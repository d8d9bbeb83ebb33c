"""Blocks: macros that mails call by name, each with a face in HTML and one in text.

`_blocks/button.html.j2` holds the macro `button`, and `button_text` for the text part; without the
latter, the text is read off the HTML. A block is compiled when the first mail names it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any

from jinja2 import Environment, TemplateSyntaxError
from markupsafe import Markup

from engine.adapters.templates.plain import as_text
from engine.adapters.templates.sandbox import MailEnvironment
from engine.adapters.templates.tags import Holder
from engine.application.ports.renderer import RenderFailed

_WORD = re.compile(r"[a-z_]\w*")


class Blocks:
    """The blocks among `shared`, the texts by path below `templates/`."""

    def __init__(
        self,
        shared: Mapping[str, str],
        lexer: Environment,
        in_html: MailEnvironment,
        in_text: MailEnvironment,
    ) -> None:
        self._paths = {
            PurePosixPath(path).name.partition(".")[0]: path
            for path in shared
            if path.startswith("_blocks/")
        }
        self.names = frozenset(self._paths)
        self._shared = shared
        self._lexer = lexer
        self._in_html = in_html
        self._in_text = in_text

    def make_ready(self, sources: Iterable[str]) -> None:
        """Compile the blocks that these Jinja sources name, and those that they name in turn.

        Raises:
            RenderFailed: a block's file is wrong.
        """
        for source in sources:
            for name in self.names & set(_WORD.findall(source)) - self._in_html.globals.keys():
                self._in_html.globals[name] = None  # known from here on: a block may name itself
                self.make_ready([self._shared[self._paths[name]]])
                self._compile(name)

    def _compile(self, name: str) -> None:
        path = self._paths[name]
        place = f"templates/{path}"
        holder = Holder(self._lexer)
        try:
            held = holder.settle(holder.hold(self._shared[path], place))
            source, _ = holder.release(held, lambda tag: None)
            html = self._in_html.from_string(source).module
            text = self._in_text.from_string(self._shared[path]).module
        except TemplateSyntaxError as error:
            raise RenderFailed(error.message or "not a template", place, error.lineno) from None
        face = getattr(html, name, None)
        if face is None:
            raise RenderFailed(f"a block's file holds a macro of its name: `{name}`", place, 1)
        twin = getattr(text, f"{name}_text", None)
        if twin is None:
            twin = _read_off(face, self._lexer)
            self._in_text.allow(twin)
        self._in_html.globals[name] = face
        self._in_text.globals[name] = twin


def _read_off(face: Callable[..., Any], lexer: Environment) -> Callable[..., str]:
    def twin(*args: Any, **kwargs: Any) -> str:
        safe = [Markup.escape(arg) if isinstance(arg, str) else arg for arg in args]
        named = {k: Markup.escape(v) if isinstance(v, str) else v for k, v in kwargs.items()}
        return as_text(str(face(*safe, **named)), Holder(lexer)).strip()

    return twin
