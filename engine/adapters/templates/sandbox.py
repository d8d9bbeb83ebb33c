"""The Jinja of mails: sandboxed, strict, and unable to run away (R9.1, sending-facts on Jinja).

Two environments share everything but one thing: the one for HTML escapes what it prints, the one for
subject, preheader and text does not. A template sees plain values and `View`s only, calls only blocks,
its own macros and a few harmless methods of texts, and pays for whatever can grow (`budget`).
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import wraps
from typing import Any, NoReturn

from jinja2 import nodes
from jinja2.exceptions import SecurityError, TemplateSyntaxError
from jinja2.runtime import Context, LoopContext, Macro, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import missing

from engine.adapters.templates import budget, filters
from engine.adapters.templates.tone import ToneExtension
from engine.application.ports.renderer import MissingValue

LOOP_COST = 40
CALL_COST = 400
FILTER_COST = 40
NODE_COST = 5

_FROM_JINJA = (
    "abs", "capitalize", "d", "default", "e", "escape", "first", "float", "int", "join", "last",
    "length", "lower", "max", "min", "replace", "round", "safe", "sort", "string", "sum", "title",
    "trim", "truncate", "unique", "upper", "urlencode",
)  # fmt: skip
_TEXT_METHODS = frozenset({
    "capitalize", "count", "endswith", "find", "format", "format_map", "join", "lower", "lstrip",
    "replace", "rstrip", "split", "startswith", "strip", "title", "upper",
})  # fmt: skip
_WIDE = re.compile(r":[^{}]*(?:\d{3,}|\{)")


class View:
    """Values under names, for reading only: `customer`, `event`, `persona` …

    `path` is what a template calls it, so that a missing value can be named.
    """

    __slots__ = ("path", "values")

    def __init__(self, path: str, values: Mapping[str, object]) -> None:
        self.path = path
        self.values = values


class Absent:
    """A value that looked present but hangs on a missing one; `path` says which."""

    __slots__ = ("path",)

    def __init__(self, path: str) -> None:
        self.path = path


class Missing(Undefined):
    """What is not there. Printing it holds the mail; asking for it answers no, as conditions do.

    A bare name that the mail does not know is a mistake in every use.
    """

    __slots__ = ()

    def __bool__(self) -> bool:
        return False if self._is_of_a_view() else self._refuse()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Undefined) if self._is_of_a_view() else self._refuse()

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return self._refuse()

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("__"):
            raise AttributeError(name)
        self._refuse()

    def _is_of_a_view(self) -> bool:
        return isinstance(self._undefined_obj, View)

    def _refuse(self, *args: object, **kwargs: object) -> NoReturn:
        if self._undefined_exception is SecurityError:
            raise SecurityError(self._undefined_message)
        if isinstance(self._undefined_obj, View):
            raise MissingValue(f"{self._undefined_obj.path}.{self._undefined_name}")
        if self._undefined_obj is missing:
            raise MissingValue(str(self._undefined_name))
        raise MissingValue(self._undefined_message)

    __iter__ = __str__ = __len__ = _refuse
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _refuse
    __truediv__ = __rtruediv__ = __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = _refuse
    __pow__ = __rpow__ = __pos__ = __neg__ = __int__ = __float__ = __complex__ = _refuse
    __lt__ = __le__ = __gt__ = __ge__ = __call__ = __getitem__ = _refuse


class MailEnvironment(ImmutableSandboxedEnvironment):
    """Jinja as far as a mail may use it."""

    intercepted_binops = frozenset({"+", "*", "**", "%"})

    def __init__(self, *, escapes: bool, finalize: Callable[[object], object]) -> None:
        super().__init__(
            autoescape=escapes,
            undefined=Missing,
            extensions=[ToneExtension],
            finalize=finalize,
            cache_size=0,
        )
        jinja = {name: _paid(self.filters[name]) for name in _FROM_JINJA}
        jinja["replace"] = _paid(self.filters["replace"], _cost_of_replace)
        jinja["join"] = _paid(self.filters["join"], _cost_of_join)
        self.filters.clear()
        self.filters.update(jinja)
        self.filters.update(filters.FILTERS)
        self.filters.update({"turns_": _turns, "glued_": _glued, "paid_": _paid_text})
        allowed_range: Any = self.globals["range"]
        self.globals.clear()
        self.globals["range"] = allowed_range
        self._callables: list[Callable[..., object]] = [allowed_range]

    def allow(self, *functions: Callable[..., object]) -> None:
        """Let templates call these, beside macros and the harmless methods of texts."""
        self._callables += functions

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        _refuse_what_no_mail_needs(tree)
        _Charging().visit(tree)
        return tree

    def getattr(self, obj: Any, attribute: str) -> Any:
        """A value of a view by its name, before any method of Python's."""
        if type(obj) is View:
            value = obj.values.get(attribute)
            if value is None or value == () or (type(value) is str and not value.strip()):
                return self.undefined(obj=obj, name=attribute)
            if type(value) is Absent:
                place, _, name = value.path.rpartition(".")
                return self.undefined(obj=View(place, {}), name=name)
            return value
        return super().getattr(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """The same for `customer["first_name"]`."""
        if type(obj) is View:
            return self.getattr(obj, str(argument))
        return super().getitem(obj, argument)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Nothing private, and nothing of Python's own but the harmless methods of texts."""
        if isinstance(obj, str):
            return attr in _TEXT_METHODS
        if isinstance(obj, Macro):
            return False
        return super().is_safe_attribute(obj, attr, value)

    def call(self, context: Context, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Call a block, a macro or a harmless method, and charge for it."""
        budget.charge(CALL_COST)
        if isinstance(obj, Undefined):
            return obj()
        if not self._may_call(obj):
            raise SecurityError("a mail may call its blocks and macros, and nothing else")
        _charge_for_method(obj, args, kwargs)
        result = super().call(context, obj, *args, **kwargs)
        if isinstance(result, str):
            budget.charge_text(len(result))
        return result

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Calculate, unless the result would be larger than anything in a mail."""
        return _calculate(operator, left, right)

    def _may_call(self, obj: Any) -> bool:
        if isinstance(obj, Macro) or any(obj == known for known in self._callables):
            return True
        if getattr(obj, "__name__", "") in ("format", "format_map"):
            return isinstance(getattr(getattr(obj, "__wrapped__", None), "__self__", None), str)
        owner = getattr(obj, "__self__", None)
        if isinstance(owner, str):
            return obj.__name__ in _TEXT_METHODS
        return isinstance(owner, LoopContext) and obj.__name__ in ("cycle", "changed")


# ── what can grow ─────────────────────────────────────────────────────────────────────────────


class _Charging:
    """Rewrites the tree so that loops, `~` and `{% set %}` blocks pay for what they make."""

    def visit(self, node: nodes.Node) -> None:
        for child in list(node.iter_child_nodes()):
            self.visit(child)
        for name, value in node.iter_fields():
            if isinstance(value, nodes.Concat):
                setattr(node, name, self._glue(value))
            elif isinstance(value, list):
                value[:] = [self._glue(v) if isinstance(v, nodes.Concat) else v for v in value]
        if isinstance(node, nodes.For):
            weight = nodes.Const(_weight(node), lineno=node.lineno)
            node.iter = _filter(node.iter, "turns_", [weight])
        if isinstance(node, nodes.AssignBlock):
            node.filter = _filter(node.filter, "paid_", [])

    @staticmethod
    def _glue(node: nodes.Concat) -> nodes.Filter:
        return _filter(nodes.List(node.nodes, lineno=node.lineno), "glued_", [])


def _filter(node: Any, name: str, args: list[nodes.Expr]) -> nodes.Filter:
    line = node.lineno if node is not None else 1
    made = nodes.Filter(node, name, args, [], None, None, lineno=line)
    return made


def _weight(loop: nodes.For) -> int:
    """What one turn of a loop costs at least: its literal text and its size. Inner loops pay too."""
    cost = LOOP_COST
    for node in loop.find_all((nodes.Node,)):
        cost += len(node.data) if isinstance(node, nodes.TemplateData) else NODE_COST
    return cost


def _refuse_what_no_mail_needs(tree: nodes.Template) -> None:
    refused = (
        nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends, nodes.Block,
        nodes.ScopedEvalContextModifier, nodes.CallBlock, nodes.FilterBlock,
    )  # fmt: skip
    for node in tree.find_all(refused):
        word = _TAG_WORDS[type(node)]
        raise TemplateSyntaxError(f"`{{% {word} %}}` is not for mails", node.lineno)
    for name in tree.find_all(nodes.Name):
        if name.name == "self":
            raise TemplateSyntaxError("`self` is not for mails", name.lineno)
    for loop in tree.find_all(nodes.For):
        if loop.recursive:
            raise TemplateSyntaxError("a `recursive` loop is not for mails", loop.lineno)
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


def _turns(items: Iterable[object], weight: int) -> Iterator[object]:
    charge = budget.charge
    for item in items:
        charge(weight)
        yield item


def _glued(parts: Iterable[object]) -> str:
    parts = list(parts)
    budget.charge_text(sum(len(part) for part in parts if isinstance(part, str)))
    return filters.glue(parts)


def _paid_text(text: str) -> str:
    budget.charge_text(len(text))
    return text


def _paid(
    function: Callable[..., Any], cost: Callable[..., int] | None = None
) -> Callable[..., Any]:
    """The filter, which pays for what it reads; `cost` foresees the length of what it makes."""
    position = 1 if hasattr(function, "jinja_pass_arg") else 0

    @wraps(function)
    def paying(*args: Any, **kwargs: Any) -> Any:
        subject = args[position] if len(args) > position else None
        length = len(subject) if isinstance(subject, str | list | tuple | dict) else 0
        budget.charge(FILTER_COST + length)
        if cost is not None:
            budget.charge_text(cost(*args[position:], **kwargs))
        return function(*args, **kwargs)

    return paying


def _cost_of_replace(text: object, old: str = "", new: str = "", *_: object) -> int:
    text = str(text)
    return len(text) + (text.count(str(old)) if old else len(text) + 1) * len(str(new))


def _cost_of_join(items: Iterable[object], glue: str = "", *_: object) -> int:
    items = list(items) if not isinstance(items, Undefined) else []
    return sum(len(str(item)) for item in items) + len(items) * len(str(glue))


def _charge_for_method(obj: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> None:
    name = getattr(obj, "__name__", "")
    owner = getattr(obj, "__self__", None)
    if name in ("format", "format_map"):
        pattern = obj.__wrapped__.__self__
        if _WIDE.search(pattern):
            raise SecurityError("a format this wide, or with a width from elsewhere, is refused")
    elif isinstance(owner, str):
        budget.charge(len(owner))
        if name == "replace" and len(args) >= 2:
            budget.charge_text(_cost_of_replace(owner, *args[:2]))
        elif name == "join" and args:
            budget.charge_text(_cost_of_join(args[0], owner))


def _calculate(sign: str, left: Any, right: Any) -> Any:
    if sign == "%" and isinstance(left, str):
        raise SecurityError("`%` on a text is refused; write the value where it belongs")
    if sign == "*":
        for text, times in ((left, right), (right, left)):
            if isinstance(text, str | list | tuple) and isinstance(times, int):
                budget.charge_text(len(text) * max(times, 0))
    elif sign == "+" and isinstance(left, str | list | tuple):
        budget.charge_text(len(left) + (len(right) if hasattr(right, "__len__") else 0))
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
