"""异常处理 on both databases: each thing once, until it was seen to."""

from __future__ import annotations

import pytest

from guance_portal.approvals import orders
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.errors import NotAllowedError
from guance_portal.core.money import Currency
from guance_portal.core.reasons import ReasonMissingError
from guance_portal.ledger.chart import Kind
from guance_portal.payments.errors import ExceptionUnknownError
from guance_portal.payments.rules import Outcome
from guance_portal.payments.tables import PaymentException
from guance_portal.wallet.acts import receipts
from tests.support.operators import ACCOUNT, XU, Scene
from tests.support.wallets import TRANSFER, Wallet, day


async def waits(wallet: Wallet, trade: str, reason: Outcome, *, is_suspended: bool) -> None:
    async with wallet.database.writing() as work:
        work.session.add(
            PaymentException(
                way=Kind.BANK,
                trade=trade,
                reason=reason,
                order_number="R1",
                payer=wallet.payer,
                minor=500_00,
                currency="CNY",
                paid_at=day(1),
                found_at=day(1),
                is_suspended=is_suspended,
            )
        )
        await work.commit()


async def listed(scene: Scene) -> list[tuple[str, str]]:
    lines = await scene.services.money_admin.matters(XU)
    return [(line.matter.trade, str(line.matter.reason or "")) for line in lines]


async def test_each_entry_stands_there_once_with_money_of_nobody(scene: Scene, mine: Wallet) -> None:
    await mine.do(receipts.suspend, TRANSFER)
    assert await listed(scene) == [("S1", "")]
    await waits(mine, "S1", Outcome.LATE, is_suspended=True)
    await waits(mine, "S1", Outcome.CONTRADICTED, is_suspended=False)
    await waits(mine, "S2", Outcome.CONTRADICTED, is_suspended=False)
    found = [("S1", "contradicted"), ("S1", "late"), ("S2", "contradicted")]
    assert sorted(await listed(scene)) == found
    [late] = [one for one in await scene.services.money_admin.matters(XU) if one.matter.reason is Outcome.LATE]
    assert (late.account, late.request) == ("yunfan", "")


async def test_what_was_asked_for_stands_beside_it_and_what_was_done_is_gone(scene: Scene, mine: Wallet) -> None:
    await mine.do(receipts.suspend, TRANSFER)
    await waits(mine, "S1", Outcome.LATE, is_suspended=True)
    claim = orders.ClaimOrder(fee_account=ACCOUNT, way=Kind.BANK, trade="S1", minor=500_00, currency=Currency.CNY)
    answer = await scene.ask(claim)
    [line] = await scene.services.money_admin.matters(XU)
    assert line.request == answer.id
    await scene.approve(answer)
    assert await listed(scene) == []


async def test_what_contradicts_the_books_is_noted_with_a_reason(scene: Scene, mine: Wallet) -> None:
    await waits(mine, "S2", Outcome.CONTRADICTED, is_suspended=False)
    note = scene.services.exception_admin.note
    with pytest.raises(ReasonMissingError):
        await note(XU, ("bank", "S2", "contradicted"), " ")
    await note(XU, ("bank", "S2", "contradicted"), "支付宝已更正")
    assert await listed(scene) == []
    with pytest.raises(ExceptionUnknownError):
        await note(XU, ("bank", "S2", "contradicted"), "再次")


async def test_money_in_suspense_is_moved_and_never_just_noted(scene: Scene, mine: Wallet) -> None:
    await mine.do(receipts.suspend, TRANSFER)
    await waits(mine, "S1", Outcome.LATE, is_suspended=True)
    for key in (("bank", "S1", "late"), ("bank", "S9", "late"), ("nowhere", "S1", "late"), ("bank", "S1", "credited")):
        with pytest.raises(ExceptionUnknownError):
            await scene.services.exception_admin.note(XU, key, "看过")
    assert await listed(scene) == [("S1", "late")]
    other = Actor(realm=Realm.CONSOLE, subject_id="user_1", session_id="s")
    with pytest.raises(NotAllowedError):
        await scene.services.exception_admin.note(other, ("bank", "S1", "late"), "看过")
    with pytest.raises(NotAllowedError):
        await scene.services.exception_admin.waiting(other)
