"""Forms: the form itself, the summary of what is wrong, and the hidden form that hands over to HTTP."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from functools import partial
from typing import Any, TypeVar, get_type_hints

import reflex as rx
from reflex_base.event import FORM_DATA  # pyright: ignore[reportUnknownVariableType] - Reflex does not say of what
from reflex_components_core.el.elements.base import BaseHTML
from reflex_components_core.el.elements.forms import Form
from reflex_components_core.el.elements.inline import A

from guance_portal.components.base import Child, Handler, TextLike, classes, given, loose
from guance_portal.components.choices import checkbox, radio_cards, switch
from guance_portal.components.field_frame import field_id
from guance_portal.components.fields import password_field, text_field, textarea_field
from guance_portal.components.icons import icon
from guance_portal.components.messages import text, translated
from guance_portal.components.selects import Option, select_field
from guance_portal.core.forms import Form as DeclaredForm
from guance_portal.core.messages import Text
from guance_portal.state.shown import ShownState

T = TypeVar("T")


def _submitted() -> tuple[rx.Var[T]]:  # pyright: ignore[reportInvalidTypeVarUse] - what the handler asks for
    """What a form sends: its fields, as the model that the handler takes."""
    data: Any = FORM_DATA  # pyright: ignore[reportUnknownVariableType] - Reflex does not say of what
    return (data,)


class UnshownFieldError(Exception):
    """A form lacks fields that the model of its handler declares."""


class _PortalForm(Form):
    library = "$/public/form.js"
    tag = "PortalForm"

    on_submit: rx.EventHandler[_submitted]

    ready: rx.Var[bool]
    busy: rx.Var[bool]
    problems: rx.Var[dict[str, Text]]
    refusals: rx.Var[int]
    turned_away: rx.Var[int]

    def _get_form_refs(self) -> dict[str, Any]:
        """None: a control is sent by its name alone; Reflex would send it by its id a second time."""
        return {}

    def _validate_on_submit_typed_dict_fields(self) -> None:
        """Refuse to build a form that lacks a field of its model; of TypedDicts Reflex does the same."""
        super()._validate_on_submit_typed_dict_fields()  # pyright: ignore[reportAttributeAccessIssue] - typed for `el`
        shown, is_unsure = self._shown_fields()
        for event in _events(self.event_triggers.get("on_submit")):
            handler = getattr(event.handler.fn, "func", event.handler.fn)
            for hint in get_type_hints(handler).values():
                if inspect.isclass(hint) and issubclass(hint, DeclaredForm) and not is_unsure:
                    _require_all(hint, shown, handler.__qualname__)

    def _shown_fields(self) -> tuple[set[str], bool]:
        """The names of the controls, and whether some are known only on the page."""
        return self._get_static_form_field_keys()  # pyright: ignore - Reflex says nothing of it

    def _deprecate_id_only_form_controls(self) -> None:
        """Nothing to warn of: a control without a name is not sent."""


def _events(chain: Any) -> list[Any]:
    return list(getattr(chain, "events", ()))


def _require_all(form: type[DeclaredForm], shown: set[str], handler: str) -> None:
    needed = {name for name, field in form.model_fields.items() if field.annotation is not bool}
    if missing := needed - shown:
        raise UnshownFieldError(f"the form of {handler} lacks {', '.join(sorted(missing))}")


class _HandoverForm(BaseHTML):
    library = "$/public/form.js"
    tag = "HandoverForm"

    action: rx.Var[str]
    ready: rx.Var[bool]
    fields: rx.Var[dict[str, str]]


class _FragmentField(rx.Component):
    library = "$/public/form.js"
    tag = "FragmentField"
    _is_form_control = True

    name: rx.Var[str]

    ready: rx.Var[bool]

    on_read: rx.EventHandler[rx.event.passthrough_event_spec(str)]


class NativeForm(BaseHTML):
    """A form the browser itself posts; Reflex's own never leaves the page."""

    tag = "form"

    action: rx.Var[str]
    method: rx.Var[str]
    enc_type: rx.Var[str]


def form(
    *children: Child,
    on_submit: Handler,
    busy: rx.Var[bool],
    refusals: rx.Var[int],
    problems: rx.Var[dict[str, Text]],
    labels: Mapping[str, TextLike] | None = None,
    has_summary: bool = True,
    class_name: str = "",
    **props: Any,
) -> rx.Component:
    """A form whose problems are listed on top, with the focus there after a refused submit.

    The first four are the vars of `FormMixin`; `labels` names the fields in the summary, by field name. A short one
    may do without summary: then the focus goes to its first field at fault.
    The handler gets its model with the values. While `busy` nothing is sent again,
    nor is the same before the first was answered.
    """
    return _PortalForm.create(
        *([rx.cond(refusals != 0, error_summary(problems, labels or {}), rx.fragment())] if has_summary else []),
        *children,
        on_submit=on_submit,
        ready=rx.State.is_hydrated,
        busy=busy,
        problems=problems,
        refusals=refusals,
        turned_away=ShownState.refusals,
        class_name=classes("gc-form", class_name),
        **props,
    )


def hidden_field(name: str, value: Any) -> rx.Component:
    """What a form sends beside what people type."""
    return rx.el.input(type="hidden", name=name, value=value, read_only=True)


def plain_form(*children: Child, on_submit: Handler, class_name: str = "") -> rx.Component:
    """A form that cannot be refused: a choice, a search."""
    return _PortalForm.create(
        *children, on_submit=on_submit, ready=rx.State.is_hydrated, class_name=classes("gc-form", class_name)
    )


def error_summary(problems: rx.Var[dict[str, Text]], labels: Mapping[str, TextLike]) -> rx.Component:
    """What is wrong with a form; each line leads to its field. Problems of no field stand there as text."""
    entries = loose(problems).entries()
    count = entries.length()
    return rx.cond(
        count > 0,
        rx.el.div(
            rx.el.span(icon("circle-alert"), class_name="gc-note-icon"),
            rx.el.div(
                rx.cond(
                    (count == 1) & (entries[0][0] == ""),
                    rx.fragment(),
                    rx.el.b(rx.cond(count == 1, text("form.summary_one"), text("form.summary_many", count=count))),
                ),
                rx.el.ul(*_summary_lines(problems, entries, labels)),
                class_name="gc-note-body",
            ),
            class_name="gc-note red gc-summary",
            tab_index=-1,
            custom_attrs={"data-summary": ""},
        ),
        rx.fragment(),
    )


def _summary_lines(
    problems: rx.Var[dict[str, Text]], entries: Any, labels: Mapping[str, TextLike]
) -> list[rx.Component]:
    """Problems of labelled fields in the order of the form, however late one was found; then those of no field."""
    said_of = {name: loose(problems)[name] for name in labels}
    fields = [
        rx.cond(
            said_of[name],
            rx.el.li(A.create(label, text("form.colon"), translated(said_of[name]), href=f"#{field_id(name)}")),
            rx.fragment(),
        )
        for name, label in labels.items()
    ]
    return [*fields, rx.foreach(entries, partial(_other_line, labels=labels))]


def _other_line(entry: Any, labels: Mapping[str, TextLike]) -> rx.Component:
    line = rx.el.li(translated(entry[1].to(Text)))
    is_field = loose(rx.Var.create(list(labels))).contains(entry[0])
    return rx.cond(is_field, rx.fragment(), line)


def handover_form(action: str, fields: Mapping[str, rx.Var[str] | str], ready: rx.Var[bool]) -> rx.Component:
    """A hidden native form that posts `fields` to `action` by itself once `ready` turns true."""
    return _HandoverForm.create(action=action, fields=dict(fields), ready=ready)


def fragment_field(name: str, *, on_read: Handler = None) -> rx.Component:
    """A hidden field with what stands behind the # of the address; `on_read` gets it."""
    return _FragmentField.create(name=name, ready=rx.State.is_hydrated, **given(on_read=on_read))


def native_form(*children: Child, action: str, fields: Mapping[str, str], class_name: str = "") -> rx.Component:
    """A form the browser posts to `action`, with hidden `fields`; its button is among the children."""
    hidden = [hidden_field(name, value) for name, value in fields.items()]
    return NativeForm.create(*hidden, *children, action=action, method="post", class_name=class_name)


def upload_form(*children: Child, action: str, class_name: str = "") -> rx.Component:
    """A form with a file, which the browser posts to `action`; its button is among the children."""
    return NativeForm.create(
        *children,
        action=action,
        method="post",
        enc_type="multipart/form-data",
        class_name=classes("gc-form", class_name),
    )


def form_title(title: TextLike, lead: Child | None = None) -> rx.Component:
    """The heading of a form page with a sentence below it."""
    below = [rx.el.p(lead)] if lead is not None else []
    return rx.el.header(rx.el.h1(title), *below, class_name="gc-form-title")


__all__ = [
    "Option",
    "checkbox",
    "error_summary",
    "form",
    "form_title",
    "fragment_field",
    "handover_form",
    "native_form",
    "password_field",
    "plain_form",
    "radio_cards",
    "select_field",
    "switch",
    "text_field",
    "textarea_field",
    "upload_form",
]
