"""What an export is: its columns, how each cell is written down, and the manifest that proves the whole. Pure."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeAlias

from guance_portal.core.datetime_formatting import offset
from guance_portal.core.messages import Language, Text
from guance_portal.core.money import EXACT, Currency, Money

Cell: TypeAlias = str | int | Decimal | date | datetime | Money
Row: TypeAlias = Sequence[Cell]
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A text that begins so is taken for a formula by the programs that open a CSV file."""


class CellKind(StrEnum):
    """What stands in a column."""

    TEXT = "text"
    NUMBER = "number"
    DAY = "day"
    MOMENT = "moment"
    MONEY = "money"
    EXACT = "exact"
    """A number with as many decimals as it has: a quantity, a price, an amount before it is rounded."""


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """A column; that of moments names the zone in its heading. `is_summed`: the manifest holds the sum of its amounts."""

    name: Text
    kind: CellKind = CellKind.TEXT
    width: int = 14
    is_summed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table before its rows: `stem` names its file, `title` its sheet; `facts` are what the manifest says of it."""

    stem: str
    title: Text
    columns: tuple[ExportColumn, ...]
    zone: tzinfo
    language: Language
    made_at: datetime
    is_final: bool
    facts: dict[str, str] = field(default_factory=dict[str, str])

    def headings(self) -> list[str]:
        """What stands above the columns."""
        zone = offset(self.made_at.astimezone(self.zone))
        zone = f"（{zone}）" if self.language is Language.ZH else f" ({zone})"
        return [one.name.in_(self.language) + (zone if one.kind is CellKind.MOMENT else "") for one in self.columns]


def plain(cell: Cell, zone: tzinfo) -> str:
    """A cell as it stands in a CSV file: amounts with a point and two decimals, instants with their offset.

    A text that a program would take for a formula gets an apostrophe in front.
    """
    match cell:
        case Money():
            return f"{cell.amount:f}"
        case datetime():
            return cell.astimezone(zone).isoformat(timespec="seconds")
        case date():
            return cell.isoformat()
        case int():
            return str(cell)
        case Decimal():
            return f"{cell:f}"
        case str():
            return f"'{cell}" if cell.startswith(_FORMULA) else cell


def lines(rows: Sequence[Row], zone: tzinfo) -> str:
    """Rows as they stand in a CSV file (RFC 4180)."""
    into = io.StringIO()
    csv.writer(into, lineterminator="\r\n").writerows([plain(cell, zone) for cell in row] for row in rows)
    return into.getvalue()


class ExportTally:
    """What the manifest says of rows, kept while they are written: how many, the sum per currency, the hash.

    The hash is the SHA-256 of the table as a CSV file without a byte order mark, also where the file is another.
    """

    def __init__(self, table: Table) -> None:
        self._table = table
        self._money = [place for place, one in enumerate(table.columns) if one.kind is CellKind.MONEY and one.is_summed]
        self._sums: dict[tuple[int, Currency], int] = {}
        self._hash = hashlib.sha256()
        self.rows = 0

    def head(self) -> str:
        """The line of the headings."""
        said = lines([self._table.headings()], self._table.zone)
        self._hash.update(said.encode())
        return said

    def add(self, rows: Sequence[Row]) -> str:
        """Count rows; returns them as lines of CSV."""
        self.rows += len(rows)
        for row in rows:
            for place in self._money:
                if isinstance(amount := row[place], Money):
                    key = place, amount.currency
                    self._sums[key] = self._sums.get(key, 0) + amount.minor
        said = lines(rows, self._table.zone)
        self._hash.update(said.encode())
        return said

    def manifest(self) -> dict[str, Any]:
        """What is in the file."""
        table = self._table
        return {
            "title": table.title.in_(table.language),
            **table.facts,
            "zone": offset(table.made_at.astimezone(table.zone)),
            "made_at": plain(table.made_at, table.zone),
            "state": "final" if table.is_final else "provisional",
            "rows": self.rows,
            "sums": {
                f"{table.headings()[place]} {currency}": f"{amount(minor):f}"
                for (place, currency), minor in sorted(self._sums.items())
            },
            "sha256": self._hash.hexdigest(),
        }


def amount(minor: int) -> Decimal:
    """Cents as an amount with two decimals."""
    return EXACT.scaleb(Decimal(minor), -2)
