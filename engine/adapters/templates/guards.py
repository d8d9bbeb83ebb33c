"""What a template may not do, and what it pays for (see `budget`).

Two rules keep every operation cheap. Whatever grows is charged before it grows. And no operation walks
deeper than a list of plain values: printing, comparing, filtering or repeating a list of lists is
refused, because a few lines of `[a, a]` make one that takes for ever to walk.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import wraps
from typing import Any

from jinja2 import nodes
from jinja2.exceptions import SecurityError, TemplateSyntaxError
from jinja2.runtime import Undefined

from engine.adapters.templates import budget, filters

LOOP_COST = 40
CALL_COST = 400
FILTER_COST = 40
NODE_COST = 5

TEXT_METHODS = frozenset({
    "capitalize", "count", "endswith", "find", "format", "format_map", "join", "lower", "lstrip",
    "replace", "rstrip", "split", "startswith", "strip", "title", "upper",
})  # fmt: skip
"""The methods of texts that a template may call."""

FROM_JINJA = (
    "abs", "capitalize", "d", "default", "e", "escape", "first", "float", "int", "join", "last",
    "length", "lower", "max", "min", "replace", "round", "safe", "sort", "string", "sum", "title",
    "trim", "truncate", "unique", "upper", "urlencode",
)  # fmt: skip
_WIDE = re.compile(r":[^{}]*(?:\d{3,}|\{)")


# ── in the tree ───────────────────────────────────────────────────────────────────────────────


def refuse_what_no_mail_needs(tree: nodes.Template) -> None:
    """Tags and filters that reach outside the mail, or past the escaping.

    Raises:
        TemplateSyntaxError: at the line of the first one.
    """
    for node in tree.find_all(tuple(_TAG_WORDS)):
        raise TemplateSyntaxError(
            f"`{{% {_TAG_WORDS[type(node)]} %}}` is not for mails", node.lineno
        )
    for loop in tree.find_all(nodes.For):
        if loop.recursive:
            raise TemplateSyntaxError("a `recursive` loop is not for mails", loop.lineno)
    for name in tree.find_all(nodes.Name):
        if name.name == "self":
            raise TemplateSyntaxError("`self` is not for mails", name.lineno)
    for used in tree.find_all(nodes.Filter):
        if used.name == "safe" and not isinstance(used.node, nodes.Const | nodes.TemplateData):
            raise TemplateSyntaxError(
                "`safe` is only for words written in the template: data is never markup",
                used.lineno,
            )


_TAG_WORDS: dict[type[nodes.Node], str] = {
    nodes.Include: "include",
    nodes.Import: "import",
    nodes.FromImport: "from",
    nodes.Extends: "extends",
    nodes.Block: "block",
    nodes.ScopedEvalContextModifier: "autoescape",
    nodes.CallBlock: "call",
    nodes.FilterBlock: "filter",
}


def charge_what_grows(node: nodes.Node) -> None:
    """Rewrite the tree so that loops, `~`, comparisons and `{% set %}` blocks pay for themselves."""
    for child in list(node.iter_child_nodes()):
        charge_what_grows(child)
    for name, value in node.iter_fields():
        if isinstance(value, nodes.Concat):
            setattr(node, name, _glue(value))
        elif isinstance(value, list):
            value[:] = [_glue(v) if isinstance(v, nodes.Concat) else v for v in value]
    if isinstance(node, nodes.For):
        weight = nodes.Const(_weight(node), lineno=node.lineno)
        node.iter = _through("turns_", node.iter, weight)
    elif isinstance(node, nodes.AssignBlock):
        node.filter = _through("flat_", node.filter)
    elif isinstance(node, nodes.Compare):
        node.expr = _compared(node.expr)
        for operand in node.ops:
            operand.expr = _compared(operand.expr)
    elif isinstance(node, nodes.Dict):
        for pair in node.items:
            if not isinstance(pair.key, nodes.Const):
                pair.key = _through("name_", pair.key)


def _glue(node: nodes.Concat) -> nodes.Filter:
    return _through("glued_", nodes.List(node.nodes, lineno=node.lineno))


def _compared(node: nodes.Expr) -> nodes.Expr:
    return node if isinstance(node, nodes.Const) else _through("flat_", node)


def _through(name: str, node: Any, *args: nodes.Expr) -> nodes.Filter:
    line = node.lineno if node is not None else 1
    return nodes.Filter(node, name, list(args), [], None, None, lineno=line)


def _weight(loop: nodes.For) -> int:
    """What one turn of a loop costs at least: its literal text and its size. Inner loops pay too."""
    cost = LOOP_COST
    for node in loop.find_all(nodes.Node):
        cost += len(node.data) if isinstance(node, nodes.TemplateData) else NODE_COST
    return cost


# ── while rendering ───────────────────────────────────────────────────────────────────────────


def flat(value: Any) -> Any:
    """The value, charged for its length.

    Raises:
        SecurityError: a list of lists, or anything else that is not plain.
    """
    budget.charge(_length(value))
    return value


def _length(value: Any) -> int:
    if isinstance(value, str):
        return len(value)
    if isinstance(value, list | tuple | dict):
        items = value.values() if isinstance(value, dict) else value
        if any(isinstance(item, list | tuple | dict) for item in items):
            raise SecurityError("a list of lists is only for loops")
        return sum(len(item) if isinstance(item, str) else 1 for item in items)
    return len(value) if isinstance(value, range) else 1


def paying(filters_of_jinja: Mapping[str, Callable[..., Any]]) -> dict[str, Callable[..., Any]]:
    """The filters of Jinja that mails have, each charged for what it reads and makes, and those that
    the rewritten tree calls."""
    allowed = {name: _paying(filters_of_jinja[name], _COSTS.get(name)) for name in FROM_JINJA}
    return {**allowed, "turns_": _turns, "glued_": _glued, "flat_": flat, "name_": _name}


def _paying(function: Callable[..., Any], cost: Callable[..., int] | None) -> Callable[..., Any]:
    position = 1 if hasattr(function, "jinja_pass_arg") else 0

    @wraps(function)
    def paid(*args: Any, **kwargs: Any) -> Any:
        given = args[position:]
        budget.charge(FILTER_COST + sum(map(_length, given)) + sum(map(_length, kwargs.values())))
        if cost is not None:
            budget.charge_text(cost(*given, **kwargs))
        return function(*args, **kwargs)

    return paid


def _cost_of_replace(text: object, old: str = "", new: str = "", *_: object) -> int:
    text = str(text)
    return len(text) + (text.count(str(old)) if old else len(text) + 1) * len(str(new))


def _cost_of_join(items: Any, glue: str = "", *_: object) -> int:
    if isinstance(items, Undefined):
        return 0
    return 2 * _length(items) + len(items) * len(str(glue))


def _cost_of_round(_: object, precision: int = 0, *__: object) -> int:
    if not isinstance(precision, int) or abs(precision) > 20:
        raise SecurityError("`round` keeps at most 20 digits")
    return 1


_COSTS: dict[str, Callable[..., int]] = {
    "replace": _cost_of_replace,
    "join": _cost_of_join,
    "round": _cost_of_round,
}


def _turns(items: Iterable[object], weight: int) -> Iterator[object]:
    charge = budget.charge
    for item in items:
        charge(weight)
        yield item


def _glued(parts: Iterable[object]) -> str:
    parts = list(parts)
    budget.charge_text(sum(map(_length, parts)))
    return filters.glue(parts)


def _name(key: object) -> object:
    if not isinstance(key, str | int):
        raise SecurityError("a name in a group of values is a text")
    return key


def charge_for_method(obj: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> None:
    """Charge for a method of a text that is about to be called.

    Raises:
        SecurityError, TooMuch: what it would make is wider or longer than anything in a mail.
    """
    name = getattr(obj, "__name__", "")
    owner = getattr(obj, "__self__", None)
    if name in ("format", "format_map"):
        pattern = obj.__wrapped__.__self__
        if _WIDE.search(pattern):
            raise SecurityError("a format this wide, or with a width from elsewhere, is refused")
        longest = max((_length(value) for value in (*args, *kwargs.values())), default=0)
        budget.charge_text(len(pattern) + pattern.count("{") * longest)
    elif isinstance(owner, str):
        budget.charge(len(owner) + sum(map(_length, args)))
        if name == "replace" and len(args) >= 2:
            budget.charge_text(_cost_of_replace(owner, *args[:2]))
        elif name == "join" and args:
            budget.charge_text(_cost_of_join(args[0], owner))


def calculate(sign: str, left: Any, right: Any) -> Any:
    """One of `+ * ** %`.

    Raises:
        SecurityError, TooMuch: the result would be larger than anything in a mail.
    """
    if sign == "%" and isinstance(left, str):
        raise SecurityError("`%` on a text is refused; write the value where it belongs")
    if sign == "*":
        for text, times in ((left, right), (right, left)):
            if isinstance(text, str | list | tuple) and isinstance(times, int):
                budget.charge_text((_length(text) + 1) * max(times, 0))
    elif sign == "+" and isinstance(left, str | list | tuple):
        budget.charge_text(_length(left) + _length(right))
    elif sign == "**" and not (_small(left, 1_000_000) and _small(right, 64)):
        raise SecurityError("a power this large is refused")
    result = _OPERATIONS[sign](left, right)
    if isinstance(result, int) and result.bit_length() > budget.LARGEST_NUMBER_BITS:
        raise budget.TooMuch("a number this large is refused")
    return result


def _small(number: object, limit: int) -> bool:
    return isinstance(number, int | float) and abs(number) <= limit


_OPERATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "*": operator.mul,
    "**": operator.pow,
    "%": operator.mod,
}
