"""Files that people take away: PDFs of a month a second with the memory they take, and XLSX beside XlsxWriter alone."""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import xlsxwriter

from benchmarks.figure import Figure, at_most, at_most_times_reference
from guance_portal.billing.paper.typesetting import typeset
from guance_portal.billing.paper.words import Issuer, PaperLink, texts
from guance_portal.core.exports import files
from guance_portal.core.exports.files import Format
from guance_portal.core.exports.table import CellKind, ExportColumn, Row, Table
from guance_portal.core.messages import Language, Text
from guance_portal.core.money import Currency, Money
from tests.support.papers import paper

PAPERS, ROWS, PORTION = 1_000, 100_000, 2_000
AT = datetime(2026, 7, 3, 16, tzinfo=UTC)
NAMES = ("text",) * 6
TABLE = Table(
    stem="t",
    title=Text("表", "Table"),
    columns=(
        ExportColumn(Text("编号", "Number"), CellKind.NUMBER),
        ExportColumn(Text("时间", "Time"), CellKind.MOMENT),
        *(ExportColumn(Text(name, name)) for name in NAMES),
        ExportColumn(Text("金额", "Amount"), CellKind.MONEY),
        ExportColumn(Text("余额", "Balance"), CellKind.MONEY, is_summed=False),
    ),
    zone=UTC,
    language=Language.ZH,
    made_at=AT,
    is_final=True,
)
"""Ten columns, as the statement of an account has."""


def measure() -> Iterator[Figure]:
    """Each figure in a process of its own, so that its peak memory is its own."""
    seconds, grown = _in_process("papers")
    yield Figure(figure="month_pdfs", value=PAPERS / seconds, unit="PDF/s")
    yield Figure(figure="month_pdfs_memory_over_1000", value=grown, unit="MB", aim=at_most(150))
    # In turn, and the quickest of each: the machine does other things as well.
    runs = [(_in_process("ours"), _in_process("alone")) for _ in range(3)]
    ours, alone = (min(pair[place] for pair in runs) for place in (0, 1))
    yield Figure(
        figure="xlsx_100000_rows",
        value=ours[0],
        unit="s",
        reference=alone[0],
        reference_of="XlsxWriter in constant memory, the same cells",
        aim=at_most_times_reference(1.5),
    )
    yield Figure(figure="xlsx_100000_rows_memory", value=ours[1], unit="MB", aim=at_most(50))


def _in_process(name: str) -> tuple[float, float]:
    """Seconds, and megabytes by which the peak of memory grew."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.files", name], check=True, capture_output=True, text=True
    ).stdout.split()
    return float(done[0]), float(done[1])


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _papers() -> None:
    month = paper(5)
    for number in range(PAPERS):
        company = f"杭州云帆科技有限公司 {number}"
        language = Language.EN if number % 2 else Language.ZH
        typeset(texts(replace(month, company=company), language, Issuer(name="观测云（示例）"), PaperLink()))


def _rows(first: int) -> list[Row]:
    money = Money(12_345_67, Currency.CNY)
    return [(number, AT, *NAMES, money, money) for number in range(first, first + PORTION)]


def _ours() -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = files.writer(Format.XLSX, TABLE, Path(folder) / "t.xlsx")
        for first in range(0, ROWS, PORTION):
            file.write(_rows(first))
        file.close()


def _alone() -> None:
    with tempfile.TemporaryDirectory() as folder:
        book = xlsxwriter.Workbook(str(Path(folder) / "t.xlsx"), {"constant_memory": True, "tmpdir": folder})
        money, when = (
            book.add_format({"num_format": "#,##0.00"}),
            book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        )
        sheet = book.add_worksheet()
        at, amount = AT.replace(tzinfo=None), 12345.67
        for row in range(ROWS):
            sheet.write_number(row, 0, row)
            sheet.write_datetime(row, 1, at, when)
            for place, name in enumerate(NAMES, 2):
                sheet.write_string(row, place, name)
            sheet.write_number(row, 8, amount, money)
            sheet.write_number(row, 9, amount, money)
        book.close()


def _main(name: str) -> None:
    act = {"papers": _papers, "ours": _ours, "alone": _alone}[name]
    if name == "papers":
        typeset(texts(paper(5), Language.ZH, Issuer(), PaperLink()))
    before, started = _peak(), time.perf_counter()
    act()
    print(time.perf_counter() - started, _peak() - before)


if __name__ == "__main__":
    _main(sys.argv[1])
