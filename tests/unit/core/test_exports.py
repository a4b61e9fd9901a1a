"""Exported files: what is a number stays one, what is a text stays one, and the manifest says what is in them."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from guance_portal.core.exports import files
from guance_portal.core.exports.files import Format
from guance_portal.core.exports.table import CellKind, ExportColumn, Row, Table
from guance_portal.core.messages import Language, Text
from guance_portal.core.money import Currency, Money

AT = datetime(2026, 6, 30, 16, 30, tzinfo=UTC)
CNY = Currency.CNY
TABLE = Table(
    stem="t",
    title=Text("表", "Table"),
    columns=(
        ExportColumn(Text("编号", "Number"), CellKind.NUMBER),
        ExportColumn(Text("日期", "Day"), CellKind.DAY),
        ExportColumn(Text("时间", "Time"), CellKind.MOMENT),
        ExportColumn(Text("名称", "Name")),
        ExportColumn(Text("金额", "Amount"), CellKind.MONEY),
        ExportColumn(Text("余额", "Balance"), CellKind.MONEY, is_summed=False),
    ),
    zone=ZoneInfo("Asia/Shanghai"),
    language=Language.EN,
    made_at=AT,
    is_final=True,
    facts={"account": "yunfan"},
)
NAMES = ("=1+1", "+cmd", "-1", "@sum", '云帆,"a"', "0012")


def rows() -> list[Row]:
    """One for each name; the amounts sum to -0.01."""
    amounts = [10, -11, 0, 12_345_67, -12_345_67, 0]
    return [
        (number, date(2026, 7, 1), AT, name, Money(minor, CNY), Money(100 * number, CNY))
        for number, (name, minor) in enumerate(zip(NAMES, amounts, strict=True), 1)
    ]


def written(kind: Format, folder: Path) -> tuple[Path, dict[str, Any]]:
    """A file of two portions, and its manifest."""
    path = folder / f"file.{kind.suffix}"
    file = files.writer(kind, TABLE, path)
    file.write(rows()[:4])
    file.write(rows()[4:])
    return path, dict(file.close())


def csv_of(path: Path) -> tuple[bytes, dict[str, Any]]:
    """The CSV file of an archive, and the manifest beside it."""
    with ZipFile(path) as archive:
        return archive.read("t.csv"), json.loads(archive.read("t.manifest.json"))


def test_a_number_keeps_its_decimals_and_is_text_where_a_spreadsheet_would_round_it(tmp_path: Path) -> None:
    table = replace(TABLE, columns=(ExportColumn(Text("数", "N"), CellKind.EXACT),))
    said = ("107.235", "0.000001", "-3.10", "1234567890.12345678")
    for kind in Format:
        file = files.writer(kind, table, tmp_path / kind.value)
        file.write([(Decimal(one),) for one in said])
        file.close()
    body = csv_of(tmp_path / Format.CSV.value)[0].decode("utf-8-sig").splitlines()[1:]
    assert body == list(said)
    book = io.BytesIO((tmp_path / Format.XLSX.value).read_bytes())
    sheet: Any = openpyxl.load_workbook(book).worksheets[0]
    assert [sheet.cell(row, 1).value for row in range(2, 6)] == [107.235, 0.000001, -3.1, said[3]]


@pytest.mark.parametrize("kind", [Format.CSV, Format.CSV_PLAIN])
def test_a_csv_file_holds_every_row_and_text_stays_text(kind: Format, tmp_path: Path) -> None:
    path, manifest = written(kind, tmp_path)
    content, beside = csv_of(path)
    assert content.startswith(b"\xef\xbb\xbf") is (kind is Format.CSV)
    head, *body = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    assert head == ["Number", "Day", "Time (UTC+8)", "Name", "Amount", "Balance"]
    assert [row[3] for row in body] == ["'=1+1", "'+cmd", "'-1", "'@sum", '云帆,"a"', "0012"]
    assert [row[4] for row in body] == ["0.10", "-0.11", "0.00", "12345.67", "-12345.67", "0.00"]
    assert body[0][1:3] == ["2026-07-01", "2026-07-01T00:30:00+08:00"]
    assert beside == manifest


def test_the_manifest_says_how_many_what_sum_and_which_hash(tmp_path: Path) -> None:
    path, manifest = written(Format.CSV, tmp_path)
    content, _ = csv_of(path)
    assert manifest == {
        "title": "Table",
        "account": "yunfan",
        "zone": "UTC+8",
        "made_at": "2026-07-01T00:30:00+08:00",
        "state": "final",
        "rows": 6,
        "sums": {"Amount CNY": "-0.01"},
        "sha256": hashlib.sha256(content.removeprefix(b"\xef\xbb\xbf")).hexdigest(),
    }


def test_every_kind_of_file_has_the_same_manifest(tmp_path: Path) -> None:
    assert len({json.dumps(written(kind, tmp_path)[1]) for kind in Format}) == 1


def test_in_a_workbook_numbers_are_numbers_dates_are_dates_and_texts_are_texts(tmp_path: Path) -> None:
    path, manifest = written(Format.XLSX, tmp_path)
    book: Any = openpyxl.load_workbook(path)
    sheet, told = book.worksheets
    head, *body = sheet.iter_rows()
    assert [cell.value for cell in head] == ["Number", "Day", "Time (UTC+8)", "Name", "Amount", "Balance"]
    assert [row[3].value for row in body] == list(NAMES)
    assert {row[3].data_type for row in body} == {"s"}
    assert [row[4].value for row in body] == [0.10, -0.11, 0, 12345.67, -12345.67, 0]
    assert {row[4].data_type for row in body} == {"n"}
    assert body[0][1].value == datetime(2026, 7, 1)  # noqa: DTZ001 - a sheet knows no zones
    assert body[0][2].value == datetime(2026, 7, 1, 0, 30)  # noqa: DTZ001 - see above
    assert body[0][1].is_date
    said = {row[0].value: row[1].value for row in told.iter_rows()}
    assert said["Rows"] == 6
    assert said["Sum: Amount CNY"] == "-0.01"
    assert manifest["sha256"] in said.values()


def test_an_amount_with_too_many_digits_for_a_number_is_text(tmp_path: Path) -> None:
    path = tmp_path / "big.xlsx"
    file = files.writer(Format.XLSX, TABLE, path)
    file.write([(1, date(2026, 7, 1), AT, "a", Money(10**15 + 1, CNY), Money(10**15 - 1, CNY))])
    file.close()
    book: Any = openpyxl.load_workbook(path)
    assert [cell.value for cell in book.worksheets[0][2]][4:] == ["10000000000000.01", 9999999999999.99]


def test_a_sheet_that_is_full_goes_on_in_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_MOST_ROWS", 4)
    path, _ = written(Format.XLSX, tmp_path)
    book: Any = openpyxl.load_workbook(path)
    assert [(sheet.title, sheet.max_row) for sheet in book.worksheets] == [
        ("Table", 5),
        ("Table 2", 3),
        ("Manifest", 8),
    ]


def test_an_export_without_rows_has_its_headings_and_its_manifest(tmp_path: Path) -> None:
    file = files.writer(Format.CSV_PLAIN, TABLE, tmp_path / "none.zip")
    assert file.close()["rows"] == 0
    assert csv_of(tmp_path / "none.zip")[0] == b"Number,Day,Time (UTC+8),Name,Amount,Balance\r\n"
