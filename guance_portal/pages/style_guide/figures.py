"""The style guide's badges, quotas, amounts, table, tabs and steps."""

from __future__ import annotations

from dataclasses import dataclass

import reflex as rx

from guance_portal import routes
from guance_portal.components.badges import Tone, badge
from guance_portal.components.feedback import empty_state
from guance_portal.components.messages import text, translated
from guance_portal.components.meter import quota
from guance_portal.components.money import figure, money
from guance_portal.components.page_parts import facts, panel
from guance_portal.components.stepper import stepper
from guance_portal.components.table import Column, comparison_table, table
from guance_portal.components.tabs import segments, tabs
from guance_portal.core.messages import Text
from guance_portal.core.messages import text as server_text
from guance_portal.state.style_guide import StyleGuideState

_BADGES: tuple[tuple[str, Tone, str | None], ...] = (
    ("commercial", "indigo", None),
    ("recommended", "indigo", None),
    ("current", "green", "check"),
    ("settled", "green", None),
    ("low", "amber", None),
    ("arrears", "red", None),
    ("used_up", "red", None),
    ("locked", "gray", "lock"),
)


@dataclass(frozen=True, slots=True)
class _Row:
    item: Text
    usage: str
    unit: Text
    price: str
    cost: str


def sections() -> list[rx.Component]:
    """Everything that tells a state or a figure."""
    return [_badges(), _quotas(), _amounts(), _steps(), _table(), _comparison(), _empty_table()]


def _badges() -> rx.Component:
    shown = [badge(text(f"look.badge.{name}"), tone=tone, icon_name=sign) for name, tone, sign in _BADGES]
    return panel(
        rx.el.div(badge(text("look.badge.free"), is_strong=True), *shown, class_name="gc-row"),
        title=text("look.badges"),
    )


def _quotas() -> rx.Component:
    reset, low = text("look.quota.reset"), badge(text("look.badge.low"), tone="amber")
    full = badge(text("look.badge.used_up"), tone="red")
    return panel(
        rx.el.div(
            quota(
                text("look.quota.pv"),
                percent=32,
                used="642",
                limit="2,000",
                reset=reset,
                icon_name="mouse-pointer-click",
            ),
            quota(
                text("look.quota.logs"),
                percent=92,
                used="924,180",
                limit="1,000,000",
                reset=reset,
                tone="amber",
                icon_name="scroll-text",
                badge=low,
            ),
            quota(
                text("look.quota.trace"),
                percent=100,
                used="8,000",
                limit="8,000",
                reset=text("look.quota.stopped"),
                tone="red",
                icon_name="waypoints",
                badge=full,
            ),
            class_name="gc-stack",
        ),
        title=text("look.quotas"),
    )


def _amounts() -> rx.Component:
    return panel(
        rx.el.p(figure("¥", "5,912.14", is_key=True)),
        rx.el.p(figure("$", "370.79")),
        facts(
            (text("look.amount.month"), money("¥1,234.56")),
            (text("look.badge.arrears"), money("−¥86.40", standing="owed")),
            (text("look.badge.settled"), money("+¥500.00", standing="credit")),
            (text("look.table.price"), money("¥0.007", unit="/ GB")),
        ),
        title=text("look.amounts"),
    )


def _steps() -> rx.Component:
    names = [text("look.step.basic"), text("look.step.company"), text("look.step.settlement")]
    return panel(
        stepper(text("look.stepper"), names, at=1),
        rx.el.h3(text("look.tabs")),
        tabs(
            text("look.tabs"),
            [
                (text("look.tab.month"), routes.SANDBOX_STYLE_GUIDE),
                (text("look.tab.yesterday"), f"{routes.SANDBOX_STYLE_GUIDE}?view=yesterday"),
            ],
            active=routes.SANDBOX_STYLE_GUIDE,
        ),
        rx.el.div(
            segments(
                "view",
                text("look.tabs"),
                [("month", text("look.tab.month")), ("yesterday", text("look.tab.yesterday"))],
                value=StyleGuideState.view,
                on_change=StyleGuideState.choose_view,
            ),
            class_name="gc-row",
        ),
        title=text("look.stepper"),
    )


def _table() -> rx.Component:
    logs = _Row(server_text("look.quota.logs"), "1,018.91", Text("百万条", "M lines"), "¥1.50", "¥1,528.37")
    series = _Row(server_text("look.row.series"), "681.14", server_text("look.row.series_unit"), "¥3.00", "¥2,043.42")
    rows = rx.Var.create([series, logs]).to(list[_Row])
    columns = [
        Column(text("look.table.item"), lambda row: translated(row.item), phone="main"),
        Column(text("look.table.usage"), lambda row: money(row.usage, unit=translated(row.unit)), is_end=True),
        Column(text("look.table.price"), lambda row: money(row.price), is_end=True),
        Column(text("look.table.cost"), lambda row: money(row.cost), is_end=True, phone="main"),
    ]
    return panel(
        table(columns, rows, label=text("look.tables"), total=[text("look.table.total"), "", "", money("¥3,571.79")]),
        title=text("look.tables"),
        lead=text("look.tables_lead"),
        is_flush=True,
    )


def _comparison() -> rx.Component:
    return panel(
        comparison_table(
            [text("look.table.item"), text("look.badge.free"), text("look.badge.commercial")],
            [
                [text("look.quota.logs"), "1,000,000", text("look.table.unlimited")],
                [text("look.quota.trace"), "8,000", text("look.table.unlimited")],
            ],
            label=text("look.comparison"),
        ),
        title=text("look.comparison"),
        lead=text("look.comparison_lead"),
        is_flush=True,
    )


def _empty_table() -> rx.Component:
    columns = [
        Column(text("look.table.item"), lambda row: translated(row.item), phone="main"),
        Column(text("look.table.cost"), lambda row: money(row.cost), is_end=True, phone="main"),
    ]
    nothing = rx.Var.create(list[_Row]()).to(list[_Row])
    return panel(
        table(columns, nothing, label=text("look.empty_table")),
        empty_state(text("look.empty.title"), text("look.empty.text"), icon_name="receipt-text"),
        title=text("look.empty_table"),
        is_flush=True,
    )
