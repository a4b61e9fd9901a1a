"""The dialog: native and modal, with a fixed head and foot; a sheet from below on phones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, cast

import reflex as rx
from reflex_base.utils.format import format_event_handler
from reflex_components_core.el.elements.base import BaseHTML

from guance_portal.components.base import Child, Handler, TextLike, attributes, classes, given
from guance_portal.components.buttons import button, icon_button
from guance_portal.components.messages import text

Width = Literal["form", "choice", "agreement"]
"""520, 640 or 680 px."""


class _Dialog(BaseHTML):
    library = "$/public/dialog.js"
    tag = "Dialog"

    open: rx.Var[bool]
    locked: rx.Var[bool]
    opened_by: rx.Var[list[str]]

    on_close: rx.EventHandler[rx.event.no_args_event_spec]


def dialog(
    *body: Child,
    id: str,  # noqa: A002 - the HTML name
    title: TextLike,
    is_open: rx.Var[bool],
    on_close: Handler,
    description: Child | None = None,
    mark: Child | None = None,
    footer: Sequence[Child] = (),
    way_back: Child | None = None,
    width: Width = "form",
    busy: rx.Var[bool] | None = None,
    is_alert: bool = False,
    opened_by: Sequence[Handler] = (),
) -> rx.Component:
    """A dialog shown while `is_open`; `on_close` must set that var to false.

    It closes by its cross, Esc, the backdrop and anything with `data-close` (see `cancel_button`),
    but not while `busy`. The focus goes to the first field, else the title, and returns afterwards.
    `opened_by` are the handlers that open it and do nothing else, where its page's address does not say that it is open: they
    are called again when the page had to be built a second time, so that what is typed in it stays.
    `mark` stands before the title. A form goes into the body with its own id; the primary button in `footer` names it by `form=`.
    """
    below = [rx.el.p(description, id=f"{id}-description")] if description is not None else []
    head = rx.el.header(
        *([mark] if mark is not None else []),
        rx.el.div(rx.el.h2(title, id=f"{id}-title", tab_index=-1), *below),
        icon_button("x", text("dialog.close"), size=18, custom_attrs={"data-close": ""}),
        class_name="gc-dialog-head",
    )
    left = [way_back] if way_back is not None else []
    foot = [rx.el.footer(*left, rx.el.span(class_name="gc-space"), *footer, class_name="gc-dialog-foot")]
    return _Dialog.create(
        head,
        rx.el.div(*body, class_name="gc-dialog-body", tab_index=0 if width == "agreement" else None),
        *(foot if footer or left else []),
        id=id,
        open=is_open,
        on_close=on_close,
        class_name=classes("gc-dialog", width),
        custom_attrs=attributes(aria_labelledby=f"{id}-title", aria_describedby=f"{id}-description" if below else None),
        **given(
            locked=busy,
            role="alertdialog" if is_alert else None,
            opened_by=[format_event_handler(cast("rx.EventHandler", one)) for one in opened_by] or None,
        ),
    )


def cancel_button(words: TextLike | None = None) -> rx.Component:
    """Closes the dialog it stands in."""
    return button(words if words is not None else text("dialog.cancel"), kind="soft", custom_attrs={"data-close": ""})
