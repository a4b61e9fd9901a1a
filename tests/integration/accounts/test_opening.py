"""Making console users: one per site and e-mail; the faster one gets it."""

from __future__ import annotations

import asyncio

import pytest

from guance_portal.accounts.errors import EmailTakenError
from guance_portal.bootstrap import Services
from guance_portal.sites import UnknownSiteError
from tests import factories


async def test_an_email_is_one_user_of_a_site_whatever_its_case(services: Services) -> None:
    await factories.console_user(services)
    with pytest.raises(EmailTakenError) as refusal:
        await factories.console_user(services, "LIN@Yunfan.example")
    assert refusal.value.field == "email"
    await factories.console_user(services, site="us1")


async def test_of_several_at_once_one_gets_the_email(services: Services) -> None:
    results = await asyncio.gather(*(factories.console_user(services) for _ in range(5)), return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["EmailTakenError"] * 4 + ["str"]


async def test_there_is_no_user_at_an_unknown_site(services: Services) -> None:
    with pytest.raises(UnknownSiteError):
        await factories.console_user(services, site="mars1")
