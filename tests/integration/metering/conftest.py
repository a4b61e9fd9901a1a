"""A portal without its pages on each database, one workspace per site, and a clock that can be moved."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from guance_portal.accounts.rules import Edition, Role
from guance_portal.accounts.tables import Member, User, Workspace
from guance_portal.api.front import front
from guance_portal.bootstrap import Services
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.db import UnitOfWork
from guance_portal.core.ids import new_id
from guance_portal.core.messages import Language

NOON = datetime(2022, 6, 1, 4, tzinfo=UTC)
"""Noon in Hangzhou."""


@dataclass(slots=True)
class MovableClock:
    """Stands still until it is moved."""

    moment: datetime = NOON

    def now(self) -> datetime:
        """The moment it shows."""
        return self.moment

    def move(self, **by: float) -> None:
        """Go on by as many hours, minutes, …"""
        self.moment += timedelta(**by)


@dataclass(slots=True)
class Company:
    """A workspace with its people and its token."""

    workspace_id: str
    token: str
    people: dict[Role, Actor] = field(default_factory=dict[Role, Actor])

    @property
    def owner(self) -> Actor:
        """Who opened it."""
        return self.people[Role.OWNER]


class Portal:
    """The services, the front door, and ways to set up what a test needs."""

    def __init__(self, services: Services, clock: MovableClock) -> None:
        self.services, self.clock = services, clock
        self._door = httpx.ASGITransport(front(no_reflex))

    def client(self) -> httpx.AsyncClient:
        """The sender of data."""
        return httpx.AsyncClient(transport=self._door, base_url="http://localhost")

    async def open(self, site: str = "cn1", edition: Edition = Edition.FREE, owner: Actor | None = None) -> Company:
        """A workspace with one person of each role; `owner`, if given, is somebody who has another one already."""
        company = Company(new_id("wksp"), "")
        async with self.services.database.writing() as work:
            work.session.add(
                Workspace(
                    id=company.workspace_id,
                    site=site,
                    name="云帆",
                    language=Language.ZH,
                    edition=edition,
                    created_at=self.clock.now(),
                )
            )
            await work.session.flush()
            for role in Role:
                if owner and role is Role.OWNER:
                    company.people[role] = await self._join(work, company.workspace_id, role, owner.subject_id)
                else:
                    company.people[role] = await self._person(work, company.workspace_id, site, role)
            company.token = await self.services.tokens.issue(work, company.workspace_id)
            await work.commit()
        return company

    async def change(self, company: Company, **values: Edition | datetime | None) -> None:
        """Upgrade or lock a workspace behind everybody's back."""
        async with self.services.database.writing() as work:
            workspace = await work.session.get(Workspace, company.workspace_id)
            assert workspace is not None
            workspace.sqlmodel_update(values)
            work.session.add(workspace)
            await work.commit()

    async def _person(self, work: UnitOfWork, workspace_id: str, site: str, role: Role) -> Actor:
        at, email = self.clock.now(), f"{role}@{workspace_id}.example"
        user = User(
            id=new_id("user"),
            site=site,
            email=email,
            email_key=email,
            username=role,
            language=Language.ZH,
            created_at=at,
        )
        work.session.add(user)
        await work.session.flush()
        return await self._join(work, workspace_id, role, user.id)

    async def _join(self, work: UnitOfWork, workspace_id: str, role: Role, user_id: str) -> Actor:
        work.session.add(Member(workspace_id=workspace_id, user_id=user_id, role=role, created_at=self.clock.now()))
        await work.session.flush()
        return Actor(realm=Realm.CONSOLE, subject_id=user_id, session_id="sess", workspace_id=workspace_id)


@pytest.fixture
def clock() -> MovableClock:
    """Noon of a summer's day in Hangzhou."""
    return MovableClock()


@pytest.fixture
def portal(services: Services, clock: MovableClock) -> Portal:
    """The portal on each database."""
    return Portal(services, clock)


@pytest.fixture
async def gateway(portal: Portal) -> AsyncGenerator[httpx.AsyncClient]:
    """The sender of data to the portal."""
    async with portal.client() as client:
        yield client


async def no_reflex(scope: Scope, receive: Receive, send: Send) -> None:
    raise AssertionError(f"nothing of this concerns Reflex: {scope['path']}")
