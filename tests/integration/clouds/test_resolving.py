"""What operators see of records, and what becomes of those of which they say what the marketplace shows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from guance_portal.billing.clouds.board import Board, RecordSums
from guance_portal.billing.clouds.errors import CloudRecordMovedError, CloudRecordUnknownError
from guance_portal.billing.clouds.resolving import ShownThere
from guance_portal.billing.clouds.rules import CloudRecordState, RecordReason
from guance_portal.bootstrap import Services
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.audit import AuditEntry
from guance_portal.core.errors import NotAllowedError
from guance_portal.core.money import Currency
from guance_portal.core.reasons import ReasonMissingError
from guance_portal.metering.items import Item
from guance_portal.sandbox.rules import Whim
from tests.support.clocks import MovableClock
from tests.support.closes import FIRST, broken, end_day
from tests.support.cloud_days import Subscriber, later, push, states, subscriber

LOGS = {Item.LOGS: 10_000_000}
OPERATOR = Actor(realm=Realm.OPERATOR, subject_id="oper_1", session_id="sess_1")


async def unknown(services: Services, clock: MovableClock, *names: str) -> list[Subscriber]:
    """Companies whose records were counted, and nobody knows."""
    mine = [await subscriber(services, "aliyun-cn", name) for name in names or ("yunfan",)]
    await mine[0].misbehave(Whim.SILENT_ON_USAGE)
    for one in mine:
        await one.here.use(LOGS)
    await end_day(services)
    await push(services, clock)
    await mine[0].misbehave()
    assert states([await one.record() for one in mine]) == [CloudRecordState.UNKNOWN] * len(mine)
    return mine


async def read(services: Services, listing: str = "") -> Board:
    choice = services.reconciliation.choice(FIRST, FIRST, Currency.CNY, listing)
    return await services.reconciliation.read(OPERATOR, choice)


def figures(sums: RecordSums) -> dict[str, int]:
    names = ("ours", "sent", "accepted", "refused", "late", "returned", "waiting", "unknown", "unpaid")
    found = {name: getattr(sums, name).minor for name in names} | {"difference": sums.difference.minor}
    assert found["ours"] == found["accepted"] + found["returned"] + found["difference"]
    assert found["difference"] == found["waiting"] + found["unknown"] + found["unpaid"]
    return {name: minor for name, minor in found.items() if minor}


async def test_what_the_market_shows_as_ours_is_accepted(services: Services, clock: MovableClock) -> None:
    (mine,) = await unknown(services, clock)
    record = await mine.record()
    assert figures((await read(services)).total) == {
        "ours": 15_00,
        "sent": 15_00,
        "unknown": 15_00,
        "difference": 15_00,
    }
    seen = await services.cloud_record_resolving.enter(OPERATOR, record.code, 15_00, "后台截图 031", attempts=1)
    assert seen is ShownThere.OURS
    assert await mine.here.wallet.held() == {"cloud:aliyun-cn": 15_00, "revenue": -15_00}
    assert figures((await read(services)).total) == {"ours": 15_00, "sent": 15_00, "accepted": 15_00}
    async with services.database.reading() as work:
        (entry,) = (await work.session.exec(select(AuditEntry).where(AuditEntry.act == "cloud_record.entered"))).all()
    assert entry.details == {"record": record.code, "reason": "后台截图 031", "shown": "ours"}
    assert await broken(services) == []


async def test_what_the_market_does_not_show_is_sent_again_once(services: Services, clock: MovableClock) -> None:
    mine = await subscriber(services, "aliyun-cn")
    await mine.misbehave(Whim.UNREACHABLE)
    await mine.here.use(LOGS)
    await end_day(services)
    await mine.misbehave(Whim.SILENT_ON_USAGE)
    await push(services, clock)
    await mine.misbehave()
    async with services.database.writing() as work:
        await (await work.session.connection()).exec_driver_sql("DELETE FROM sandbox_usage")
        await work.commit()
    record = await mine.record()
    seen = await services.cloud_record_resolving.enter(OPERATOR, record.code, 0, "后台没有", attempts=1)
    assert seen is ShownThere.NOTHING
    await push(services, clock)
    assert await mine.counted() == [15_00]
    record = await mine.record()
    assert (record.state, record.attempts, record.shown) == (CloudRecordState.ACCEPTED, 2, 0)
    assert await broken(services) == []


async def test_another_amount_is_not_this_record_and_the_account_pays(services: Services, clock: MovableClock) -> None:
    (mine,) = await unknown(services, clock)
    record = await mine.record()
    seen = await services.cloud_record_resolving.enter(OPERATOR, record.code, 14_99, "另一条", attempts=1)
    assert seen is ShownThere.OTHER
    record = await mine.record()
    assert (record.state, record.reason, record.shown) == (
        CloudRecordState.REFUSED,
        RecordReason.SHOWN_OTHER,
        14_99,
    )
    assert await mine.here.wallet.held() == {"receivable": 15_00, "revenue": -15_00}
    board = await read(services)
    assert figures(board.total) == {"ours": 15_00, "sent": 15_00, "refused": 15_00, "returned": 15_00}
    assert [(line.code, line.is_booked) for line in board.records] == [(record.code, True)]
    assert await broken(services) == []


async def test_what_was_entered_for_an_earlier_try_or_twice_is_refused(services: Services, clock: MovableClock) -> None:
    mine, other = await unknown(services, clock, "yunfan", "other")
    code = (await mine.record()).code
    enter = services.cloud_record_resolving.enter
    with pytest.raises(CloudRecordMovedError):
        await enter(OPERATOR, code, 15_00, "看过", attempts=2)
    with pytest.raises(ReasonMissingError):
        await enter(OPERATOR, code, 15_00, "  ", attempts=1)
    with pytest.raises(CloudRecordUnknownError):
        await enter(OPERATOR, "MU-0", 15_00, "看过", attempts=1)
    with pytest.raises(NotAllowedError):
        await enter(
            Actor(realm=Realm.FEE_CENTER, subject_id="fee_1", session_id="sess_1"), code, 15_00, "看过", attempts=1
        )
    await enter(OPERATOR, code, 15_00, "看过", attempts=1)
    with pytest.raises(CloudRecordMovedError):
        await enter(OPERATOR, code, 0, "看过", attempts=1)
    late = await other.record()
    services.business_clock.show(late.deadline_at)
    with pytest.raises(CloudRecordMovedError):
        await enter(OPERATOR, late.code, 15_00, "看过", attempts=1)
    await push(services, clock)
    assert states(await other.records()) == [CloudRecordState.TOO_LATE]
    assert await broken(services) == []


async def test_an_operator_lets_a_record_go_next(services: Services, clock: MovableClock) -> None:
    mine = await subscriber(services, "aws-cn")
    await mine.misbehave(Whim.THROTTLES_USAGE)
    await mine.here.use(LOGS)
    await end_day(services)
    await push(services, clock)
    await mine.misbehave()
    await push(services, clock)
    assert await mine.counted() == []
    await services.cloud_record_resolving.ask(OPERATOR, (await mine.record()).code)
    await push(services, clock)
    assert await mine.counted() == [15_00]
    with pytest.raises(CloudRecordMovedError):
        await services.cloud_record_resolving.ask(OPERATOR, (await mine.record()).code)


async def test_the_board_shows_each_marketplace_and_day_and_every_open_record(
    services: Services, clock: MovableClock
) -> None:
    mine = [await subscriber(services, listing, listing) for listing in ("aliyun-cn", "aws-cn", "aws-intl")]
    for one in mine:
        await one.here.use(LOGS)
    await mine[1].misbehave(Whim.THROTTLES_USAGE)
    await end_day(services)
    await push(services, clock)
    board = await read(services)
    assert [(line.day, line.listing, figures(line.sums)) for line in board.lines] == [
        (FIRST, "aliyun-cn", {"ours": 15_00, "sent": 15_00, "accepted": 15_00}),
        (FIRST, "aws-cn", {"ours": 15_00, "sent": 15_00, "waiting": 15_00, "difference": 15_00}),
    ]
    assert [line.account for line in board.records] == ["aws-cn"]
    assert (await read(services, "aliyun-cn")).records == ()
    later_days = services.reconciliation.choice(FIRST + timedelta(days=1), FIRST + timedelta(days=2))
    board = await services.reconciliation.read(OPERATOR, later_days)
    assert (board.lines, [line.account for line in board.records]) == ((), ["aws-cn"])
    later(services, clock)
    with pytest.raises(NotAllowedError):
        await services.reconciliation.read(
            Actor(realm=Realm.CONSOLE, subject_id="user_1", session_id="sess_1"), later_days
        )
