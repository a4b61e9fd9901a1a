"""Companies whose days are closed: use is counted, days end, and bills can be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import text
from sqlmodel import col, select

from guance_portal import sites
from guance_portal.accounts.rules import Edition
from guance_portal.billing.bills.tables import BillLineRow, BillRow
from guance_portal.bootstrap import Services
from guance_portal.core.db import Database
from guance_portal.ledger.posting import open_books
from guance_portal.metering import tally
from guance_portal.metering.days import end_of, hour_of, start_of
from guance_portal.metering.items import Item
from guance_portal.metering.tally import Tally
from tests import factories
from tests.support.settlers import open_paid
from tests.support.wallets import Wallet

FIRST = date(2026, 7, 1)
"""The day on which workspaces of these tests are opened."""


@dataclass(slots=True, kw_only=True)
class Billed:
    """A company with an account and a workspace."""

    services: Services
    wallet: Wallet
    account_id: str
    owner_id: str
    workspace_id: str
    site: str

    async def use(
        self, usage: Mapping[Item, int], day: date = FIRST, *, workspace_id: str = "", at: datetime | None = None
    ) -> None:
        """Count use for a day, as intake does; `at` is when it comes, the noon of the day unless told otherwise."""
        await count(self.services, workspace_id or self.workspace_id, self.site, usage, day, at=at)

    async def workspace(self, name: str = "云帆-预发环境") -> str:
        """One more workspace of the account."""
        return await open_paid(self.services, self.owner_id, self.account_id, site=self.site, name=name)

    async def bill(self, day: date = FIRST, workspace_id: str = "") -> BillRow:
        """The bill of a day."""
        (bill,) = [one for one in await bills(self.services, workspace_id or self.workspace_id) if one.day == day]
        return bill

    async def lines(self, bill: BillRow) -> list[BillLineRow]:
        """The lines of a bill."""
        found = select(BillLineRow).where(
            col(BillLineRow.payer) == bill.payer, col(BillLineRow.reference) == bill.reference
        )
        async with self.services.database.reading() as work:
            return list((await work.session.exec(found.order_by(col(BillLineRow.place)))).all())


async def billed(
    services: Services, name: str = "yunfan", *, site: str = "cn1", recharge: int = 0, email: str = ""
) -> Billed:
    """A new company; its books are opened, and so much is recharged."""
    owner = await factories.console_user(services, email or f"lin@{name}.example", site=site)
    account = await factories.fee_account(services, name, site=site)
    workspace = await open_paid(services, owner, account, site=site)
    async with services.database.writing() as work:
        payer = await open_books(work, account)
        await work.commit()
    wallet = Wallet(services.database, payer, sites.get(site).currency)
    if recharge:
        await wallet.recharge(recharge, f"{name}-1", at=services.business_clock.now())
    return Billed(
        services=services, wallet=wallet, account_id=account, owner_id=owner, workspace_id=workspace, site=site
    )


async def count(
    services: Services,
    workspace_id: str,
    site: str,
    usage: Mapping[Item, int],
    day: date,
    *,
    at: datetime | None = None,
) -> None:
    """Count use of a workspace for a day."""
    zone = sites.get(site).zone
    moment = start_of(day, zone) + timedelta(hours=12)
    async with services.database.writing() as work:
        closed = await tally.lock(work, workspace_id)
        target = Tally(
            workspace_id=workspace_id,
            edition=Edition.COMMERCIAL,
            hour=hour_of(moment, zone),
            closed_through=closed,
            at=at or moment,
        )
        for item, quantity in usage.items():
            await tally.add_usage(work, target, item, quantity, quantity if item is Item.DATAKIT else 0)
        await work.commit()


async def end_day(services: Services, day: date = FIRST, site: str = "cn1", *, later: timedelta = timedelta()) -> int:
    """Let business time show the end of a day, and close what is due; returns how many bills were made."""
    at = end_of(day, sites.get(site).zone) + later
    if at > services.business_clock.now():
        services.business_clock.show(at)
    return (await services.daily_close.close_due()).bills


async def bills(services: Services, workspace_id: str) -> list[BillRow]:
    """The bills of a workspace, the oldest first."""
    found = select(BillRow).where(col(BillRow.workspace_id) == workspace_id)
    async with services.database.reading() as work:
        return list((await work.session.exec(found.order_by(col(BillRow.ends), col(BillRow.reference)))).all())


async def broken(services: Services) -> list[str]:
    """The rules of the books that do not hold."""
    return [str(outcome) for outcome in await services.ledger_check.look() if outcome.breaches]


async def results(database: Database) -> dict[str, list[str]]:
    """What closing leaves, without the times at which it was done: the same whatever the order was."""
    async with database.reading() as work:
        connection = await work.session.connection()
        return {
            name: sorted(map(str, (await connection.execute(text(query))).all())) for name, query in _RESULTS.items()
        }


_RESULTS = {
    "bills": "SELECT payer, reference, code, minor, exact, digests FROM bills",
    "lines": "SELECT payer, reference, place, item, quotient, billed, amount, minor FROM bill_lines",
    "heads": "SELECT payer, transactions, hash FROM ledger_heads",
    "records": "SELECT payer, minor, bills, ends_at FROM cloud_records",
    "units": "SELECT shard, ends_at, bills FROM day_closes",
}
