"""The Jinja of mails: sandboxed, strict, and unable to run away (R9.1, sending-facts on Jinja).

Two environments share everything but one thing: the one for HTML escapes what it prints, the one for
subject, preheader and text does not. A template sees plain values and `View`s only, calls only blocks,
its own macros and a few harmless methods of texts, and pays for whatever can grow (`budget`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from jinja2 import nodes
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context, LoopContext, Macro, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import missing

from engine.adapters.templates import budget, filters, guards
from engine.adapters.templates.tone import ToneExtension
from engine.application.ports.renderer import MissingValue

_TESTS = ("defined", "undefined", "none", "even", "odd", "number", "string")

INVISIBLE = "".join(map(chr, (
    *range(0x21), *range(0x7F, 0xA1), 0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180E,
    *range(0x2000, 0x2010), *range(0x2028, 0x2030), *range(0x205F, 0x2070), 0x2800, 0x3000, 0x3164,
    0xFEFF, 0xFFA0,
)))  # fmt: skip
"""Characters that show nothing."""


class View:
    """Values under names, for reading only: `customer`, `event`, `persona` …

    `path` is what a template calls it, so that a missing value can be named.
    """

    __slots__ = ("path", "values")

    def __init__(self, path: str, values: Mapping[str, object]) -> None:
        self.path = path
        self.values = values

    def __str__(self) -> str:
        raise filters.BadValue(f"`{self.path}` is a group of values; name one of them")


def blank(value: object) -> bool:
    """Whether a value is as good as missing: nothing, an empty list, a text that shows nothing."""
    return value is None or value == () or (isinstance(value, str) and not value.strip(INVISIBLE))


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

    def beyond(self) -> View:
        """What to ask for a part of what is not there: `steps.late.event` where there is no `late`.

        Raises:
            MissingValue: it is no value of a view; a mistake.
        """
        if isinstance(self._undefined_obj, View):
            return View(f"{self._undefined_obj.path}.{self._undefined_name}", {})
        self._refuse()

    def _is_of_a_view(self) -> bool:
        return isinstance(self._undefined_obj, View)

    def _refuse(self, *args: object, **kwargs: object) -> NoReturn:
        if self._undefined_exception is SecurityError:
            raise SecurityError(self._undefined_message)
        if self._undefined_hint is not None:  # a block or macro lacks an argument
            raise filters.BadValue(self._undefined_hint)
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
        ours = {**guards.paying(self.filters), **filters.FILTERS}
        self.filters.clear()
        self.filters.update(ours)
        tests = {name: self.tests[name] for name in _TESTS}
        self.tests.clear()
        self.tests.update(tests)
        allowed_range: Any = self.globals["range"]
        self.globals.clear()
        self.globals["range"] = allowed_range
        self._callables: list[Callable[..., object]] = [allowed_range]

    def allow(self, *functions: Callable[..., object]) -> None:
        """Let templates call these, beside macros and the harmless methods of texts."""
        self._callables += functions

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        guards.refuse_what_no_mail_needs(tree)
        guards.charge_what_grows(tree)
        return tree

    def getattr(self, obj: Any, attribute: str) -> Any:
        """A value of a view by its name, before any method of Python's."""
        if type(obj) is View:
            value = obj.values.get(attribute)
            if blank(value):
                return self.undefined(obj=obj, name=attribute)
            if type(value) is Absent:
                place, _, name = value.path.rpartition(".")
                return self.undefined(obj=View(place, {}), name=name)
            return value
        if isinstance(obj, Missing):
            return self.undefined(obj=obj.beyond(), name=attribute)
        return super().getattr(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """The same for `customer["first_name"]`."""
        if type(argument) not in (str, int, slice):
            raise SecurityError(
                "a place in a list is a number, a name in a group of values is a text"
            )
        if type(obj) is View:
            return self.getattr(obj, argument)
        return super().getitem(obj, argument)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Nothing private, and nothing of Python's own but the harmless methods of texts."""
        if isinstance(obj, str):
            return attr in guards.TEXT_METHODS
        if isinstance(obj, Macro):
            return False
        return super().is_safe_attribute(obj, attr, value)

    def call(self, context: Context, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Call a block, a macro or a harmless method, and charge for it."""
        budget.charge(guards.CALL_COST)
        if isinstance(obj, Undefined):
            return obj()
        if not self._may_call(obj):
            raise SecurityError("a mail may call its blocks and macros, and nothing else")
        guards.charge_for_method(obj, args, kwargs)
        result = super().call(context, obj, *args, **kwargs)
        if isinstance(result, str):
            budget.charge_text(len(result))
        return result

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Calculate, unless the result would be larger than anything in a mail."""
        return guards.calculate(operator, left, right)

    def _may_call(self, obj: Any) -> bool:
        if isinstance(obj, Macro) or any(obj == known for known in self._callables):
            return True
        if getattr(obj, "__name__", "") in ("format", "format_map"):
            return isinstance(getattr(getattr(obj, "__wrapped__", None), "__self__", None), str)
        owner = getattr(obj, "__self__", None)
        if isinstance(owner, str):
            return obj.__name__ in guards.TEXT_METHODS
        return isinstance(owner, LoopContext) and obj.__name__ == "cycle"
