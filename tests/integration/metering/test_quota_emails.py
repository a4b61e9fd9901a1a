"""Owner and administrators are written to when a quota nears its end and when it has ended: once a day each."""

from __future__ import annotations

import asyncio

import pytest
from sqlmodel import col, select

from guance_portal.accounts.rules import Edition
from guance_portal.mail.tables import Email
from guance_portal.metering.categories import Category
from guance_portal.metering.counting import count
from guance_portal.metering.errors import OverQuotaError
from tests.integration.metering.conftest import Company, Portal

VIEW = b"view f=1\n"


async def emails(portal: Portal) -> list[tuple[str, str]]:
    """Template and recipient of everything in the outbox."""
    async with portal.services.database.reading() as work:
        found = await work.session.exec(select(Email).order_by(col(Email.template), col(Email.recipient)))
        return [(email.template, email.recipient.partition("@")[0]) for email in found]


async def view(portal: Portal, company: Company, times: int) -> None:
    await portal.services.usage.record(company.workspace_id, count(Category("rum"), VIEW * times))


async def test_each_threshold_is_told_once_a_day_to_those_in_charge(portal: Portal) -> None:
    company = await portal.open()
    await view(portal, company, 1_699)
    assert await emails(portal) == []
    await view(portal, company, 1)
    await view(portal, company, 1)
    warned = [("quota_warning", "admin"), ("quota_warning", "owner")]
    assert await emails(portal) == warned
    await view(portal, company, 299)
    assert await emails(portal) == [("quota_exhausted", "admin"), ("quota_exhausted", "owner"), *warned]
    portal.clock.move(days=1)
    await view(portal, company, 1_700)
    assert len(await emails(portal)) == 6


async def test_a_request_beyond_both_thresholds_is_one_email(portal: Portal) -> None:
    company = await portal.open()
    await view(portal, company, 2_000)
    with pytest.raises(OverQuotaError):
        await view(portal, company, 1)
    assert await emails(portal) == [("quota_exhausted", "admin"), ("quota_exhausted", "owner")]


async def test_a_batch_that_never_fitted_is_no_email_and_the_next_threshold_still_is(portal: Portal) -> None:
    company = await portal.open()
    with pytest.raises(OverQuotaError):
        await view(portal, company, 2_001)
    assert await emails(portal) == []
    await view(portal, company, 1_700)
    assert await emails(portal) == [("quota_warning", "admin"), ("quota_warning", "owner")]


async def test_an_email_says_which_workspace_what_and_until_when(portal: Portal) -> None:
    company = await portal.open("us1")
    await view(portal, company, 8_500)
    async with portal.services.database.reading() as work:
        email = (await work.session.exec(select(Email).where(col(Email.recipient).startswith("owner")))).one()
    assert email.params == {
        "name": "owner",
        "workspace": "云帆",
        "site": "海外区1（俄勒冈）",
        "item": "用户访问 PV",
        "used": "8,500",
        "quota": "10,000",
        "zone": "America/Los_Angeles",
        "link": "http://localhost:8000/workspace/billing",
    }


async def test_twenty_requests_at_once_are_one_notice(portal: Portal) -> None:
    company = await portal.open()
    await asyncio.gather(*(view(portal, company, 100) for _ in range(20)))
    assert await emails(portal) == [
        ("quota_exhausted", "admin"),
        ("quota_exhausted", "owner"),
        ("quota_warning", "admin"),
        ("quota_warning", "owner"),
    ]


async def test_twenty_refusals_at_once_at_a_full_quota_are_one_notice(portal: Portal) -> None:
    company = await portal.open()
    await view(portal, company, 2_000)
    answers = await asyncio.gather(*(view(portal, company, 1) for _ in range(20)), return_exceptions=True)
    assert all(isinstance(answer, OverQuotaError) for answer in answers)
    assert len(await emails(portal)) == 2


async def test_a_commercial_workspace_has_no_quota_to_be_told_of(portal: Portal) -> None:
    company = await portal.open(edition=Edition.COMMERCIAL)
    await view(portal, company, 5_000)
    assert await emails(portal) == []
