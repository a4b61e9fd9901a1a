"""The unused codes of a batch are voided by one operator, with a reason; vouchers that were activated stay."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlmodel import select

from guance_portal.approvals import orders
from guance_portal.approvals.errors import BatchOpenedError
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.audit import AuditEntry
from guance_portal.core.errors import NotAllowedError
from guance_portal.core.money import Currency
from guance_portal.core.reasons import ReasonMissingError
from guance_portal.wallet.acts import purses
from guance_portal.wallet.code_rules import hashed
from guance_portal.wallet.errors import CodeVoidedError
from tests.support.operators import XU, Scene
from tests.support.wallets import Wallet


async def made(scene: Scene, count: int = 5) -> tuple[str, list[str]]:
    """A batch and its codes."""
    until = scene.clock.now() + timedelta(days=90)
    batch = orders.BatchOrder(name="活动", count=count, minor=1_00, currency=Currency.CNY, valid_until=until)
    answer = await scene.ask(batch)
    assert answer.is_done
    return answer.id, await scene.services.approvals.open_codes(XU, answer.id)


async def test_what_nobody_has_used_gives_nothing_any_more(scene: Scene, mine: Wallet) -> None:
    batch, codes = await made(scene)
    await mine.do(purses.activate, mine.payer, hashed(codes[0]), scene.clock.now())
    assert await scene.services.code_voiding.void(XU, batch, "活动取消") == 4
    with pytest.raises(CodeVoidedError):
        await mine.do(purses.activate, mine.payer, hashed(codes[1]), scene.clock.now())
    assert await mine.left() == {1: 1_00}
    # The code that was used is answered with its voucher.
    assert (await mine.do(purses.activate, mine.payer, hashed(codes[0]), scene.clock.now())).number == 1
    assert await scene.services.code_voiding.void(XU, batch, "再次") == 0
    [line] = await scene.services.money_admin.batches(XU)
    assert (line.count, line.used, line.voided) == (5, 1, 4)
    async with mine.database.reading() as work:
        entries = (await work.session.exec(select(AuditEntry).where(AuditEntry.act == "codes.voided"))).all()
    assert [(one.details["reason"], one.details["count"]) for one in entries] == [("活动取消", "4")]


async def test_codes_that_were_never_taken_are_gone(scene: Scene) -> None:
    until = scene.clock.now() + timedelta(days=90)
    batch = orders.BatchOrder(name="活动", count=3, minor=1_00, currency=Currency.CNY, valid_until=until)
    answer = await scene.ask(batch)
    await scene.services.code_voiding.void(XU, answer.id, "写错了金额")
    with pytest.raises(BatchOpenedError):
        await scene.services.approvals.open_codes(XU, answer.id)


async def test_a_code_is_activated_or_voided_when_both_come_at_once(scene: Scene, mine: Wallet) -> None:
    batch, codes = await made(scene)
    now = scene.clock.now()
    await asyncio.gather(
        *(mine.do(purses.activate, mine.payer, hashed(code), now) for code in codes),
        scene.services.code_voiding.void(XU, batch, "活动取消"),
        return_exceptions=True,
    )
    [line] = await scene.services.money_admin.batches(XU)
    assert line.used + line.voided == 5
    assert len(await mine.left()) == line.used


async def test_it_takes_an_operator_and_a_reason(scene: Scene) -> None:
    batch, _ = await made(scene)
    with pytest.raises(ReasonMissingError):
        await scene.services.code_voiding.void(XU, batch, " ")
    payer = Actor(realm=Realm.FEE_CENTER, subject_id="fee_yunfan", session_id="s1")
    with pytest.raises(NotAllowedError):
        await scene.services.code_voiding.void(payer, batch, "x")


async def test_what_waits_is_counted(scene: Scene, mine: Wallet) -> None:
    assert mine.payer
    before = await scene.services.money_admin.waiting_counts(XU)
    await scene.ask(scene.grant(5_000_00))
    after = await scene.services.money_admin.waiting_counts(XU)
    assert (before.approvals, after.approvals, after.matters) == (0, 1, 0)
