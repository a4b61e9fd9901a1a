"""Use as 付费计划与账单 shows it: by day and month, of one edition, for owner and admin alone."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from guance_portal.accounts.rules import Edition, Role
from guance_portal.billing.plans import WorkspacePlan
from guance_portal.billing.usage import GATEWAY_ITEMS, Point, UsageSpan, UsageUnavailableError
from guance_portal.bootstrap import Services
from guance_portal.core.errors import NotAllowedError
from guance_portal.metering.categories import Category
from guance_portal.metering.counting import count
from guance_portal.metering.items import Item
from tests.integration.metering.conftest import NOON, Company, MovableClock, Portal
from tests.support.upgrades import free_owner
from tests.support.usage import a_day, used_for

TODAY = date(2022, 6, 1)


async def plan_of(portal: Portal, company: Company) -> WorkspacePlan:
    return await portal.services.plans.plan(company.owner)


async def send(portal: Portal, company: Company, category: Category, *lines: str) -> None:
    await portal.services.usage.record(company.workspace_id, count(category, "\n".join(lines).encode()))


async def test_days_end_today_and_have_a_value_each(portal: Portal) -> None:
    company = await portal.open(edition=Edition.COMMERCIAL)
    await used_for(portal.services.database, company.workspace_id, days=40, last=TODAY)
    history = await portal.services.usage_views.history(company.owner, await plan_of(portal, company), UsageSpan.WEEK)
    assert set(history.points) == set(GATEWAY_ITEMS)
    assert history.points[Item.LOGS] == tuple(
        Point(date(2022, 5, 26 + n) if n < 6 else TODAY, a_day(Item.LOGS, 6 - n)) for n in range(7)
    )
    quarter = await portal.services.usage_views.history(
        company.owner, await plan_of(portal, company), UsageSpan.QUARTER
    )
    values = [point.value for point in quarter.points[Item.LOGS]]
    assert (len(values), values[:50]) == (90, [0] * 50)
    assert sum(values) == sum(a_day(Item.LOGS, ago) for ago in range(40))


async def test_three_years_come_by_the_month_and_only_what_comes_in_adds_up(portal: Portal) -> None:
    company = await portal.open(edition=Edition.COMMERCIAL)
    await used_for(portal.services.database, company.workspace_id, days=1_095, last=TODAY)
    history = await portal.services.usage_views.history(company.owner, await plan_of(portal, company), UsageSpan.YEARS)
    logs, series, hosts = (history.points[item] for item in (Item.LOGS, Item.TIME_SERIES, Item.DATAKIT))
    assert [len(points) for points in (logs, series, hosts)] == [36, 36, 36]
    assert (logs[0].starts, logs[-1].starts) == (date(2019, 7, 1), TODAY)
    may = range(1, 32)
    assert logs[-2].value == sum(a_day(Item.LOGS, ago) for ago in may)
    assert series[-2].value == max(a_day(Item.TIME_SERIES, ago) for ago in may)
    assert hosts[-2].value == max(a_day(Item.DATAKIT, ago) for ago in may)


async def test_yesterday_is_whole_and_today_as_far_as_it_is(portal: Portal) -> None:
    company = await portal.open("us1", Edition.COMMERCIAL)
    portal.clock.moment = datetime(2022, 6, 1, 6, 59, tzinfo=UTC)
    await send(portal, company, Category("logging"), 'a message="x"', 'a message="y"')
    portal.clock.move(minutes=1)
    await send(portal, company, Category("logging"), 'a message="z"')
    lately = await portal.services.usage_views.lately(company.owner, await plan_of(portal, company))
    assert lately.day == TODAY
    assert (lately.today[Item.LOGS], lately.yesterday[Item.LOGS]) == (1, 2)


async def test_datakits_are_the_most_of_any_hour_as_they_are_charged(portal: Portal) -> None:
    company = await portal.open(edition=Edition.COMMERCIAL)
    for hosts in (("a", "b"), ("c", "d", "e"), ("a",)):
        await send(portal, company, Category("object"), *(f"HOST,host={host} f=1" for host in hosts))
        portal.clock.move(hours=1)
    lately = await portal.services.usage_views.lately(company.owner, await plan_of(portal, company))
    assert lately.today[Item.DATAKIT] == 3


async def test_what_came_before_the_upgrade_is_not_shown(portal: Portal) -> None:
    company = await portal.open()
    await send(portal, company, Category("logging"), 'a message="free"')
    await portal.change(company, edition=Edition.COMMERCIAL)
    await send(portal, company, Category("logging"), 'a message="paid"', 'a message="too"')
    history = await portal.services.usage_views.history(company.owner, await plan_of(portal, company), UsageSpan.WEEK)
    assert history.points[Item.LOGS][-1].value == 2


async def test_days_are_the_sum_of_their_hours_whatever_came(portal: Portal) -> None:
    company = await portal.open()
    for hour in range(30):
        await send(portal, company, Category("metric"), *(f"m,n={n} f=1" for n in range(hour, hour + 4)))
        await send(portal, company, Category("object"), *(f"HOST,host={n} f=1" for n in range(hour % 5)))
        portal.clock.move(minutes=47)
    async with portal.services.database.reading() as work:
        connection = await work.session.connection()
        hours = await connection.execute(
            text("SELECT day, item, edition, SUM(quantity), MAX(active) FROM usage_hours GROUP BY day, item, edition")
        )
        days = await connection.execute(text("SELECT day, item, edition, quantity, highest FROM usage_days"))
        assert sorted(tuple(map(str, row)) for row in hours) == sorted(tuple(map(str, row)) for row in days)


@pytest.mark.parametrize("role", [Role.STANDARD, Role.READONLY])
async def test_other_members_are_refused_everywhere(portal: Portal, role: Role) -> None:
    company = await portal.open(edition=Edition.COMMERCIAL)
    plan, member, views = await plan_of(portal, company), company.people[role], portal.services.usage_views
    for asked in (portal.services.plans.plan(member), views.today(member), views.lately(member, plan)):
        with pytest.raises(NotAllowedError):
            await asked
    for span in UsageSpan:
        with pytest.raises(NotAllowedError):
            await views.history(member, plan, span)


async def test_counts_that_cannot_be_read_are_a_refusal_with_a_number(portal: Portal) -> None:
    company = await portal.open()
    plan = await plan_of(portal, company)
    async with portal.services.database.writing() as work:
        await work.session.exec(text("ALTER TABLE usage_days RENAME TO usage_days_away"))  # pyright: ignore[reportCallIssue, reportArgumentType]
        await work.commit()
    try:
        for asked in (
            portal.services.usage_views.today(company.owner),
            portal.services.usage_views.lately(company.owner, plan),
        ):
            with pytest.raises(UsageUnavailableError) as refused:
                await asked
            assert str(refused.value.params["id"]).startswith("e-")
    finally:
        async with portal.services.database.writing() as work:
            await work.session.exec(text("ALTER TABLE usage_days_away RENAME TO usage_days"))  # pyright: ignore[reportCallIssue, reportArgumentType]
            await work.commit()


async def test_a_plan_names_the_owner_and_nobody_pays_for_a_free_one(portal: Portal) -> None:
    company = await portal.open()
    plan = await portal.services.plans.plan(company.people[Role.ADMIN])
    assert (plan.role, plan.owner, plan.payer, plan.edition) == (Role.ADMIN, "owner", "", Edition.FREE)


async def test_an_edition_begins_at_the_opening_or_with_the_upgrade(services: Services, clock: MovableClock) -> None:
    owner = await free_owner(services)
    opened = clock.now()
    plan = await services.plans.plan(owner.session.actor)
    assert (plan.opened_at, plan.is_upgraded) == (opened, False)
    clock.move(days=3)
    await owner.upgrade()
    plan = await services.plans.plan(owner.session.actor)
    assert (plan.edition, plan.opened_at, plan.is_upgraded) == (Edition.COMMERCIAL, clock.now(), True)


async def test_what_was_opened_as_commercial_was_never_upgraded(portal: Portal) -> None:
    company = await portal.open(edition=Edition.COMMERCIAL)
    plan = await plan_of(portal, company)
    assert (plan.opened_at, plan.is_upgraded) == (NOON, False)
