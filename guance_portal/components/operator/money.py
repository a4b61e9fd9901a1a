"""入账与代金券: the views, the form of each with what it would move, and what was done before."""

from __future__ import annotations

from typing import Any, cast

import reflex as rx

from guance_portal import routes
from guance_portal.approvals.forms import FORMS
from guance_portal.components.badges import badge
from guance_portal.components.base import VERBATIM, Handler
from guance_portal.components.buttons import button, copy_button, submit
from guance_portal.components.dialog import cancel_button, dialog
from guance_portal.components.feedback import note
from guance_portal.components.fields import textarea_field
from guance_portal.components.form_fields import form_fields, form_labels
from guance_portal.components.forms import form, hidden_field, plain_form
from guance_portal.components.links import link
from guance_portal.components.messages import text, translated
from guance_portal.components.operator.acts import act_state
from guance_portal.components.operator.effects import changes_list, entries_table, purse, verbatim
from guance_portal.components.operator.matters import matters_panel
from guance_portal.components.operator.voiding import void_action
from guance_portal.components.page_parts import panel, stack, when
from guance_portal.components.table import Column, table
from guance_portal.components.tabs import tabs
from guance_portal.state.operator.money import OF_ACCOUNT, OF_MATTERS, VIEWS, PayerSearch, View
from guance_portal.state.operator.money import OperatorMoneyState as Money

_HANDLERS: dict[str, Handler] = {
    "grant": Money.grant,
    "batch": Money.batch,
    "revoke": Money.revoke,
    "refund": Money.refund,
    "correct": Money.correct,
    "charge": Money.charge,
    "claim": Money.claim,
    "send_back": Money.send_back,
}


def money_tabs() -> rx.Component:
    """The tabs, that of the view marked."""
    shown = [(view, tabs_with(_tab(_leads(view)))) for view in VIEWS]
    return cast("rx.Component", rx.match(Money.view, *shown, shown[0][1]))


def tabs_with(active: str) -> rx.Component:
    """What can be ordered, 银行转账 and 异常处理; `active` is the address of one of them."""
    items = [(text(f"money_admin.tab_{view}"), _tab(view)) for view in VIEWS if view == _leads(view)]
    items.insert(-1, (text("transfers.title"), routes.OPERATOR_TRANSFERS))
    return tabs(text("money_admin.title"), items, active=active)


def money_body() -> rx.Component:
    """Of the views the one that the address names: lists on the left, the form on the right."""
    shown = [(view, _view(view)) for view in VIEWS]
    return cast("rx.Component", rx.match(Money.view, *shown, shown[0][1]))


def codes_dialog() -> rx.Component:
    """The codes of a batch, once."""
    return dialog(
        note(text("money_admin.codes_once"), tone="amber"),
        textarea_field("codes", text("money_admin.codes"), value=Money.codes, read_only=True, rows=12),
        id="voucher-codes",
        title=text("money_admin.codes"),
        is_open=Money.codes != "",
        on_close=Money.close_codes,
        footer=(copy_button(Money.codes), cancel_button(text("dialog.close"))),
    )


def _leads(view: View) -> View:
    """The view whose tab leads to this one."""
    return OF_MATTERS[0] if view in OF_MATTERS else view


def _tab(view: View) -> str:
    return routes.operator_money("" if view == VIEWS[0] else view)


def _view(view: View) -> rx.Component:
    lists = [_acts(view)]
    if view == "batch":
        lists.insert(0, _batches())
    if view in OF_ACCOUNT:
        lists.insert(0, _things(view))
    if view in OF_MATTERS:
        lists.insert(0, matters_panel())
    return rx.el.div(stack(*lists), _form(view), class_name="gc-split")


def _form(view: View) -> rx.Component:
    asked = FORMS[view]
    return panel(
        form(
            hidden_field("key", Money.key),
            hidden_field("shown", Money.shown),
            *form_fields(asked, Money, leave=lambda name, value: Money.leave(view, name, value)),
            when(Money.shown != "", _rehearsal()),
            submit(
                rx.cond(
                    Money.shown == "",
                    text("money_admin.preview"),
                    rx.cond(
                        Money.needs_second,
                        text("money_admin.ask", amount=Money.amount),
                        text("money_admin.do", amount=Money.amount),
                    ),
                ),
                busy=Money.is_busy,
            ),
            on_submit=_HANDLERS[view],
            busy=Money.is_busy,
            refusals=Money.refusals,
            problems=Money.problems,
            labels=form_labels(asked),
            key=Money.key,
        ),
        title=text(f"approval.title.{view}"),
        lead=text(f"money_admin.lead_{view}"),
        class_name="gc-split-form",
    )


def _rehearsal() -> rx.Component:
    """What the order would move, beside the button that does it."""
    return rx.el.section(
        rx.el.h3(text("money_admin.dry_run")),
        when(Money.whose != "", rx.el.p(Money.whose, **VERBATIM)),
        rx.cond(
            Money.entries.length() > 0,
            entries_table(Money.entries, Money.total, label=text("money_admin.dry_run")),
            rx.el.p(text("money_admin.no_entries")),
        ),
        changes_list(Money.changes),
        rx.cond(
            Money.needs_second,
            note(translated(Money.why_second), tone="amber", title=text("money_admin.second"), icon_name="users"),
            note(text("money_admin.alone")),
        ),
        aria_live="polite",
        class_name="gc-rehearsal",
    )


def _things(view: View) -> rx.Component:
    title = text(f"money_admin.things_{view}")
    return panel(
        rx.el.div(
            plain_form(
                *form_fields(
                    PayerSearch,
                    Money,
                    has_marks=False,
                    q={
                        "action": submit(text("operator.find"), kind="secondary", size="large", is_wide=False),
                    },
                ),
                on_submit=Money.find,
                class_name="gc-operator-search",
            ),
            class_name="gc-panel-body",
        ),
        rx.cond(
            Money.things.length() > 0,
            table(
                [
                    Column(text("money_admin.thing"), _thing, phone="main"),
                    Column(text(f"money_admin.at_{view}"), lambda row: translated(row.at)),
                    Column(text("money_admin.face"), lambda row: row.amount, is_end=True, phone="line"),
                    Column(text("money_admin.left"), lambda row: row.left, is_end=True),
                ],
                Money.things,
                label=title,
            ),
            rx.el.p(
                rx.cond(
                    Money.account_problem.zh != "",  # pyright: ignore[reportAttributeAccessIssue] - a var's field is one
                    translated(Money.account_problem),
                    rx.cond(Money.account != "", text("money_admin.no_things"), text("money_admin.find_first")),
                ),
                class_name="gc-panel-note",
            ),
        ),
        title=title,
        is_flush=True,
    )


def _thing(row: Any) -> rx.Component:
    return rx.el.span(
        link(translated(row.name), href=row.href, **VERBATIM),
        rx.cond(row.detail != "", rx.el.small(row.detail, class_name="gc-whole-id"), rx.fragment()),
        class_name="gc-stacked",
    )


def _batches() -> rx.Component:
    return panel(
        rx.cond(
            Money.batches.length() > 0,
            table(
                [
                    Column(text("money_admin.name"), _batch_name, phone="main"),
                    Column(text("money_admin.face"), lambda row: row.face, is_end=True),
                    Column(text("money_admin.count"), lambda row: row.count, is_end=True),
                    Column(text("money_admin.used"), lambda row: row.used, is_end=True, phone="line"),
                    Column(text("money_admin.unused"), lambda row: row.unused, is_end=True, phone="line"),
                    Column(text("money_admin.given"), lambda row: row.given, is_end=True, phone="line"),
                    Column(text("money_admin.action"), _batch_action, is_end=True),
                ],
                Money.batches,
                label=text("money_admin.batches"),
            ),
            rx.el.p(text("money_admin.no_batches"), class_name="gc-panel-note"),
        ),
        title=text("money_admin.batches"),
        lead=text("money_admin.batches_lead"),
        is_flush=True,
    )


def _batch_name(row: Any) -> rx.Component:
    return rx.el.span(
        rx.el.span(row.name, **VERBATIM),
        rx.el.small(text("money_admin.until"), " ", translated(row.until)),
        class_name="gc-stacked",
    )


def _batch_action(row: Any) -> rx.Component:
    return rx.el.span(
        rx.cond(
            row.is_sealed,
            button(text("money_admin.take_codes"), kind="link", on_click=Money.open_codes(row.id)),
            rx.cond(
                row.voided != "",
                badge(text("voiding.voided", count=row.voided)),
                badge(text("money_admin.codes_taken")),
            ),
        ),
        void_action(row),
        class_name="gc-row",
    )


def _acts(view: View) -> rx.Component:
    revocable = [Column(text("money_admin.action"), _revocation, is_end=True)] if view == VIEWS[0] else []
    return panel(
        rx.cond(
            Money.acts.length() > 0,
            table(
                [
                    Column(text("money_admin.what"), _what, phone="main"),
                    Column(text("money_admin.at"), lambda row: translated(row.at), phone="line"),
                    Column(text("money_admin.account"), _account, phone="line"),
                    Column(text("operator.reason"), lambda row: verbatim(row.reason)),
                    Column(text("money_admin.amount"), lambda row: row.amount, is_end=True),
                    Column(text("operator.state"), act_state, is_end=True),
                    *revocable,
                ],
                Money.acts,
                label=text("money_admin.acts"),
            ),
            rx.el.p(text("money_admin.no_acts"), class_name="gc-panel-note"),
        ),
        title=text("money_admin.acts"),
        is_flush=True,
    )


def _revocation(row: Any) -> rx.Component:
    return rx.cond(row.revoke_href != "", link(text("money_admin.tab_revoke"), href=row.revoke_href), "—")


def _what(row: Any) -> rx.Component:
    return link(purse(row.purse, translated(row.kind)), href=row.href)


def _account(row: Any) -> rx.Component:
    return rx.cond(row.account_href != "", link(row.account, href=row.account_href, **VERBATIM), "—")
