"""A price list as a table, and how a cost comes about."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal.components.icons import icon
from guance_portal.components.messages import text, translated
from guance_portal.components.money import money
from guance_portal.components.table import Column, table


def price_table(rows: rx.Var[Any]) -> rx.Component:
    """The `PriceRow`s of a list, one line a tier; what its tiers share is drawn once."""
    return table(
        [
            Column(text("pricing.item"), lambda row: _once(row, row.name), phone="main"),
            Column(text("pricing.unit"), lambda row: _once(row, row.unit)),
            Column(text("pricing.basis"), lambda row: _once(row, row.basis)),
            Column(text("pricing.kept"), lambda row: translated(row.days)),
            Column(text("pricing.price"), lambda row: money(row.price), is_end=True, phone="main"),
        ],
        rows,
        label=text("pricing.table"),
    )


def formula() -> rx.Component:
    """费用 = 用量 ÷ 计费单元 × 单价, and what is rounded when."""
    return rx.el.div(
        rx.el.p(text("pricing.formula"), class_name="gc-formula"),
        rx.el.ul(
            *(
                rx.el.li(icon("check", 14), rx.el.span(text(f"pricing.formula_{part}")))
                for part in ("quotient", "line", "bill", "day", "active")
            ),
            class_name="gc-formula-notes",
        ),
    )


def _once(row: Any, words: Any) -> rx.Component:
    """Drawn in the first line of an item, and read in all of them."""
    return rx.el.span(translated(words), class_name=rx.cond(row.is_first, "", "gc-repeated"))
