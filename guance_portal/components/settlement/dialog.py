"""更改结算方式: every option with its verdict, what a change would mean, and the one that waits.

A page composes `settlement_dialog(...)` and `in_address(...)` is part of it; its loaders hold
`SettlementState.load_settlement` (console) or `.load_paid_settlement` (fee centre) and
`CloudSubscribeState.load_cloud`, and its buttons call
`.open_settlement` or `.open_paid_settlement(workspace_id)`.
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal.components.address import in_address
from guance_portal.components.badges import badge
from guance_portal.components.base import VERBATIM, TextLike, loose
from guance_portal.components.brand import provider
from guance_portal.components.buttons import button
from guance_portal.components.choices import card_id, card_names, card_text
from guance_portal.components.dialog import cancel_button, dialog
from guance_portal.components.feedback import note
from guance_portal.components.icons import icon
from guance_portal.components.messages import text, translated
from guance_portal.components.page_parts import when
from guance_portal.components.settlement.cloud_dialog import cloud_dialog
from guance_portal.components.support import with_contact
from guance_portal.state.settlement.cloud_subscribe import CloudSubscribeState
from guance_portal.state.settlement.dialog import SettlementState as State

_SHOWN: Any = State.shown
ID = "settlement-dialog"


def settlement_dialog(*, title: TextLike | None = None, parameter: str = "dialog") -> rx.Component:
    """The dialog; `title` is 更改结算方式 unless told otherwise, `parameter` is `settle` in the fee centre."""
    return rx.fragment(
        in_address(parameter, State.address),
        dialog(
            _notes(),
            _current(),
            _group(text("settlement.enterprise_group"), State.enterprise),
            _group(
                text("settlement.registered_group"),
                State.accounts,
                badge_=when(_SHOWN.is_recommending, badge(text("settlement.recommended"), tone="indigo")),
                beside=text("settlement.registered_lead"),
            ),
            rx.cond(
                # One that pays now stands above, not among the choices.
                (State.accounts.length() > 0) | (_SHOWN.mark != "guance"),
                _group(text("settlement.providers_group"), State.providers),
                _group(text("settlement.clouds_group"), State.providers, beside=text("settlement.clouds_lead")),
            ),
            # Below every option, none of which moves when one is chosen.
            _preview(),
            id=ID,
            title=title if title is not None else text("settlement.title"),
            description=rx.fragment(
                text("settlement.workspace"),
                rx.el.b(_SHOWN.workspace, **VERBATIM),
                text("settlement.at_site", site=translated(_SHOWN.site)),
            ),
            is_open=State.is_open,
            on_close=State.close_settlement,
            busy=State.is_busy,
            width="choice",
            way_back=rx.el.span(
                rx.cond(
                    State.effective_line.zh != "", translated(State.effective_line), text("settlement.closing_keeps")
                ),  # pyright: ignore[reportAttributeAccessIssue] - a var's field is one
                class_name="gc-help gc-preview-short",
            ),
            footer=[
                rx.cond(_SHOWN.pending_id == "", cancel_button(), cancel_button(text("settlement.done"))),
                when(
                    _SHOWN.pending_id == "",
                    button(
                        translated(State.confirm),
                        on_click=_go_on(),
                        busy=State.is_busy,
                        disabled=State.chosen == "",
                    ),
                ),
            ],
        ),
        cloud_dialog(),
    )


def _go_on() -> Any:
    """A new cloud account is subscribed first; whatever else is chosen is ordered at once."""
    is_new = loose(State.chosen).startswith("provider:")
    return rx.cond(is_new, CloudSubscribeState.open_cloud(State.chosen), State.change_method())


def _notes() -> rx.Component:
    return rx.fragment(
        when(State.problem.zh != "", note(with_contact(State.problem), tone="red", is_live=True)),
        when(
            _SHOWN.pending_id != "",
            note(
                text("settlement.pending", day=_SHOWN.pending_day, method=translated(_SHOWN.pending)),
                tone="green",
                title=text("settlement.pending_title"),
                icon_name="calendar-clock",
                is_live=True,
                action=when(
                    _SHOWN.may_withdraw,
                    button(
                        text("settlement.withdraw"),
                        kind="secondary",
                        size="small",
                        on_click=State.withdraw_change,
                        busy=State.is_busy,
                    ),
                ),
            ),
        ),
        note(translated(_SHOWN.rule), icon_name="calendar-clock"),
        when(
            _SHOWN.has_arbitrary_choice,
            note(text("settlement.arbitrary"), tone="green", is_live=True),
        ),
    )


def _current() -> rx.Component:
    return rx.el.section(
        rx.el.h3(text("settlement.current_group")),
        rx.foreach(State.current, _current_card),
        class_name="gc-methods",
    )


def _current_card(row: Any) -> rx.Component:
    return rx.el.div(
        provider(row.mark, size="large"),
        rx.el.span(
            rx.el.span(
                rx.el.b(translated(row.title)),
                badge(text("settlement.current"), tone="green", icon_name="check"),
                class_name="gc-card-title",
            ),
            rx.el.span(translated(row.account), class_name="gc-card-detail", **VERBATIM),
        ),
        class_name="gc-card current",
    )


def _group(
    legend: TextLike, rows: Any, *, badge_: rx.Component | None = None, beside: TextLike | None = None
) -> rx.Component:
    behind = [rx.el.span(beside, class_name="gc-optional")] if beside is not None else []
    return when(
        rows.length() > 0,
        rx.el.fieldset(
            rx.el.legend(legend, *([badge_] if badge_ is not None else []), *behind),
            rx.foreach(rows, _card),
            class_name="gc-cards gc-methods",
        ),
    )


def _card(row: Any) -> rx.Component:
    id_ = card_id("settle", row.value)
    return rx.el.label(
        rx.el.input(
            name="method",
            type="radio",
            value=row.value,
            checked=State.chosen == row.value,
            disabled=~row.is_choosable,
            on_change=State.choose_method(row.value),
            custom_attrs=card_names(id_),
        ),
        provider(row.mark, size="large"),
        card_text(
            id_,
            translated(row.title),
            when(row.account.zh != "", rx.el.span(translated(row.account), class_name="gc-card-detail", **VERBATIM)),
            rx.el.span(translated(row.detail), class_name="gc-card-detail"),
            rx.foreach(row.reasons, _reason),
            badge=when(row.is_here, badge(text("settlement.here"))),
        ),
        class_name=rx.cond(row.is_choosable, "gc-card", "gc-card refused"),
    )


def _reason(given: Any) -> rx.Component:
    return rx.fragment(
        rx.el.span(icon("lock", 14), rx.el.span(translated(given.reason)), class_name="gc-card-reason"),
        when(
            given.remedy.zh != "",
            rx.el.span(icon("key-round", 14), rx.el.span(with_contact(given.remedy)), class_name="gc-card-reason"),
        ),
    )


def _preview() -> rx.Component:
    return rx.el.div(
        when(State.preview.length() > 0, means_list(State.preview)),
        role="status",
        class_name="gc-preview-place",
    )


def means_list(rows: Any) -> rx.Component:
    """更改后: what a change would mean, before it is ordered."""
    return rx.el.section(
        rx.el.h3(text("settlement.preview_title")),
        rx.el.dl(rx.foreach(rows, _preview_row), class_name="gc-facts"),
        class_name="gc-preview",
    )


def _preview_row(row: Any) -> rx.Component:
    return rx.el.div(rx.el.dt(translated(row.name)), rx.el.dd(translated(row.value)))
