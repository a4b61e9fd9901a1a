"""What somebody who wants harm sends to a handler: wrong in every way that a payload can be."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any, cast, get_type_hints

from pydantic import BaseModel
from typing_extensions import is_typeddict

# One of every kind of JSON value.
KINDS: tuple[Any, ...] = (None, True, 0, -1.5, 2**63, "", "x" * 5_000, "\0", "\ud800", [], ["x", 1, None], {}, {"": {}})
# What means something to somebody down the line: a database, a page, a log, an object, a form.
SPEAKING: tuple[Any, ...] = (
    10**400,
    1e308,
    " ",
    "\u202e\u200d\ufeff",
    "💥" * 60,
    "' or 1=1 --",
    "<img src=x onerror=alert(1)>",
    "../../../../etc/passwd",
    "{{7*7}}${7*7}%s%n",
    "//evil.example/",
    "a\r\nSet-Cookie: gc_console=x",
    [["x"]] * 2_000,
    {"__proto__": {"x": 1}, "__class__": "x"},
    {"$ne": None},
    {"fields": [["login", "x"]]},
)


def payloads(handler: Callable[..., Any]) -> Iterator[Any]:
    """Payloads for a handler: arguments missing, foreign ones, and each argument wrong in turn."""
    right = fitting_payload(handler)
    yield from ({"x": 1}, {"self": {}}, {"vars": {"x": 1}}, {"": ""}, dict.fromkeys(right), {**right, "another": 1})
    for name, value in right.items():
        yield {field: item for field, item in right.items() if field != name}
        yield from ({**right, name: wrong} for wrong in (*KINDS, *SPEAKING))
        if isinstance(value, dict):
            yield from ({**right, name: form} for form in _forms(cast("dict[str, Any]", value)))


def fitting_payload(handler: Callable[..., Any], text: str = "nobody-knows-this") -> dict[str, Any]:
    """A payload that the handler's hints allow, with `text` wherever they ask for one."""
    hints = get_type_hints(getattr(handler, "func", handler))
    names = list(inspect.signature(handler).parameters)[1:]
    return {name: _fitting(hints[name], text) for name in names}


def _fitting(hint: Any, text: str) -> Any:
    if is_typeddict(hint):
        return {name: _fitting(field, text) for name, field in get_type_hints(hint).items()}
    if inspect.isclass(hint) and issubclass(hint, BaseModel):
        form: type[BaseModel] = hint
        return {name: _fitting(field.annotation, text) for name, field in form.model_fields.items()}
    simple: dict[Any, Any] = {bool: True, int: 7}
    return simple.get(hint, text)


def _forms(right: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield {**right, "another": "x"}
    for wrong in SPEAKING:
        yield dict.fromkeys(right, wrong)
    for field in right:
        yield {name: value for name, value in right.items() if name != field}
        yield from ({**right, field: wrong} for wrong in KINDS)
