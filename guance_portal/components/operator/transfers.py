"""银行转账: a statement is sent, its lines with what became of them, and the newest statements."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal import routes
from guance_portal.components.base import VERBATIM
from guance_portal.components.buttons import submit
from guance_portal.components.feedback import note
from guance_portal.components.field_frame import field, field_id
from guance_portal.components.fields import text_field
from guance_portal.components.forms import upload_form
from guance_portal.components.links import link
from guance_portal.components.messages import text, translated
from guance_portal.components.operator.acts import act_state
from guance_portal.components.operator.effects import verbatim
from guance_portal.components.page_parts import panel, stack, when
from guance_portal.components.selects import Option, select_field
from guance_portal.components.table import Column, table
from guance_portal.core.money import Currency
from guance_portal.payments.statement_rules import Columns
from guance_portal.state.operator.transfers import OperatorTransfersState as Transfers


def transfers_body() -> rx.Component:
    """The statement that is looked at and the newest ones, beside the form for another."""
    return rx.el.div(
        stack(
            when(Transfers.name != "", _statement()),
            _recent(),
        ),
        _form(),
        class_name="gc-split",
    )


def _form() -> rx.Component:
    name = "file"
    return panel(
        when(
            Transfers.problem.zh != "",  # pyright: ignore[reportAttributeAccessIssue] - a var's field is one
            note(translated(Transfers.problem), tone="red", is_live=True),
        ),
        upload_form(
            text_field(
                "bank",
                text("transfers.bank"),
                required=True,
                help=rx.cond(
                    Transfers.banks != "",
                    rx.fragment(text("transfers.known"), " ", rx.el.span(Transfers.banks, **VERBATIM)),
                    rx.fragment(text("transfers.first")),
                ),
                auto_complete="off",
                max_length=100,
                **_typed("bank"),
            ),
            field(
                name,
                text("transfers.file"),
                rx.el.input(id=field_id(name), name=name, type="file", accept=".csv,text/csv", required=True),
                problem=None,
                help=text("transfers.file_help"),
                required=True,
            ),
            rx.el.details(
                rx.el.summary(text("transfers.columns")),
                rx.el.p(text("transfers.columns_lead"), class_name="gc-help"),
                select_field(
                    "currency",
                    text("operator.currency"),
                    [Option(one.value, text(f"fee_center.currency_{one}")) for one in Currency],
                    default_value=rx.cond(Transfers.typed["currency"] != "", Transfers.typed["currency"], Currency.CNY),
                    key=Transfers.typed["currency"],
                ),
                *(
                    text_field(
                        column,
                        text(f"transfers.column_{column}"),
                        auto_complete="off",
                        max_length=100,
                        **_typed(column),
                    )
                    for column in Columns.__dataclass_fields__
                ),
                open=Transfers.are_columns_open,
                class_name="gc-columns",
            ),
            submit(text("transfers.import"), icon_name="upload"),
            action=routes.OPERATOR_STATEMENTS,
        ),
        title=text("transfers.import"),
        lead=text("transfers.import_lead"),
        class_name="gc-split-form",
    )


def _typed(name: str) -> dict[str, Any]:
    """What was typed before the file was refused."""
    return {"default_value": Transfers.typed[name], "key": Transfers.typed[name]}


def _statement() -> rx.Component:
    return panel(
        when(Transfers.unread.length() > 0, _unread()),
        when(Transfers.lines.length() > 0, _lines()),
        title=rx.el.span(Transfers.name, **VERBATIM),
        lead=rx.el.span(translated(Transfers.about), **VERBATIM),
        is_flush=True,
    )


def _unread() -> rx.Component:
    return rx.fragment(
        rx.el.div(
            note(text("transfers.unread_lead"), tone="amber", title=text("transfers.unread")),
            class_name="gc-panel-body",
        ),
        table(
            [
                Column(text("transfers.line"), lambda row: row.number, phone="main"),
                Column(text("transfers.fault"), lambda row: translated(row.fault)),
                Column(text("transfers.written"), lambda row: verbatim(row.written)),
            ],
            Transfers.unread,
            label=text("transfers.unread"),
        ),
    )


def _lines() -> rx.Component:
    return rx.fragment(
        rx.el.p(
            text("transfers.total"),
            " ",
            rx.el.b(Transfers.total),
            " = ",
            rx.foreach(Transfers.sums, _sum),
            class_name="gc-panel-note gc-sums",
        ),
        table(
            [
                Column(text("transfers.serial"), _serial, phone="main"),
                Column(text("transfers.column_payer"), lambda row: verbatim(row.payer)),
                Column(text("transfers.column_memo"), lambda row: verbatim(row.memo), phone="line"),
                Column(text("money_admin.amount"), lambda row: row.amount, is_end=True),
                Column(text("money_admin.account"), _account, phone="line"),
                Column(text("money_admin.result"), act_state),
                Column(text("money_admin.action"), _actions, is_end=True),
            ],
            Transfers.lines,
            label=text("transfers.lines_of"),
        ),
        rx.el.p(text("transfers.means"), class_name="gc-panel-note"),
    )


def _sum(row: Any) -> rx.Component:
    return rx.el.span(
        row.sign, " ", translated(row.text), " ", rx.el.b(row.amount), " ", rx.el.small(translated(row.count))
    )


def _serial(row: Any) -> rx.Component:
    return rx.el.span(
        rx.el.span(row.serial, class_name="gc-mono", **VERBATIM),
        rx.el.small(translated(row.at)),
        class_name="gc-stacked",
    )


def _account(row: Any) -> rx.Component:
    return rx.cond(row.account_href != "", link(row.account, href=row.account_href, **VERBATIM), "—")


def _actions(row: Any) -> rx.Component:
    return rx.el.span(
        when(row.see_href != "", link(text("transfers.see"), href=row.see_href)),
        when(row.claim_href != "", link(text("money_admin.claim"), href=row.claim_href)),
        when(row.back_href != "", link(text("money_admin.send_back"), href=row.back_href)),
        when(row.request_href != "", link(text("money_admin.see_request"), href=row.request_href)),
        class_name="gc-row",
    )


def _recent() -> rx.Component:
    return panel(
        rx.cond(
            Transfers.recent.length() > 0,
            table(
                [
                    Column(text("transfers.file"), lambda row: link(row.name, href=row.href, **VERBATIM), phone="main"),
                    Column(text("transfers.bank"), lambda row: verbatim(row.bank)),
                    Column(text("transfers.by"), lambda row: verbatim(row.by), phone="line"),
                    Column(text("money_admin.at"), lambda row: translated(row.at), phone="line"),
                    Column(text("operator.state"), act_state, is_end=True),
                ],
                Transfers.recent,
                label=text("transfers.recent"),
            ),
            rx.el.p(text("transfers.none"), class_name="gc-panel-note"),
        ),
        title=text("transfers.recent"),
        is_flush=True,
    )
