"""Making console users and workspaces, inside the transaction of the caller."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from guance_portal import sites
from guance_portal.accounts.errors import EmailTakenError
from guance_portal.accounts.identity import queries as identity_queries
from guance_portal.accounts.rules import Edition, Role, email_key
from guance_portal.accounts.tables import Member, User, Workspace
from guance_portal.core import audit
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.db import UnitOfWork
from guance_portal.core.ids import new_id
from guance_portal.core.messages import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUser:
    """A console user to be; the values are checked and the password hashed already."""

    site: str
    email: str
    username: str
    language: Language
    password_hash: str
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewWorkspace:
    """A workspace to be; its creator becomes 拥有者."""

    site: str
    name: str
    language: Language
    owner_id: str
    edition: Edition = Edition.FREE


async def open_user(work: UnitOfWork, new: NewUser, now: datetime) -> str:
    """Make the user and return the id; raises EmailTakenError (field `email`) and UnknownSiteError."""
    user = User(
        id=new_id("user"),
        site=sites.get(new.site).code,
        email=new.email.strip(),
        email_key=email_key(new.email),
        username=new.username,
        phone=new.phone,
        language=new.language,
        created_at=now,
    )
    work.session.add(user)
    try:
        await work.session.flush()
    except IntegrityError:
        raise EmailTakenError(field="email") from None
    await identity_queries.set_password(work, Realm.CONSOLE, user.id, new.password_hash, now=now)
    audit.record(work, "user.opened", ("user", user.id), at=now, site=user.site)
    return user.id


async def open_workspace(work: UnitOfWork, new: NewWorkspace, now: datetime, *, actor: Actor | None = None) -> str:
    """Make the workspace and return its id."""
    workspace = Workspace(
        id=new_id("wksp"), site=new.site, name=new.name, language=new.language, edition=new.edition, created_at=now
    )
    work.session.add(workspace)
    await work.session.flush()
    work.session.add(Member(workspace_id=workspace.id, user_id=new.owner_id, role=Role.OWNER, created_at=now))
    await work.session.flush()
    audit.record(
        work,
        "workspace.opened",
        ("workspace", workspace.id),
        at=now,
        actor=actor,
        edition=new.edition,
        owner=new.owner_id,
    )
    return workspace.id
