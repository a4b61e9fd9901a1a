"""Every act that needs a second operator, from the order to the books."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from guance_portal.approvals import orders
from guance_portal.approvals.errors import BatchOpenedError, ChargeDayError, WorkspaceUnpaidError
from guance_portal.bootstrap import Services
from guance_portal.core.money import Currency
from guance_portal.ledger.chart import Kind
from guance_portal.ledger.errors import BooksStoppedError
from guance_portal.metering.items import Item
from guance_portal.payments import queries as payments
from guance_portal.payments.rules import Outcome
from guance_portal.payments.tables import PaymentException
from guance_portal.wallet.acts import purses, receipts
from guance_portal.wallet.code_rules import hashed
from guance_portal.wallet.errors import ReceiptTakenError
from tests import factories
from tests.support.operators import ACCOUNT, CHEN, XU, ZHOU, Scene
from tests.support.paid_workspaces import bind
from tests.support.wallets import TRANSFER, Wallet, day

CNY = Currency.CNY


async def test_a_batch_makes_codes_that_are_shown_once_and_stored_hashed(scene: Scene, mine: Wallet) -> None:
    until = scene.clock.now() + timedelta(days=90)
    answer = await scene.ask(
        orders.BatchOrder(name="2026 夏季活动", count=20, minor=500_00, currency=CNY, valid_until=until)
    )
    assert not answer.is_done
    with pytest.raises(BatchOpenedError):
        await scene.services.approvals.open_codes(XU, answer.id)
    await scene.approve(answer)
    codes = await scene.services.approvals.open_codes(XU, answer.id)
    assert len(set(codes)) == 20
    with pytest.raises(BatchOpenedError):
        await scene.services.approvals.open_codes(ZHOU, answer.id)
    voucher = await mine.do(purses.activate, mine.payer, hashed(codes[7].lower()), scene.clock.now())
    assert (voucher.face, voucher.valid_until) == (500_00, until)
    async with mine.database.reading() as work:
        everything = str(await work.rows(text("SELECT * FROM wallet_codes")))  # pyright: ignore[reportArgumentType]
    assert not any(code in everything for code in codes)


async def test_a_voucher_is_revoked_as_far_as_it_is_left(scene: Scene, mine: Wallet) -> None:
    await mine.grant(3_000_00)
    revocation = orders.Revoke(fee_account=ACCOUNT, purse=1, minor=1_634_50, currency=CNY)
    answer = await scene.ask(revocation)
    assert await mine.left() == {1: 3_000_00}
    await scene.approve(answer)
    assert await mine.left() == {1: 1_365_50}


async def test_a_manual_charge_is_a_bill_that_two_people_made(scene: Scene, mine: Wallet, services: Services) -> None:
    await factories.console_user(services)
    owner = await factories.sign_in(services)
    workspace = await services.workspaces.create(owner.actor, "yunfan-production", owner.live.language)
    await bind(services, workspace, ACCOUNT)
    await mine.grant(30_00)
    await mine.recharge(50_00)
    charge = orders.Charge(
        fee_account=ACCOUNT, workspace=workspace, day=date(2026, 6, 30), item=Item.LOGS, minor=60_00, currency=CNY
    )
    answer = await scene.ask(charge)
    assert not answer.is_done
    await scene.approve(answer)
    assert await mine.entries(f"charge:{answer.id}") == {"voucher:1": 30_00, "cash": 30_00, "revenue": -60_00}
    with pytest.raises(ChargeDayError):
        await scene.ask(charge.model_copy(update={"day": date(2026, 7, 1)}))
    with pytest.raises(WorkspaceUnpaidError):
        await scene.ask(charge.model_copy(update={"workspace": "wksp_of_others"}))


async def test_a_transfer_without_owner_is_claimed_by_two_people(scene: Scene, mine: Wallet) -> None:
    await mine.do(receipts.suspend, TRANSFER)
    await _waits(mine, TRANSFER.trade)
    claim = orders.ClaimOrder(fee_account=ACCOUNT, way=Kind.BANK, trade="S1", minor=500_00, currency=CNY)
    with pytest.raises(ReceiptTakenError):
        await scene.ask(claim.model_copy(update={"minor": 400_00}))
    answer, again = await scene.ask(claim), await scene.ask(claim, CHEN)
    await scene.approve(answer)
    assert await mine.held() == {"suspense": 500_00, "cash": -500_00}
    assert await _still_waiting(mine, TRANSFER.trade) == 0
    with pytest.raises(ReceiptTakenError):
        await scene.approve(again, XU)


async def test_money_of_nobody_is_sent_back_by_two_people(scene: Scene, mine: Wallet) -> None:
    await mine.do(receipts.suspend, TRANSFER)
    await _waits(mine, TRANSFER.trade)
    answer = await scene.ask(orders.SendBack(way=Kind.BANK, trade="S1", minor=500_00, currency=CNY))
    await scene.approve(answer)
    assert await mine.entries("back:bank:S1", payer=0) == {"suspense": 500_00, "bank": -500_00}
    assert await _still_waiting(mine, TRANSFER.trade) == 0
    assert (await scene.row(answer)).posted_payer == 0


async def test_a_wrong_balance_is_rebuilt_and_the_stop_lifted_by_two_people_each(scene: Scene, mine: Wallet) -> None:
    await mine.recharge(100_00)
    async with mine.database.writing() as work:
        connection = await work.session.connection()
        await connection.execute(text("UPDATE ledger_accounts SET balance = -9000 WHERE kind = 'cash'"))
        await work.commit()
    await scene.services.ledger_check.check()
    with pytest.raises(BooksStoppedError):
        await scene.ask(orders.Lift(payer=mine.payer))
    answer = await scene.ask(orders.Rebuild(payer=mine.payer))
    assert not answer.is_done
    row = await scene.row(answer)
    assert [(one["kind"], one["before"], one["after"]) for one in row.dry_run["changes"]] == [("cash", -90_00, -100_00)]
    assert row.fee_account_id == ACCOUNT
    assert await mine.held() == {"alipay": 100_00, "cash": -90_00}
    await scene.approve(answer)
    with pytest.raises(BooksStoppedError):
        await mine.grant(1)
    await scene.approve(await scene.ask(orders.Lift(payer=mine.payer)))
    assert await mine.grant(1) == 1


async def _waits(wallet: Wallet, trade: str) -> None:
    async with wallet.database.writing() as work:
        work.session.add(
            PaymentException(
                way=Kind.BANK,
                trade=trade,
                reason=Outcome.UNKNOWN_ORDER,
                order_number="",
                minor=500_00,
                currency="CNY",
                paid_at=day(1),
                found_at=day(1),
                is_suspended=True,
            )
        )
        await work.commit()


async def _still_waiting(wallet: Wallet, trade: str) -> int:
    async with wallet.database.reading() as work:
        return sum(one.done_at is None for one in await payments.exceptions(work, Kind.BANK, trade))
