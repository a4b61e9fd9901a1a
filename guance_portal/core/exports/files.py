"""The files of an export. They are written in portions, so that memory does not grow with them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol
from zipfile import ZIP_DEFLATED, ZipFile

import xlsxwriter

from guance_portal.core.exports.table import Cell, CellKind, ExportTally, Row, Table
from guance_portal.core.messages import Language, Text, text
from guance_portal.core.money import Money

_BOM = b"\xef\xbb\xbf"
_MOST_DIGITS = 10**15
"""In cents: an amount of more digits would not survive as a number of a spreadsheet, and stands there as text."""
_EXACT_DIGITS = 15
"""A number of a spreadsheet keeps so many; one that has more stands there as text."""
_MOST_ROWS = 1_000_000
"""A sheet holds 1,048,576 rows; what is more goes to the next one."""


class Format(StrEnum):
    """The files that can be asked for: CSV as spreadsheets expect it, CSV without a byte order mark, XLSX."""

    CSV = "csv"
    CSV_PLAIN = "csv-plain"
    XLSX = "xlsx"

    @property
    def suffix(self) -> str:
        """How the file's name ends; a CSV file comes in an archive beside its manifest."""
        return "xlsx" if self is Format.XLSX else "zip"

    @property
    def media_type(self) -> str:
        """What the file is."""
        return (
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
            if self is Format.XLSX
            else "application/zip"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """A file that was written, the name it goes by, and its manifest."""

    path: Path
    name: str
    manifest: dict[str, Any]


class Writer(Protocol):
    """A file that is being written."""

    def write(self, rows: Sequence[Row]) -> None:
        """Add rows."""
        ...

    def close(self) -> Mapping[str, Any]:
        """Finish the file; returns its manifest."""
        ...


def writer(kind: Format, table: Table, path: Path) -> Writer:
    """A file at `path`."""
    return XlsxFile(table, path) if kind is Format.XLSX else CsvFile(table, path, has_bom=kind is Format.CSV)


async def export(kind: Format, table: Table, folder: Path, portions: AsyncIterator[Sequence[Row]]) -> Exported:
    """Write a table into a folder, portion by portion, in threads beside the event loop."""
    path = folder / f"export.{kind.suffix}"
    file = await asyncio.to_thread(writer, kind, table, path)
    async for rows in portions:
        await asyncio.to_thread(file.write, rows)
    manifest = await asyncio.to_thread(file.close)
    return Exported(path=path, name=f"{table.stem}.{kind.suffix}", manifest=dict(manifest))


class CsvFile:
    """A CSV file in UTF-8 and its manifest, in one archive."""

    def __init__(self, table: Table, path: Path, *, has_bom: bool) -> None:
        self._table, self._tally = table, ExportTally(table)
        self._archive = ZipFile(path, "w", ZIP_DEFLATED)
        self._file = self._archive.open(f"{table.stem}.csv", "w", force_zip64=True)
        self._file.write((_BOM if has_bom else b"") + self._tally.head().encode())

    def write(self, rows: Sequence[Row]) -> None:
        """Add rows."""
        self._file.write(self._tally.add(rows).encode())

    def close(self) -> Mapping[str, Any]:
        """Finish the archive; returns the manifest."""
        manifest = self._tally.manifest()
        self._file.close()
        said = json.dumps(manifest, ensure_ascii=False, indent=2)
        self._archive.writestr(f"{self._table.stem}.manifest.json", said + "\n")
        self._archive.close()
        return manifest


class XlsxFile:
    """A workbook: numbers are numbers, days and instants are dates in the zone that the heading names, texts are texts.

    The manifest is its second sheet.
    """

    def __init__(self, table: Table, path: Path) -> None:
        self._table, self._tally = table, ExportTally(table)
        self._tally.head()
        self._book: Any = xlsxwriter.Workbook(str(path), {"constant_memory": True, "tmpdir": str(path.parent)})
        self._formats: dict[CellKind, Any] = {
            kind: self._book.add_format({"num_format": shape}) for kind, shape in _SHAPES.items()
        }
        self._bold: Any = self._book.add_format({"bold": True})
        self._sheets, self._sheet, self._next = 0, None, 0
        self._turn_over()

    def write(self, rows: Sequence[Row]) -> None:
        """Add rows."""
        self._tally.add(rows)
        for row in rows:
            if self._next > _MOST_ROWS:
                self._turn_over()
            for place, (cell, column) in enumerate(zip(row, self._table.columns, strict=True)):
                self._put(self._next, place, cell, self._formats.get(column.kind))
            self._next += 1

    def close(self) -> Mapping[str, Any]:
        """Finish the workbook; returns the manifest."""
        manifest = self._tally.manifest()
        sheet: Any = self._book.add_worksheet(text("exports.manifest").in_(self._table.language))
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 1, 72)
        for place, (name, value) in enumerate(_told(manifest, self._table.language)):
            sheet.write_string(place, 0, name, self._bold)
            if isinstance(value, int):
                sheet.write_number(place, 1, value)
            else:
                sheet.write_string(place, 1, value)
        self._book.close()
        return manifest

    def _turn_over(self) -> None:
        """Begin a sheet with its headings."""
        self._sheets += 1
        title = self._table.title.in_(self._table.language)
        sheet: Any = self._book.add_worksheet(title if self._sheets == 1 else f"{title} {self._sheets}")
        sheet.freeze_panes(1, 0)
        for place, (name, column) in enumerate(zip(self._table.headings(), self._table.columns, strict=True)):
            sheet.set_column(place, place, column.width)
            sheet.write_string(0, place, name, self._bold)
        self._sheet, self._next = sheet, 1

    def _put(self, row: int, place: int, cell: Cell, shape: Any) -> None:
        sheet: Any = self._sheet
        match cell:
            case Money() if abs(cell.minor) >= _MOST_DIGITS:
                sheet.write_string(row, place, f"{cell.amount:f}")
            case Money():
                sheet.write_number(row, place, cell.amount, shape)
            case datetime() | date():
                sheet.write_datetime(row, place, _local(cell, self._table.zone), shape)
            case int():
                sheet.write_number(row, place, cell)
            case Decimal() if len(cell.as_tuple().digits) > _EXACT_DIGITS:
                sheet.write_string(row, place, f"{cell:f}")
            case Decimal():
                sheet.write_number(row, place, cell, shape)
            case str():
                sheet.write_string(row, place, cell)


_SHAPES = {
    CellKind.MONEY: "#,##0.00",
    CellKind.EXACT: "#,##0.00########",
    CellKind.DAY: "yyyy-mm-dd",
    CellKind.MOMENT: "yyyy-mm-dd hh:mm:ss",
}


def _local(cell: date | datetime, zone: tzinfo) -> date | datetime:
    """What the clock showed: a spreadsheet knows no zones."""
    return cell.astimezone(zone).replace(tzinfo=None) if isinstance(cell, datetime) else cell


def _told(manifest: Mapping[str, Any], language: Language) -> list[tuple[str, str | int]]:
    """The manifest as lines with their names in words."""
    told: list[tuple[str, str | int]] = []
    for name, value in manifest.items():
        said = text(f"exports.{name}").in_(language)
        if name == "sums":
            told += [(f"{said}: {of}", str(Decimal(of_sum))) for of, of_sum in value.items()]
        elif name == "state":
            told.append((said, Text(text(f"exports.{value}").zh, text(f"exports.{value}").en).in_(language)))
        else:
            told.append((said, value))
    return told
