"""The style guide's steps of a dialog, waiting, chart, prices, identity fields, and the navigation of the console."""

from __future__ import annotations

import reflex as rx

from guance_portal import routes
from guance_portal.components.billing.price_table import formula, price_table
from guance_portal.components.charts import bar_chart
from guance_portal.components.identity_fields import code_field, new_password_field, username_field
from guance_portal.components.messages import text
from guance_portal.components.page_parts import panel
from guance_portal.components.realm_pages import CONSOLE_NAV, Viewer, drawer, rail, user_menu
from guance_portal.components.vertical_steps import step, vertical_steps
from guance_portal.components.waiting import after, elapsed, remaining
from guance_portal.core.actor import Realm
from guance_portal.core.messages import Text
from guance_portal.core.messages import text as server_text
from guance_portal.state.billing.prices import PriceRow
from guance_portal.state.billing.usage import Bar
from guance_portal.state.style_guide import StyleGuideState

_STEP_STATES = ("done", "now", "wrong", "waiting", "next", "later")
_USED = (420, 610, 380, 0, 730, 690, 540)


def sections() -> list[rx.Component]:
    """Everything that takes time or follows the person, and what money is counted by."""
    return [_identity(), _steps(), _waiting(), _chart(), _prices(), _formula(), _navigation()]


def _identity() -> rx.Component:
    return panel(
        rx.el.div(
            username_field(
                StyleGuideState,
                draft=StyleGuideState.username,
                help=text("style_guide.field.checking_help"),
                on_change=StyleGuideState.type_name.debounce(300),
                on_save=StyleGuideState.type_name,
                on_take=StyleGuideState.type_name,
            ),
            new_password_field(StyleGuideState, "sample_new_password", text("style_guide.field.password")),
            code_field(
                StyleGuideState,
                text("style_guide.field.code"),
                help=text("style_guide.code_help"),
                on_send=StyleGuideState.send_code,
            ),
            class_name="gc-sheet-fields",
        ),
        title=text("style_guide.identity"),
    )


def _steps() -> rx.Component:
    steps = [
        step(number, text(f"style_guide.step_state.{state}"), rx.el.p(text("style_guide.step_body")), state=state)
        for number, state in enumerate(_STEP_STATES, 1)
    ]
    return panel(vertical_steps(text("style_guide.vertical_steps"), *steps), title=text("style_guide.vertical_steps"))


def _waiting() -> rx.Component:
    return panel(
        rx.el.p(elapsed(text("guide.elapsed", time="{time}"), start=75)),
        rx.el.p(remaining(text("recharge.pending_left", time="{time}"), seconds=rx.Var.create(900))),
        after(0, rx.el.p(text("style_guide.waited_long"))),
        title=text("style_guide.waiting"),
    )


def _chart() -> rx.Component:
    bars = [
        Bar(label=f"07-{day:02}", day=f"2026-07-{day:02}", value=used, text=f"{used:,}")
        for day, used in enumerate(_USED, 1)
    ]
    return panel(
        bar_chart(rx.Var.create(bars), color=rx.Var.create("var(--c2)"), summary=text("style_guide.chart_summary")),
        title=text("style_guide.chart"),
    )


def _prices() -> rx.Component:
    logs = server_text("style_guide.quota.logs")
    basis, unit = server_text("style_guide.price.basis"), server_text("style_guide.price.unit")
    rows = [
        PriceRow("logs", logs, basis, unit, Text("3 天", "3 days"), "¥1.00", is_first=True),
        PriceRow("logs", logs, basis, unit, Text("7 天", "7 days"), "¥1.20", is_first=False),
        PriceRow("series", server_text("style_guide.row.series"), basis, unit, Text("—", "—"), "¥3.00", is_first=True),
    ]
    return panel(price_table(rx.Var.create(rows).to(list[PriceRow])), title=text("style_guide.prices"), is_flush=True)


def _formula() -> rx.Component:
    return panel(formula(), title=text("pricing.how"))


def _navigation() -> rx.Component:
    viewer = Viewer(name=rx.Var.create("林知夏").to(str), detail=rx.Var.create("lin@yunfan.example").to(str))
    return panel(
        rx.el.div(
            rail(CONSOLE_NAV, routes.ACCOUNT),
            drawer(CONSOLE_NAV),
            user_menu(viewer, Realm.CONSOLE, routes.ACCOUNT),
            class_name="gc-row",
        ),
        title=text("style_guide.navigation"),
    )
