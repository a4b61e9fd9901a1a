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
    shown = [badge(text(f"style_guide.badge.{name}"), tone=tone, icon_name=sign) for name, tone, sign in _BADGES]
    return panel(
        rx.el.div(badge(text("style_guide.badge.free"), is_strong=True), *shown, class_name="gc-row"),
        title=text("style_guide.badges"),
    )


def _quotas() -> rx.Component:
    reset, low = text("style_guide.quota.reset"), badge(text("style_guide.badge.low"), tone="amber")
    full = badge(text("style_guide.badge.used_up"), tone="red")
    return panel(
        rx.el.div(
            quota(
                text("style_guide.quota.pv"),
                percent=32,
                used="642",
                limit="2,000",
                reset=reset,
                icon_name="mouse-pointer-click",
            ),
            quota(
                text("style_guide.quota.logs"),
                percent=92,
                used="924,180",
                limit="1,000,000",
                reset=reset,
                tone="amber",
                icon_name="scroll-text",
                badge=low,
            ),
            quota(
                text("style_guide.quota.trace"),
                percent=100,
                used="8,000",
                limit="8,000",
                reset=text("style_guide.quota.stopped"),
                tone="red",
                icon_name="waypoints",
                badge=full,
            ),
            class_name="gc-stack",
        ),
        title=text("style_guide.quotas"),
    )


def _amounts() -> rx.Component:
    return panel(
        rx.el.p(figure("¥", "5,912.14", is_key=True)),
        rx.el.p(figure("$", "370.79")),
        facts(
            (text("style_guide.amount.month"), money("¥1,234.56")),
            (text("style_guide.badge.arrears"), money("−¥86.40", standing="owed")),
            (text("style_guide.badge.settled"), money("+¥500.00", standing="credit")),
            (text("style_guide.table.price"), money("¥0.007", unit="/ GB")),
        ),
        title=text("style_guide.amounts"),
    )


def _steps() -> rx.Component:
    names = [text("style_guide.step.basic"), text("style_guide.step.company"), text("style_guide.step.settlement")]
    return panel(
        stepper(text("style_guide.stepper"), names, at=1),
        rx.el.h3(text("style_guide.tabs")),
        tabs(
            text("style_guide.tabs"),
            [
                (text("style_guide.tab.month"), routes.SANDBOX_STYLE_GUIDE),
                (text("style_guide.tab.yesterday"), f"{routes.SANDBOX_STYLE_GUIDE}?view=yesterday"),
            ],
            active=routes.SANDBOX_STYLE_GUIDE,
        ),
        rx.el.div(
            segments(
                "view",
                text("style_guide.tabs"),
                [("month", text("style_guide.tab.month")), ("yesterday", text("style_guide.tab.yesterday"))],
                value=StyleGuideState.view,
                on_change=StyleGuideState.choose_view,
            ),
            class_name="gc-row",
        ),
        title=text("style_guide.stepper"),
    )


def _table() -> rx.Component:
    logs = _Row(server_text("style_guide.quota.logs"), "1,018.91", Text("百万条", "M lines"), "¥1.50", "¥1,528.37")
    series = _Row(
        server_text("style_guide.row.series"),
        "681.14",
        server_text("style_guide.row.series_unit"),
        "¥3.00",
        "¥2,043.42",
    )
    rows = rx.Var.create([series, logs]).to(list[_Row])
    columns = [
        Column(text("style_guide.table.item"), lambda row: translated(row.item), phone="main"),
        Column(text("style_guide.table.usage"), lambda row: money(row.usage, unit=translated(row.unit)), is_end=True),
        Column(text("style_guide.table.price"), lambda row: money(row.price), is_end=True),
        Column(text("style_guide.table.cost"), lambda row: money(row.cost), is_end=True, phone="main"),
    ]
    return panel(
        table(
            columns,
            rows,
            label=text("style_guide.tables"),
            total=[text("style_guide.table.total"), "", "", money("¥3,571.79")],
        ),
        title=text("style_guide.tables"),
        lead=text("style_guide.tables_lead"),
        is_flush=True,
    )


def _comparison() -> rx.Component:
    return panel(
        comparison_table(
            [text("style_guide.table.item"), text("style_guide.badge.free"), text("style_guide.badge.commercial")],
            [
                [text("style_guide.quota.logs"), "1,000,000", text("style_guide.table.unlimited")],
                [text("style_guide.quota.trace"), "8,000", text("style_guide.table.unlimited")],
            ],
            label=text("style_guide.comparison"),
        ),
        title=text("style_guide.comparison"),
        lead=text("style_guide.comparison_lead"),
        is_flush=True,
    )


def _empty_table() -> rx.Component:
    columns = [
        Column(text("style_guide.table.item"), lambda row: translated(row.item), phone="main"),
        Column(text("style_guide.table.cost"), lambda row: money(row.cost), is_end=True, phone="main"),
    ]
    nothing = rx.Var.create(list[_Row]()).to(list[_Row])
    return panel(
        table(columns, nothing, label=text("style_guide.empty_table")),
        empty_state(text("style_guide.empty.title"), text("style_guide.empty.text"), icon_name="receipt-text"),
        title=text("style_guide.empty_table"),
        is_flush=True,
    )
