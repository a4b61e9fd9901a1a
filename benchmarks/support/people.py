"""People of the portal under measurement: each a console user with a session of their own."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import SecretStr

from guance_portal import bootstrap, sites
from guance_portal.accounts.identity.tables import TicketKind
from guance_portal.accounts.opening import NewUser, NewWorkspace, open_user, open_workspace
from guance_portal.accounts.rules import Edition
from guance_portal.accounts.sessions import tickets
from guance_portal.bootstrap import Services
from guance_portal.core.actor import Caller, Realm
from guance_portal.core.db import UnitOfWork
from guance_portal.core.messages import Language
from guance_portal.core.settings import Settings
from guance_portal.core.tokens import digest, new_token
from guance_portal.payers import binding, queries
from guance_portal.payers.opening import NewFeeAccount, open_account
from guance_portal.payers.rules import SettlementMethod
from guance_portal.state.connection import REALM_COOKIES, VISITOR_COOKIE

_SITE = "cn1"
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


def sign_in(data_dir: Path, count: int, *, editions: Sequence[Edition] = ()) -> list[Person]:
    """Sign this many new people in to the portal that keeps its data there.

    Each has a workspace of their own, of these editions in turn, or none without any.
    """
    return asyncio.run(_sign_in(data_dir, count, editions))


async def _sign_in(data_dir: Path, count: int, editions: Sequence[Edition]) -> list[Person]:
    services = bootstrap.build(Settings(data_dir=data_dir, database_url=SecretStr(""), redis_url=SecretStr("")))
    try:
        # One hash for all: hashing 1,500 passwords is not what is measured.
        password_hash = await services.hashes.hash(secrets.token_urlsafe())
        return [
            await _one(services, number, password_hash, editions[number % len(editions)] if editions else None)
            for number in range(count)
        ]
    finally:
        await services.close()


async def _one(services: Services, number: int, password_hash: str, edition: Edition | None) -> Person:
    address, visitor = f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}", new_token()
    caller = Caller(address=address, user_agent=_BROWSER, visitor=digest(visitor))
    new = NewUser(
        site=_SITE,
        email=f"person-{number}@company.example",
        username=f"person-{number}",
        language=Language.ZH,
        password_hash=password_hash,
    )
    async with services.database.writing() as work:
        user_id = await open_user(work, new, services.clock.now())
        if edition:
            workspace = NewWorkspace(
                site=_SITE, name=f"company-{number}", language=Language.ZH, owner_id=user_id, edition=edition
            )
            workspace_id = await open_workspace(work, workspace, services.clock.now())
            if edition is Edition.COMMERCIAL:
                await _let_pay(work, workspace_id, number, password_hash, services.clock.now())
        ticket = tickets.issue(
            work, TicketKind.SESSION, Realm.CONSOLE, user_id, caller, now=services.clock.now(), keep=True
        )
        await work.commit()
    opened = await services.sessions.open(ticket, caller, {})
    return Person(address=address, visitor=visitor, token=opened.token)


async def _let_pay(work: UnitOfWork, workspace_id: str, number: int, password_hash: str, now: datetime) -> None:
    """A fee-centre account of its own pays for a workspace of the 商业版."""
    site = sites.get(_SITE)
    new = NewFeeAccount(
        username=f"payer-{number}",
        email=f"payer-{number}@company.example",
        language=Language.ZH,
        site=site,
        password_hash=password_hash,
    )
    account = await queries.account(work, await open_account(work, new, now))
    assert account
    await binding.bind(work, workspace_id, site, account, method=SettlementMethod.ENTERPRISE, now=now)
