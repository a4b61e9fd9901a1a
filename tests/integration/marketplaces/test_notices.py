"""Notices: kept before they are applied, so that none is lost; replayed by operators alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlmodel import select

from guance_portal.core.actor import Actor, Realm
from guance_portal.core.audit import AuditEntry
from guance_portal.core.errors import NotAllowedError
from guance_portal.marketplaces.notices import (
    Incoming,
    NoticeMissingError,
    NoticeNotReplayableError,
    NoticeService,
)
from guance_portal.marketplaces.rules import Applied, NoticeOutcome, NoticeSource
from guance_portal.payers.rules import SubscriptionState
from tests.support.aliyun import LATER

if TYPE_CHECKING:
    from guance_portal.bootstrap import Services
    from tests.support.aliyun import Market
    from tests.support.clocks import MovableClock
    from tests.support.settlers import Settler

OPERATOR = Actor(realm=Realm.OPERATOR, subject_id="oper_1", session_id="sess_1")
APPLIED = Applied(outcome=NoticeOutcome.APPLIED)


def told(*, is_once: bool = True) -> Incoming:
    return Incoming(
        source=NoticeSource.AWS_QUEUE, key="k", kind="test", listing_id="aws-cn", payload={}, is_once=is_once
    )


class Applier:
    """Counts, and fails as long as it is told to."""

    def __init__(self, *failures: Exception | Applied) -> None:
        self.left, self.heard = list(failures), list[Incoming]()

    async def __call__(self, incoming: Incoming) -> Applied:
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
    (line,) = (await services.marketplaces.desk.notices(OPERATOR)).lines
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
    desk = services.marketplaces.desk
    (line,) = (await desk.notices(OPERATOR, outcome=NoticeOutcome.REFUSED)).lines
    claim = await market.sell()
    async with services.database.writing() as work:
        from guance_portal.marketplaces.queries import by_instance

        row = await by_instance(work, "aliyun-cn", claim.instance, lock=True)
        assert row
        row.instance = early
        await work.commit()
    receipt = await services.marketplaces.notices.replay(OPERATOR, line.id)
    assert receipt.outcome is NoticeOutcome.APPLIED
    (bought,) = (await desk.subscriptions(OPERATOR, asked=early)).lines
    assert bought.subscription.state is SubscriptionState.LIVE
    assert bought.subscription.expires_at
    async with services.database.reading() as work:
        acts = [
            entry for entry in (await work.session.exec(select(AuditEntry))).all() if entry.act == "notice.replayed"
        ]
    assert [(entry.actor_id, entry.subject_id) for entry in acts] == [("oper_1", line.id)]


async def test_a_replay_of_what_was_done_changes_nothing(services: Services, market: Market) -> None:
    claim = await market.sell("biz-1")
    await market.send("releaseInstance", instanceId=claim.instance)
    for line in (await services.marketplaces.desk.notices(OPERATOR)).lines:
        receipt = await services.marketplaces.notices.replay(OPERATOR, line.id)
        assert receipt.outcome is NoticeOutcome.APPLIED
    (bought,) = (await services.marketplaces.desk.subscriptions(OPERATOR)).lines
    assert bought.subscription.state is SubscriptionState.RELEASED


async def test_what_works_once_is_not_replayed(services: Services, market: Market, clock: MovableClock) -> None:
    claim = await market.sell()
    await market.free_login(claim.instance, clock)
    (line, _) = (await services.marketplaces.desk.notices(OPERATOR)).lines
    if line.kind != "verify":
        (_, line) = (await services.marketplaces.desk.notices(OPERATOR)).lines
    assert not line.is_replayable
    with pytest.raises(NoticeNotReplayableError):
        await services.marketplaces.notices.replay(OPERATOR, line.id)
    with pytest.raises(NoticeMissingError):
        await services.marketplaces.notices.replay(OPERATOR, "ntce_none")


async def test_it_is_for_operators_alone(services: Services, market: Market, here: Settler) -> None:
    await market.sell()
    (line,) = (await services.marketplaces.desk.notices(OPERATOR)).lines
    for actor in (here.owner, here.payer):
        with pytest.raises(NotAllowedError):
            await services.marketplaces.notices.replay(actor, line.id)
        with pytest.raises(NotAllowedError):
            await services.marketplaces.desk.notices(actor)
        with pytest.raises(NotAllowedError):
            await services.marketplaces.desk.subscriptions(actor)


async def test_the_desk_finds_by_any_whole_id_and_by_outcome(services: Services, market: Market) -> None:
    first, second = await market.sell("biz-1", "111111"), await market.sell("biz-2", "222222")
    await market.send("expiredInstance", instanceId="nobody")
    desk = services.marketplaces.desk
    for asked in ("111111", first.instance, "biz-1"):
        (bought,) = (await desk.subscriptions(OPERATOR, asked=asked)).lines
        assert bought.subscription.instance == first.instance
        (line,) = (await desk.notices(OPERATOR, asked=asked)).lines
        assert line.account == "111111"
    assert (await desk.notices(OPERATOR, asked="%")).total == 0
    assert (await desk.notices(OPERATOR, outcome=NoticeOutcome.REFUSED)).total == 1
    assert (await desk.notices(OPERATOR, page=9)).lines == ()
    assert second.instance in {line.subscription.instance for line in (await desk.subscriptions(OPERATOR)).lines}


async def test_the_metrics_count_notices_by_outcome(services: Services, market: Market) -> None:
    await market.sell()
    await market.send("expiredInstance", instanceId="nobody")
    reading = next(one for one in services.gauges() if one.name == "portal_marketplace_notices")
    counted = await reading.read()
    assert {name: count for name, count in counted.items() if count} == {"applied": 1.0, "refused": 1.0}
