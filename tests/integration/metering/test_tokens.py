"""Workspace tokens: shown to managers, replaced with a grace, never stored readable."""

from __future__ import annotations

import asyncio

import httpx
import pytest
import sqlmodel
from sqlalchemy import select
from sqlmodel import col

from guance_portal.accounts.rules import Role
from guance_portal.core.audit import AuditEntry
from guance_portal.core.errors import NotAllowedError
from guance_portal.metering.tables import WorkspaceToken
from guance_portal.metering.tokens import Grace, TokenHolder
from tests.integration.metering.conftest import Portal


async def is_taken(gateway: httpx.AsyncClient, token: str) -> bool:
    """Whether data with this token is accepted."""
    return (await gateway.post("/v1/write/metric", params={"token": token}, content="m f=1")).status_code == 200


@pytest.mark.parametrize("role", [Role.OWNER, Role.ADMIN])
async def test_owner_and_admin_see_the_token(portal: Portal, role: Role) -> None:
    company = await portal.open()
    assert await portal.services.tokens.show(company.people[role]) == company.token
    assert company.token.startswith("tkn_")


@pytest.mark.parametrize("role", [Role.STANDARD, Role.READONLY])
async def test_others_neither_see_nor_replace_it(portal: Portal, role: Role) -> None:
    company = await portal.open()
    for ask in (
        portal.services.tokens.show(company.people[role]),
        portal.services.tokens.replace(company.people[role], Grace.NONE),
    ):
        with pytest.raises(NotAllowedError):
            await ask
    assert await portal.services.tokens.holder(company.token) == TokenHolder(
        company.workspace_id, company.owner.subject_id
    )


async def test_the_database_holds_no_token_in_the_clear(portal: Portal) -> None:
    company = await portal.open()
    async with portal.services.database.reading() as work:
        connection = await work.session.connection()
        stored = (await connection.execute(select(col(WorkspaceToken.digest), col(WorkspaceToken.sealed)))).one()
    assert company.token not in "".join(stored)
    assert company.token.removeprefix("tkn_") not in "".join(stored)


@pytest.mark.parametrize("grace", Grace)
async def test_a_replaced_token_is_taken_until_its_grace_is_over(
    portal: Portal, gateway: httpx.AsyncClient, grace: Grace
) -> None:
    company = await portal.open()
    new = await portal.services.tokens.replace(company.owner, grace)
    assert await is_taken(gateway, new)
    if grace:
        portal.clock.move(seconds=grace - 1)
        assert await is_taken(gateway, company.token)
        portal.clock.move(seconds=1)
    assert not await is_taken(gateway, company.token)
    assert await is_taken(gateway, new)
    assert await portal.services.tokens.show(company.owner) == new


async def test_replacing_again_never_lengthens_an_older_tokens_life(portal: Portal) -> None:
    company, tokens = await portal.open(), portal.services.tokens
    second = await tokens.replace(company.owner, Grace.TEN_MINUTES)
    third = await tokens.replace(company.owner, Grace.DAY)
    portal.clock.move(minutes=10)
    assert [await tokens.holder(token) is not None for token in (company.token, second, third)] == [False, True, True]


async def test_replacing_at_once_kills_every_older_token(portal: Portal) -> None:
    company, tokens = await portal.open(), portal.services.tokens
    second = await tokens.replace(company.owner, Grace.DAY)
    third = await tokens.replace(company.owner, Grace.NONE)
    assert [await tokens.holder(token) is not None for token in (company.token, second, third)] == [False, False, True]


async def test_racing_replacements_leave_one_current_token(portal: Portal) -> None:
    company, tokens = await portal.open(), portal.services.tokens
    made = await asyncio.gather(*(tokens.replace(company.owner, Grace.NONE) for _ in range(5)))
    live = [token for token in made if await tokens.holder(token)]
    assert live == [await tokens.show(company.owner)]


async def test_a_workspace_without_a_token_gets_one_when_it_is_first_shown(portal: Portal) -> None:
    company = await portal.open()
    async with portal.services.database.writing() as work:
        row = await work.session.get(WorkspaceToken, (await _digests(portal))[0])
        await work.session.delete(row)
        await work.commit()
    shown = await asyncio.gather(*(portal.services.tokens.show(company.owner) for _ in range(4)))
    assert len(set(shown)) == 1
    assert await portal.services.tokens.holder(shown[0]) == TokenHolder(company.workspace_id, company.owner.subject_id)


async def test_replacing_is_recorded_without_the_token(portal: Portal) -> None:
    company = await portal.open()
    new = await portal.services.tokens.replace(company.owner, Grace.SIX_HOURS)
    async with portal.services.database.reading() as work:
        found = sqlmodel.select(AuditEntry).where(col(AuditEntry.act) == "workspace_token.replaced")
        entry = (await work.session.exec(found)).one()
    assert (entry.subject_id, entry.actor_id) == (company.workspace_id, company.owner.subject_id)
    assert entry.details == {"grace_seconds": "21600"}
    assert new not in entry.model_dump_json()


async def test_a_token_of_one_workspace_is_none_of_another(portal: Portal) -> None:
    first, second = await portal.open(), await portal.open()
    await portal.services.tokens.replace(first.owner, Grace.NONE)
    assert await portal.services.tokens.holder(first.token) is None
    assert await portal.services.tokens.holder(second.token) == TokenHolder(
        second.workspace_id, second.owner.subject_id
    )


async def _digests(portal: Portal) -> list[str]:
    async with portal.services.database.reading() as work:
        connection = await work.session.connection()
        return list((await connection.execute(select(col(WorkspaceToken.digest)))).scalars())
