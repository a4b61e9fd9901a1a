"""Pieces of the fee centre: the workspaces an account pays for, key figures, cloud accounts."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal import routes
from guance_portal.components.badges import badge
from guance_portal.components.base import VERBATIM
from guance_portal.components.brand import provider
from guance_portal.components.buttons import button, copy_button, link_button
from guance_portal.components.downloads import format_links
from guance_portal.components.feedback import empty_state, loading, skeleton
from guance_portal.components.icons import icon
from guance_portal.components.messages import text, translated
from guance_portal.components.page_parts import panel, when
from guance_portal.components.selects import Option, select_field, select_of
from guance_portal.components.settlement.history import paid_history_action
from guance_portal.components.table import Column, table
from guance_portal.state.fee_center.access import FeeAccessState
from guance_portal.state.fee_center.workspaces import FeeWorkspacesState as State
from guance_portal.state.settlement.dialog import SettlementState


def workspaces_panel(*actions: Column) -> rx.Component:
    """Every workspace the session may see, each with who is charged since when; `actions` where one can act."""
    return panel(
        rx.cond(
            State.is_loaded,
            rx.cond(
                State.count > 0,
                rx.fragment(
                    when(State.is_searchable, _search()),
                    rx.cond(
                        State.rows.length() > 0,
                        table((*_COLUMNS, *actions), State.rows, label=text("fee_workspaces.title")),
                        rx.el.p(text("fee_workspaces.nothing"), class_name="gc-table-foot", role="status"),
                    ),
                    rx.el.div(
                        rx.el.small(text("fee_workspaces.file")),
                        *format_links(routes.workspace_file, label=text("fee_workspaces.title")),
                        class_name="gc-table-files",
                    ),
                    rx.el.p(
                        rx.cond(
                            State.rows.length() == State.count,
                            text("fee_workspaces.count", count=State.count),
                            text("fee_workspaces.found", found=State.rows.length(), count=State.count),
                        ),
                        class_name="gc-table-foot",
                        role="status",
                    ),
                ),
                no_workspaces(),
            ),
            loading(skeleton(height="56px"), skeleton(height="56px")),
        ),
        is_flush=True,
    )


def _search() -> rx.Component:
    """Narrows a long list: while somebody types, by method and by state."""
    states = [Option("", text("fee_workspaces.any_state"))]
    states += [Option(one, text(f"fee_workspaces.state_{one}")) for one in ("live", "locked", "dissolved")]
    return rx.el.div(
        _words(),
        select_of(
            "method",
            text("fee_workspaces.method"),
            State.methods,
            anything=text("fee_workspaces.any_method"),
            on_change=State.choose_method,
        ),
        select_field("state", text("fee_workspaces.state"), states, on_change=State.choose_state),
        class_name="gc-table-tools",
    )


def _words() -> rx.Component:
    return rx.el.label(
        icon("search"),
        rx.el.input(
            type="search",
            placeholder=text("fee_workspaces.search"),
            aria_label=text("fee_workspaces.search"),
            auto_complete="off",
            max_length=100,
            on_change=State.search.debounce(250),
        ),
        class_name="gc-menu-search gc-table-search",
    )


def settlement_column() -> Column:
    """更改结算方式 per row; its dialog stands on the page."""
    return Column(text("fee_workspaces.act"), _change_settlement, is_end=True, phone="line")


def balances_column() -> Column:
    """Whether the owner sees the balances in the console; only with the account's password can it be changed."""
    return Column(text("console_wallet.column"), _shows_balances, phone="line")


def _shows_balances(row: Any) -> rx.Component:
    told: Any = State.show_balances
    box = rx.el.input(
        type="checkbox",
        role="switch",
        class_name="gc-switch",
        checked=row.shows_balances,
        disabled=FeeAccessState.is_limited,
        aria_label=text("console_wallet.switch"),
        # What is asked for is the other state of what the row shows.
        on_change=told(row.id, ~row.shows_balances),
    )
    switch = rx.el.label(box, class_name="gc-check")
    return rx.cond(row.dissolved.zh != "", rx.el.span("—", class_name="gc-muted"), switch)


def _change_settlement(row: Any) -> rx.Component:
    """更改结算方式 and 付费记录. Of a dissolved workspace nothing can be changed any more."""
    acts = rx.el.div(
        button(text("settlement.title"), kind="link", on_click=SettlementState.open_paid_settlement(row.id)),
        paid_history_action(row.id),
        class_name="gc-two end",
    )
    return rx.cond(row.dissolved.zh != "", paid_history_action(row.id), acts)


def _next_change(row: Any) -> rx.Component:
    """When the method can be changed next; and the change that waits, with 撤回."""
    told: Any = State.withdraw
    waits = rx.el.span(
        rx.el.span(translated(row.waiting)),
        when(
            row.withdrawable != "",
            button(text("settlement.withdraw"), kind="link", on_click=told(row.id, row.withdrawable)),
        ),
        class_name="gc-two",
    )
    said = rx.cond(row.waiting.zh != "", waits, translated(row.next_change))
    return rx.cond(row.dissolved.zh != "", rx.el.span("—", class_name="gc-muted"), said)


def _owner(row: Any) -> rx.Component:
    who = rx.el.span(rx.el.b(row.owner, **VERBATIM), rx.el.small(row.owner_email, **VERBATIM), class_name="gc-two")
    return rx.cond(row.owner != "", who, rx.el.span("—", class_name="gc-muted"))


def _workspace(row: Any) -> rx.Component:
    locked = badge(text("fee_workspaces.locked"), tone="red", icon_name="lock")
    return rx.el.div(
        rx.el.span(
            rx.el.b(row.name, **VERBATIM),
            " ",
            badge(translated(row.edition)),
            " ",
            when(row.is_locked, locked),
            when(row.dissolved.zh != "", badge(translated(row.dissolved))),
        ),
        rx.el.span(
            rx.el.code(row.id, class_name="gc-id", custom_attrs={"data-verbatim": "", "data-scrolls": ""}),
            copy_button(row.id, label=text("fee_workspaces.copy_id")),
            class_name="gc-id-row",
        ),
        rx.el.small(translated(row.site)),
        class_name="gc-stacked",
    )


def payer(row: Any) -> rx.Component:
    """Who a workspace's bills are charged to, the method and the account, and since when."""
    return rx.el.span(
        provider(row.mark),
        rx.el.span(
            rx.el.b(translated(row.method)),
            rx.el.small(row.account, **VERBATIM),
            rx.el.small(translated(row.since)),
            class_name="gc-two",
        ),
        class_name="gc-payer steady",
    )


def no_workspaces() -> rx.Component:
    """What is missing, and how one comes."""
    return empty_state(
        text("fee_workspaces.empty_title"),
        text("fee_workspaces.empty_lead"),
        icon_name="layout-grid",
        action=link_button(text("fee_workspaces.to_console"), href=routes.LOGIN, kind="secondary"),
    )


def no_clouds() -> rx.Component:
    """How a cloud account comes to be registered."""
    return empty_state(text("clouds.empty_title"), text("clouds.empty_lead"), icon_name="cloud")


_COLUMNS = (
    Column(text("fee_workspaces.name"), _workspace, phone="main"),
    Column(text("fee_workspaces.owner"), _owner, phone="line"),
    Column(text("fee_workspaces.method"), payer, phone="line"),
    Column(text("settlement.next_change"), _next_change, phone="line"),
)
