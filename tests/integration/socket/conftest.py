"""One served portal for hostile sockets, and people in it whom they must not reach."""

from __future__ import annotations

import secrets
from collections.abc import Generator
from dataclasses import dataclass

import pytest
from sqlmodel import delete

from guance_portal.bootstrap import Services
from guance_portal.core.actor import Realm
from guance_portal.core.tokens import digest
from guance_portal.mail.tables import Email
from tests.support.people import People, Session
from tests.support.portal_server import PortalServer


@dataclass(frozen=True, slots=True)
class Victims:
    """A signed-in person of each realm, and everything about them that nobody else may learn."""

    sessions: dict[Realm, Session]
    workspace_ids: set[str]

    @property
    def secrets(self) -> set[str]:
        """Names, addresses, ids, tokens and their hashes."""
        found = {"victims-workspace"}
        for session in self.sessions.values():
            person = session.person
            found |= {person.email, person.name, person.login, session.id, session.token, digest(session.token)}
            found |= {person.id} - {""}
        return found | self.workspace_ids

    @property
    def known_to_operators(self) -> set[str]:
        """What the vendor's account managers work with: who pays, and in the audit who did what. Never a token."""
        payer, people = self.sessions[Realm.FEE_CENTER].person, [one.person for one in self.sessions.values()]
        named = {payer.login, payer.email, "victims-workspace"} | self.workspace_ids
        return (
            named
            | {one.id for one in people}
            | {one.name for one in people}
            | {one.id for one in self.sessions.values()}
        )

    def leaked(self, frames: list[str], to: Realm | None = None) -> set[str]:
        """What of it stands in these frames and is none of the business of people of that realm."""
        text = "\n".join(frames)
        secret = self.secrets - (self.known_to_operators if to is Realm.OPERATOR else set())
        return {one for one in secret if one in text}


@pytest.fixture(scope="session")
def portal() -> Generator[PortalServer]:
    """The portal that is attacked; whatever was done to it, its log holds no secret in the end."""
    with PortalServer.start() as server:
        yield server


@pytest.fixture(scope="session")
def people(portal: PortalServer) -> Generator[People]:
    """The people who are needed there."""
    with People(portal) as people:
        yield people
    log = portal.log()
    assert not [secret for secret in people.secrets if secret in log]


@pytest.fixture(scope="session")
def victims(people: People) -> Victims:
    """Three people who are signed in and do nothing."""
    sessions = {realm: people.sign_in(people.any(realm)) for realm in Realm}
    workspace_id = people.workspace(sessions[Realm.CONSOLE], "victims-workspace")
    people.do(_read_emails)
    return Victims(sessions, {workspace_id})


async def _read_emails(services: Services) -> None:
    """Leave none: the sandbox shows every email to everybody, that of the operator's enrolment too."""
    async with services.database.writing() as work:
        await work.session.exec(delete(Email))
        await work.commit()


def a_stranger() -> dict[str, str]:
    """The cookies of a browser that is signed in nowhere."""
    return {"gc_visitor": secrets.token_urlsafe(24)}


@pytest.fixture
def stranger() -> dict[str, str]:
    """The cookies of such a browser, for a whole test."""
    return a_stranger()
