"""The two usual dialogs: one with a form and the button that sends it, and one that asks before an act."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import reflex as rx

from guance_portal.components.base import Child, Handler, TextLike, given
from guance_portal.components.buttons import button
from guance_portal.components.dialog import Width, cancel_button, dialog
from guance_portal.components.form_fields import form_labels
from guance_portal.components.forms import form
from guance_portal.core.forms import Form

Kind = Literal["primary", "danger"]


def form_dialog(
    *fields: Child,
    state: Any,
    form_of: type[Form] | None = None,
    labels: Mapping[str, TextLike] | None = None,
    id: str,  # noqa: A002 - the HTML name
    title: TextLike,
    confirm: TextLike,
    on_submit: Handler,
    is_open: rx.Var[bool],
    on_close: Handler,
    opened_by: Sequence[Handler] = (),
    description: Child | None = None,
    above: Sequence[Child] = (),
    way_back: Child | None = None,
    kind: Kind = "primary",
    width: Width = "form",
    refusals: rx.Var[int] | None = None,
    key: rx.Var[int] | None = None,
) -> rx.Component:
    """A dialog (see `dialog`) whose body is a form, `<id>-form`, sent by the button `confirm`.

    `state` has the vars of `FormMixin`. The summary of problems names the fields as `form_of` declares them, or by
    `labels`. `above` stands before the form. A new `key` empties the form.
    """
    form_id = f"{id}-form"
    return dialog(
        *above,
        form(
            *fields,
            on_submit=on_submit,
            busy=state.is_busy,
            refusals=state.refusals if refusals is None else refusals,
            problems=state.problems,
            labels=form_labels(form_of) if form_of else labels,
            id=form_id,
            **given(key=key),
        ),
        id=id,
        title=title,
        description=description,
        is_open=is_open,
        opened_by=opened_by,
        on_close=on_close,
        way_back=way_back,
        footer=(cancel_button(), button(confirm, kind=kind, busy=state.is_busy, type="submit", form=form_id)),
        width=width,
        busy=state.is_busy,
    )


def question(
    *body: Child,
    id: str,  # noqa: A002 - the HTML name
    title: TextLike,
    confirm: TextLike,
    on_confirm: Handler,
    is_open: rx.Var[bool],
    on_close: Handler,
    busy: rx.Var[bool],
) -> rx.Component:
    """An alert that asks before an act that cannot be undone."""
    return dialog(
        *body,
        id=id,
        title=title,
        is_open=is_open,
        on_close=on_close,
        footer=(cancel_button(), button(confirm, kind="danger", on_click=on_confirm, busy=busy)),
        busy=busy,
        is_alert=True,
    )
