"""Many people who register at once."""

from __future__ import annotations

import pytest

from guance_portal.accounts.identity.tables import Credential
from guance_portal.accounts.tables import Member, User, Workspace
from guance_portal.bootstrap import Services
from guance_portal.mail.tables import Email
from guance_portal.metering.tables import WorkspaceToken
from guance_portal.onboarding.tables import Consent, Opening
from guance_portal.payers.tables import Company, FeeAccount, WorkspacePayer
from tests.support.sign_up import complete_many, rows


@pytest.mark.timeout(600)
async def test_many_people_twenty_at_a_time_get_what_is_theirs_and_nothing_twice(services: Services) -> None:
    count = 200 if services.database.engine.dialect.name == "postgresql" else 60
    await complete_many(services, count, at_once=20)
    for table in (User, FeeAccount, Company, Workspace, Member, WorkspacePayer, WorkspaceToken, Opening):
        assert len(await rows(services, table)) == count, table
    assert len(await rows(services, Credential)) == len(await rows(services, Consent)) == 2 * count
    told = [email for email in await rows(services, Email) if email.template == "commercial_opened"]
    assert len({email.recipient for email in told}) == len(told) == count
    assert len({account.username for account in await rows(services, FeeAccount)}) == count
