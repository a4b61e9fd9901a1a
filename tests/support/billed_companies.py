"""Companies of a running portal with bills of yesterday: made by the daily close itself, for one payer alone."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import update
from sqlmodel import col, select

from guance_portal import sites
from guance_portal.billing.bills.members import shard_of
from guance_portal.billing.bills.tables import BillRow
from guance_portal.billing.bills.unit import Unit, close
from guance_portal.bootstrap import Services
from guance_portal.core.db import UnitOfWork
from guance_portal.core.money import Currency
from guance_portal.ledger.chart import Kind
from guance_portal.ledger.posting import open_books
from guance_portal.metering.days import end_of
from guance_portal.metering.items import Item
from guance_portal.payers.tables import PayerPeriod
from guance_portal.wallet.acts import purses, receipts
from tests.support.closes import count
from tests.support.people import People
from tests.support.settled_companies import Company, company

CNY = Currency.CNY
USAGE = {
    Item.TIME_SERIES: 34_017,
    Item.LOGS: 71_493_527,
    Item.TRACES: 3_703_762,
    Item.PAGE_VIEWS: 39_249,
    Item.DIAL_TESTS: 21_600,
}
"""34.02 + 107.235 + 11.10 + 3.92 + 2.16 = 158.435 by the list of 2023 in mainland China."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BilledCompany:
    """A company with bills of the day before yesterday and of yesterday, which has a late line."""

    company: Company
    day: date
    code: str
    earlier: str


def billed_company(people: People) -> BilledCompany:
    """A company that a voucher, a card and cash pay for."""
    here = company(people)

    async def bill(services: Services) -> tuple[date, str, str]:
        zone = sites.get("cn1").zone
        today = services.business_clock.now().astimezone(zone).date()
        first, second = today - timedelta(days=2), today - timedelta(days=1)
        async with services.database.writing() as work:
            payer = await open_books(work, here.payer.person.id)
            moved = update(PayerPeriod).where(col(PayerPeriod.workspace_id) == here.workspace_id)
            await (await work.session.connection()).execute(moved.values(from_day=first))
            await _fill(work, payer, end_of(first - timedelta(days=1), zone), services.business_clock.now())
            await work.commit()
        for day, usage in ((first, {Item.LOGS: 4_000_000}), (second, USAGE)):
            await count(services, here.workspace_id, "cn1", usage, day)
            if day == second:
                await count(services, here.workspace_id, "cn1", {Item.LOGS: 1_240_180}, first)
            async with services.database.writing() as work:
                unit = Unit(shard=shard_of(payer), ends=end_of(day, zone), payer=payer)
                assert await close(work, unit, services.business_clock.now())
                await work.commit()
        async with services.database.reading() as work:
            rows = (await work.session.exec(select(BillRow).where(col(BillRow.payer) == payer))).all()
        codes = {row.day: row.code for row in rows}
        return second, codes[second], codes[first]

    day, code, earlier = people.do(bill)
    return BilledCompany(company=here, day=day, code=code, earlier=earlier)


@dataclass(frozen=True, slots=True, kw_only=True)
class LivedCompany:
    """A company with a bill of each of the last days; `costs` is what each was of, in cents."""

    company: Company
    costs: dict[date, int]


def lived_company(people: People, days: int = 100) -> LivedCompany:
    """A company that has used something every day until yesterday: more on workdays, most on the last of them."""
    here = company(people)

    async def live(services: Services) -> dict[date, int]:
        await services.business_time.refresh()
        zone = sites.get("cn1").zone
        today = services.business_clock.now().astimezone(zone).date()
        first = today - timedelta(days=days)
        dates = [first + timedelta(days=number) for number in range(days)]
        for number, day in enumerate(dates):
            await count(services, here.workspace_id, "cn1", _usage_of(day, number, is_last=number == days - 1), day)
        # In one transaction: the portal closes days too, and would find some of them without what pays.
        async with services.database.writing() as work:
            payer = await open_books(work, here.payer.person.id)
            moved = update(PayerPeriod).where(col(PayerPeriod.workspace_id) == here.workspace_id)
            await (await work.session.connection()).execute(moved.values(from_day=first))
            await _fill(work, payer, end_of(first - timedelta(days=1), zone), services.business_clock.now())
            for day in dates:
                unit = Unit(shard=shard_of(payer), ends=end_of(day, zone), payer=payer)
                assert await close(work, unit, services.business_clock.now())
            await work.commit()
        async with services.database.reading() as work:
            rows = (await work.session.exec(select(BillRow).where(col(BillRow.payer) == payer))).all()
        return {row.day: row.minor for row in rows}

    return LivedCompany(company=here, costs=people.do(live))


def _usage_of(day: date, number: int, *, is_last: bool) -> dict[Item, int]:
    busy = (5 if day.weekday() < 5 else 3) + number % 3
    return {
        Item.TIME_SERIES: 6_000 * busy,
        Item.LOGS: 4_300_000 * busy * (3 if is_last else 1),
        Item.TRACES: 600_000 * busy,
        Item.PAGE_VIEWS: 8_000 * busy,
        Item.TASKS: 5_170 * busy,
        Item.DIAL_TESTS: 4_320 * busy,
        Item.SMS: 11,
    }


async def _fill(work: UnitOfWork, payer: int, since: datetime, now: datetime) -> None:
    """Cash, a card, a voucher with something left and one that had ended."""
    money = receipts.IncomingMoney(way=Kind.BANK, trade=secrets.token_hex(8), minor=20_000_00, currency=CNY, at=since)
    await receipts.credit(work, payer, money, now=now)
    await purses.buy_card(
        work, payer, purses.CardOrder(order=secrets.token_hex(8), minor=100_00, at=since, zone=sites.get("cn1").zone)
    )
    for number, (minor, days) in enumerate(((20_00, 1), (33_55, 30)), 1):
        terms = purses.Terms(minor=minor, currency=CNY, valid_from=since, valid_until=since + timedelta(days=days))
        await purses.grant(work, payer, terms, reference=f"grant:{number}", at=since)
