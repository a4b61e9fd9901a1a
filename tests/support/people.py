"""People in the database of a running portal, made by the portal's own services beside it."""

from __future__ import annotations

import asyncio
import secrets
import threading
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Self, TypeVar

from guance_portal import bootstrap
from guance_portal.accounts.sessions.operator_sign_in import SecondStep
from guance_portal.accounts.sessions.sign_in import SignInOrder
from guance_portal.accounts.sessions.views import SessionView
from guance_portal.bootstrap import Services
from guance_portal.core.actor import Caller, Realm
from guance_portal.core.messages import Language
from guance_portal.core.tokens import digest
from guance_portal.sites import Currency
from guance_portal.state.connection import REALM_COOKIES
from tests import factories
from tests.support.hashes import quick_hashes
from tests.support.marketplace import simulated_marketplaces
from tests.support.portal_server import PortalServer

T = TypeVar("T")
NEW_PASSWORD = "quiet lantern over nine rivers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who can sign in: `login` is what they type; `id` is empty for operators, whom nobody looks up."""

    realm: Realm
    login: str
    email: str
    name: str
    password: str = factories.PASSWORD
    site: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A browser's proof: its token, the visitor it was given to, and the id of its row."""

    person: Person
    token: str
    visitor: str
    id: str

    @property
    def cookies(self) -> dict[str, str]:
        """What the browser sends."""
        return {REALM_COOKIES[self.person.realm]: self.token, "gc_visitor": self.visitor}


class People:
    """Makes people and their sessions. Every person is new, so that tests sharing a portal never meet."""

    def __init__(self, server: PortalServer) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="people", daemon=True)
        self._settings = server.settings()
        self._services: Services | None = None
        self._codes_left: dict[str, list[str]] = {}
        self.secrets: set[str] = {factories.PASSWORD, NEW_PASSWORD}
        """Everything given out that no log may hold."""

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.do(lambda services: services.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def do(self, act: Callable[[Services], Coroutine[Any, Any, T]]) -> T:
        """Run something of the services on a loop of their own: browser tests have none to spare."""

        async def run() -> T:
            self._services = self._services or bootstrap.build(
                self._settings, hashes=quick_hashes(), marketplaces=simulated_marketplaces()
            )
            return await act(self._services)

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result(60)

    def user(self, *, site: str = "cn1", name: str = "", language: Language = Language.ZH) -> Person:
        """A console user."""
        tag = secrets.token_hex(5)
        email, name = f"lin-{tag}@yunfan.example", name or f"linzhixia{tag}"
        made = self.do(lambda s: factories.console_user(s, email, site=site, username=name, language=language))
        return Person(realm=Realm.CONSOLE, login=email, email=email, name=name, site=site, id=made)

    def payer(self, *, currency: Currency = Currency.CNY) -> Person:
        """A fee-centre account, signed in to by username."""
        tag = secrets.token_hex(5)
        name, email = f"yunfan{tag}", f"pay-{tag}@yunfan.example"
        made = self.do(lambda s: factories.fee_account(s, name, email=email, currency=currency))
        return Person(realm=Realm.FEE_CENTER, login=name, email=email, name=name, id=made)

    def new_operator(self) -> Person:
        """An operator who has only the initial password."""
        tag = secrets.token_hex(5)
        email, name = f"op-{tag}@portal.example", f"operator{tag}"
        password = self.do(lambda s: s.operators.add(email, name))
        self.secrets.add(password)
        return Person(realm=Realm.OPERATOR, login=email, email=email, name=name, password=password)

    def operator(self) -> Person:
        """An enrolled operator, who signs in with recovery codes: a code of the authenticator works once in 30 s."""
        tag = secrets.token_hex(5)
        email, name = f"op-{tag}@portal.example", f"operator{tag}"
        account = self.do(lambda s: factories.operator(s, email, name=name))
        self._codes_left[email] = list(account.recovery_codes)
        self.secrets |= {account.secret, *account.recovery_codes}
        return Person(realm=Realm.OPERATOR, login=email, email=email, name=name)

    def recovery_code(self, operator: Person) -> str:
        """One that was not used yet."""
        return self._codes_left[operator.login].pop()

    def any(self, realm: Realm) -> Person:
        """A new person of a realm who can sign in."""
        return {Realm.CONSOLE: self.user, Realm.FEE_CENTER: self.payer, Realm.OPERATOR: self.operator}[realm]()

    def sign_in(self, person: Person, *, keep: bool = False) -> Session:
        """A live session in a new browser, without a page."""
        return self.do(lambda s: self._sign_in(s, person, keep=keep))

    def sessions_of(self, session: Session) -> list[SessionView]:
        """The person's live sessions, as their list shows them."""

        async def read(services: Services) -> list[SessionView]:
            live = await services.sessions.find(session.person.realm, digest(session.token))
            return await services.sessions.mine(live.actor) if live else []

        return self.do(read)

    def end(self, session: Session) -> None:
        """End a session as if from another browser."""
        self.do(lambda s: s.sessions.close(session.person.realm, digest(session.token), factories.browser()))

    def workspace(self, session: Session, name: str) -> str:
        """A workspace of this person, by its id; sessions that are opened later start in it."""

        async def make(services: Services) -> str:
            live = await services.sessions.find(session.person.realm, digest(session.token))
            assert live
            return await services.workspaces.create(live.actor, name, Language.ZH)

        return self.do(make)

    async def _sign_in(self, services: Services, person: Person, *, keep: bool) -> Session:
        visitor = secrets.token_urlsafe(24)
        caller = Caller(address="127.0.0.1", user_agent=factories.CHROME, visitor=digest(visitor))
        ticket = await self._ticket(services, person, caller, keep=keep)
        signed = await factories.enter(services, ticket, caller)
        self.secrets |= {signed.token, visitor}
        return Session(person=person, token=signed.token, visitor=visitor, id=signed.actor.session_id)

    async def _ticket(self, services: Services, person: Person, caller: Caller, *, keep: bool) -> str:
        if person.realm is not Realm.OPERATOR:
            order = SignInOrder(
                realm=person.realm, login=person.login, password=person.password, site=person.site, keep=keep
            )
            return await services.sign_in.sign_in(order, caller)
        challenge = await services.operator_sign_in.begin(person.login, person.password, caller)
        step = SecondStep(challenge=challenge.token, code=self.recovery_code(person))
        return await services.operator_sign_in.finish(step, caller)
