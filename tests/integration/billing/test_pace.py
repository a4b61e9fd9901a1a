"""预演 of an account: the use of its last days, priced, against what it has."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from guance_portal import sites
from guance_portal.accounts.errors import PasswordNeededError
from guance_portal.accounts.tables import Workspace
from guance_portal.billing.pace import DAYS, mean
from guance_portal.bootstrap import Services
from guance_portal.core.actor import Actor, Realm
from guance_portal.metering import queries as metering
from tests.support.debts import Debtor
from tests.support.settlers import Settler, settler
from tests.support.usage import used_for


async def with_a_past(services: Services) -> Settler:
    """Somebody whose workspace has been used for longer than the pace looks back."""
    here = await settler(services)
    today = services.business_clock.now().astimezone(sites.get("cn1").zone).date()
    await used_for(services.database, here.workspace_id, days=DAYS + 3, last=today)
    async with services.database.writing() as work:
        workspace = await work.session.get_one(Workspace, here.workspace_id)
        workspace.created_at -= timedelta(days=40)
        work.session.add(workspace)
        await work.commit()
    return here


async def test_the_pace_is_the_mean_of_seven_whole_days_and_money_for_two_of_them_lasts_two(
    services: Services,
) -> None:
    here = await with_a_past(services)
    first = await services.rehearsals.of(here.payer)
    assert (first.workspaces, first.rehearsal.a_day > 0) == (1, True)
    # Without money the bill of today leaves the debt.
    countdown = first.rehearsal.countdown
    today = services.business_clock.now().astimezone(sites.get("cn1").zone).date()
    assert countdown
    assert countdown.first_day == today + timedelta(days=1)
    assert first.rehearsal.owed_at_lock == 15 * first.rehearsal.a_day
    await Debtor(services, here.payer.subject_id).recharge(2 * first.rehearsal.a_day)
    second = await services.rehearsals.of(here.payer)
    assert second.rehearsal.lasts_until == today + timedelta(days=1)


async def test_the_mean_is_exact_to_half_a_cent_by_item(services: Services) -> None:
    here = await with_a_past(services)
    site, day = sites.get("cn1"), datetime(2026, 7, 1, tzinfo=UTC).date()
    async with services.database.reading() as work:
        counted = await metering.days(work, here.workspace_id, day - timedelta(days=7), day - timedelta(days=1))
    lines = {line.item: line.minor for line in mean(site, counted, 7, day)}
    by_day = {
        ago: {
            line.item: line.minor
            for line in mean(site, [one for one in counted if one.day == day - timedelta(days=ago)], 1, day)
        }
        for ago in range(1, 8)
    }
    for item, minor in lines.items():
        exact = Decimal(sum(of.get(item, 0) for of in by_day.values())) / 7
        assert abs(exact - minor) <= 1, item


async def test_a_debt_keeps_its_countdown_and_grows_at_the_pace(services: Services) -> None:
    here = await with_a_past(services)
    await Debtor(services, here.payer.subject_id).charge(570_67)
    found = (await services.rehearsals.of(here.payer)).rehearsal
    assert found.countdown
    assert found.countdown.began_at == services.business_clock.now()
    assert found.owed_on_last_day == 570_67 + 13 * found.a_day


async def test_without_use_and_for_an_account_without_books_no_debt_is_foretold(services: Services) -> None:
    here = await settler(services)
    found = (await services.rehearsals.of(here.payer)).rehearsal
    assert (found.a_day, found.countdown) == (0, None)


async def test_a_session_that_is_limited_to_a_workspace_sees_no_rehearsal(services: Services) -> None:
    here = await settler(services)
    limited = Actor(
        realm=Realm.FEE_CENTER,
        subject_id=here.payer.subject_id,
        session_id=here.payer.session_id,
        workspace_id=here.workspace_id,
    )
    for ask in (services.rehearsals.of, services.debt_views.moves):
        with pytest.raises(PasswordNeededError):
            await ask(limited)
    assert (await services.debt_views.of_payer(limited)).owed == 0
