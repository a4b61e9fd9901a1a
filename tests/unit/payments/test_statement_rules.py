"""A bank's statement is read line by line, or every line that cannot be is named."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guance_portal.core.errors import PortalError
from guance_portal.payments.remittance_rules import remittance_code
from guance_portal.payments.statement_rules import (
    MOST_BYTES,
    MOST_LINES,
    Columns,
    ColumnsMissingError,
    Fault,
    StatementEmptyError,
    StatementEncodingError,
    StatementTooLongError,
    payers_in,
    read,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
COLUMNS = Columns(serial="流水号", paid_at="交易时间", amount="贷方金额", payer="对方户名", memo="附言")
HEAD = "流水号,交易时间,贷方金额,对方户名,附言"
GOOD = '0093398,2026-07-17 09:12,"15,000.00",北海数据科技有限公司,BH7T2M4X'


def taken(*lines: str, encoding: str = "utf-8") -> list[tuple[str, int]]:
    return [
        (line.serial, line.minor) for line in read("\n".join([HEAD, *lines]).encode(encoding), COLUMNS, SHANGHAI).lines
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk"])
def test_both_encodings_of_chinese_banks_are_read(encoding: str) -> None:
    [line] = read(f"{HEAD}\r\n{GOOD}\r\n".encode(encoding), COLUMNS, SHANGHAI).lines
    assert (line.serial, line.minor, line.payer, line.memo) == (
        "0093398",
        15_000_00,
        "北海数据科技有限公司",
        "BH7T2M4X",
    )
    assert line.at == datetime(2026, 7, 17, 1, 12, tzinfo=UTC)


def test_the_columns_may_stand_anywhere_below_a_preamble() -> None:
    text = "账户明细\n\n序号;附言;对方户名;贷方金额;交易时间;流水号\n1;谢谢;甲公司;8.5;20260717;S1\n;;;;;\n"
    [line] = read(text.encode(), COLUMNS, SHANGHAI).lines
    assert (line.number, line.serial, line.minor) == (4, "S1", 8_50)


@pytest.mark.parametrize(
    ("written", "minor"),
    [("8000", 8000_00), ("+8,000.50", 8000_50), ("-120.00", -120_00), ("", 0), ("0.1", 10), ("1.500", 1_50)],
)
def test_amounts_are_exact(written: str, minor: int) -> None:
    assert taken(f'S1,2026-07-17,"{written}",甲,') == [("S1", minor)]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("S1,2026-07-17", Fault.SHORT),
        (",2026-07-17,1.00,甲,", Fault.SERIAL),
        ("S1,17.07.2026,1.00,甲,", Fault.TIME),
        ("S1,2026-02-30,1.00,甲,", Fault.TIME),
        ("S1,2026-07-17,¥1.00,甲,", Fault.AMOUNT),
        ("S1,2026-07-17,1.005,甲,", Fault.AMOUNT),
        ("S1,2026-07-17,１.00,甲,", Fault.AMOUNT),
        ('S1,2026-07-17,"1,00.00",甲,', Fault.AMOUNT),
        ("S1,2026-07-17,99999999999999.00,甲,", Fault.AMOUNT),
        pytest.param(f"S1,2026-07-17,{'9' * 5000},甲,", Fault.AMOUNT, id="5000 digits"),
    ],
)
def test_a_line_that_cannot_be_read_is_named_with_its_number(line: str, fault: Fault) -> None:
    statement = read(f"{HEAD}\n{GOOD}\n{line}\n".encode(), COLUMNS, SHANGHAI)
    assert [(one.number, one.fault) for one in statement.unread] == [(3, fault)]
    assert len(statement.lines) == 1


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"\xff\xff\xff\xff", StatementEncodingError),
        (b"", ColumnsMissingError),
        ("流水号,交易时间\nS1,2026-07-17".encode(), ColumnsMissingError),
        (f"{HEAD}\n".encode(), StatementEmptyError),
        (f"{HEAD}\n{GOOD}\n".encode() + b" " * MOST_BYTES, StatementTooLongError),
        ((f"{HEAD}\n" + "a\n" * MOST_LINES).encode(), StatementTooLongError),
        ((f"{HEAD}\n" + "a" * 200_000).encode(), StatementTooLongError),
    ],
)
def test_a_file_that_is_no_statement_says_why(content: bytes, problem: type[PortalError]) -> None:
    with pytest.raises(problem):
        read(content, COLUMNS, SHANGHAI)


@given(st.binary(max_size=300))
def test_whatever_is_sent_is_read_or_refused_in_words(content: bytes) -> None:
    with suppress(PortalError):
        read(HEAD.encode() + b"\n" + content, COLUMNS, SHANGHAI)


def test_codes_are_found_in_a_memo_and_wrong_ones_are_none() -> None:
    mine, other = remittance_code(7), remittance_code(8)
    assert payers_in(f"充值 {mine.lower()}，谢谢") == [7]
    assert payers_in(f"{mine}/{other} {mine}") == [7, 8]
    wrong = mine[:-1] + ("A" if mine[-1] != "A" else "B")
    assert payers_in(f"{wrong} X{mine} 观测云 7 月") == []
