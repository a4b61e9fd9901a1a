"""What the counts tell owners, bills and watchers."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest

from guance_portal.accounts.rules import Edition, Role
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.errors import NotAllowedError
from guance_portal.metering import expiry, queries, tally
from guance_portal.metering.categories import Category
from guance_portal.metering.counting import count
from guance_portal.metering.errors import OverQuotaError, WorkspaceLockedError
from guance_portal.metering.items import Item
from guance_portal.metering.queries import Counted
from guance_portal.metering.repeats import Sending
from guance_portal.metering.service import DataArrival, ItemUse
from guance_portal.metering.tables import AcceptedContent, AcceptedPackage, UsageHour, UsageSeen, UsageSet
from tests.integration.metering.conftest import NOON, Company, Portal
from tests.integration.metering.sending import rows

TODAY = date(2022, 6, 1)


async def send(portal: Portal, company: Company, category: Category, body: str) -> None:
    """One request, already read."""
    await portal.services.usage.record(company.workspace_id, count(category, body.encode()))


async def notices(portal: Portal, company: Company, day: date = TODAY) -> list[tuple[str, int, int]]:
    """The thresholds of a day: item, per cent, used."""
    async with portal.services.database.reading() as work:
        return [(n.item, n.percent, n.used) for n in await queries.notices(work, company.workspace_id, day)]


async def test_today_shows_every_item_with_its_quota(portal: Portal) -> None:
    company = await portal.open()
    await send(portal, company, Category("rum"), "view f=1\n" * 500)
    today = await portal.services.usage.today(company.owner)
    assert (today.day, today.edition) == (TODAY, Edition.FREE)
    assert [(use.item, use.used, use.quota, use.percent, use.is_exhausted) for use in today.items] == [
        (Item.TIME_SERIES, 0, 3_000, 0, False),
        (Item.LOGS, 0, 1_000_000, 0, False),
        (Item.TRACES, 0, 8_000, 0, False),
        (Item.PAGE_VIEWS, 500, 2_000, 25, False),
        (Item.DATAKIT, 0, None, 0, False),
        (Item.DIAL_TESTS, 0, 200_000, 0, False),
        (Item.TASKS, 0, 100_000, 0, False),
        (Item.SMS, 0, 0, 0, True),
    ]


async def test_the_commercial_edition_shows_no_quota(portal: Portal) -> None:
    company = await portal.open(edition=Edition.COMMERCIAL)
    today = await portal.services.usage.today(company.owner)
    assert {use.quota for use in today.items} == {None}
    assert not any(use.is_exhausted for use in today.items)


@pytest.mark.parametrize("role", [Role.STANDARD, Role.READONLY])
async def test_usage_is_for_owner_and_admin_alone(portal: Portal, role: Role) -> None:
    company, usage = await portal.open(), portal.services.usage
    await usage.today(company.people[Role.ADMIN])
    for ask in (
        usage.today(company.people[role]),
        usage.days(company.people[role], TODAY, TODAY),
        usage.hours(company.people[role], TODAY),
    ):
        with pytest.raises(NotAllowedError):
            await ask


async def test_the_usage_of_another_workspace_is_not_shown(portal: Portal) -> None:
    mine, other = await portal.open(), await portal.open()
    strangers = [
        Actor(realm=Realm.CONSOLE, subject_id=mine.owner.subject_id, session_id="s", workspace_id=other.workspace_id),
        Actor(
            realm=Realm.FEE_CENTER, subject_id=other.owner.subject_id, session_id="s", workspace_id=other.workspace_id
        ),
        Actor(realm=Realm.OPERATOR, subject_id=other.owner.subject_id, session_id="s", workspace_id=other.workspace_id),
        Actor(realm=Realm.CONSOLE, subject_id=mine.owner.subject_id, session_id="s"),
    ]
    for stranger in strangers:
        for ask in (portal.services.usage.today(stranger), portal.services.usage.arrival(stranger)):
            with pytest.raises(NotAllowedError):
                await ask


async def test_the_first_data_is_seen_by_every_member_with_host_and_counts(portal: Portal) -> None:
    company, usage = await portal.open(), portal.services.usage
    assert await usage.arrival(company.owner) is None
    await send(portal, company, Category("metric"), "cpu,host=web-1 f=1\nmem,host=web-1 f=1")
    portal.clock.move(hours=1)
    await send(portal, company, Category("logging"), 'a message="x"')
    await send(portal, company, Category("metric"), "cpu,host=web-2 f=1")
    portal.clock.move(days=2)
    await send(portal, company, Category("network"), "flow f=1")
    for role in Role:
        assert await usage.arrival(company.people[role]) == DataArrival(
            first_accepted_at=NOON,
            last_accepted_at=portal.clock.now(),
            host="web-2",
            points={Category("metric"): 3, Category("logging"): 1, Category("network"): 1},
        )


async def test_a_refused_request_is_no_first_data(portal: Portal) -> None:
    company = await portal.open()
    with pytest.raises(OverQuotaError):
        await send(portal, company, Category("rum"), "view f=1\n" * 2_001)
    assert await portal.services.usage.arrival(company.owner) is None


async def test_the_version_grows_with_every_write_and_is_told_for_those_asked(portal: Portal) -> None:
    first, second = await portal.open(), await portal.open()
    asked = [first.workspace_id, second.workspace_id, "wksp_unknown"]

    async def versions() -> dict[str, int]:
        async with portal.services.database.reading() as work:
            return await queries.versions(work, asked)

    assert await versions() == {}
    await send(portal, first, Category("metric"), "m f=1")
    await send(portal, first, Category("metric"), "m f=1")
    with pytest.raises(OverQuotaError):
        await send(portal, second, Category("rum"), "view f=1\n" * 2_001)
    assert await versions() == {first.workspace_id: 2, second.workspace_id: 1}


async def test_hours_add_up_to_the_day(portal: Portal) -> None:
    company, usage = await portal.open(), portal.services.usage
    await send(portal, company, Category("metric"), "m,n=1 f=1\nm,n=2 f=1")
    portal.clock.move(minutes=59)
    await send(portal, company, Category("metric"), "m,n=2 f=1\nm,n=3 f=1")
    portal.clock.move(minutes=1)
    await send(portal, company, Category("metric"), "m,n=3 f=1\nm,n=4 f=1")
    one = datetime(2022, 6, 1, 5, tzinfo=UTC)
    assert await usage.hours(company.owner, TODAY) == [
        Counted(Item.TIME_SERIES, Edition.FREE, TODAY, 3, 0, NOON),
        Counted(Item.TIME_SERIES, Edition.FREE, TODAY, 1, 0, one),
    ]
    assert await usage.days(company.owner, TODAY, TODAY) == [Counted(Item.TIME_SERIES, Edition.FREE, TODAY, 4)]


async def test_days_turn_at_the_midnight_of_the_site_by_the_time_of_receipt(portal: Portal) -> None:
    hangzhou, oregon = await portal.open("cn1"), await portal.open("us1")
    portal.clock.moment = datetime(2022, 6, 1, 15, 59, 59, 999_999, tzinfo=UTC)
    for company in (hangzhou, oregon):
        await send(portal, company, Category("logging"), 'a message="x" 0')
    portal.clock.move(seconds=1)
    for company in (hangzhou, oregon):
        await send(portal, company, Category("logging"), 'a message="x" 4000000000000000000')
    span = date(2022, 1, 1), date(2022, 12, 31)
    assert [(c.day, c.quantity) for c in await portal.services.usage.days(hangzhou.owner, *span)] == [
        (date(2022, 6, 1), 1),
        (date(2022, 6, 2), 1),
    ]
    assert [(c.day, c.quantity) for c in await portal.services.usage.days(oregon.owner, *span)] == [
        (date(2022, 6, 1), 2)
    ]
    assert (await portal.services.usage.today(hangzhou.owner)).items[1].used == 1


async def test_distinct_things_count_again_each_day(portal: Portal) -> None:
    company = await portal.open()
    for _ in range(3):
        await send(portal, company, Category("tracing"), 's trace_id="a"')
        portal.clock.move(days=1)
    counted = await portal.services.usage.days(company.owner, TODAY, date(2022, 6, 9))
    assert [(c.day.day, c.quantity) for c in counted] == [(1, 1), (2, 1), (3, 1)]


async def test_what_was_counted_without_a_commit_counts_the_next_time(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = await portal.open()
    with monkeypatch.context() as broken:
        broken.setattr(tally, "note_accepted", _fail)
        with pytest.raises(ConnectionError):
            await send(portal, company, Category("tracing"), 's trace_id="a"')
    for _ in range(2):
        await send(portal, company, Category("tracing"), 's trace_id="a"')
    counted = await portal.services.usage.days(company.owner, TODAY, TODAY)
    assert [c.quantity for c in counted] == [1]


async def _fail(*_: object) -> None:
    raise ConnectionError


async def test_hosts_are_counted_per_day_and_per_hour(portal: Portal) -> None:
    company = await portal.open()
    for hosts in (("a", "b"), ("b", "c", "d"), ("a",)):
        await send(portal, company, Category("object"), "\n".join(f"HOST,host={host} f=1" for host in hosts))
        await send(portal, company, Category("object"), f"HOST,host={hosts[0]} f=2")
        portal.clock.move(hours=1)
    hours = await portal.services.usage.hours(company.owner, TODAY)
    assert [(c.quantity, c.active) for c in hours] == [(2, 2), (2, 3), (0, 1)]
    assert await portal.services.usage.days(company.owner, TODAY, TODAY) == [
        Counted(Item.DATAKIT, Edition.FREE, TODAY, 4, 3)
    ]


async def test_each_count_keeps_the_edition_it_was_made_under(portal: Portal) -> None:
    company = await portal.open()
    await send(portal, company, Category("metric"), "m,n=1 f=1\nm,n=2 f=1")
    await portal.change(company, edition=Edition.COMMERCIAL)
    await send(portal, company, Category("metric"), "m,n=2 f=1\nm,n=3 f=1\nm,n=4 f=1")
    assert await portal.services.usage.days(company.owner, TODAY, TODAY) == [
        Counted(Item.TIME_SERIES, Edition.COMMERCIAL, TODAY, 3),
        Counted(Item.TIME_SERIES, Edition.FREE, TODAY, 2),
    ]
    today = await portal.services.usage.today(company.owner)
    assert (today.edition, today.items[0].used) == (Edition.COMMERCIAL, 3)


async def test_notices_come_at_85_and_100_per_cent_once_a_day_each(portal: Portal) -> None:
    company = await portal.open()
    await send(portal, company, Category("rum"), "view f=1\n" * 1_699)
    assert await notices(portal, company) == []
    for _ in range(3):
        await send(portal, company, Category("rum"), "view f=1")
    assert await notices(portal, company) == [("page_views", 85, 1_700)]
    await send(portal, company, Category("rum"), "view f=1\n" * 298)
    assert await notices(portal, company) == [("page_views", 85, 1_700), ("page_views", 100, 2_000)]
    portal.clock.move(days=1)
    await send(portal, company, Category("rum"), "view f=1\n" * 2_000)
    assert await notices(portal, company, date(2022, 6, 2)) == [("page_views", 85, 2_000), ("page_views", 100, 2_000)]


async def page_views(portal: Portal, company: Company) -> ItemUse:
    """Today's use of this item."""
    today = await portal.services.usage.today(company.owner)
    return next(use for use in today.items if use.item is Item.PAGE_VIEWS)


async def test_a_refusal_alone_spends_no_threshold_and_exhausts_nothing(portal: Portal) -> None:
    company = await portal.open()
    with pytest.raises(OverQuotaError) as refused:
        await send(portal, company, Category("rum"), "view f=1\n" * 2_001)
    assert (refused.value.item, refused.value.used, refused.value.quota) == (Item.PAGE_VIEWS, 0, 2_000)
    assert refused.value.retry_after == 12 * 3600
    assert await notices(portal, company) == []
    views = await page_views(portal, company)
    assert (views.used, views.percent, views.refused) == (0, 0, 1)
    assert (views.is_exhausted, views.exhausted_at) == (False, None)


async def test_what_really_uses_the_quota_is_told_after_an_oversized_batch(portal: Portal) -> None:
    company = await portal.open()
    for size in (2_001, 1_700, 301, 300):
        with suppress(OverQuotaError):
            await send(portal, company, Category("rum"), "view f=1\n" * size)
        portal.clock.move(minutes=1)
    assert await notices(portal, company) == [("page_views", 85, 1_700), ("page_views", 100, 2_000)]
    views = await page_views(portal, company)
    assert (views.used, views.refused, views.is_exhausted) == (2_000, 2, True)
    assert views.exhausted_at == NOON + timedelta(minutes=3)


async def test_no_more_is_refused_of_a_workspace_that_was_upgraded(portal: Portal) -> None:
    company = await portal.open()
    with pytest.raises(OverQuotaError):
        await send(portal, company, Category("rum"), "view f=1\n" * 2_001)
    await portal.change(company, edition=Edition.COMMERCIAL)
    assert (await page_views(portal, company)).refused == 0


async def test_data_for_a_workspace_that_is_locked_counts_nowhere(portal: Portal) -> None:
    company = await portal.open()
    await portal.change(company, locked_at=NOON)
    with pytest.raises(WorkspaceLockedError):
        await portal.services.usage.record(company.workspace_id, count(Category("metric"), b"m f=1"))
    assert await rows(portal, UsageHour) == 0


@pytest.mark.parametrize("at_once", [1, 5_000])
async def test_tidying_keeps_the_counts_and_the_days_still_open(
    portal: Portal, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(expiry, "MOST_DELETED", at_once)
    company, usage = await portal.open(), portal.services.usage
    batch = count(Category("metric"), b"m,n=1 f=1\nm,n=2 f=1")
    await usage.record(company.workspace_id, batch, Sending(name=b"p" * 16, content=b"p" * 16))
    portal.clock.move(days=2, hours=1)
    await usage.record(company.workspace_id, batch, Sending(name=b"q" * 16, content=b"q" * 16))
    await usage.tidy()
    assert (await rows(portal, UsageSet), await rows(portal, AcceptedPackage)) == (2, 1)
    assert await rows(portal, AcceptedContent) == 1
    portal.clock.move(days=1)
    await usage.tidy()
    assert (await rows(portal, UsageSet), await rows(portal, UsageSeen)) == (1, 2)
    assert await rows(portal, UsageHour) == 2
