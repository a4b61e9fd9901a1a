"""Notices: kept before they are applied, so that none is lost; replayed by operators alone."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import col, select

from guance_portal import bootstrap
from guance_portal.bootstrap import Services
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.audit import AuditEntry
from guance_portal.core.errors import NotAllowedError
from guance_portal.core.settings import Settings
from guance_portal.marketplaces.notices import (
    IncomingNotice,
    NoticeMissingError,
    NoticeNotReplayableError,
    NoticeService,
)
from guance_portal.marketplaces.purchases import Purchase, SubscriptionView
from guance_portal.marketplaces.rules import Applied, NoticeOutcome, NoticeSource
from guance_portal.marketplaces.tables import MarketplaceNotice
from guance_portal.payers.rules import SubscriptionState
from tests.support.aliyun import LATER, Market
from tests.support.clocks import MovableClock
from tests.support.settlers import Settler

OPERATOR = Actor(realm=Realm.OPERATOR, subject_id="oper_1", session_id="sess_1")
APPLIED = Applied(outcome=NoticeOutcome.APPLIED)


def told(*, is_once: bool = True) -> IncomingNotice:
    return IncomingNotice(
        source=NoticeSource.AWS_QUEUE, key="k", kind="test", listing_id="aws-cn", payload={}, is_once=is_once
    )


class Applier:
    """Counts, and fails as long as it is told to."""

    def __init__(self, *failures: Exception | Applied) -> None:
        self.left, self.heard = list(failures), list[IncomingNotice]()

    async def __call__(self, incoming: IncomingNotice) -> Applied:
        self.heard.append(incoming)
        what = self.left.pop(0) if self.left else APPLIED
        if isinstance(what, Exception):
            raise what
        return what


async def test_what_fails_is_kept_and_tried_again_when_it_comes_again(services: Services, clock: MovableClock) -> None:
    apply = Applier(RuntimeError("outage"), Applied(outcome=NoticeOutcome.REFUSED))
    notices = NoticeService(services.database, clock, {NoticeSource.AWS_QUEUE: apply})
    with pytest.raises(RuntimeError):
        await notices.receive(told())
    (line,) = (await services.marketplaces.admin.notices(OPERATOR)).lines
    assert line.outcome is NoticeOutcome.FAILED
    assert (await notices.receive(told())).outcome is NoticeOutcome.REFUSED
    assert (await notices.receive(told())).outcome is NoticeOutcome.APPLIED
    again = await notices.receive(told())
    assert (again.outcome, again.times, again.is_repeat) == (NoticeOutcome.APPLIED, 4, True)
    assert len(apply.heard) == 3


async def test_what_may_be_said_again_is_applied_again_and_knows_that_it_is_a_repeat(
    services: Services, clock: MovableClock
) -> None:
    apply = Applier()
    notices = NoticeService(services.database, clock, {NoticeSource.AWS_QUEUE: apply})
    for _ in range(2):
        await notices.receive(told(is_once=False))
    assert [one.is_repeat for one in apply.heard] == [False, True]


async def test_what_is_applied_stays_so_though_a_repeat_finds_nothing_to_do(
    services: Services, clock: MovableClock
) -> None:
    apply = Applier(APPLIED, Applied(outcome=NoticeOutcome.NOTHING_TO_DO))
    notices = NoticeService(services.database, clock, {NoticeSource.AWS_QUEUE: apply})
    await notices.receive(told(is_once=False))
    assert (await notices.receive(told(is_once=False))).outcome is NoticeOutcome.APPLIED


async def test_an_operator_replays_what_came_too_early(services: Services, market: Market, here: Settler) -> None:
    early = "f" * 32
    await market.send("renewInstance", instanceId=early, orderId="o", expiredOn=LATER)
    scene = services.marketplaces.admin
    (line,) = (await scene.notices(OPERATOR, outcome=NoticeOutcome.REFUSED)).lines
    claim = await market.sell()
    async with services.database.writing() as work:
        from guance_portal.marketplaces.queries import by_instance

        row = await by_instance(work, "aliyun-cn", claim.instance, lock=True)
        assert row
        row.instance = early
        await work.commit()
    receipt = await services.marketplaces.notices.replay(OPERATOR, line.id)
    assert receipt.outcome is NoticeOutcome.APPLIED
    (bought,) = (await scene.subscriptions(OPERATOR, asked=early)).lines
    assert bought.subscription.state is SubscriptionState.LIVE
    assert bought.subscription.expires_at
    async with services.database.reading() as work:
        acts = [
            entry for entry in (await work.session.exec(select(AuditEntry))).all() if entry.act == "notice.replayed"
        ]
    assert [(entry.actor_id, entry.subject_id) for entry in acts] == [("oper_1", line.id)]


async def test_a_replay_repairs_what_a_wrong_setting_refused(
    services: Services, market: Market, portal_settings: Settings, clock: MovableClock
) -> None:
    # The vendor had typed another product code than the market's.
    sold = market.purchase("biz-1") | {"productCode": "cmgj000001"}
    assert (await market.send("createInstance", **sold)).json() == {"instanceId": "0"}
    (line,) = (await services.marketplaces.admin.notices(OPERATOR)).lines
    assert (line.outcome, line.is_replayable) == (NoticeOutcome.REFUSED, True)
    corrected = bootstrap.build(portal_settings.model_copy(update={"aliyun_product_code": "cmgj000001"}), clock=clock)
    receipt = await corrected.marketplaces.notices.replay(OPERATOR, line.id)
    assert receipt.outcome is NoticeOutcome.APPLIED
    (bought,) = (await services.marketplaces.admin.subscriptions(OPERATOR, asked="biz-1")).lines
    assert bought.subscription.state is SubscriptionState.LIVE
    # The market's own repeat gets the instance that the replay made.
    again = Market(client=market.client, key=market.key, product_code="cmgj000001")
    assert (await again.sell("biz-1")).instance == bought.subscription.instance
    await corrected.close()


async def test_a_replay_of_what_was_done_changes_nothing(
    services: Services, market: Market, clock: MovableClock
) -> None:
    claim = await market.sell("biz-1", expiredOn=LATER)
    for action, said in (
        ("renewInstance", {"orderId": "o1", "expiredOn": "2028-07-01 00:00:00"}),
        ("upgradeInstance", {"skuId": "large"}),
        ("upgradeInstance", {"skuId": "huge"}),
        ("expiredInstance", {}),
        ("renewInstance", {"orderId": "o2", "expiredOn": "2029-07-01 00:00:00"}),
    ):
        clock.move(days=1)
        assert (await market.send(action, instanceId=claim.instance, **said)).json() == {"success": "true"}
    scene, before = services.marketplaces.admin, await bought(services)
    assert (before.sku, before.state) == ("huge", SubscriptionState.LIVE)
    for _ in range(2):
        lines = (await scene.notices(OPERATOR)).lines
        assert not any(line.is_replayable for line in lines)
        for line in (*lines, *reversed(lines)):
            clock.move(minutes=1)
            receipt = await services.marketplaces.notices.replay(OPERATOR, line.id)
            assert (receipt.outcome, receipt.is_repeat) == (NoticeOutcome.APPLIED, True)
            assert await bought(services) == before
        clock.move(days=1)
        await market.send("releaseInstance", instanceId=claim.instance)
        before = await bought(services)
        assert before.state is SubscriptionState.RELEASED


async def bought(services: Services) -> SubscriptionView:
    (line,) = (await services.marketplaces.admin.subscriptions(OPERATOR)).lines
    return line.subscription


async def test_a_purchase_said_again_takes_nothing_back(services: Services, market: Market) -> None:
    claim = await market.sell("biz-1", expiredOn=LATER)
    await market.send("renewInstance", instanceId=claim.instance, orderId="o1", expiredOn="2029-07-01 00:00:00")
    await market.send("upgradeInstance", instanceId=claim.instance, skuId="large")
    before = await bought(services)
    listing = services.marketplaces.listings.by_id("aliyun-cn")
    again = Purchase(
        listing=listing,
        account=claim.account,
        reference="biz-1",
        sku="payg",
        expires_at=before.expires_at and before.expires_at - timedelta(days=700),
        extra={"orderId": "another"},
    )
    applied = await services.marketplaces.subscriptions.record_purchase(again)
    assert applied.outcome is NoticeOutcome.NOTHING_TO_DO
    assert await bought(services) == before


async def test_a_late_repeat_of_a_change_does_not_roll_the_plan_back(
    services: Services, market: Market, clock: MovableClock
) -> None:
    claim = await market.sell()
    for sku in ("large", "huge"):
        await market.send("upgradeInstance", instanceId=claim.instance, skuId=sku)
        clock.move(hours=1)
    for _ in range(3):
        late = await market.send("upgradeInstance", instanceId=claim.instance, skuId="large")
        assert late.json() == {"success": "true"}
        assert (await bought(services)).sku == "huge"
        clock.move(hours=1)
    await market.send("upgradeInstance", instanceId=claim.instance, skuId="small")
    assert (await bought(services)).sku == "small"


async def test_a_replay_does_not_revive_what_ended_since_it_was_said(
    services: Services, market: Market, clock: MovableClock
) -> None:
    claim = await market.sell()
    await be_left(services, market, "renewInstance", instanceId=claim.instance, orderId="o1", expiredOn=LATER)
    clock.move(hours=1)
    await market.send("expiredInstance", instanceId=claim.instance)
    (line,) = (await services.marketplaces.admin.notices(OPERATOR, outcome=NoticeOutcome.FAILED)).lines
    receipt = await services.marketplaces.notices.replay(OPERATOR, line.id)
    assert (receipt.outcome, receipt.detail) == (NoticeOutcome.NOTHING_TO_DO, "notice_detail.late_repeat")
    assert (await bought(services)).state is SubscriptionState.EXPIRED


async def be_left(services: Services, market: Market, action: str, *, is_failed: bool = True, **said: str) -> None:
    """A notice is kept, and then something breaks before it is applied."""
    broken = NoticeService(
        services.database, services.clock, {NoticeSource.ALIYUN_SPI: Applier(RuntimeError("the process dies"))}
    )
    shown = {"action": action, **said}
    key = f"aliyun-cn:{action}:{said['instanceId']}"
    key += f":{said['orderId']}" if action == "renewInstance" else ""
    incoming = IncomingNotice(
        source=NoticeSource.ALIYUN_SPI, key=key, kind=action, listing_id="aliyun-cn", payload=shown, is_once=False
    )
    with pytest.raises(RuntimeError):
        await broken.receive(incoming)
    async with services.database.writing() as work:
        row = (await work.session.exec(select(MarketplaceNotice).where(col(MarketplaceNotice.key) == key))).one()
        if not is_failed:
            row.outcome, row.processed_at = NoticeOutcome.RECEIVED, None
        await work.commit()


@pytest.mark.parametrize("is_failed", [True, False])
async def test_an_end_that_a_dying_process_left_behind_is_taken_up(
    services: Services, market: Market, clock: MovableClock, *, is_failed: bool
) -> None:
    claim, notices = await market.sell(), services.marketplaces.notices
    await be_left(services, market, "releaseInstance", is_failed=is_failed, instanceId=claim.instance)
    assert await notices.take_up() == 0, "it may be under way still"
    clock.move(minutes=2)
    taken = await asyncio.gather(*(notices.take_up() for _ in range(3)))
    assert max(taken) == 1
    assert (await bought(services)).state is SubscriptionState.RELEASED
    clock.move(hours=1)
    assert await notices.take_up() == 0


async def test_an_expiry_that_was_left_behind_does_not_end_what_was_renewed_since(
    services: Services, market: Market, clock: MovableClock
) -> None:
    claim = await market.sell()
    await be_left(services, market, "expiredInstance", instanceId=claim.instance)
    clock.move(minutes=1)
    await market.send("renewInstance", instanceId=claim.instance, orderId="o1", expiredOn=LATER)
    clock.move(minutes=5)
    assert await services.marketplaces.notices.take_up() == 1
    assert (await bought(services)).state is SubscriptionState.LIVE


async def test_what_fails_again_waits_longer_each_time_and_a_bug_does_not_stop_the_others(
    services: Services, clock: MovableClock
) -> None:
    apply = Applier(*(RuntimeError("bug") for _ in range(100)))
    notices = NoticeService(services.database, clock, {NoticeSource.AWS_QUEUE: apply})
    for key in ("one", "two"):
        with pytest.raises(RuntimeError):
            await notices.receive(replace(told(), key=key))
    tries: list[int] = []
    for minute in range(1, 5 * 24 * 60):
        clock.move(minutes=1)
        if minute < 40 or minute % 240 == 0:
            tries += [minute] * await notices.take_up()
    assert tries[:10] == [2, 2, 4, 4, 8, 8, 16, 16, 32, 32]
    assert max(tries) < 3 * 24 * 60


@pytest.mark.parametrize(
    ("detail", "is_tried"),
    [
        ("notice_detail.aws_silent", True),
        ("notice_detail.unclear_renewal", True),
        ("notice_detail.both_registered", False),
        ("notice_detail.malformed", False),
    ],
)
async def test_what_a_person_must_look_at_is_not_tried_again(
    services: Services, clock: MovableClock, *, detail: str, is_tried: bool
) -> None:
    apply = Applier(Applied(outcome=NoticeOutcome.FAILED, detail=detail))
    notices = NoticeService(services.database, clock, {NoticeSource.AWS_QUEUE: apply})
    await notices.receive(told())
    clock.move(minutes=3)
    assert await notices.take_up() == int(is_tried)


async def test_what_works_once_is_not_replayed(services: Services, market: Market, clock: MovableClock) -> None:
    claim = await market.sell()
    await market.sso(claim.instance, clock)
    (line, _) = (await services.marketplaces.admin.notices(OPERATOR)).lines
    if line.kind != "verify":
        (_, line) = (await services.marketplaces.admin.notices(OPERATOR)).lines
    assert not line.is_replayable
    with pytest.raises(NoticeNotReplayableError):
        await services.marketplaces.notices.replay(OPERATOR, line.id)
    with pytest.raises(NoticeMissingError):
        await services.marketplaces.notices.replay(OPERATOR, "ntce_none")


async def test_it_is_for_operators_alone(services: Services, market: Market, here: Settler) -> None:
    await market.sell()
    (line,) = (await services.marketplaces.admin.notices(OPERATOR)).lines
    for actor in (here.owner, here.payer):
        with pytest.raises(NotAllowedError):
            await services.marketplaces.notices.replay(actor, line.id)
        with pytest.raises(NotAllowedError):
            await services.marketplaces.admin.notices(actor)
        with pytest.raises(NotAllowedError):
            await services.marketplaces.admin.subscriptions(actor)


async def test_operators_find_by_any_whole_id_and_by_outcome(services: Services, market: Market) -> None:
    first, second = await market.sell("biz-1", "111111"), await market.sell("biz-2", "222222")
    await market.send("expiredInstance", instanceId="nobody")
    scene = services.marketplaces.admin
    for asked in ("111111", first.instance, "biz-1"):
        (bought,) = (await scene.subscriptions(OPERATOR, asked=asked)).lines
        assert bought.subscription.instance == first.instance
        (line,) = (await scene.notices(OPERATOR, asked=asked)).lines
        assert line.account == "111111"
    assert (await scene.notices(OPERATOR, asked="%")).total == 0
    assert (await scene.notices(OPERATOR, outcome=NoticeOutcome.REFUSED)).total == 1
    assert (await scene.notices(OPERATOR, page=9)).lines == ()
    assert second.instance in {line.subscription.instance for line in (await scene.subscriptions(OPERATOR)).lines}


async def test_the_metrics_count_notices_by_outcome(services: Services, market: Market) -> None:
    await market.sell()
    await market.send("expiredInstance", instanceId="nobody")
    reading = next(one for one in services.gauges() if one.name == "portal_marketplace_notices")
    counted = await reading.read()
    assert {name: count for name, count in counted.items() if count} == {"applied": 1.0, "refused": 1.0}
