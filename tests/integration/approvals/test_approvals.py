"""Acts of operators on both databases: at once below the limit, by two people above it, once however often it is tried."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from guance_portal.approvals import orders
from guance_portal.approvals.errors import (
    AccountUnknownError,
    EffectChangedError,
    OwnRequestError,
    RequestDecidedError,
    RequestExpiredError,
    RequestUnknownError,
    VoucherOverError,
)
from guance_portal.approvals.rules import State
from guance_portal.approvals.service import Answer, Asking
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.errors import NotAllowedError, PortalError
from guance_portal.core.money import Currency
from guance_portal.core.reasons import ReasonMissingError
from guance_portal.ledger.chart import Kind
from guance_portal.ledger.errors import OtherContentError
from guance_portal.wallet.errors import OtherCurrencyError
from guance_portal.wallet.return_rules import ReturnTooHighError
from tests.support.clocks import MovableClock
from tests.support.operators import ACCOUNT, CHEN, XU, ZHOU, Scene
from tests.support.wallets import Wallet


async def test_below_the_limit_it_is_done_at_once(scene: Scene, mine: Wallet) -> None:
    answer = await scene.ask(scene.grant(1_000_00))
    assert answer.is_done
    assert await mine.left() == {1: 1_000_00}
    assert await scene.audit() == [("approval.done_at_once", "oper_xu", "oper_xu", "迁移支持")]
    row = await scene.row(answer)
    assert (row.state, row.posted_payer, row.posted_number) == (State.DIRECT, mine.payer, 1)


async def test_above_it_nothing_moves_until_somebody_else_approves(scene: Scene, mine: Wallet) -> None:
    answer = await scene.ask(scene.grant(5_000_00))
    assert not answer.is_done
    assert await mine.held() == {}
    with pytest.raises(OwnRequestError):
        await scene.approve(answer, XU)
    assert await mine.held() == {}
    await scene.services.approvals.approve(ZHOU, answer.id, why="核对过  合同")
    assert await mine.held() == {"promo_cost": 5_000_00, "voucher:1": -5_000_00}
    assert await scene.audit() == [
        ("approval.approved", "oper_zhou", "oper_xu", "核对过 合同"),
        ("approval.asked", "oper_xu", "oper_xu", "迁移支持"),
    ]
    row = await scene.row(answer)
    assert (row.decided_by, row.posted_payer, row.posted_number) == ("oper_zhou", mine.payer, 1)


async def test_the_request_says_what_it_would_move(scene: Scene) -> None:
    row = await scene.row(await scene.ask(scene.grant(5_000_00)))
    assert [(one["kind"], one["key"], one["minor"]) for one in row.dry_run["moves"]] == [
        ("promo_cost", "", 5_000_00),
        ("voucher", "new", -5_000_00),
    ]
    assert row.reason == "迁移支持"
    assert row.expires_at - row.asked_at == timedelta(days=7)


async def test_small_acts_add_up_for_an_operator_and_a_payer_within_a_day(scene: Scene, clock: MovableClock) -> None:
    assert (await scene.ask(scene.grant(600_00))).is_done
    assert not (await scene.ask(scene.grant(400_01))).is_done
    assert (await scene.ask(scene.grant(400_01), CHEN)).is_done
    clock.move(hours=24)
    assert (await scene.ask(scene.grant(1_000_00))).is_done


async def test_what_was_refused_does_not_add_up(scene: Scene) -> None:
    answer = await scene.ask(scene.grant(1_000_01))
    assert not (await scene.ask(scene.grant(1))).is_done
    await scene.services.approvals.refuse(ZHOU, answer.id, why="超出年度额度")
    assert await scene.state(answer) is State.REFUSED
    assert (await scene.ask(scene.grant(1_000_00 - 1))).is_done


async def test_small_acts_at_once_do_not_pass_the_limit_together(scene: Scene, mine: Wallet) -> None:
    made = await asyncio.gather(*(scene.ask(scene.grant(300_00)) for _ in range(8)))
    assert sorted(one.is_done for one in made) == [False] * 5 + [True] * 3
    assert sum((await mine.left()).values()) == 900_00


async def test_two_operators_approve_at_once_and_it_happens_once(scene: Scene, mine: Wallet) -> None:
    answer = await scene.ask(scene.grant(5_000_00))
    ends = await asyncio.gather(*(scene.approve(answer, one) for one in (ZHOU, CHEN)), return_exceptions=True)
    assert sorted(type(one).__name__ for one in ends) == ["Answer", "RequestDecidedError"]
    assert await mine.left() == {1: 5_000_00}


async def test_one_who_approves_twenty_times_at_once_does_it_once(scene: Scene, mine: Wallet) -> None:
    answer = await scene.ask(scene.grant(5_000_00))
    await asyncio.gather(*(scene.approve(answer) for _ in range(20)))
    assert await mine.left() == {1: 5_000_00}
    assert len(await scene.audit()) == 2


async def test_one_form_sent_twenty_times_at_once_is_one_act(scene: Scene, mine: Wallet) -> None:
    order = scene.grant(5_00)
    made = await asyncio.gather(*(scene.ask(order, key="form") for _ in range(20)))
    assert len({one.id for one in made}) == 1
    assert await mine.left() == {1: 5_00}
    with pytest.raises(OtherContentError):
        await scene.ask(scene.grant(6_00), key="form")


async def test_approving_and_refusing_at_once_is_one_decision(scene: Scene, mine: Wallet) -> None:
    answer = await scene.ask(scene.grant(5_000_00))
    ends = await asyncio.gather(
        scene.approve(answer), scene.services.approvals.refuse(CHEN, answer.id, why="不合适"), return_exceptions=True
    )
    assert sum(isinstance(one, RequestDecidedError) for one in ends) == 1
    is_approved = await scene.state(answer) is State.APPROVED
    assert await mine.left() == ({1: 5_000_00} if is_approved else {})


async def test_a_request_ends_after_seven_days(scene: Scene, mine: Wallet, clock: MovableClock) -> None:
    answer = await scene.ask(scene.grant(5_000_00))
    clock.move(days=7, seconds=-1)
    assert await scene.services.approvals.expiry.end_due() == 0
    clock.move(seconds=1)
    with pytest.raises(RequestExpiredError):
        await scene.approve(answer)
    assert await asyncio.gather(*(scene.services.approvals.expiry.end_due() for _ in range(3))) != [0, 0, 0]
    assert await scene.state(answer) is State.EXPIRED
    with pytest.raises(RequestExpiredError):
        await scene.approve(answer)
    assert await mine.left() == {}
    assert [act for act, *_ in await scene.audit()] == ["approval.asked", "approval.expired"]


async def test_who_asked_may_withdraw(scene: Scene) -> None:
    answer = await scene.ask(scene.grant(5_000_00))
    with pytest.raises(ReasonMissingError):
        await scene.services.approvals.refuse(XU, answer.id, why="  ")
    await scene.services.approvals.refuse(XU, answer.id, why="金额有误")
    assert await scene.state(answer) is State.WITHDRAWN


async def test_a_refund_is_on_hold_while_it_waits_and_free_when_it_is_refused(scene: Scene, mine: Wallet) -> None:
    await mine.recharge(3_000_00)
    refund = orders.RefundOrder(fee_account=ACCOUNT, way=Kind.ALIPAY, trade="1", minor=2_000_00, currency=Currency.CNY)
    answer = await scene.ask(refund)
    assert await mine.held() == {"alipay": 3_000_00, "cash": -1_000_00, "hold": -2_000_00}
    await scene.services.approvals.refuse(ZHOU, answer.id, why="客户撤回")
    assert await mine.held() == {"alipay": 3_000_00, "cash": -3_000_00}
    again = await scene.ask(refund)
    await scene.approve(again)
    assert await mine.held() == {"alipay": 1_000_00, "cash": -1_000_00}


async def test_an_expired_refund_is_free_again(scene: Scene, mine: Wallet, clock: MovableClock) -> None:
    await mine.recharge(3_000_00)
    await scene.ask(
        orders.RefundOrder(fee_account=ACCOUNT, way=Kind.ALIPAY, trade="1", minor=2_000_00, currency=Currency.CNY)
    )
    clock.move(days=7)
    assert await scene.services.approvals.expiry.end_due() == 1
    assert await mine.held() == {"alipay": 3_000_00, "cash": -3_000_00}


async def test_a_small_refund_leaves_at_once(scene: Scene, mine: Wallet) -> None:
    await mine.recharge(300_00)
    refund = orders.RefundOrder(fee_account=ACCOUNT, way=Kind.ALIPAY, trade="1", minor=100_00, currency=Currency.CNY)
    answer = await scene.ask(refund)
    assert answer.is_done
    assert await mine.held() == {"alipay": 200_00, "cash": -200_00}
    moves = (await scene.row(answer)).dry_run["moves"]
    assert [(one["kind"], one["minor"]) for one in moves] == [("alipay", -100_00), ("cash", 100_00)]


async def test_what_cannot_be_done_any_more_says_why(scene: Scene, mine: Wallet) -> None:
    await mine.spend(1, 60_00)
    await scene.ask(scene.grant(1_000_00), CHEN)
    correction = orders.Correct(fee_account=ACCOUNT, bill="bill:w1:1", minor=40_00, currency=Currency.CNY)
    answer = await scene.ask(correction, CHEN)
    assert not answer.is_done
    assert (await scene.services.approvals.today(ZHOU, answer.id)).is_same
    await scene.ask(correction.model_copy(update={"minor": 25_00}), XU)
    today = await scene.services.approvals.today(ZHOU, answer.id)
    assert (today.is_same, today.problem and today.problem.code) == (False, "errors.wallet_return_too_high")
    with pytest.raises(ReturnTooHighError):
        await scene.approve(answer)
    assert await scene.state(answer) is State.ASKED


async def test_an_act_that_would_move_otherwise_is_not_done(scene: Scene, mine: Wallet) -> None:
    await scene.ask(scene.grant(1_000_00))
    await mine.recharge(60_00)
    await mine.spend(0, 1_030_00)
    bill = orders.Correct(fee_account=ACCOUNT, bill="bill:w1:0", minor=50_00, currency=Currency.CNY)
    answer = await scene.ask(bill)
    assert not answer.is_done
    await mine.recharge(1_000_00, "2")  # the debt that the correction was to lower is paid since
    today = await scene.services.approvals.today(ZHOU, answer.id)
    assert not today.is_same
    assert today.problem is None
    held = await mine.held()
    with pytest.raises(EffectChangedError):
        await scene.approve(answer)
    assert await mine.held() == held
    again = await scene.services.approvals.renew(Asking(actor=ZHOU, why="重新核对", key="anew"), answer.id)
    assert await scene.state(answer) is State.REPLACED
    assert again.is_done  # it is below the limit of the one who asked again


async def test_who_asks_anew_does_not_approve(scene: Scene, mine: Wallet) -> None:
    answer = await scene.ask(scene.grant(5_000_00))
    asking = Asking(actor=ZHOU, why="重新核对", key="anew")
    again = await scene.services.approvals.renew(asking, answer.id)
    assert await scene.services.approvals.renew(asking, answer.id) == again
    with pytest.raises(OwnRequestError):
        await scene.approve(again, ZHOU)
    await scene.approve(again, XU)
    assert await mine.left() == {1: 5_000_00}


async def test_what_cannot_be_done_cannot_be_asked_for(scene: Scene, mine: Wallet) -> None:
    now = scene.clock.now()
    over = scene.grant(5_000_00).model_copy(update={"valid_until": now})
    refused: list[tuple[orders.Order, type[PortalError]]] = [
        (over, VoucherOverError),
        (scene.grant(5_000_00).model_copy(update={"fee_account": "fee_nobody"}), AccountUnknownError),
        (scene.grant(5_000_00).model_copy(update={"currency": Currency.USD}), OtherCurrencyError),
        (orders.Lift(payer=4711), AccountUnknownError),
    ]
    for order, problem in refused:
        with pytest.raises(problem):
            await scene.ask(order)
    assert await mine.references() == []
    assert await scene.audit() == []


async def test_nobody_but_operators_acts(scene: Scene) -> None:
    other = Actor(realm=Realm.FEE_CENTER, subject_id=ACCOUNT, session_id="sess_9")
    nothing = Answer(id="aprv_none", is_done=False)
    service = scene.services.approvals
    for attempt in (
        scene.ask(scene.grant(1), other),
        scene.approve(nothing, other),
        service.refuse(other, "x", why="y"),
        service.today(other, "x"),
        service.preview(other, scene.grant(1)),
        service.renew(Asking(actor=other, why="y", key="k"), "x"),
        service.open_codes(other, "x"),
    ):
        with pytest.raises(NotAllowedError):
            await attempt
    with pytest.raises(RequestUnknownError):
        await scene.approve(nothing)
