"""The API keys of a workspace: who makes them, what is kept, when they end."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from guance_portal.accounts.errors import WorkspaceSwitchedError
from guance_portal.accounts.keys.errors import KeyNameMissingError, KeyNameTooLongError, NoScopeError, TooManyKeysError
from guance_portal.accounts.keys.rules import LONGEST_NAME, MOST_KEYS, PREFIX, Scope
from guance_portal.accounts.keys.service import KeyOrder
from guance_portal.accounts.keys.tables import ApiKey
from guance_portal.accounts.rules import Role
from guance_portal.bootstrap import Services
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.audit import AuditEntry
from guance_portal.core.errors import NotAllowedError, PortalError
from guance_portal.core.messages import Language
from guance_portal.core.names import NameAddressError
from tests.factories import browser, console_user, sign_in, team
from tests.support.clocks import MovableClock

ALL = frozenset(Scope)


async def people(services: Services, name: str = "owner") -> dict[Role, Actor]:
    """An actor of each role in a workspace of a new owner."""
    await console_user(services, f"{name}@yunfan.example", username=name)
    owner = await sign_in(services, f"{name}@yunfan.example")
    made = await team(services, owner)
    return {
        role: Actor(realm=Realm.CONSOLE, subject_id=user, session_id="sess", workspace_id=made.workspace_id)
        for role, user in made.members.items()
    }


async def an_owner(services: Services, name: str = "owner") -> Actor:
    """Who opened a workspace, looking at it."""
    await console_user(services, f"{name}@yunfan.example", username=name)
    actor = (await sign_in(services, f"{name}@yunfan.example")).actor
    workspace_id = await services.workspaces.create(actor, "云帆-生产环境", Language.ZH)
    return replace(actor, workspace_id=workspace_id)


def order(actor: Actor, name: str = "计费上报", scopes: frozenset[Scope] = ALL) -> KeyOrder:
    """A key for the actor's workspace."""
    return KeyOrder(actor=actor, caller=browser(), workspace_id=actor.workspace_id, name=name, scopes=scopes)


@pytest.mark.parametrize("role", [Role.OWNER, Role.ADMIN])
async def test_owner_and_administrators_make_see_and_delete_keys(services: Services, role: Role) -> None:
    actor = (await people(services))[role]
    key = await services.api_keys.create(order(actor))
    (view,) = await services.api_keys.keys(actor)
    assert key.startswith(view.beginning)
    assert (view.name, view.scopes, view.last_used_at) == ("计费上报", ALL, None)
    await services.api_keys.delete(actor, view.id, browser())
    assert await services.api_keys.keys(actor) == []
    assert await services.api_keys.holder(key) is None


@pytest.mark.parametrize("role", [Role.STANDARD, Role.READONLY])
async def test_nobody_else_does(services: Services, role: Role) -> None:
    actor = (await people(services))[role]
    for act in (
        services.api_keys.create(order(actor)),
        services.api_keys.keys(actor),
        services.api_keys.delete(actor, "akey", browser()),
    ):
        with pytest.raises(NotAllowedError):
            await act


async def test_a_key_is_kept_as_its_digest_alone(services: Services) -> None:
    actor = await an_owner(services)
    key = await services.api_keys.create(order(actor))
    async with services.database.reading() as work:
        row = (await work.session.exec(select(ApiKey))).one()
        entry = (await work.session.exec(select(AuditEntry).where(AuditEntry.act == "api_key.created"))).one()
    assert key not in str(row.model_dump())
    assert key not in str(entry.model_dump())
    assert entry.details["key"] == key[: len(PREFIX) + 4]


@pytest.mark.parametrize(
    ("name", "scopes", "error"),
    [
        (" ", ALL, KeyNameMissingError),
        ("x" * (LONGEST_NAME + 1), ALL, KeyNameTooLongError),
        ("https://evil.example/x", ALL, NameAddressError),
        ("计费上报", frozenset[Scope](), NoScopeError),
    ],
)
async def test_a_key_has_a_name_and_a_permission(
    services: Services, name: str, scopes: frozenset[Scope], error: type[PortalError]
) -> None:
    actor = await an_owner(services)
    with pytest.raises(error):
        await services.api_keys.create(order(actor, name, scopes))


async def test_a_workspace_has_at_most_20_keys_also_when_they_are_made_at_once(services: Services) -> None:
    actor = await an_owner(services)
    made = await asyncio.gather(
        *(services.api_keys.create(order(actor)) for _ in range(MOST_KEYS + 5)), return_exceptions=True
    )
    assert sum(isinstance(one, TooManyKeysError) for one in made) == 5
    assert len(await services.api_keys.keys(actor)) == MOST_KEYS


async def test_a_key_is_made_for_the_workspace_that_the_page_shows(services: Services) -> None:
    actor = await an_owner(services)
    with pytest.raises(WorkspaceSwitchedError):
        await services.api_keys.create(replace(order(actor), workspace_id="wksp_other"))


async def test_the_key_of_another_workspace_is_not_deleted(services: Services) -> None:
    mine, other = await an_owner(services), await an_owner(services, "other")
    key = await services.api_keys.create(order(other))
    (view,) = await services.api_keys.keys(other)
    await services.api_keys.delete(mine, view.id, browser())
    assert await services.api_keys.holder(key) is not None


async def test_the_last_use_is_noted_at_most_once_a_minute(services: Services, clock: MovableClock) -> None:
    actor = await an_owner(services)
    key, noted = await services.api_keys.create(order(actor)), list[datetime]()
    for seconds in (0, 30, 31):
        clock.move(seconds=seconds)
        await services.api_keys.holder(key)
        (view,) = await services.api_keys.keys(actor)
        assert view.last_used_at
        noted.append(view.last_used_at)
    assert noted == [clock.now() - timedelta(seconds=61), clock.now() - timedelta(seconds=61), clock.now()]
