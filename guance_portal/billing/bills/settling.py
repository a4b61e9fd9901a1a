"""Bills are paid by the wallet and written down, with what each cloud is to collect."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import insert, update
from sqlmodel import col, select

from guance_portal.billing.bills.frozen_text import digest, plain
from guance_portal.billing.bills.making import MadeBill, code, made_digests, result_text
from guance_portal.billing.bills.members import payers_of
from guance_portal.billing.bills.rules import BillLine
from guance_portal.billing.bills.tables import BillLineRow, BillRow, BillState
from guance_portal.billing.clouds.recording import Collected, collect
from guance_portal.core.db import UnitOfWork
from guance_portal.core.money import EXACT
from guance_portal.ledger.chart import Kind
from guance_portal.ledger.tables import LedgerHead
from guance_portal.sites import Provider
from guance_portal.wallet import plan_text
from guance_portal.wallet.acts import bills as wallet
from guance_portal.wallet.acts.bills import BillOutcome, Due
from guance_portal.wallet.rules import Bill
from guance_portal.wallet.rules import PayableLine as WalletLine


@dataclass(frozen=True, slots=True)
class SettledBills:
    """How many bills were made, and how many bills wait."""

    bills: int
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A bill to be paid, in the order in which those of one payer are: by the end of the day, site, workspace."""

    due: Due
    site: str
    cloud_account_id: str | None
    provider: Provider | None
    made: MadeBill | None = None

    @property
    def order(self) -> tuple[Any, ...]:
        """Where it stands among others."""
        return self.due.payer, self.due.bill.ends, self.site, self.due.bill.workspace, self.due.reference


async def settle(
    work: UnitOfWork, shard: int, made: Sequence[MadeBill], now: datetime, payer: int | None = None
) -> SettledBills:
    """Pay the bills that have waited in a shard whose books are open again, and those that were made; write all down."""
    asked = [*await _waiting(work, shard, payer), *map(_asked, made)]
    asked.sort(key=lambda one: one.order)
    outcomes = await wallet.pay(work, [one.due for one in asked], now=now)
    pairs = list(zip(asked, outcomes, strict=True))
    records = await collect(work, [part for one, outcome in pairs if (part := _collected(one, outcome))], now)
    connection = await work.session.connection()
    if rows := [_row(one.made, outcome, now, records) for one, outcome in pairs if one.made]:
        await connection.execute(insert(BillRow), rows)
    if lines := [line for one in made for line in _lines(one)]:
        await connection.execute(insert(BillLineRow), lines)
    for one, outcome in pairs:
        if one.made is None:
            await _settle_waiting(work, outcome, now, records)
    return SettledBills(bills=len(made), waiting=sum(outcome.plan is None for outcome in outcomes))


async def _waiting(work: UnitOfWork, shard: int, payer: int | None) -> list[_Asked]:
    found = (
        select(BillRow)
        .join(LedgerHead, col(LedgerHead.payer) == col(BillRow.payer))
        .where(
            col(BillRow.state) == BillState.WAITING,
            col(LedgerHead.stopped_by) == "",
            col(BillRow.payer).between(*payers_of(shard)) if payer is None else col(BillRow.payer) == payer,
        )
    )
    return [await _asked_again(work, row) for row in (await work.session.exec(found)).all()]


async def _asked_again(work: UnitOfWork, row: BillRow) -> _Asked:
    found = select(BillLineRow.item, BillLineRow.minor).where(
        col(BillLineRow.payer) == row.payer, col(BillLineRow.reference) == row.reference
    )
    lines = (await work.session.exec(found.order_by(col(BillLineRow.place)))).all()
    bill = Bill(
        workspace=row.workspace_id,
        currency=row.currency,
        begins=row.begins,
        ends=row.ends,
        lines=tuple(WalletLine(item, minor) for item, minor in lines),
        listing=row.listing,
    )
    due = Due(payer=row.payer, reference=row.reference, bill=bill)
    return _Asked(due=due, site=row.site, cloud_account_id=row.cloud_account_id, provider=row.method.provider)


def _asked(made: MadeBill) -> _Asked:
    member = made.member
    bill = Bill(
        workspace=member.workspace_id,
        currency=member.currency,
        begins=made.begins,
        ends=made.ends,
        lines=tuple(WalletLine(line.item.value, line.minor) for line in made.computed.lines),
        listing=member.listing,
    )
    due = Due(payer=member.payer, reference=made.reference, bill=bill)
    return _Asked(
        due=due,
        site=member.site.code,
        cloud_account_id=member.cloud_account_id,
        provider=member.method.provider,
        made=made,
    )


_Codes = Mapping[tuple[int, str], str]


def _row(made: MadeBill, outcome: BillOutcome, now: datetime, records: _Codes) -> dict[str, Any]:
    member, inputs = made.member, made.inputs
    return {
        "payer": member.payer,
        "reference": made.reference,
        "code": code(member.payer, made.reference, member.day),
        "kind": made.kind,
        "fee_account_id": member.fee_account_id,
        "workspace_id": member.workspace_id,
        "site": member.site.code,
        "day": member.day,
        "begins": made.begins,
        "ends": made.ends,
        "method": member.method,
        "cloud_account_id": member.cloud_account_id,
        "listing": member.listing,
        "cloud_record": records.get(outcome.due.key, ""),
        "currency": member.currency,
        "exact": plain(made.computed.exact),
        "minor": made.computed.total.minor,
        "inputs": inputs,
        "made_at": now,
        **_paid(outcome, made_digests(inputs, result_text(made.computed)), now),
    }


def _paid(outcome: BillOutcome, digests: dict[str, str], now: datetime) -> dict[str, Any]:
    """The part of a row that is known once a bill is paid."""
    if outcome.plan is None or outcome.had is None:
        return {"state": BillState.WAITING, "had": None, "digests": digests, "settled_at": None}
    had, plan = plan_text.kept_means(outcome.had), plan_text.kept(outcome.plan)
    return {
        "state": BillState.SETTLED,
        "had": had,
        "digests": {**digests, "had": digest(had), "plan": digest(plan)},
        "settled_at": now,
    }


def _lines(made: MadeBill) -> Iterable[dict[str, Any]]:
    for place, line in enumerate(made.computed.lines):
        yield {"payer": made.member.payer, "reference": made.reference, "place": place, **_line(line)}


def _line(line: BillLine) -> dict[str, Any]:
    return {
        "item": line.item.value,
        "of_day": line.of_day,
        "days": line.days,
        "version": line.version,
        "quantity": plain(line.quantity),
        "billable": plain(line.billable),
        "unit": line.unit,
        "quotient": _hundredths(line.quotient),
        "billed": None if line.billed is None else _hundredths(line.billed),
        "price": plain(line.price),
        "amount": plain(line.amount),
        "minor": line.minor,
        "added": plain(line.added) if line.is_late else "",
        "received_at": line.received_at,
    }


def _hundredths(quotient: Decimal) -> int:
    return int(EXACT.scaleb(quotient, 2))


def _collected(one: _Asked, outcome: BillOutcome) -> Collected | None:
    """What the cloud is to pay of a bill; None where that is nothing."""
    payments = outcome.plan.payments if outcome.plan else ()
    minor = sum(payment.minor for payment in payments if payment.account.kind is Kind.CLOUD_RECEIVABLE)
    if not (minor and one.cloud_account_id and one.provider):
        return None
    return Collected(
        due=one.due, site=one.site, cloud_account_id=one.cloud_account_id, provider=one.provider, minor=minor
    )


async def _settle_waiting(work: UnitOfWork, outcome: BillOutcome, now: datetime, records: _Codes) -> None:
    """A bill that has waited is paid: what was made of it stays as it is."""
    row = await work.session.get_one(BillRow, outcome.due.key)
    values = _paid(outcome, row.digests, now) | {"cloud_record": records.get(outcome.due.key, "")}
    key = (col(BillRow.payer) == row.payer, col(BillRow.reference) == row.reference)
    await (await work.session.connection()).execute(update(BillRow).where(*key).values(values))
