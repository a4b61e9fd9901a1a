"""A record that is over is booked in the transaction that says so: accepted, or paid by the account after all."""

from __future__ import annotations

from datetime import datetime, timedelta

from guance_portal import routes, sites
from guance_portal.billing.bills.tables import BillRow
from guance_portal.billing.clouds import queries
from guance_portal.billing.clouds.rules import CloudRecordState
from guance_portal.billing.clouds.tables import CloudRecord
from guance_portal.core import audit
from guance_portal.core.db import UnitOfWork
from guance_portal.core.messages import Text, text
from guance_portal.core.money import Money
from guance_portal.ledger.chart import Kind
from guance_portal.ledger.posting import Books
from guance_portal.mail import outbox
from guance_portal.payers import queries as payers
from guance_portal.payers.tables import CloudAccount, FeeAccount
from guance_portal.wallet import plan_text
from guance_portal.wallet.acts import clouds
from guance_portal.wallet.acts.clouds import CloudDue
from guance_portal.wallet.rules import Bill, BillPlan, PayableLine
from guance_portal.wallet.tables import WalletPlan

RETRY_AFTER = timedelta(minutes=5)
"""So often stopped books are looked at for a record that waits for them."""


async def book(
    work: UnitOfWork, books: Books, record: CloudRecord, *, now: datetime, wall: datetime, public_url: str
) -> None:
    """Book a record whose state is final; the books of its payer are held. Stopped books let it wait."""
    if books.stopped(record.payer):
        record.next_at = wall + RETRY_AFTER
        work.session.add(record)
        return
    due = CloudDue(
        payer=record.payer,
        record=record.code,
        listing=record.listing,
        currency=record.currency,
        minor=record.minor,
    )
    record.booked_at, record.next_at = now, None
    work.session.add(record)
    if record.state is CloudRecordState.ACCEPTED:
        await clouds.accept(work, due, now)
        return
    pairs = await queries.bills_of(work, record)
    _, made = await clouds.give_back(work, due, [await _part(work, *pair) for pair in pairs], now)
    await _tell(work, record, [bill for bill, _ in pairs], made, public_url=public_url, now=now)


async def _part(work: UnitOfWork, bill: BillRow, plan: WalletPlan) -> Bill:
    """What the cloud was to collect of a bill, as a bill that the account pays itself."""
    items = await queries.items_of(work, bill)
    payments = plan_text.read(plan.plan, plan.currency).payments
    lines = [
        PayableLine(items[place], minor)
        for payment in payments
        if payment.account.kind is Kind.CLOUD_RECEIVABLE
        for place, minor in payment.lines
    ]
    return Bill(
        workspace=bill.workspace_id, currency=bill.currency, begins=bill.begins, ends=bill.ends, lines=tuple(lines)
    )


async def _tell(
    work: UnitOfWork, record: CloudRecord, bills: list[BillRow], made: BillPlan, *, public_url: str, now: datetime
) -> None:
    account = await payers.fresh_account(work, bills[0].fee_account_id)
    cloud = await work.session.get_one(CloudAccount, record.cloud_account_id)
    money = str(Money(record.minor, record.currency))
    audit.record(
        work,
        "cloud_record.returned",
        ("fee_account", account.id),
        at=now,
        record=record.code,
        amount=money,
        cause=record.reason or "",
    )
    await outbox.queue(
        work,
        account,
        "cloud_record_returned",
        _values(account, cloud, record, bills, made) | {"amount": money, "link": public_url + routes.FEE_CENTER},
        idempotency_key=f"cloud_record:{record.code}",
    )


def _values(
    account: FeeAccount, cloud: CloudAccount, record: CloudRecord, bills: list[BillRow], made: BillPlan
) -> dict[str, str | Text]:
    language = account.language
    paid: dict[Kind, int] = {}
    for payment in made.payments:
        paid[payment.account.kind] = paid.get(payment.account.kind, 0) + payment.minor
    return {
        "fee_username": account.username,
        "cloud": f"{text(f'settlement_method.{cloud.provider}').in_(language)} {cloud.shown}",
        "day": f"{bills[0].day.isoformat()} ({sites.get(bills[0].site).zone.key})",
        "record": record.code,
        "reason": text(f"cloud_record.reason.{record.reason}"),
        "paid": "\n".join(
            f"{text(f'ledger.account.{kind}').in_(language)}: {Money(minor, record.currency)}"
            for kind, minor in paid.items()
        ),
    }
