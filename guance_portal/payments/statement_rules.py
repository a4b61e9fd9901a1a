"""A bank's statement as CSV: decoded, its columns found by their names, each line read or named with what is wrong. Pure."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from guance_portal.core.errors import PortalError
from guance_portal.payments.remittance_rules import RemittanceCodeError, payer_of

MOST_BYTES = 2_000_000
MOST_LINES = 5_000
_LONGEST = 200
_MOST_DIGITS = 13
_TIMES = (
    *("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d"),
    *("%Y%m%d %H:%M:%S", "%Y%m%d%H%M%S", "%Y%m%d", "%Y年%m月%d日 %H:%M:%S", "%Y年%m月%d日"),
)
_AMOUNT = re.compile(r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]{1,2}0*)?", re.ASCII)
_CODE = re.compile(r"(?<![0-9A-Z])[0-9A-Z]{8}(?![0-9A-Z])", re.ASCII)


class StatementEncodingError(PortalError, code="errors.statement_encoding"):
    """The file is neither UTF-8 nor GB18030."""


class StatementTooLongError(PortalError, code="errors.statement_too_long"):
    """More bytes or lines than are taken at once."""


class StatementEmptyError(PortalError, code="errors.statement_empty"):
    """There is no line below the names of the columns."""


class ColumnsMissingError(PortalError, code="errors.statement_columns"):
    """No line of the file has all of these names of columns."""


class Fault(StrEnum):
    """Why a line cannot be read."""

    SHORT = "short"
    SERIAL = "serial"
    TIME = "time"
    AMOUNT = "amount"


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """What a bank calls the columns."""

    serial: str
    paid_at: str
    amount: str
    payer: str
    memo: str

    @property
    def names(self) -> tuple[str, ...]:
        """All of them."""
        return self.serial, self.paid_at, self.amount, self.payer, self.memo


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferLineRead:
    """A line that was read. `minor` is less than nothing, or nothing, for what is no receipt."""

    number: int
    serial: str
    at: datetime
    minor: int
    payer: str
    memo: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A line that was not: its number in the file, what stands there, and why."""

    number: int
    text: str
    fault: Fault


@dataclass(frozen=True, slots=True)
class StatementFile:
    """All lines of a file."""

    lines: tuple[TransferLineRead, ...]
    unread: tuple[Unread, ...]


def decoded(content: bytes) -> str:
    """The text of a file; raises StatementEncodingError, StatementTooLongError."""
    if len(content) > MOST_BYTES:
        raise StatementTooLongError(field="file")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise StatementEncodingError(field="file")


def read(content: bytes, columns: Columns, zone: ZoneInfo) -> StatementFile:
    """Every line below the names of the columns, times by the zone of the account.

    Raises StatementEncodingError, StatementTooLongError, ColumnsMissingError, StatementEmptyError.
    """
    rows = _rows(decoded(content))
    head = next((place for place, row in enumerate(rows) if set(columns.names) <= set(row)), None)
    if head is None:
        raise ColumnsMissingError(field="file")
    places = {name: rows[head].index(name) for name in columns.names}
    lines: list[TransferLineRead] = []
    unread: list[Unread] = []
    for number, row in enumerate(rows[head + 1 :], start=head + 2):
        if not any(row):
            continue
        found = _line(number, row, columns, places, zone)
        if isinstance(found, TransferLineRead):
            lines.append(found)
        else:
            unread.append(Unread(number=number, text=",".join(row)[:_LONGEST], fault=found))
    if not lines and not unread:
        raise StatementEmptyError(field="file")
    return StatementFile(tuple(lines), tuple(unread))


def payers_in(memo: str) -> list[int]:
    """The payers whose remittance codes stand in a memo, in any case; codes with a wrong check character are none."""
    found: list[int] = []
    for code in _CODE.findall(memo.upper()):
        try:
            found.append(payer_of(code))
        except RemittanceCodeError:
            continue
    return list(dict.fromkeys(found))


def _rows(text: str) -> list[list[str]]:
    first = text[:2000]
    delimiter = max((",", ";", "\t"), key=first.count)
    try:
        rows = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text), delimiter=delimiter)]
    except csv.Error:  # such as a field that is longer than any of a bank
        raise StatementTooLongError(field="file") from None
    if len(rows) > MOST_LINES:
        raise StatementTooLongError(field="file")
    return rows


def _line(
    number: int, row: list[str], columns: Columns, places: dict[str, int], zone: ZoneInfo
) -> TransferLineRead | Fault:
    if len(row) <= max(places.values()):
        return Fault.SHORT
    serial, paid_at, amount, payer, memo = (row[places[name]] for name in columns.names)
    if not serial or len(serial) > _LONGEST or not serial.isprintable() or ":" in serial:
        return Fault.SERIAL
    if (at := _time(paid_at, zone)) is None:
        return Fault.TIME
    if (minor := _minor(amount)) is None:
        return Fault.AMOUNT
    return TransferLineRead(number=number, serial=serial, at=at, minor=minor, payer=_shown(payer), memo=_shown(memo))


def _time(written: str, zone: ZoneInfo) -> datetime | None:
    for form in _TIMES:
        try:
            return datetime.strptime(written, form).replace(tzinfo=zone).astimezone(UTC)
        except (ValueError, OverflowError):
            continue
    return None


def _minor(written: str) -> int | None:
    """The amount in cents; an empty one is nothing, as in the column of receipts beside one of payments."""
    if not written:
        return 0
    if len(written) > _LONGEST or not _AMOUNT.fullmatch(written):
        return None
    minor = int(Decimal(written.replace(",", "")) * 100)
    return minor if abs(minor) < 10**_MOST_DIGITS else None


def _shown(written: str) -> str:
    return "".join(char for char in written[:_LONGEST] if char.isprintable())
