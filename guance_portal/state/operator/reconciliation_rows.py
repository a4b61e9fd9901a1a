"""对账 as rows: sums of a day at a marketplace, and single records with what comes next."""

from __future__ import annotations

from dataclasses import dataclass

from guance_portal import routes
from guance_portal.billing.clouds.board import BoardLine, RecordLine, RecordSum, RecordSums
from guance_portal.billing.clouds.rules import CloudRecordState
from guance_portal.core.messages import Text, text
from guance_portal.core.money import Currency, told_amount
from guance_portal.state.display import moment

NOTHING = "—"
_TONES = {
    CloudRecordState.UNKNOWN: "amber",
    CloudRecordState.REFUSED: "red",
    CloudRecordState.TOO_LATE: "red",
}


@dataclass(frozen=True, slots=True)
class SumCell:
    """An amount and on how many records; a dash for none."""

    amount: str
    count: Text


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A billing day at a marketplace; the day is named on its first row alone."""

    day: str
    provider: str
    market: Text
    ours: SumCell
    sent: SumCell
    accepted: SumCell
    refused: SumCell
    unknown: SumCell
    late: SumCell
    returned: SumCell
    difference: str
    is_done: bool


@dataclass(frozen=True, slots=True)
class CloudRecordRow:
    """A record: what is known of it, what comes next, and what can be done."""

    code: str
    sent: Text
    account: str
    account_href: str
    amount: str
    state: Text
    tone: str
    reason: Text
    said: str
    deadline: Text
    is_over: bool
    following: Text
    attempts: int
    ledger_href: str
    can_ask: bool
    ask: Text
    can_enter: bool


def cell(of: RecordSum, currency: Currency) -> SumCell:
    """A sum as it stands in a table."""
    if not of.count:
        return SumCell(NOTHING, Text())
    return SumCell(told_amount(of.minor, currency), text("reconciliation.records", count=of.count))


def whole(of: RecordSum, currency: Currency) -> SumCell:
    """A sum as it stands in the equation, also when it is nothing."""
    return SumCell(told_amount(of.minor, currency), text("reconciliation.records", count=of.count))


def board_rows(lines: tuple[BoardLine, ...], currency: Currency) -> list[BoardRow]:
    """The days, the newest first."""
    rows: list[BoardRow] = []
    before = None
    for line in lines:
        rows.append(_row(line, currency, is_first=line.day != before))
        before = line.day
    return rows


def _row(line: BoardLine, currency: Currency, *, is_first: bool) -> BoardRow:
    return _sums(
        line.sums,
        currency,
        day=line.day.isoformat() if is_first else "",
        provider=line.listing.partition("-")[0],
        market=text(f"listing.{line.listing}"),
    )


def total_row(total: RecordSums, currency: Currency) -> BoardRow:
    """The last line, of all days and marketplaces."""
    return _sums(total, currency, day="", provider="", market=text("reconciliation.total"))


def _sums(sums: RecordSums, currency: Currency, *, day: str, provider: str, market: Text) -> BoardRow:
    return BoardRow(
        day=day,
        provider=provider,
        market=market,
        ours=cell(sums.ours, currency),
        sent=cell(sums.sent, currency),
        accepted=cell(sums.accepted, currency),
        refused=cell(sums.refused, currency),
        unknown=cell(sums.unknown, currency),
        late=cell(sums.late, currency),
        returned=cell(sums.returned, currency),
        difference=told_amount(sums.difference.minor, currency),
        is_done=not sums.difference.count,
    )


def record_row(line: RecordLine, currency: Currency, *, is_over: bool) -> CloudRecordRow:
    """A record."""
    return CloudRecordRow(
        code=line.code,
        sent=text("reconciliation.sent_at", at=moment(line.sent_at, "")) if line.sent_at else Text(),
        account=line.account,
        account_href=routes.operator_fee_account(line.account_id),
        amount=told_amount(line.minor, currency),
        state=text(f"cloud_record.state.{line.state}"),
        tone=_TONES.get(line.state, ""),
        reason=text(f"cloud_record.reason.{line.reason}") if line.reason else Text(),
        said=line.said,
        deadline=moment(line.deadline_at, ""),
        is_over=is_over,
        following=_following(line),
        attempts=line.attempts,
        ledger_href=routes.operator_ledger(f"refused:{line.code}") if line.is_booked else "",
        can_ask=line.is_asked and not line.is_booked,
        ask=text("reconciliation.ask" if line.state is CloudRecordState.UNKNOWN else "reconciliation.send"),
        can_enter=line.state is CloudRecordState.UNKNOWN and not is_over,
    )


def _following(line: RecordLine) -> Text:
    """What comes next, and who does it."""
    if line.is_booked:
        return text("reconciliation.next_returned")
    if line.state.is_final:
        return text("reconciliation.next_stopped")
    if line.state is CloudRecordState.UNKNOWN and not line.is_asked:
        return text("reconciliation.next_enter")
    kind = "asked" if line.state is CloudRecordState.UNKNOWN else "sent"
    return text(f"reconciliation.next_{kind}", count=line.attempts)
