"""Arguments from the browser, held to the handler's type hints before it sees them.

Reflex's hints are no validation: a payload that does not fit reaches the handler as it came. Unknown
arguments are refused; unknown fields of a form are dropped, since Reflex adds each control's id as one.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, cast, get_type_hints

from pydantic import BaseModel, ConfigDict, ValidationError, create_model
from reflex_base.utils.form import form_data_as_dict, transform_form_data
from typing_extensions import TypedDict


class PayloadError(Exception):
    """The arguments of an event do not fit its handler."""


def check(handler: Callable[..., Any], payload: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments as plain values of exactly the hinted types; raises PayloadError."""
    function = getattr(handler, "func", handler)
    if not payload and not _model(function).model_fields:
        return {}
    hints = _hints(function)
    try:
        values = {name: _decode(value, hints.get(name, Any)) for name, value in payload.items()}
    except (TypeError, ValueError):  # Reflex unpacks form entries as they come
        raise PayloadError("a form is not made of fields") from None
    if not _is_storable(values):
        raise PayloadError("a text holds a character that cannot be stored")
    if unknown := set(values) - set(_model(function).model_fields):
        raise PayloadError(f"{len(unknown)} arguments are unknown")
    try:
        model = _model(function).model_validate(values)
    except ValidationError as problem:
        raise PayloadError(_describe(problem)) from None
    arguments = {name: getattr(model, name) for name in values}
    if missing := [one for form in arguments.values() if isinstance(form, BaseModel) for one in _missing(form)]:
        raise PayloadError(f"fields are missing: {', '.join(missing)}")
    return arguments


def _describe(problem: ValidationError) -> str:
    """Where and in what way the payload does not fit, for the log: names and kinds, no values."""
    faults = problem.errors(include_input=False, include_url=False, include_context=False)
    return "; ".join(f"{'.'.join(map(str, fault['loc']))[:80]}: {fault['type']}" for fault in faults[:5])


def _decode(value: object, hint: object) -> object:
    if inspect.isclass(hint) and issubclass(hint, BaseModel):
        hint = _fields(hint)
    return form_data_as_dict(transform_form_data(value, hint))


@cache
def _fields(form: type[BaseModel]) -> object:
    """The fields of a form as Reflex reads submitted data by: it makes a box that is not ticked False."""
    make: Any = TypedDict
    return make(form.__name__, {name: field.annotation for name, field in form.model_fields.items()})


def _missing(form: BaseModel) -> list[str]:
    """A page sends every field of its form: one that it has not is a mistake and not an empty one."""
    return sorted(set(type(form).model_fields) - form.model_fields_set)


@cache
def _hints(function: Callable[..., Any]) -> dict[str, Any]:
    return get_type_hints(function)


@cache
def _model(function: Callable[..., Any]) -> type[BaseModel]:
    hints = get_type_hints(function, include_extras=True)
    fields: dict[str, Any] = {}
    for name, parameter in list(inspect.signature(function).parameters.items())[1:]:
        required = parameter.default is inspect.Parameter.empty
        fields[name] = (hints[name], ... if required else parameter.default)
    return create_model(f"{function.__qualname__}Payload", __config__=ConfigDict(strict=True), **fields)


def is_texts(value: Any) -> bool:
    """Whether a value from outside is a list of texts."""
    return isinstance(value, list) and all(isinstance(item, str) for item in cast("list[object]", value))


def _is_storable(value: Any) -> bool:
    """Whether every text can be stored and sent: PostgreSQL takes no NUL, UTF-8 no lone surrogate."""
    if isinstance(value, str):
        return "\0" not in value and not any("\ud800" <= char <= "\udfff" for char in value)
    if isinstance(value, dict):
        entries = cast("dict[object, object]", value)
        return all(_is_storable(key) and _is_storable(item) for key, item in entries.items())
    if isinstance(value, list | tuple):
        return all(_is_storable(item) for item in cast("list[object]", value))
    return True
