"""Pieces of the operators' pages: the list of accounts, and one account."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal import routes
from guance_portal.components.badges import badge
from guance_portal.components.base import VERBATIM
from guance_portal.components.buttons import button, link_button, submit
from guance_portal.components.feedback import empty_state
from guance_portal.components.form_fields import form_fields
from guance_portal.components.forms import plain_form
from guance_portal.components.links import link
from guance_portal.components.messages import text, translated
from guance_portal.components.page_parts import columns, facts, panel, when
from guance_portal.components.table import Column, table
from guance_portal.state.operator.account import OperatorAccountState as Account
from guance_portal.state.operator.accounts import AccountSearch
from guance_portal.state.operator.accounts import OperatorAccountsState as Accounts


def account_search() -> rx.Component:
    """By username, e-mail, company, or the id of a workspace."""
    return plain_form(
        *form_fields(
            AccountSearch,
            Accounts,
            has_marks=False,
            q={
                "default_value": Accounts.asked,
                "key": Accounts.asked,
                "action": submit(text("operator.find"), kind="secondary", size="large", is_wide=False),
            },
        ),
        on_submit=Accounts.find,
        class_name="gc-operator-search",
    )


def account_list() -> rx.Component:
    """What was found, page by page."""
    return rx.cond(
        Accounts.rows.length() > 0,
        rx.fragment(
            table(
                [
                    Column(text("operator.username"), _account_link, phone="main"),
                    Column(text("operator.company"), lambda row: _verbatim(row.company)),
                    Column(text("operator.email"), lambda row: _verbatim(row.email)),
                    Column(text("operator.workspaces"), lambda row: row.workspaces, is_end=True, phone="line"),
                    Column(text("operator.opened"), lambda row: translated(row.opened_at), phone="line"),
                ],
                Accounts.rows,
                label=text("operator.accounts"),
            ),
            turning(Accounts.place, Accounts.earlier, Accounts.later),
        ),
        empty_state(
            text("operator.no_account"),
            text("operator.no_account_lead"),
            icon_name="search-x",
            action=link_button(text("operator.show_all"), href=routes.OPERATOR, kind="secondary"),
        ),
    )


def account_panels() -> list[rx.Component]:
    """Everything about one account."""
    return [
        columns(_profile(), _choice()),
        panel(_workspaces(), title=text("operator.workspaces_title"), is_flush=True),
        panel(_clouds(), title=text("operator.clouds_title"), is_flush=True),
        panel(
            rx.el.div(
                rx.el.p(text("operator.sessions_count", count=Account.sessions)),
                button(
                    text("operator.end_sessions"),
                    kind="secondary",
                    on_click=Account.ask_sessions,
                    disabled=Account.sessions == 0,
                ),
                class_name="gc-row gc-spread",
            ),
            title=text("operator.sessions_title"),
        ),
    ]


def turning(place: rx.Var[Any], earlier: rx.Var[str], later: rx.Var[str]) -> rx.Component:
    """The way to the pages before and after."""
    return rx.el.nav(
        rx.el.span(translated(place)),
        when(earlier != "", link_button(text("operator.earlier"), href=earlier, kind="secondary", size="small")),
        when(later != "", link_button(text("operator.later"), href=later, kind="secondary", size="small")),
        aria_label=text("operator.pages"),
        class_name="gc-turning",
    )


def _account_link(row: Any) -> rx.Component:
    chosen = rx.cond(row.has_arbitrary_choice, badge(text("operator.choice"), tone="indigo"), rx.fragment())
    return rx.el.span(link(row.username, href=row.href, **VERBATIM), " ", chosen)


def _profile() -> rx.Component:
    return panel(
        facts(
            (text("operator.username"), _verbatim(Account.username)),
            (text("operator.company"), _verbatim(Account.company)),
            (text("operator.contact"), _verbatim(Account.contact)),
            (text("operator.email"), _verbatim(Account.email)),
            (text("operator.currency"), translated(Account.currency)),
            (text("operator.opened"), translated(Account.opened_at)),
            (text("operator.id"), rx.el.span(Account.account_id, class_name="gc-mono", **VERBATIM)),
        ),
        title=text("operator.profile"),
        actions=link(text("operator.audit_of"), href=Account.audit_href, class_name="gc-arrow-link"),
    )


def _choice() -> rx.Component:
    return panel(
        rx.el.div(
            rx.cond(
                Account.has_arbitrary_choice,
                badge(text("operator.choice_is_on"), tone="green", icon_name="check"),
                badge(text("operator.choice_is_off")),
            ),
            button(
                rx.cond(Account.has_arbitrary_choice, text("operator.choice_off"), text("operator.choice_on")),
                kind="secondary",
                on_click=Account.ask_choice,
            ),
            class_name="gc-row gc-spread",
        ),
        title=text("operator.choice"),
        lead=text("operator.choice_lead"),
    )


def _workspaces() -> rx.Component:
    return rx.cond(
        Account.workspaces.length() > 0,
        table(
            [
                Column(text("operator.workspace"), _workspace_name, phone="main"),
                Column(text("operator.site"), lambda row: translated(row.site)),
                Column(text("operator.edition"), lambda row: translated(row.edition), phone="line"),
                Column(text("operator.method"), lambda row: translated(row.method)),
                Column(text("operator.since_when"), lambda row: translated(row.since), phone="line"),
            ],
            Account.workspaces,
            label=text("operator.workspaces_title"),
        ),
        rx.el.p(text("operator.no_workspaces"), class_name="gc-panel-note"),
    )


def _workspace_name(row: Any) -> rx.Component:
    return rx.el.span(
        rx.el.span(
            rx.el.span(row.name, **VERBATIM),
            " ",
            rx.cond(row.is_locked, badge(text("operator.locked"), tone="red", icon_name="lock"), rx.fragment()),
            rx.cond(row.dissolved.zh != "", badge(translated(row.dissolved)), rx.fragment()),
        ),
        rx.el.small(row.id, class_name="gc-id"),
        class_name="gc-stacked",
    )


def _clouds() -> rx.Component:
    return rx.cond(
        Account.clouds.length() > 0,
        table(
            [
                Column(text("operator.provider"), lambda row: translated(row.provider), phone="main"),
                Column(text("operator.account"), lambda row: rx.el.span(row.account, class_name="gc-mono")),
                Column(text("operator.state"), lambda row: translated(row.state)),
                Column(text("operator.registered"), lambda row: translated(row.registered_at), phone="line"),
            ],
            Account.clouds,
            label=text("operator.clouds_title"),
        ),
        rx.el.p(text("operator.no_clouds"), class_name="gc-panel-note"),
    )


def _verbatim(written: Any) -> rx.Component:
    return rx.cond(written != "", rx.el.span(written, **VERBATIM), "—")
