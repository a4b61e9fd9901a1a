"""What the chapters of the demo use: the portal's own services, a clock that they move, and its data gateway."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

import httpx
from starlette.applications import Starlette

from guance_portal import bootstrap
from guance_portal.accounts.sessions.sign_in import SignInOrder
from guance_portal.api import gateway, marketplace_aliyun
from guance_portal.bootstrap import Services
from guance_portal.core.actor import Actor, Caller, Realm
from guance_portal.core.settings import Settings
from guance_portal.core.tokens import digest, new_token
from guance_portal.demo.book import Book

_OVER_QUOTA = 429
SITE = "cn1"
PASSWORD = "lantern over quiet rivers"


class DemoClock:
    """Shows the moment it was set to."""

    def __init__(self) -> None:
        self.moment = datetime.now(UTC)

    def now(self) -> datetime:
        """The moment that is being played."""
        return self.moment


@dataclass(slots=True, kw_only=True)
class Stage:
    """What a chapter may use. All that it does goes through services and gateway, as people and DataKits do."""

    services: Services
    clock: DemoClock
    book: Book
    public_url: str
    _client: httpx.AsyncClient

    @classmethod
    def build(cls, settings: Settings, book: Book) -> Stage:
        """The services of these settings, at the clock of the demo."""
        clock = DemoClock()
        services = bootstrap.build(settings, clock=clock)
        bootstrap.replace_services(services)
        transport = httpx.ASGITransport(Starlette(routes=gateway.ROUTES))
        client = httpx.AsyncClient(transport=transport, base_url="http://gateway")
        return cls(services=services, clock=clock, book=book, public_url=settings.effective_public_url, _client=client)

    async def close(self) -> None:
        """Let go of everything."""
        await self._client.aclose()
        bootstrap.replace_services(None)
        await self.services.close()

    async def send(self, token: str, category: str, lines: list[str], package: str) -> bool:
        """What a DataKit sends; whether it was taken, and not refused because the quota is full."""
        answer = await self._client.post(
            f"/v1/write/{category}",
            params={"token": token},
            content=gzip.compress("\n".join(lines).encode(), 1),
            headers={"content-encoding": "gzip", "x-pkg-id": package},
        )
        if answer.status_code != _OVER_QUOTA:
            answer.raise_for_status()
        return answer.is_success

    def own_endpoints(self) -> httpx.ASGITransport:
        """Where marketplaces call the portal, which does not listen yet."""
        return httpx.ASGITransport(Starlette(routes=marketplace_aliyun.ROUTES))

    def caller(self) -> Caller:
        """A browser of this machine."""
        return Caller(address="127.0.0.1", user_agent="portal demo", visitor=digest(new_token()))

    async def sign_in(self, login: str, realm: Realm = Realm.CONSOLE) -> Actor:
        """A session of somebody, in a browser of their own."""
        caller = self.caller()
        order = SignInOrder(
            realm=realm, login=login, password=PASSWORD, site=SITE if realm is Realm.CONSOLE else "", keep=False
        )
        ticket = await self.services.sign_in.sign_in(order, caller)
        return (await self.services.sessions.open(ticket, caller, {})).actor

    async def code_for(self, email: str) -> str:
        """The digits in the last email to an address."""
        return (await self._last_email(email))[0]

    async def link_for(self, email: str) -> str:
        """The link in the last email to an address."""
        return (await self._last_email(email))[1]

    async def _last_email(self, email: str) -> tuple[str, str]:
        newest, *_ = await self.services.mailbox.list(to=email)
        message = await self.services.mailbox.open(newest.id)
        return message.code, message.link


class Chapter(Protocol):
    """One capability's part of the demo. `name` is noted once it has begun, so that it begins once."""

    name: str

    async def begin(self, stage: Stage) -> None:
        """What happens on the first day. Interrupted anywhere it is called again, and does what is missing."""
        ...

    async def live(self, stage: Stage) -> None:
        """What happens at one of a day's moments; `stage.clock` shows which."""
        ...

    async def arrive(self, stage: Stage) -> None:
        """What happens when the present is reached, at each start."""
        ...
