"""Records go to the marketplaces, are accepted, refused or unknown, and are booked once; whatever else happens."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from guance_portal.billing.clouds.rules import CloudRecordState, RecordReason
from guance_portal.bootstrap import Services
from guance_portal.core.money import Money
from guance_portal.metering.items import Item
from guance_portal.sandbox.rules import PurchaseState, Whim
from guance_portal.sandbox.tables import SandboxPurchase
from tests.support.clocks import MovableClock
from tests.support.closes import FIRST, broken, end_day
from tests.support.cloud_days import SITES, later, push, states, subscriber

LOGS = {Item.LOGS: 10_000_000}
_DIGITS = str.maketrans("", "", "¥$,.")
LISTINGS = ("aliyun-cn", "aliyun-intl", "aws-cn", "aws-intl")


def site(listing: str) -> str:
    return SITES[listing.rpartition("-")[2]]


@pytest.mark.parametrize("listing", LISTINGS)
async def test_what_a_cloud_is_to_collect_is_sent_accepted_and_booked(
    services: Services, clock: MovableClock, listing: str
) -> None:
    mine = await subscriber(services, listing)
    await mine.here.use(LOGS)
    await end_day(services, site=site(listing))
    owed = (await mine.here.bill()).minor
    await push(services, clock)
    record = await mine.record()
    assert (record.state, record.minor, record.attempts) == (CloudRecordState.ACCEPTED, owed, 1)
    assert record.number
    assert await mine.counted() == [owed]
    assert await mine.here.wallet.held() == {f"cloud:{listing}": owed, "revenue": -owed}
    entries = {f"cloud:{listing}": owed, f"cloud_receivable:{listing}": -owed}
    assert await mine.here.wallet.entries(f"cloud:{record.code}") == entries
    await push(services, clock, rounds=3)
    assert await mine.counted() == [owed]
    assert await broken(services) == []


async def test_c13_units_of_a_hundredth_are_sent_for_what_voucher_and_card_leave(
    services: Services, clock: MovableClock
) -> None:
    mine = await subscriber(services, "aws-cn")
    await mine.here.wallet.grant(50_00, at=datetime(2026, 6, 1, tzinfo=UTC))
    await mine.here.use({Item.LOGS: 58_000_000})
    await end_day(services)
    await push(services, clock)
    assert await mine.counted() == [3_700]
    assert await broken(services) == []


async def test_one_record_has_the_sum_of_the_workspaces_of_a_licence(services: Services, clock: MovableClock) -> None:
    mine = await subscriber(services, "aws-cn")
    other = await mine.here.workspace()
    await mine.covers(other)
    await mine.here.use(LOGS)
    await mine.here.use(LOGS, workspace_id=other)
    await end_day(services)
    await push(services, clock)
    assert await mine.counted() == [30_00]
    assert (await mine.record()).bills == 2
    assert await broken(services) == []


@pytest.mark.parametrize("listing", LISTINGS)
async def test_refused_for_good_the_account_pays_with_what_was_valid_that_day(
    services: Services, clock: MovableClock, listing: str
) -> None:
    mine = await subscriber(services, listing)
    await mine.misbehave(Whim.REFUSES_USAGE)
    await mine.here.wallet.recharge(4_00, at=services.business_clock.now())
    await mine.here.use({Item.LOGS: 10_000_000})
    await end_day(services, site=site(listing))
    owed = (await mine.here.bill()).minor
    await push(services, clock)
    record = await mine.record()
    assert (record.state, record.reason) == (CloudRecordState.REFUSED, RecordReason.NOT_SUBSCRIBED)
    assert await mine.here.wallet.entries(f"refused:{record.code}") == {
        "cash": min(4_00, owed),
        f"cloud_receivable:{listing}": -owed,
        **({"receivable": owed - 4_00} if owed > 4_00 else {}),
    }
    assert await mine.counted() == []
    (email,) = await emails(services)
    currency = mine.here.wallet.currency
    assert (email["record"], email["amount"]) == (record.code, str(Money(owed, currency)))
    assert sum(int(line.rpartition(" ")[2].translate(_DIGITS)) for line in email["paid"].split("\n")) == owed
    assert await broken(services) == []


async def test_a_card_that_is_kept_from_clouds_pays_what_a_cloud_did_not_collect(
    services: Services, clock: MovableClock
) -> None:
    mine = await subscriber(services, "aliyun-cn", recharge=300_00)
    started = services.business_clock.now() - timedelta(days=3)
    await mine.here.wallet.buy(100_00, at=started, is_kept=True)
    await mine.here.wallet.buy(100_00, "2", at=started, is_kept=True)
    await mine.misbehave(Whim.REFUSES_USAGE)
    await mine.here.use({Item.LOGS: 80_000_000, Item.SMS: 10})
    await end_day(services)
    assert (await mine.here.bill()).minor == 121_00
    await push(services, clock)
    record = await mine.record()
    assert record.minor == 121_00
    assert await mine.here.wallet.entries(f"refused:{record.code}") == {
        "card:1": 100_00,
        "card:2": 21_00,
        "cloud_receivable:aliyun-cn": -121_00,
    }
    assert await broken(services) == []


@pytest.mark.parametrize("listing", ["aws-cn", "aws-intl"])
async def test_asked_again_aws_tells_what_it_counted_and_counts_once(
    services: Services, clock: MovableClock, listing: str
) -> None:
    mine = await subscriber(services, listing)
    await mine.misbehave(Whim.SILENT_ON_USAGE)
    await mine.here.use(LOGS)
    await end_day(services, site=site(listing))
    await push(services, clock)
    record = await mine.record()
    assert (record.state, record.reason) == (CloudRecordState.UNKNOWN, RecordReason.SILENT)
    assert len(await mine.counted()) == 1
    assert f"cloud_receivable:{listing}" in await mine.here.wallet.held()
    await mine.misbehave()
    later(services, clock)
    await push(services, clock)
    record = await mine.record()
    assert (record.state, record.attempts) == (CloudRecordState.ACCEPTED, 2)
    assert await mine.counted() == [record.minor]
    assert await broken(services) == []


async def test_a_market_that_is_unsure_half_the_time_counts_each_record_once(
    services: Services, clock: MovableClock
) -> None:
    mine = [await subscriber(services, "aws-cn", f"company{n}") for n in range(8)]
    await mine[0].misbehave(Whim.UNSURE_OF_USAGE)
    for one in mine:
        await one.here.use(LOGS)
    await end_day(services)
    await push(services, clock, rounds=20)
    for one in mine:
        record = await one.record()
        assert (record.state, await one.counted()) == (CloudRecordState.ACCEPTED, [15_00])
        assert await one.here.wallet.held() == {"cloud:aws-cn": 15_00, "revenue": -15_00}
    assert await broken(services) == []


@pytest.mark.parametrize("whim", [Whim.SILENT_ON_USAGE, Whim.UNSURE_OF_USAGE])
async def test_what_alibaba_did_not_answer_is_never_pushed_twice_and_reversed_at_the_deadline(
    services: Services, clock: MovableClock, whim: Whim
) -> None:
    mine = [await subscriber(services, "aliyun-cn", f"company{n}") for n in range(4)]
    await mine[0].misbehave(whim)
    for one in mine:
        await one.here.use(LOGS)
    await end_day(services)
    await push(services, clock, rounds=4)
    counted = [await one.counted() for one in mine]
    assert all(len(one) <= 1 for one in counted)
    unknown = [one for one in mine if (await one.record()).state is CloudRecordState.UNKNOWN]
    await mine[0].misbehave()
    services.business_clock.show(datetime(2026, 7, 1, 17, 59, tzinfo=UTC))
    await push(services, clock)
    assert [await one.counted() for one in mine] == counted
    for one in unknown:
        record = await one.record()
        assert record.state is CloudRecordState.TOO_LATE
        assert await one.here.wallet.held() == {"receivable": 15_00, "revenue": -15_00}
    assert await broken(services) == []


@pytest.mark.parametrize("listing", ["aliyun-cn", "aws-cn"])
async def test_a_throttled_record_waits_and_is_not_counted(
    services: Services, clock: MovableClock, listing: str
) -> None:
    mine = await subscriber(services, listing)
    await mine.misbehave(Whim.THROTTLES_USAGE)
    await mine.here.use(LOGS)
    await end_day(services)
    await push(services, clock)
    record = await mine.record()
    assert (record.state, record.reason) == (CloudRecordState.TO_SEND, RecordReason.THROTTLED)
    await mine.misbehave()
    await push(services, clock)
    assert await mine.counted() == []
    later(services, clock)
    await push(services, clock)
    assert states(await mine.records()) == [CloudRecordState.ACCEPTED]
    assert await mine.counted() == [15_00]


async def test_a_market_that_is_away_until_the_deadline_is_too_late(services: Services, clock: MovableClock) -> None:
    mine = await subscriber(services, "aws-cn")
    await mine.misbehave(Whim.THROTTLES_USAGE)
    await mine.here.use(LOGS)
    await end_day(services)
    await push(services, clock)
    services.business_clock.show((await mine.record()).deadline_at - timedelta(minutes=2))
    await push(services, clock)
    assert (await mine.record()).booked_at is None
    services.business_clock.show((await mine.record()).deadline_at)
    await push(services, clock)
    record = await mine.record()
    assert (record.state, record.reason) == (CloudRecordState.TOO_LATE, RecordReason.DEADLINE)
    assert await mine.here.wallet.held() == {"receivable": 15_00, "revenue": -15_00}
    await mine.misbehave()
    later(services, clock)
    await push(services, clock)
    assert await mine.counted() == []
    assert await broken(services) == []


async def test_a_duplicate_is_no_proof_that_the_market_has_ours(services: Services, clock: MovableClock) -> None:
    mine, other = await subscriber(services, "aws-cn"), await subscriber(services, "aws-cn", "other")
    await mine.misbehave(Whim.SILENT_ON_USAGE)
    await mine.here.use(LOGS)
    await end_day(services)
    await push(services, clock)
    async with services.database.writing() as work:
        await work.session.exec(
            text("UPDATE sandbox_usage SET said = replace(said, '1500', '1499')")  # pyright: ignore[reportCallIssue, reportArgumentType] - text is taken too
        )
        await work.commit()
    await mine.misbehave()
    later(services, clock)
    await push(services, clock, rounds=3)
    record = await mine.record()
    assert (record.state, record.reason, record.booked_at) == (
        CloudRecordState.UNKNOWN,
        RecordReason.DUPLICATE,
        None,
    )
    assert await other.records() == []
    services.business_clock.show(record.deadline_at)
    await push(services, clock)
    assert (await mine.record()).state is CloudRecordState.TOO_LATE
    assert await broken(services) == []


async def test_a_refusal_after_an_unknown_says_nothing_of_the_first_time(
    services: Services, clock: MovableClock
) -> None:
    mine = await subscriber(services, "aws-cn")
    await mine.misbehave(Whim.SILENT_ON_USAGE)
    await mine.here.use(LOGS)
    await end_day(services)
    await push(services, clock)
    await mine.misbehave(Whim.REFUSES_USAGE)
    later(services, clock)
    await push(services, clock)
    record = await mine.record()
    assert (record.state, record.reason) == (CloudRecordState.UNKNOWN, RecordReason.REFUSED_LATER)


@pytest.mark.parametrize("listing", ["aliyun-cn", "aws-cn"])
async def test_usage_of_a_subscription_that_ended_before_is_refused(
    services: Services, clock: MovableClock, listing: str
) -> None:
    mine = await subscriber(services, listing)
    await mine.here.use(LOGS)
    async with services.database.writing() as work:
        purchase = await work.session.get_one(SandboxPurchase, mine.purchase_id)
        purchase.state, purchase.updated_at = PurchaseState.CANCELLED, datetime(2026, 6, 30, 8, tzinfo=UTC)
        await work.commit()
    await end_day(services)
    await push(services, clock)
    assert states(await mine.records()) == [CloudRecordState.REFUSED]
    assert await broken(services) == []


async def test_bills_that_are_paid_late_never_reuse_a_stamped_hour(services: Services, clock: MovableClock) -> None:
    mine = await subscriber(services, "aws-cn")
    other = await mine.here.workspace()
    await mine.covers(other)
    await mine.here.use(LOGS)
    await end_day(services)
    await push(services, clock)
    await mine.here.wallet.stop()
    for day in (FIRST + timedelta(days=1), FIRST + timedelta(days=2)):
        await mine.here.use(LOGS, day)
        await end_day(services, day)
    assert len(await mine.records()) == 1
    await mine.here.wallet.stop("")
    services.business_clock.show(datetime(2026, 7, 5, 3, 30, tzinfo=UTC))
    await services.daily_close.close_due()
    await push(services, clock)
    records = await mine.records()
    assert states(records) == [CloudRecordState.ACCEPTED] * 3
    stamps = [one.stamped_at for one in records]
    assert stamps[0] == datetime(2026, 7, 1, 15, tzinfo=UTC)
    assert set(stamps[1:]) == {datetime(2026, 7, 5, 1, tzinfo=UTC), datetime(2026, 7, 5, 2, tzinfo=UTC)}
    assert await mine.counted() == [15_00] * 3
    assert await broken(services) == []


async def test_stopped_books_let_an_answer_wait_and_lose_nothing(services: Services, clock: MovableClock) -> None:
    mine = await subscriber(services, "aws-cn")
    await mine.here.use(LOGS)
    await end_day(services)
    await mine.here.wallet.stop()
    await push(services, clock)
    record = await mine.record()
    assert (record.state, record.booked_at) == (CloudRecordState.ACCEPTED, None)
    await mine.here.wallet.stop("")
    later(services, clock)
    await push(services, clock)
    assert (await mine.record()).booked_at
    assert await mine.here.wallet.held() == {"cloud:aws-cn": 15_00, "revenue": -15_00}
    assert await mine.counted() == [15_00]
    assert await broken(services) == []


async def emails(services: Services) -> list[dict[str, str]]:
    async with services.database.reading() as work:
        connection = await work.session.connection()
        query = "SELECT params FROM emails WHERE template = 'cloud_record_returned'"
        found = (await connection.execute(text(query))).scalars().all()
    return [json.loads(one) if isinstance(one, str) else one for one in found]
