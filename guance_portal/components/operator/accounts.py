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
from guance_portal.components.page_parts import columns, facts, panel, when
from guance_portal.components.table import Column, table
from guance_portal.components.words import said, t
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
                "action": submit(t("operator.find"), kind="secondary", size="large", is_wide=False),
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
                    Column(t("operator.username"), _account_link, phone="main"),
                    Column(t("operator.company"), lambda row: _verbatim(row.company)),
                    Column(t("operator.email"), lambda row: _verbatim(row.email)),
                    Column(t("operator.workspaces"), lambda row: row.workspaces, is_end=True, phone="hidden"),
                    Column(t("operator.opened"), lambda row: said(row.opened_at), phone="hidden"),
                ],
                Accounts.rows,
                label=t("operator.accounts"),
            ),
            turning(Accounts.place, Accounts.earlier, Accounts.later),
        ),
        empty_state(
            t("operator.no_account"),
            t("operator.no_account_lead"),
            icon_name="search-x",
            action=link_button(t("operator.show_all"), href=routes.OPERATOR, kind="secondary"),
        ),
    )


def account_panels() -> list[rx.Component]:
    """Everything about one account."""
    return [
        columns(_profile(), _choice()),
        panel(_workspaces(), title=t("operator.workspaces_title"), is_flush=True),
        panel(_clouds(), title=t("operator.clouds_title"), is_flush=True),
        panel(
            rx.el.div(
                rx.el.p(t("operator.sessions_count", count=Account.sessions)),
                button(
                    t("operator.end_sessions"),
                    kind="secondary",
                    on_click=Account.ask_sessions,
                    disabled=Account.sessions == 0,
                ),
                class_name="gc-row gc-spread",
            ),
            title=t("operator.sessions_title"),
        ),
    ]


def turning(place: rx.Var[Any], earlier: rx.Var[str], later: rx.Var[str]) -> rx.Component:
    """The way to the pages before and after."""
    return rx.el.nav(
        rx.el.span(said(place)),
        when(earlier != "", link_button(t("operator.earlier"), href=earlier, kind="secondary", size="small")),
        when(later != "", link_button(t("operator.later"), href=later, kind="secondary", size="small")),
        aria_label=t("operator.pages"),
        class_name="gc-turning",
    )


def _account_link(row: Any) -> rx.Component:
    chosen = rx.cond(row.has_arbitrary_choice, badge(t("operator.choice"), tone="indigo"), rx.fragment())
    return rx.el.span(link(row.username, href=row.href, **VERBATIM), " ", chosen)


def _profile() -> rx.Component:
    return panel(
        facts(
            (t("operator.username"), _verbatim(Account.username)),
            (t("operator.company"), _verbatim(Account.company)),
            (t("operator.contact"), _verbatim(Account.contact)),
            (t("operator.email"), _verbatim(Account.email)),
            (t("operator.currency"), said(Account.currency)),
            (t("operator.opened"), said(Account.opened_at)),
            (t("operator.id"), rx.el.span(Account.account_id, class_name="gc-mono", **VERBATIM)),
        ),
        title=t("operator.profile"),
        actions=link(t("operator.audit_of"), href=Account.audit_href, class_name="gc-arrow-link"),
    )


def _choice() -> rx.Component:
    return panel(
        rx.el.div(
            rx.cond(
                Account.has_arbitrary_choice,
                badge(t("operator.choice_is_on"), tone="green", icon_name="check"),
                badge(t("operator.choice_is_off")),
            ),
            button(
                rx.cond(Account.has_arbitrary_choice, t("operator.choice_off"), t("operator.choice_on")),
                kind="secondary",
                on_click=Account.ask_choice,
            ),
            class_name="gc-row gc-spread",
        ),
        title=t("operator.choice"),
        lead=t("operator.choice_lead"),
    )


def _workspaces() -> rx.Component:
    return rx.cond(
        Account.workspaces.length() > 0,
        table(
            [
                Column(t("operator.workspace"), _workspace_name, phone="main"),
                Column(t("operator.site"), lambda row: said(row.site)),
                Column(t("operator.edition"), lambda row: said(row.edition), phone="hidden"),
                Column(t("operator.method"), lambda row: said(row.method)),
                Column(t("operator.since_when"), lambda row: said(row.since), phone="hidden"),
            ],
            Account.workspaces,
            label=t("operator.workspaces_title"),
        ),
        rx.el.p(t("operator.no_workspaces"), class_name="gc-panel-note"),
    )


def _workspace_name(row: Any) -> rx.Component:
    return rx.el.span(
        rx.el.span(row.name, **VERBATIM),
        " ",
        rx.cond(row.is_locked, badge(t("operator.locked"), tone="red"), rx.fragment()),
        rx.cond(row.dissolved.zh != "", badge(said(row.dissolved)), rx.fragment()),
        rx.el.small(row.id, class_name="gc-id"),
        class_name="gc-stacked",
    )


def _clouds() -> rx.Component:
    return rx.cond(
        Account.clouds.length() > 0,
        table(
            [
                Column(t("operator.provider"), lambda row: said(row.provider), phone="main"),
                Column(t("operator.account"), lambda row: rx.el.span(row.account, class_name="gc-mono")),
                Column(t("operator.state"), lambda row: said(row.state)),
                Column(t("operator.registered"), lambda row: said(row.registered_at), phone="hidden"),
            ],
            Account.clouds,
            label=t("operator.clouds_title"),
        ),
        rx.el.p(t("operator.no_clouds"), class_name="gc-panel-note"),
    )


def _verbatim(written: Any) -> rx.Component:
    return rx.cond(written != "", rx.el.span(written, **VERBATIM), "—")
