"""All SQL about passwords and reset links."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import col, delete, select, update

from guance_portal.accounts.identity.tables import Credential, ResetLink, Ticket
from guance_portal.accounts.rules import RESET_LINK_LIFE
from guance_portal.core.actor import Realm
from guance_portal.core.db import UnitOfWork
from guance_portal.core.ids import new_id
from guance_portal.core.tokens import digest, new_token


async def credential(work: UnitOfWork, realm: Realm, subject_id: str, *, lock: bool = False) -> Credential | None:
    """A person's password row; `lock` keeps it as it is until the unit of work ends."""
    found = select(Credential).where(col(Credential.realm) == realm, col(Credential.subject_id) == subject_id)
    return (await work.session.exec(found.with_for_update() if lock else found)).one_or_none()


async def set_password(
    work: UnitOfWork, realm: Realm, subject_id: str, password_hash: str, *, now: datetime, is_initial: bool = False
) -> None:
    """Give a person a password, in place of any there was; what was proven before falls by `Proofs.void`."""
    await work.session.merge(
        Credential(
            realm=realm,
            subject_id=subject_id,
            password_hash=password_hash,
            is_initial=is_initial,
            changed_at=now,
        )
    )


async def renew_hash(work: UnitOfWork, realm: Realm, subject_id: str, password_hash: str) -> None:
    """Store another hash of the same password."""
    theirs = col(Credential.realm) == realm, col(Credential.subject_id) == subject_id
    await work.session.exec(update(Credential).where(*theirs).values(password_hash=password_hash))


async def new_link(work: UnitOfWork, realm: Realm, subject_id: str, now: datetime) -> tuple[str, str]:
    """A fresh reset link in place of any older one: (id, token)."""
    await void_links(work, realm, subject_id, now)
    token = new_token()
    link = ResetLink(
        id=new_id("rset"),
        token_hash=digest(token),
        realm=realm,
        subject_id=subject_id,
        created_at=now,
        expires_at=now + RESET_LINK_LIFE,
    )
    work.session.add(link)
    return link.id, token


async def void_links(work: UnitOfWork, realm: Realm, subject_id: str, now: datetime) -> None:
    """Make every reset link of a person useless."""
    theirs = (col(ResetLink.realm) == realm, col(ResetLink.subject_id) == subject_id, col(ResetLink.used_at).is_(None))
    await work.session.exec(update(ResetLink).where(*theirs).values(used_at=now))


async def void_tickets(work: UnitOfWork, realm: Realm, subject_id: str) -> None:
    """Forget every ticket of a person."""
    await work.session.exec(delete(Ticket).where(col(Ticket.realm) == realm, col(Ticket.subject_id) == subject_id))


async def live_link(work: UnitOfWork, token: str, now: datetime) -> ResetLink | None:
    """The link with this token, if it may still be used."""
    found = select(ResetLink).where(col(ResetLink.token_hash) == digest(token), col(ResetLink.used_at).is_(None))
    return (await work.session.exec(found.where(col(ResetLink.expires_at) > now))).one_or_none()


async def use_link(work: UnitOfWork, link: ResetLink, now: datetime) -> bool:
    """Whether this caller is the one who uses the link up."""
    unused = col(ResetLink.id) == link.id, col(ResetLink.used_at).is_(None)
    return (await work.session.exec(update(ResetLink).where(*unused).values(used_at=now))).rowcount == 1
