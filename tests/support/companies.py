"""Workspaces with their people, made by the services beside a running portal."""

from __future__ import annotations

import httpx
from sqlmodel import col, select

from guance_portal.accounts.rules import Role
from guance_portal.accounts.tables import Member
from guance_portal.bootstrap import Services
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.messages import Language
from guance_portal.core.tokens import digest
from guance_portal.mail.tables import Email
from guance_portal.sites import get as site_of
from tests import factories
from tests.support.newcomers import Newcomer, at_the_end
from tests.support.people import People, Session
from tests.support.portal_server import PortalServer
from tests.support.usage import used_for


def owner_of(people: People, name: str = "云帆-生产环境", *, site: str = "cn1") -> Session:
    """Somebody signed in, with a workspace of their own."""
    person = people.user(site=site)
    people.workspace(people.sign_in(person), name)
    return people.sign_in(person)


def member_of(people: People, owner: Session, role: Role) -> Session:
    """Somebody else, a member of the owner's workspace, looking at it."""
    person = people.user()
    _add(people, owner, person.id, role)
    return people.sign_in(person)


def join(people: People, owner: Session, other: Session, role: Role) -> None:
    """Make somebody who has a workspace already a member of the owner's too."""
    _add(people, owner, other.person.id, role)


def invitation_to(people: People, owner: Session, email: str, role: Role = Role.STANDARD) -> str:
    """Invite an address into the owner's workspace; the path of the email's link."""

    async def invite(services: Services) -> str:
        caller = factories.browser()
        await services.invitations.invite(await actor(services, owner), email, role, Language.ZH, caller)
        async with services.database.reading() as work:
            found = select(Email).where(col(Email.recipient) == email).order_by(col(Email.created_at).desc())
            message = (await work.session.exec(found.limit(1))).one()
        return message.params["link"].partition("/join")[2]

    return "/join" + people.do(invite)


def token_of(people: People, session: Session) -> str:
    """The token of the workspace that a session looks at."""

    async def read(services: Services) -> str:
        return await services.tokens.show(await actor(services, session))

    return people.do(read)


async def actor(services: Services, session: Session) -> Actor:
    """Who the services see in a session."""
    live = await services.sessions.find(session.person.realm, digest(session.token))
    assert live
    return live.actor


def _add(people: People, owner: Session, user_id: str, role: Role) -> None:
    async def add(services: Services) -> None:
        workspace_id = (await actor(services, owner)).workspace_id
        async with services.database.writing() as work:
            now = services.clock.now()
            work.session.add(Member(workspace_id=workspace_id, user_id=user_id, role=role, created_at=now))
            await work.commit()

    people.do(add)


def send(portal: PortalServer, token: str, category: str, *lines: str) -> int:
    """What a DataKit sends, and how the gateway answers."""
    body = "\n".join(lines)
    return httpx.post(f"{portal.base}/v1/write/{category}", params={"token": token}, content=body).status_code


def paying(people: People, *, days: int = 0, site: str = "cn1") -> Newcomer:
    """Somebody with a workspace of the 商业版 that was used for so many days, today the last."""
    who = at_the_end(people, site=site)

    async def use(services: Services) -> None:
        live = await services.sessions.find(Realm.CONSOLE, digest(who.cookies["gc_console"]))
        assert live
        today = services.business_clock.now().astimezone(site_of(site).zone).date()
        await used_for(services.database, live.actor.workspace_id, days=days, last=today, site=site)

    if days:
        people.do(use)
    return who


def token_of_newcomer(people: People, who: Newcomer) -> str:
    """The token of the workspace somebody has just opened."""

    async def read(services: Services) -> str:
        live = await services.sessions.find(Realm.CONSOLE, digest(who.cookies["gc_console"]))
        assert live
        return await services.tokens.show(live.actor)

    return people.do(read)
