"""What each file of bills holds: its columns, and the rows that a bill makes in it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from guance_portal.billing.bills.tables import BillLineRow, BillRow, BillState
from guance_portal.billing.bills.view_queries import PAYING
from guance_portal.core.exports.table import Cell, CellKind, ExportColumn, Row
from guance_portal.core.messages import Language, text
from guance_portal.core.money import EXACT, Money
from guance_portal.ledger.chart import Kind
from guance_portal.metering.items import Item

_TEXT, _NUMBER, _MONEY, _EXACT = CellKind.TEXT, CellKind.NUMBER, CellKind.MONEY, CellKind.EXACT


class BillContent(StrEnum):
    """The files that there are: a row for each line, for each bill, for each item that was used on a day."""

    LINES = "lines"
    BILLS = "bills"
    USAGE = "usage"


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenBill:
    """A bill with all that stands beside it in a file. `paid` is None for one that waits."""

    bill: BillRow
    workspace: str
    cloud: str
    lines: Sequence[BillLineRow]
    paid: Mapping[Kind, int] | None


_HEAD = (
    ExportColumn(text("bills.number"), width=18),
    ExportColumn(text("bill_files.kind"), width=12),
    ExportColumn(text("bills.day"), CellKind.DAY, 12),
    ExportColumn(text("bills.workspace"), width=24),
    ExportColumn(text("bill_files.workspace_id"), width=26),
    ExportColumn(text("bill_files.site"), width=8),
    ExportColumn(text("bills.payer"), width=18),
    ExportColumn(text("bill_files.cloud"), width=18),
)
_ITEM = (
    ExportColumn(text("bills.item"), width=22),
    ExportColumn(text("bill_files.item_code"), width=20),
    ExportColumn(text("bill_files.used_on"), CellKind.DAY, 12),
    ExportColumn(text("bill_files.is_late"), width=8),
)
COLUMNS: Mapping[BillContent, tuple[ExportColumn, ...]] = {
    BillContent.LINES: (
        *_HEAD,
        *_ITEM,
        ExportColumn(text("bill_files.kept_days"), _NUMBER, 12),
        ExportColumn(text("bills.list"), width=24),
        ExportColumn(text("bill_files.measure"), width=10),
        ExportColumn(text("bills.usage"), _EXACT, 16),
        ExportColumn(text("bill_files.billable"), _EXACT, 16),
        ExportColumn(text("bills.unit_name"), _NUMBER, 12),
        ExportColumn(text("bills.quotient"), _EXACT, 14),
        ExportColumn(text("bill_files.billed"), _EXACT, 14),
        ExportColumn(text("bills.price"), _EXACT, 12),
        ExportColumn(text("bill_files.currency"), width=8),
        ExportColumn(text("bills.exact"), _EXACT, 18),
        ExportColumn(text("bills.cost"), _MONEY, 14),
    ),
    BillContent.BILLS: (
        *_HEAD,
        ExportColumn(text("bill_files.begins"), CellKind.MOMENT, 21),
        ExportColumn(text("bill_files.ends"), CellKind.MOMENT, 21),
        ExportColumn(text("bill_files.hours"), _NUMBER, 8),
        ExportColumn(text("bills.state"), width=10),
        ExportColumn(text("bill_files.currency"), width=8),
        ExportColumn(text("bills.exact"), _EXACT, 18),
        ExportColumn(text("bills.amount"), _MONEY, 14),
        *(ExportColumn(text(f"bills.kind_{kind}"), _MONEY, 14) for kind in PAYING),
        ExportColumn(text("bills.check_bill"), width=66),
    ),
    BillContent.USAGE: (
        *_HEAD[:6],
        *_ITEM,
        ExportColumn(text("bill_files.measure"), width=10),
        ExportColumn(text("bills.usage"), _EXACT, 18),
    ),
}


def rows_of(content: BillContent, one: WrittenBill, language: Language) -> list[Row]:
    """The rows of a bill, in the order of its lines."""
    return _ROWS[content](one, language)


def _head(one: WrittenBill, language: Language) -> tuple[Cell, ...]:
    bill = one.bill
    return (
        bill.code,
        text(f"bills.{bill.kind}").in_(language),
        bill.day,
        one.workspace,
        bill.workspace_id,
        bill.site,
        text(f"settlement_method.{bill.method}").in_(language),
        one.cloud,
    )


def _item(item: Item, day: date, language: Language, *, is_late: bool) -> tuple[Cell, ...]:
    said = text("bill_files.yes" if is_late else "bill_files.no").in_(language)
    return text(item.message_key).in_(language), item.value, day, said


def _measure(item: Item, language: Language) -> str:
    return text(f"billing.measure.{item.traits.measure}").in_(language)


def _line_rows(one: WrittenBill, language: Language) -> list[Row]:
    rows: list[Row] = []
    for line in one.lines:
        item = Item(line.item)
        rows.append(
            (
                *_head(one, language),
                *_item(item, line.of_day, language, is_late=line.billed is not None),
                line.days if line.days is not None else "",
                line.version,
                _measure(item, language),
                Decimal(line.quantity),
                Decimal(line.billable),
                line.unit,
                _hundredths(line.quotient),
                "" if line.billed is None else _hundredths(line.billed),
                Decimal(line.price),
                str(one.bill.currency),
                Decimal(line.amount),
                Money(line.minor, one.bill.currency),
            )
        )
    return rows


def _bill_rows(one: WrittenBill, language: Language) -> list[Row]:
    bill = one.bill
    paid: list[Cell] = ["" if one.paid is None else Money(one.paid.get(kind, 0), bill.currency) for kind in PAYING]
    state = "waiting" if bill.state is BillState.WAITING else "settled"
    row: Row = (
        *_head(one, language),
        bill.begins,
        bill.ends,
        int(bill.inputs["hours"]),
        text(f"bills.{state}").in_(language),
        str(bill.currency),
        Decimal(bill.exact),
        Money(bill.minor, bill.currency),
        *paid,
        bill.digests["bill"],
    )
    return [row]


def _usage_rows(one: WrittenBill, language: Language) -> list[Row]:
    """All that was counted, also what costs nothing; of a day that became known late what was not billed before."""
    rows: list[Row] = []
    for day in one.bill.inputs["days"]:
        before: Mapping[str, str] = day["billed"] or {}
        for code, said in day["usage"].items():
            counted = EXACT.subtract(Decimal(said), Decimal(before.get(code, "0")))
            if counted:
                item, of_day = Item(code), date.fromisoformat(day["day"])
                is_late = day["billed"] is not None
                named = _item(item, of_day, language, is_late=is_late)
                rows.append((*_head(one, language)[:6], *named, _measure(item, language), counted))
    return rows


def _hundredths(quotient: int) -> Decimal:
    return EXACT.scaleb(Decimal(quotient), -2)


_ROWS: Mapping[BillContent, Callable[[WrittenBill, Language], list[Row]]] = {
    BillContent.LINES: _line_rows,
    BillContent.BILLS: _bill_rows,
    BillContent.USAGE: _usage_rows,
}
