"""People of the portal under measurement: each a console user with a session of their own."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import SecretStr

from guance_portal import bootstrap
from guance_portal.accounts import tickets
from guance_portal.accounts.identity_tables import TicketKind
from guance_portal.accounts.opening import NewUser, NewWorkspace, open_user, open_workspace
from guance_portal.core.actor import Caller, Realm
from guance_portal.core.settings import Settings
from guance_portal.core.tokens import digest, new_token
from guance_portal.core.words import Language
from guance_portal.state.connection import REALM_COOKIES, VISITOR_COOKIE

if TYPE_CHECKING:
    from pathlib import Path

    from guance_portal.bootstrap import Services

_BROWSER = "Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What a signed-in browser sends."""

    address: str
    visitor: str
    token: str

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies by which the portal knows them."""
        return {REALM_COOKIES[Realm.CONSOLE]: self.token, VISITOR_COOKIE: self.visitor}

    @property
    def headers(self) -> dict[str, str]:
        """Those of a socket that comes through one trusted proxy."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"Cookie": cookies, "X-Forwarded-For": self.address, "User-Agent": _BROWSER}


def sign_in(data_dir: Path, count: int, *, with_workspaces: bool = False) -> list[Person]:
    """Sign this many new people in to the portal that keeps its data there; each into a workspace of their own, or none."""
    return asyncio.run(_sign_in(data_dir, count, with_workspaces=with_workspaces))


async def _sign_in(data_dir: Path, count: int, *, with_workspaces: bool) -> list[Person]:
    services = bootstrap.build(Settings(data_dir=data_dir, database_url=SecretStr(""), redis_url=SecretStr("")))
    try:
        # One hash for all: hashing 1,500 passwords is not what is measured.
        password_hash = await services.hashes.hash(secrets.token_urlsafe())
        return [await _one(services, number, password_hash, has_workspace=with_workspaces) for number in range(count)]
    finally:
        await services.close()


async def _one(services: Services, number: int, password_hash: str, *, has_workspace: bool) -> Person:
    address, visitor = f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}", new_token()
    caller = Caller(address=address, user_agent=_BROWSER, visitor=digest(visitor))
    new = NewUser(
        site="cn1",
        email=f"person-{number}@company.example",
        username=f"person-{number}",
        language=Language.ZH,
        password_hash=password_hash,
    )
    async with services.database.writing() as work:
        user_id = await open_user(work, new, services.clock.now())
        if has_workspace:
            workspace = NewWorkspace(site="cn1", name=f"company-{number}", language=Language.ZH, owner_id=user_id)
            await open_workspace(work, workspace, services.clock.now())
        ticket = tickets.issue(
            work, TicketKind.SESSION, Realm.CONSOLE, user_id, caller, now=services.clock.now(), keep=True
        )
        await work.commit()
    opened = await services.sessions.open(ticket, caller, {})
    return Person(address=address, visitor=visitor, token=opened.token)
