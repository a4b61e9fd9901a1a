"""Wallets with a history, in a running portal: made by the wallet's own acts beside it."""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlalchemy import text

from guance_portal import sites
from guance_portal.bootstrap import Services
from guance_portal.core.money import Currency
from guance_portal.ledger.chart import Kind
from guance_portal.ledger.posting import open_books
from guance_portal.wallet.acts import bills, purses, receipts
from guance_portal.wallet.code_rules import hashed, new_code
from guance_portal.wallet.rules import Bill, PayableLine
from guance_portal.wallet.tables import VoucherCode
from tests.support.people import People, Person, Session

CNY = Currency.CNY


def filled_wallet(people: People) -> Session:
    """A payer who recharged, has a voucher that ends soon, bought a card with its bonus, and paid two bills."""
    payer = people.payer()

    async def fill(services: Services) -> None:
        now = services.business_clock.now()
        async with services.database.writing() as work:
            books = await open_books(work, payer.id)
            money = receipts.IncomingMoney(
                way=Kind.BANK, trade=secrets.token_hex(8), minor=12_000_00, currency=CNY, at=now - timedelta(days=9)
            )
            await receipts.credit(work, books, money, now=now)
            terms = purses.Terms(
                minor=500_00,
                currency=CNY,
                valid_from=now - timedelta(days=8),
                valid_until=now + timedelta(days=12),
            )
            await purses.grant(work, books, terms, reference="grant:1", at=now - timedelta(days=8))
            card = purses.CardOrder(
                order="1", minor=10_000_00, at=now - timedelta(days=7), zone=sites.first_of(CNY).zone
            )
            await purses.buy_card(work, books, card)
            for days in (2, 1):
                ends = now - timedelta(days=days)
                bill = Bill(
                    workspace="w1",
                    currency=CNY,
                    begins=ends - timedelta(days=1),
                    ends=ends,
                    lines=(PayableLine("logs", 120_00), PayableLine("sms", 3_50)),
                )
                await bills.pay(work, [bills.Due(payer=books, reference=f"bill:w1:{days}", bill=bill)], now=now)
            await work.commit()

    people.do(fill)
    return people.sign_in(payer)


def voucher_code(people: People, minor: int = 50_00) -> str:
    """A code that nobody has used."""
    code = new_code()

    async def keep(services: Services) -> None:
        until = services.business_clock.now() + timedelta(days=30)
        async with services.database.writing() as work:
            row = VoucherCode(code_hash=hashed(code), batch="b1", currency=CNY, minor=minor, valid_until=until)
            work.session.add(row)
            await work.commit()

    people.do(keep)
    return code


def recharge(people: People, payer: Person, minor: int) -> None:
    """Money comes in for an account, now."""

    async def credit(services: Services) -> None:
        async with services.database.writing() as work:
            books = await open_books(work, payer.id)
            money = receipts.IncomingMoney(
                way=Kind.BANK,
                trade=secrets.token_hex(8),
                minor=minor,
                currency=CNY,
                at=services.business_clock.now(),
            )
            await receipts.credit(work, books, money, now=money.at)
            await work.commit()

    people.do(credit)


def spoil(people: People, payer: Person) -> None:
    """Change the balance of an account's cash by hand, which only a check of its books notices."""

    async def change(services: Services) -> None:
        async with services.database.writing() as work:
            books = await open_books(work, payer.id)
            await (await work.session.connection()).execute(
                text("UPDATE ledger_accounts SET balance = balance - 1 WHERE payer = :payer AND kind = 'cash'"),
                {"payer": books},
            )
            await work.commit()

    people.do(change)
