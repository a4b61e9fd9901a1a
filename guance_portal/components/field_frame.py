"""What every field has around its control: label, what is wrong, help, and the ties between them."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

import reflex as rx
from reflex_components_core.el.elements.forms import BaseInput, Select, Textarea

from guance_portal.components.base import Child, Problem, TextLike, attributes, classes, given, is_set
from guance_portal.components.icons import icon
from guance_portal.components.messages import text, translated

Required = bool | rx.Var[bool] | None
"""Whether a field must be filled in: yes, no (选填), what a var says now; None where nothing is said of it."""

SAVED: Any = rx.event.passthrough_event_spec(str)
"""What `on_save` of a control is told: its value."""


class _DraftedInput(BaseInput):
    library = "$/public/fields.js"
    tag = "Drafted"
    _rename_props: ClassVar = {"as_": "as"}

    as_: rx.Var[str]
    draft: rx.Var[str]
    serial: rx.Var[int]
    ready: rx.Var[bool]
    on_save: rx.EventHandler[SAVED]
    on_change: rx.EventHandler[rx.event.input_event]
    on_blur: rx.EventHandler[rx.event.input_event]
    on_leave: rx.EventHandler[SAVED]


class _DraftedTextarea(Textarea):
    library = "$/public/fields.js"
    tag = "Drafted"
    _rename_props: ClassVar = {"as_": "as"}

    as_: rx.Var[str]
    draft: rx.Var[str]
    serial: rx.Var[int]
    ready: rx.Var[bool]
    on_save: rx.EventHandler[SAVED]
    on_leave: rx.EventHandler[SAVED]


class _DraftedSelect(Select):
    library = "$/public/fields.js"
    tag = "Drafted"
    _rename_props: ClassVar = {"as_": "as"}

    as_: rx.Var[str]
    flip: rx.Var[bool]
    draft: rx.Var[str]
    serial: rx.Var[int]
    ready: rx.Var[bool]
    on_save: rx.EventHandler[SAVED]
    on_leave: rx.EventHandler[SAVED]


_NATIVE: dict[str, Any] = {"input": rx.el.input, "textarea": rx.el.textarea, "select": rx.el.select}
_DRAFTED: dict[str, Any] = {
    "input": _DraftedInput.create,
    "textarea": _DraftedTextarea.create,
    "select": _DraftedSelect.create,
}


def field_id(name: str) -> str:
    """The id of the control of a field; the links of the error summary lead there."""
    return f"field-{name}"


def control(tag: Literal["input", "textarea", "select"], *children: rx.Component, **props: Any) -> rx.Component:
    """The native element; with a `draft` (None is none) the one that takes it without overwriting what was typed meanwhile.

    That one's `on_save` gets the value once typing pauses, or the field or the page is left. Its `on_leave` gets it when
    something was typed and the field is left, once the press that leaves it is over.
    """
    props = {name: value for name, value in props.items() if name != "draft" or value is not None}
    if "draft" in props or "on_leave" in props:
        props.setdefault("draft", "")
        props.setdefault("serial", 0)
        return _DRAFTED[tag](*children, as_=tag, ready=rx.State.is_hydrated, **props)
    return _NATIVE[tag](*children, **props)


def saving(props: dict[str, Any]) -> dict[str, Any]:
    """The props of a control, with what tells an `on_save` that the page has loaded its data, maybe once more."""
    return {**props, "ready": rx.State.is_hydrated} if "on_save" in props else props


def message(problem: Problem, *, id: str | None = None) -> rx.Component:  # noqa: A002 - the HTML name
    """What is wrong with a field, below it."""
    return rx.cond(
        is_set(problem),
        rx.el.span(
            icon("circle-alert", 14), rx.el.span(translated(problem)), class_name="gc-message error", **given(id=id)
        ),
        rx.fragment(),
    )


def label_marks(name: str, required: Required) -> list[rx.Component]:
    """The red mark, 选填, or nothing; of a var either of the first two, as it is now.

    They stand beside the label and not in it: its words alone are the name of the control, which 选填 describes.
    """
    if required is None:
        return []
    mark = rx.el.i("*", class_name="gc-required", custom_attrs=attributes(aria_hidden=True))
    optional = rx.el.span(text("form.optional"), class_name="gc-optional", id=_optional_id(name))
    return [rx.cond(required, mark, optional) if isinstance(required, rx.Var) else mark if required else optional]


def _optional_id(name: str) -> str:
    return f"{field_id(name)}-optional"


def wiring(
    name: str,
    problem: Problem | None,
    help_: Child | None,
    required: Required,
    props: dict[str, Any],
) -> dict[str, Any]:
    """The props of a control with its ties to problem and help."""
    described = classes(
        f"{field_id(name)}-problem" if problem is not None else "",
        f"{field_id(name)}-help" if help_ is not None else "",
        _optional_id(name) if required is not None and required is not True else "",
    )
    wrong = is_set(problem) if problem is not None else None
    aria = attributes(
        aria_describedby=described or None,
        aria_invalid=wrong,
        aria_required=required if isinstance(required, rx.Var) else required or None,
    )
    return {**props, "custom_attrs": {**props.get("custom_attrs", {}), **aria}}


def field(
    name: str,
    label: TextLike,
    control: rx.Component,
    *,
    problem: Problem | None,
    help: Child | None,  # noqa: A002 - the word for it
    required: Required,
    beside: Child | None = None,
    good: Problem | None = None,
) -> rx.Component:
    """A control with its label above and what is said about it below."""
    below: list[rx.Component] = []
    if problem is not None:
        below.append(message(problem, id=f"{field_id(name)}-problem"))
    if good is not None:
        below.append(
            rx.el.span(
                rx.cond(
                    is_set(good),
                    rx.el.span(icon("circle-check", 14), rx.el.span(translated(good)), class_name="gc-message good"),
                    rx.fragment(),
                ),
                role="status",
            )
        )
    if help is not None:
        below.append(rx.el.span(help, class_name="gc-help", id=f"{field_id(name)}-help"))
    caption = rx.el.span(rx.el.label(label, html_for=field_id(name)), *label_marks(name, required))
    right = [beside] if beside is not None else []
    return rx.el.div(rx.el.div(caption, *right, class_name="gc-label"), control, *below, class_name="gc-field")
