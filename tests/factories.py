"""People and workspaces for tests, made by the services themselves."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from pyotp.totp import TOTP

from guance_portal import sites
from guance_portal.accounts.opening import NewUser, open_user
from guance_portal.accounts.rules import Role
from guance_portal.accounts.sessions.operator_sign_in import SecondStep
from guance_portal.accounts.sessions.sign_in import SignInOrder
from guance_portal.accounts.sessions.views import LiveSession
from guance_portal.accounts.tables import Member
from guance_portal.bootstrap import Services
from guance_portal.core.actor import Actor, Caller, Realm
from guance_portal.core.messages import Language
from guance_portal.core.tokens import digest
from guance_portal.payers.opening import NewFeeAccount, open_account
from guance_portal.sites import Currency

PASSWORD = "correct horse battery staple"
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36"
)


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """A live session with what its browser holds."""

    live: LiveSession
    token: str
    caller: Caller

    @property
    def actor(self) -> Actor:
        """The person as services are told of them."""
        return self.live.actor


@dataclass(frozen=True, kw_only=True)
class OperatorAccount:
    """An enrolled operator and all that proves it."""

    email: str
    password: str
    secret: str
    recovery_codes: tuple[str, ...]

    def code(self, services: Services) -> str:
        """What the authenticator shows now."""
        return TOTP(self.secret).at(services.clock.now())


@dataclass(frozen=True, kw_only=True)
class Team:
    """A workspace and the ids of its members."""

    workspace_id: str
    members: dict[Role, str]


def browser(address: str = "127.0.0.1") -> Caller:
    """A browser that nobody has seen before."""
    return Caller(address=address, user_agent=CHROME, visitor=digest(secrets.token_hex()))


async def console_user(
    services: Services,
    email: str = "lin@yunfan.example",
    *,
    site: str = "cn1",
    username: str = "林知夏",
    password: str = PASSWORD,
    language: Language = Language.ZH,
) -> str:
    """A console user; returns the id."""
    password_hash = await services.hashes.hash(password)
    new = NewUser(
        site=site,
        email=email,
        username=username,
        language=language,
        password_hash=password_hash,
    )
    async with services.database.writing() as work:
        user_id = await open_user(work, new, services.clock.now())
        await work.commit()
    return user_id


async def fee_account(
    services: Services,
    username: str = "yunfan",
    *,
    email: str = "pay@yunfan.example",
    password: str = PASSWORD,
    currency: Currency = Currency.CNY,
    site: str = "",
) -> str:
    """A fee-centre account, opened at the site, or at the first one of the currency; returns the id."""
    password_hash = await services.hashes.hash(password)
    new = NewFeeAccount(
        username=username,
        email=email,
        language=Language.ZH,
        site=sites.get(site) if site else sites.first_of(currency),
        password_hash=password_hash,
    )
    async with services.database.writing() as work:
        account_id = await open_account(work, new, services.clock.now())
        await work.commit()
    return account_id


async def operator(services: Services, email: str = "op@portal.example", *, name: str = "运营一") -> OperatorAccount:
    """An operator who has signed in once and so has an authenticator and a password of their own."""
    caller = browser()
    initial = await services.operators.add(email, name)
    challenge = await services.operator_sign_in.begin(email, initial, caller)
    assert challenge.enrolment
    account = OperatorAccount(
        email=email,
        password=PASSWORD,
        secret=challenge.enrolment.secret,
        recovery_codes=challenge.enrolment.recovery_codes,
    )
    step = SecondStep(challenge=challenge.token, code=account.code(services), new_password=PASSWORD)
    await services.operator_sign_in.finish(step, caller)
    return account


async def sign_in(
    services: Services,
    login: str = "lin@yunfan.example",
    *,
    realm: Realm = Realm.CONSOLE,
    site: str = "cn1",
    password: str = PASSWORD,
    keep: bool = False,
    caller: Caller | None = None,
) -> SignedIn:
    """Sign in to the console or the fee centre, in a new browser unless one is given."""
    caller = caller or browser()
    order = SignInOrder(realm=realm, login=login, password=password, site=site, keep=keep)
    return await enter(services, await services.sign_in.sign_in(order, caller), caller)


async def sign_in_operator(services: Services, account: OperatorAccount) -> SignedIn:
    """Sign in as an operator; the clock must have moved on since the last code."""
    caller = browser()
    challenge = await services.operator_sign_in.begin(account.email, account.password, caller)
    step = SecondStep(challenge=challenge.token, code=account.code(services))
    return await enter(services, await services.operator_sign_in.finish(step, caller), caller)


async def enter(services: Services, ticket: str, caller: Caller) -> SignedIn:
    """Turn a ticket into a live session."""
    opened = await services.sessions.open(ticket, caller, {})
    live = await services.sessions.find(opened.realm, digest(opened.token))
    assert live
    return SignedIn(live=live, token=opened.token, caller=caller)


async def team(services: Services, owner: SignedIn, name: str = "云帆-生产环境") -> Team:
    """A workspace of the owner with one more member of each role."""
    workspace_id = await services.workspaces.create(owner.actor, name, Language.ZH)
    members = {Role.OWNER: owner.actor.subject_id}
    for role in (Role.ADMIN, Role.STANDARD, Role.READONLY):
        members[role] = await console_user(services, f"{role}@yunfan.example", username=f"{role}-member")
    async with services.database.writing() as work:
        for role in (Role.ADMIN, Role.STANDARD, Role.READONLY):
            work.session.add(
                Member(workspace_id=workspace_id, user_id=members[role], role=role, created_at=services.clock.now())
            )
        await work.commit()
    return Team(workspace_id=workspace_id, members=members)
