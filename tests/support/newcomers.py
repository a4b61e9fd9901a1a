"""People on their way through sign-up, brought to a step by the services, and what became of them in the database."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlmodel import col, select

from guance_portal.accounts.codes.tables import EmailCode
from guance_portal.accounts.rules import email_key
from guance_portal.accounts.tables import Member, User, Workspace
from guance_portal.bootstrap import Services
from guance_portal.core.actor import Caller, Realm
from guance_portal.core.messages import Language
from guance_portal.core.tokens import digest
from guance_portal.onboarding.basic import BasicForm
from guance_portal.onboarding.tables import Consent
from guance_portal.onboarding.tools import Visitor
from guance_portal.payers.rules import SettlementMethod
from guance_portal.payers.tables import FeeAccount, WorkspacePayer
from tests import factories
from tests.support.people import People
from tests.support.sign_up import PASSWORD, Signer, basic_form
from tests.support.upgrades import Owner


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """Somebody with a browser: what they will type, and the cookies that browser holds."""

    site: str = "cn1"
    username: str
    email: str
    phone: str = "13800138000"
    password: str = PASSWORD
    cookies: dict[str, str]

    @property
    def form(self) -> BasicForm:
        """What they type at step 1."""
        return basic_form(
            site=self.site, username=self.username, password=self.password, email=self.email, phone=self.phone
        )


def newcomer(*, site: str = "cn1", phone: str = "13800138000") -> Newcomer:
    """Somebody nobody has seen, with a browser that holds its cookies already."""
    tag = secrets.token_hex(5)
    cookies = {name: secrets.token_urlsafe(24) for name in ("gc_visitor", "gc_draft")}
    return Newcomer(
        site=site, username=f"yunfan_{tag}", email=f"lin-{tag}@yunfan.example", phone=phone, cookies=cookies
    )


def signer(services: Services, who: Newcomer) -> Signer:
    """The same person, asking the services beside the browser."""
    # Each has an address of their own: what one address may do in an hour is less than all journeys of a server need.
    address = f"198.18.{secrets.randbelow(256)}.{secrets.randbelow(256)}"
    caller = Caller(address=address, user_agent=factories.CHROME, visitor=digest(who.cookies["gc_visitor"]))
    visitor = Visitor(browser=digest(who.cookies["gc_draft"]), language=Language.ZH, caller=caller)
    return Signer(services, visitor, who.form)


def at_step_two(people: People, *, site: str = "cn1") -> Newcomer:
    """Somebody whose step 1 is accepted."""
    who = newcomer(site=site, phone="+8613800138000")
    people.do(lambda services: signer(services, who).confirm_basic())
    return who


def at_step_three(people: People, *, site: str = "cn1") -> Newcomer:
    """Somebody whose account exists, signed in, without a workspace yet."""
    who = newcomer(site=site, phone="+8613800138000")

    async def register(services: Services) -> str:
        person = signer(services, who)
        await person.confirm_basic()
        return (await person.sign_in(await person.register())).token

    who.cookies["gc_console"] = people.do(register)
    return who


def at_the_end(people: People, *, site: str = "cn1") -> Newcomer:
    """Somebody who has just opened their workspace."""
    who = newcomer(site=site, phone="+8613800138000")

    async def finish(services: Services) -> str:
        person = signer(services, who)
        await person.confirm_basic()
        session = await person.sign_in(await person.register())
        await person.choose_settlement(session, name="yunfan-production")
        return session.token

    who.cookies["gc_console"] = people.do(finish)
    return who


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the database holds under an e-mail."""

    users: Sequence[User]
    fee_accounts: Sequence[FeeAccount]
    workspaces: Sequence[Workspace]
    methods: Sequence[SettlementMethod]
    consents: Sequence[Consent]

    @property
    def counts(self) -> tuple[int, int, int]:
        """Console users, fee-centre accounts, workspaces."""
        return len(self.users), len(self.fee_accounts), len(self.workspaces)


def outcome(people: People, email: str) -> Outcome:
    """Everything that was made for an e-mail, at any site."""
    key = email_key(email)

    async def read(services: Services) -> Outcome:
        async with services.database.reading() as work:
            users = (await work.session.exec(select(User).where(col(User.email_key) == key))).all()
            ids = [user.id for user in users]
            owned = select(Workspace).join(Member, col(Member.workspace_id) == col(Workspace.id))
            workspaces = (await work.session.exec(owned.where(col(Member.user_id).in_(ids)))).all()
            paid = col(WorkspacePayer.workspace_id).in_([workspace.id for workspace in workspaces])
            return Outcome(
                users=users,
                fee_accounts=(
                    await work.session.exec(select(FeeAccount).where(col(FeeAccount.email_key) == key))
                ).all(),
                workspaces=workspaces,
                methods=[one.method for one in (await work.session.exec(select(WorkspacePayer).where(paid))).all()],
                consents=(await work.session.exec(select(Consent).where(col(Consent.user_id).in_(ids)))).all(),
            )

    return people.do(read)


def let_codes_age(people: People, email: str, **by: float) -> None:
    """Make the codes of an address older than they are: `let_codes_age(people, email, seconds=61)`."""

    async def age(services: Services) -> None:
        async with services.database.writing() as work:
            sent = select(EmailCode).where(col(EmailCode.email_key) == email_key(email))
            for code in (await work.session.exec(sent)).all():
                code.created_at -= timedelta(**by)
                code.expires_at -= timedelta(**by)
                work.session.add(code)
            await work.commit()

    people.do(age)


def with_free_workspace(
    people: People, *, opens_fee_account: bool = True, site: str = "cn1", language: Language = Language.ZH
) -> Newcomer:
    """Somebody signed in at the 体验版 workspace of their sign-up, with a fee-centre account of their own or not."""
    who = newcomer(site=site, phone="+8613800138000")

    async def register(services: Services) -> str:
        person = signer(services, who)
        person.who = replace(person.who, language=language)
        person.form = person.form.but(opens_fee_account=opens_fee_account)
        return (await person.sign_in(await person.register_free())).token

    who.cookies["gc_console"] = people.do(register)
    return who


def at_upgrade(people: People) -> Newcomer:
    """The owner of a 体验版 workspace who has proven an account of others, so that every dialog of 套餐升级 opens."""
    who, payer = with_free_workspace(people, opens_fee_account=False, language=Language.EN), people.payer()

    async def prove(services: Services) -> None:
        owner = await owner_in(services, who)
        code = await owner.binding_code(payer.name, payer.email)
        await services.onboarding.upgrade_payers.bind(owner.who, payer.name, code)

    people.do(prove)
    return who


def after_upgrade(people: People, *, site: str = "cn1") -> Newcomer:
    """Somebody who has just upgraded."""
    who = with_free_workspace(people, site=site, language=Language.EN)

    async def upgrade(services: Services) -> None:
        await (await owner_in(services, who)).upgrade()

    people.do(upgrade)
    return who


async def owner_in(services: Services, who: Newcomer) -> Owner:
    """The same owner, asking the services beside the browser."""
    live = await services.sessions.find(Realm.CONSOLE, digest(who.cookies["gc_console"]))
    assert live
    session = factories.SignedIn(live=live, token=who.cookies["gc_console"], caller=signer(services, who).who.caller)
    return Owner(services=services, signer=signer(services, who), session=session)
