"""Rows of people and workspaces."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from guance_portal.accounts.rules import Edition, Role
from guance_portal.core.db import Moment
from guance_portal.core.messages import Language
from guance_portal.core.rows import Row, choice


class User(Row, table=True):
    """A person of the console: one per site and e-mail; `email_key` is the e-mail as compared."""

    __tablename__ = "users"
    __table_args__ = (UniqueConstraint("site", "email_key"),)

    id: str = Field(primary_key=True)
    site: str
    email: str
    email_key: str
    username: str
    phone: str = ""
    language: Language = Field(sa_type=choice(Language))
    created_at: datetime = Field(sa_type=Moment)


class Workspace(Row, table=True):
    """A workspace of one site; what it costs and who pays belongs to other contexts.

    `locked_at` is set while 已锁定: it then takes no data. `dissolved_at` (business time) is set for good once its
    owner, `dissolved_by`, has dissolved it: it takes no data and has no members any more.
    """

    __tablename__ = "workspaces"

    id: str = Field(primary_key=True)
    site: str
    name: str
    language: Language = Field(sa_type=choice(Language))
    edition: Edition = Field(default=Edition.FREE, sa_type=choice(Edition))
    locked_at: datetime | None = Field(default=None, sa_type=Moment)
    dissolved_at: datetime | None = Field(default=None, sa_type=Moment)
    dissolved_by: str | None = None
    created_at: datetime = Field(sa_type=Moment)


class Member(Row, table=True):
    """A user's role in a workspace; the index lets nobody be a second owner."""

    __tablename__ = "members"
    __table_args__ = (
        Index(
            "uq_members_owner",
            "workspace_id",
            unique=True,
            sqlite_where=text("role = 'owner'"),
            postgresql_where=text("role = 'owner'"),
        ),
    )

    workspace_id: str = Field(primary_key=True, foreign_key="workspaces.id")
    user_id: str = Field(primary_key=True, foreign_key="users.id", index=True)
    role: Role = Field(sa_type=choice(Role))
    created_at: datetime = Field(sa_type=Moment)


class Operator(Row, table=True):
    """One of the vendor's account managers.

    `totp_secret` is sealed with the portal's key and empty until enrolled; `totp_step` is the last
    accepted time step, so that a code works once.
    """

    __tablename__ = "operators"

    id: str = Field(primary_key=True)
    email: str
    email_key: str = Field(unique=True)
    name: str
    language: Language = Field(sa_type=choice(Language))
    totp_secret: str = ""
    totp_step: int = 0
    created_at: datetime = Field(sa_type=Moment)


class RecoveryCode(Row, table=True):
    """Opens an operator's account once when the authenticator is lost; stored as a keyed hash."""

    __tablename__ = "operator_recovery_codes"

    code_hash: str = Field(primary_key=True)
    operator_id: str = Field(foreign_key="operators.id", index=True)
    created_at: datetime = Field(sa_type=Moment)
    used_at: datetime | None = Field(default=None, sa_type=Moment)
