"""Fields: label, control, then what is wrong, then help, each tied to the control for screen readers."""

from __future__ import annotations

from typing import Any, Literal

import reflex as rx
from reflex_components_core.el.elements.forms import BaseInput

from guance_portal.components.base import Child, Problem, TextLike
from guance_portal.components.field_frame import SAVED, Required, control, field, field_id, wiring
from guance_portal.components.icons import icon
from guance_portal.components.messages import text

InputType = Literal["text", "email", "tel", "url", "search", "date", "month"]


class _PasswordInput(BaseInput):
    library = "$/public/fields.js"
    tag = "PasswordInput"

    show_label: rx.Var[str]
    hide_label: rx.Var[str]
    show_icon: rx.Var[rx.Component]
    hide_icon: rx.Var[rx.Component]
    on_change: rx.EventHandler[rx.event.input_event]
    on_leave: rx.EventHandler[SAVED]


def text_field(
    name: str,
    label: TextLike,
    *,
    problem: Problem | None = None,
    good: Problem | None = None,
    help: Child | None = None,  # noqa: A002 - the word for it
    required: Required = None,
    type: InputType = "text",  # noqa: A002 - the HTML name
    beside: Child | None = None,
    action: rx.Component | None = None,
    prefix: Child | None = None,
    suffix: rx.Component | None = None,
    **props: Any,
) -> rx.Component:
    """A field of one line.

    `required` True shows the red mark, False 选填, None nothing; a var what it is now. `beside` stands right of the label,
    `action` is a button right of the control (获取验证码), `prefix` and `suffix` are inside it.
    `draft` is a value kept on the server, taken when it arrives unless something was typed before; a new
    `serial` makes it replace what was typed, and `on_save` gets what is typed once that pauses, or the field or the page
    is left; `on_leave` gets it when the field was typed into and is left. The rest goes to the input: auto_complete, input_mode, placeholder, max_length, value, default_value,
    on_change, on_blur, disabled, read_only, auto_focus.
    """
    wired = wiring(name, problem, help, required, props)
    box = control("input", id=field_id(name), name=name, type=type, **wired)
    inside = [
        *([rx.el.span(prefix, class_name="gc-prefix")] if prefix is not None else []),
        box,
        *([suffix] if suffix is not None else []),
    ]
    shell = rx.el.span(*inside, class_name="gc-input")
    row = rx.el.span(shell, action, class_name="gc-input-row") if action is not None else shell
    return field(name, label, row, problem=problem, good=good, help=help, required=required, beside=beside)


def password_field(
    name: str,
    label: TextLike,
    *,
    problem: Problem | None = None,
    help: Child | None = None,  # noqa: A002 - the word for it
    required: Required = None,
    beside: Child | None = None,
    meter: rx.Component | None = None,
    auto_complete: str = "current-password",
    max_length: int = 1000,
    **props: Any,
) -> rx.Component:
    """A password that can be shown; `meter` (see meter.py) stands below it where a new one is chosen.

    One that is too long is refused in words: cut off in silence, it would be another one than was pasted.
    """
    box = _PasswordInput.create(
        id=field_id(name),
        name=name,
        auto_complete=auto_complete,
        max_length=max_length,
        show_label=text("form.show_password"),
        hide_label=text("form.hide_password"),
        show_icon=icon("eye"),
        hide_icon=icon("eye-off"),
        **wiring(name, problem, help, required, props),
    )
    below = rx.fragment(box, meter) if meter is not None else box
    return field(name, label, below, problem=problem, help=help, required=required, beside=beside)


def textarea_field(
    name: str,
    label: TextLike,
    *,
    problem: Problem | None = None,
    help: Child | None = None,  # noqa: A002 - the word for it
    required: Required = None,
    **props: Any,
) -> rx.Component:
    """A field of several lines."""
    box = control("textarea", id=field_id(name), name=name, **wiring(name, problem, help, required, props))
    shell = rx.el.span(box, class_name="gc-input tall")
    return field(name, label, shell, problem=problem, help=help, required=required)
