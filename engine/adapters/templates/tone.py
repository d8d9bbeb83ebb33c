"""`{% tone anxious %} … {% elsetone angry, frustrated %} … {% elsetone %} … {% endtone %}`.

Wording that follows the mood: the first branch that names the tone is taken, the bare `elsetone` is
for everybody else. Facts are the same in all of them; `check` compares them. The words are the ten
emotions and their two groups; a tone that is a group itself (`preview --tone upset`) takes a branch that
names all of its emotions.
"""

from __future__ import annotations

from difflib import get_close_matches

from jinja2 import nodes
from jinja2.ext import Extension
from jinja2.parser import Parser

from engine.domain.emotion import EMOTIONS, GROUPS

_WORDS = (*EMOTIONS, *GROUPS)


class ToneExtension(Extension):
    """Compiles the tags to a plain `if`, so that they cost what an `if` costs."""

    tags = {"tone"}  # noqa: RUF012  (Jinja's own way to declare them)

    def parse(self, parser: Parser) -> nodes.Node:
        """Read from `tone` to `endtone`."""
        line = next(parser.stream).lineno
        words = _words(parser)
        if not words:
            parser.fail("`tone` needs a word, as in `{% tone anxious %}`", line)
        first = nodes.If(_is_one_of(words, line), [], [], [], lineno=line)
        first.body = parser.parse_statements(("name:elsetone", "name:endtone"))
        while next(parser.stream).value == "elsetone":
            branch = parser.stream.current.lineno
            words = _words(parser)
            body = parser.parse_statements(("name:elsetone", "name:endtone"))
            if words:
                first.elif_.append(nodes.If(_is_one_of(words, branch), body, [], [], lineno=branch))
                continue
            first.else_ = body
            if next(parser.stream).value == "elsetone":
                parser.fail("the bare `elsetone` is for everybody else: it comes last", branch)
            break
        return first


def _words(parser: Parser) -> list[str]:
    words: list[str] = []
    while parser.stream.current.type != "block_end":
        if words:
            parser.stream.expect("comma")
        token = parser.stream.expect("name")
        if token.value not in _WORDS:
            near = get_close_matches(token.value, _WORDS, 1)
            hint = f"did you mean `{near[0]}`?" if near else f"the words are {', '.join(_WORDS)}"
            parser.fail(f"`{token.value}` is not an emotion; {hint}", token.lineno)
        words.extend(GROUPS.get(token.value, (token.value,)))
    whole = (name for name, emotions in GROUPS.items() if set(words).issuperset(emotions))
    return [*dict.fromkeys(words), *whole]


def _is_one_of(words: list[str], line: int) -> nodes.Expr:
    known = nodes.Tuple([nodes.Const(word) for word in words], "load", lineno=line)
    return nodes.Compare(
        nodes.Name("tone", "load", lineno=line), [nodes.Operand("in", known)], lineno=line
    )
