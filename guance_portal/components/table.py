"""Tables: columns on wide screens; on phones a few lines a row, or the compared columns below the name of their row.

The roles are spelt out because a table drawn as lines loses those it has by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import reflex as rx

from guance_portal.components.base import Child, TextLike, attributes, classes

Phone = Literal["main", "minor", "line", "hidden"]
"""On phones: in the first line, in the second line (small and grey), in a line of its own behind the name of its column, or
not at all, because another cell says the same there."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its header and what a cell shows of a row (a Var of the row's dataclass)."""

    header: TextLike
    cell: Callable[[Any], Child]
    is_end: bool = False
    phone: Phone = "minor"


def table(
    columns: Sequence[Column],
    rows: rx.Var[Any],
    *,
    label: TextLike,
    total: Sequence[Child] | None = None,
) -> rx.Component:
    """A table of `rows`; the first column heads its row. Numbers stand at the end (`is_end`).

    `total` gives the cells of the last line, one for each column.
    """
    body = rx.el.tbody(rx.foreach(rows, partial(_row, columns=columns)), role="rowgroup")
    foot = [rx.el.tfoot(_total(columns, total), role="rowgroup")] if total else []
    return _framed(rx.el.tr(*(_header(c) for c in columns), role="row"), body, *foot, label=label)


def comparison_table(heads: Sequence[Child], rows: Sequence[Sequence[Child]], *, label: TextLike) -> rx.Component:
    """Things side by side: the first cell of each row says what is compared, the others stand below their heads."""
    return _framed(
        rx.el.tr(*(rx.el.th(head, scope="col", role="columnheader") for head in heads), role="row"),
        rx.el.tbody(*(_compared(*cells) for cells in rows), role="rowgroup"),
        label=label,
        look="compared",
    )


def _framed(heads: rx.Component, *bodies: rx.Component, label: TextLike, look: str = "") -> rx.Component:
    return rx.el.div(
        rx.el.table(
            rx.el.thead(heads, role="rowgroup"),
            *bodies,
            aria_label=label,
            class_name=classes("gc-table", look),
            role="table",
        ),
        class_name="gc-table-frame",
        role="region",
        aria_label=label,
        tab_index=0,
    )


def _compared(what: Child, *cells: Child) -> rx.Component:
    return rx.el.tr(
        rx.el.th(what, scope="row", role="rowheader"), *(rx.el.td(cell, role="cell") for cell in cells), role="row"
    )


def _total(columns: Sequence[Column], cells: Sequence[Child]) -> rx.Component:
    pairs = zip(columns, cells, strict=True)
    return rx.el.tr(*(_data(column, cell) for column, cell in pairs), role="row")


def _header(column: Column) -> rx.Component:
    return rx.el.th(column.header, class_name=_look(column), scope="col", role="columnheader")


def _row(row: Any, columns: Sequence[Column]) -> rx.Component:
    return rx.el.tr(*(_cell(position, column, row) for position, column in enumerate(columns)), role="row")


def _cell(position: int, column: Column, row: Any) -> rx.Component:
    if position == 0:
        return rx.el.th(column.cell(row), class_name=_look(column), scope="row", role="rowheader")
    return _data(column, column.cell(row))


def _data(column: Column, cell: Child) -> rx.Component:
    label = rx.el.span(column.header, class_name="gc-cell-label", custom_attrs=attributes(aria_hidden=True))
    is_empty = isinstance(cell, str) and not cell
    lead = (label,) if column.phone == "line" and not is_empty else ()
    return rx.el.td(*lead, cell, class_name=_look(column), role="cell")


def _look(column: Column) -> str:
    phone = {"main": "main", "minor": "minor", "line": "line", "hidden": "wide-only"}[column.phone]
    return classes("end" if column.is_end else "", phone)
