"""审批: what waits, one request with its dry run, and what was decided."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal.components.badges import badge
from guance_portal.components.base import VERBATIM, attributes, loose
from guance_portal.components.buttons import button, submit
from guance_portal.components.feedback import empty_state, note
from guance_portal.components.form_dialog import form_dialog
from guance_portal.components.form_fields import form_fields, form_labels
from guance_portal.components.forms import form, hidden_field
from guance_portal.components.icons import icon
from guance_portal.components.links import link
from guance_portal.components.messages import text, translated
from guance_portal.components.operator.accounts import turning
from guance_portal.components.operator.acts import act_state
from guance_portal.components.operator.effects import changes_list, entries_table, verbatim
from guance_portal.components.page_parts import panel, when
from guance_portal.components.table import Column, table
from guance_portal.state.operator.approvals import REFUSE, RENEW, Approval, RefusalForm, Renewal
from guance_portal.state.operator.approvals import OperatorApprovalsState as State


def approvals_body() -> rx.Component:
    """The list that waits, and the request beside it."""
    return rx.el.div(_waiting(), rx.cond(State.request != "", _request(), _nothing()), class_name="gc-approvals")


def decided_list() -> rx.Component:
    """What was decided, page by page."""
    return rx.cond(
        State.decided.length() > 0,
        rx.fragment(
            table(
                [
                    Column(text("money_admin.what"), _what, phone="main"),
                    Column(text("money_admin.decided_at"), lambda row: translated(row.decided_at), phone="line"),
                    Column(text("money_admin.account"), _account),
                    Column(text("money_admin.amount"), lambda row: row.amount, is_end=True),
                    Column(text("money_admin.asker"), lambda row: verbatim(row.asked_by), phone="line"),
                    Column(text("money_admin.decider"), lambda row: verbatim(row.decided_by), phone="line"),
                    Column(text("money_admin.result"), act_state),
                    Column(text("money_admin.transaction"), _transaction, phone="line"),
                ],
                State.decided,
                label=text("money_admin.decided"),
            ),
            turning(State.place, State.earlier, State.later),
        ),
        rx.el.p(text("money_admin.no_decided"), class_name="gc-panel-note"),
    )


def refuse_dialog() -> rx.Component:
    """Why it is not done."""
    title = rx.cond(State.is_own, text("money_admin.withdraw"), text("money_admin.refuse"))
    return form_dialog(
        hidden_field("request", State.request),
        *form_fields(RefusalForm, State),
        state=State,
        form_of=RefusalForm,
        id="refuse-request",
        title=title,
        description=_of_request(),
        above=(note(text("money_admin.refuse_means")),),
        confirm=title,
        kind="danger",
        on_submit=State.refuse,
        is_open=State.dialog == REFUSE,
        opened_by=(State.ask_refuse,),
        on_close=State.close_dialog,
        refusals=rx.cond(State.dialog == "", 0, State.refusals),
    )


def renew_dialog() -> rx.Component:
    """Why it is asked for again."""
    return form_dialog(
        hidden_field("request", State.request),
        hidden_field("key", State.key),
        *form_fields(Renewal, State),
        state=State,
        form_of=Renewal,
        id="renew-request",
        title=text("money_admin.renew"),
        description=_of_request(),
        above=(note(text("money_admin.renew_means")),),
        confirm=text("money_admin.renew"),
        on_submit=State.renew,
        is_open=State.dialog == RENEW,
        opened_by=(State.ask_renew,),
        on_close=State.close_dialog,
        refusals=rx.cond(State.dialog == "", 0, State.refusals),
    )


def _waiting() -> rx.Component:
    return panel(
        rx.cond(
            State.waiting.length() > 0,
            rx.el.ul(rx.foreach(State.waiting, _line), class_name="gc-approval-list"),
            rx.el.p(text("money_admin.none_waiting"), class_name="gc-panel-note"),
        ),
        title=rx.fragment(text("money_admin.waiting"), " ", badge(State.waiting.length().to_string(), tone="indigo")),
        is_flush=True,
    )


def _line(row: Any) -> rx.Component:
    return rx.el.li(
        link(
            rx.el.span(rx.el.b(translated(row.kind)), rx.el.span(row.amount), class_name="gc-approval-title"),
            rx.el.small(
                rx.cond(row.account != "", rx.fragment(row.account, " · "), rx.fragment()),
                row.asked_by,
                " · ",
                translated(row.at),
                **VERBATIM,
            ),
            when(row.is_own, rx.el.small(icon("lock", 12), " ", text("money_admin.own"))),
            href=row.href,
            replace=True,
            custom_attrs=attributes(aria_current=rx.cond(row.id == State.request, "true", "false")),
        )
    )


def _nothing() -> rx.Component:
    return panel(
        empty_state(text("money_admin.none_waiting"), text("money_admin.none_waiting_lead"), icon_name="check-check")
    )


def _request() -> rx.Component:
    known = panel(
        rx.el.div(
            when(
                State.whose != "",
                rx.el.p(rx.el.b(text("money_admin.account")), " ", rx.el.span(State.whose, **VERBATIM)),
            ),
            when(
                State.evidence != "",
                rx.el.p(rx.el.b(text("money_admin.evidence")), " ", rx.el.span(State.evidence, **VERBATIM)),
            ),
            rx.el.p(rx.el.b(text("money_admin.why")), " ", rx.el.span(State.reason, **VERBATIM)),
            class_name="gc-panel-body gc-request-facts",
        ),
        _dry_run(text("money_admin.dry_run"), State.entries),
        when(State.is_open, rx.el.div(_changed(), changes_list(State.changes), class_name="gc-panel-body")),
        when(State.is_open, rx.el.div(_decision(), class_name="gc-panel-body gc-decision")),
        title=rx.fragment(translated(State.title), " ", State.amount),
        lead=rx.el.span(translated(State.asked), **VERBATIM),
        actions=badge(translated(State.state), tone="amber"),
        is_flush=True,
        class_name="gc-request",
    )
    unknown = panel(
        empty_state(text("errors.approval_unknown"), text("money_admin.none_waiting_lead"), icon_name="search-x"),
    )
    return rx.cond(State.is_unknown, unknown, known)


def _dry_run(title: rx.Var[str], rows: rx.Var[Any]) -> rx.Component:
    return rx.fragment(
        rx.el.h3(title, class_name="gc-panel-body gc-dry-run"),
        rx.cond(
            loose(rows).length() > 0,
            entries_table(rows, State.total, label=title),
            rx.el.p(text("money_admin.no_entries"), class_name="gc-panel-note"),
        ),
    )


def _changed() -> rx.Component:
    """What it would do now, where that is something else."""
    return when(
        ~State.is_same,
        note(
            rx.cond(
                State.now_problem.zh != "",  # pyright: ignore[reportAttributeAccessIssue] - a var's field is one
                translated(State.now_problem),
                rx.el.ul(
                    rx.foreach(
                        State.entries_now,
                        lambda row: rx.el.li(translated(row.account), " ", row.debit, row.credit),  # pyright: ignore[reportUnknownLambdaType, reportUnknownMemberType, reportUnknownArgumentType]
                    )
                ),
            ),
            title=text("money_admin.differs"),
            tone="amber",
        ),
    )


def _decision() -> rx.Component:
    return rx.cond(
        State.is_own,
        rx.fragment(
            note(text("money_admin.own"), icon_name="lock"),
            button(text("money_admin.withdraw"), kind="secondary", on_click=State.ask_refuse),
        ),
        form(
            hidden_field("request", State.request),
            *form_fields(Approval, State),
            rx.el.div(
                button(text("money_admin.refuse"), kind="secondary", size="large", on_click=State.ask_refuse),
                rx.cond(
                    State.is_same,
                    submit(text("money_admin.approve"), busy=State.is_busy, icon_name="check", is_wide=False),
                    button(text("money_admin.renew"), size="large", on_click=State.ask_renew),
                ),
                class_name="gc-row",
            ),
            on_submit=State.approve,
            busy=State.is_busy,
            refusals=rx.cond(State.dialog == "", State.refusals, 0),
            problems=State.problems,
            labels=form_labels(Approval),
            key=State.request,
        ),
    )


def _of_request() -> rx.Component:
    return rx.el.span(translated(State.title), " ", State.amount, " ", rx.el.span(State.whose, **VERBATIM))


def _what(row: Any) -> rx.Component:
    return rx.el.span(
        link(translated(row.kind), href=row.href),
        rx.cond(row.decision_reason != "", rx.el.small(rx.el.span(row.decision_reason, **VERBATIM)), rx.fragment()),
        class_name="gc-stacked",
    )


def _account(row: Any) -> rx.Component:
    return rx.cond(row.account_href != "", link(row.account, href=row.account_href, **VERBATIM), "—")


def _transaction(row: Any) -> rx.Component:
    return rx.cond(
        row.transaction_href != "", link(row.transaction, href=row.transaction_href, class_name="gc-mono"), "—"
    )
