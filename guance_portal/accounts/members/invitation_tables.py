"""Rows of invitations into workspaces."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, text
from sqlmodel import Field

from guance_portal.accounts.rules import Role
from guance_portal.core.db import Moment
from guance_portal.core.messages import Language
from guance_portal.core.rows import Row, choice

_OPEN = text("ended_at IS NULL")


class InvitationEnd(StrEnum):
    """How an invitation's life ended before its time."""

    ACCEPTED = "accepted"
    REVOKED = "revoked"


class Invitation(Row, table=True):
    """A link by mail into a workspace: for one address, once. Sent again, it has a new token and a new life.

    `language` is that of the email; `sent` counts the emails. A workspace has one open invitation an address.
    """

    __tablename__ = "invitations"
    __table_args__ = (
        Index(
            "uq_invitations_open", "workspace_id", "email_key", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN
        ),
    )

    id: str = Field(primary_key=True)
    workspace_id: str = Field(foreign_key="workspaces.id", index=True)
    email: str
    email_key: str
    role: Role = Field(sa_type=choice(Role))
    language: Language = Field(sa_type=choice(Language))
    token_hash: str = Field(unique=True)
    invited_by: str = Field(foreign_key="users.id")
    sent: int = 1
    created_at: datetime = Field(sa_type=Moment)
    sent_at: datetime = Field(sa_type=Moment)
    expires_at: datetime = Field(sa_type=Moment)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)
    end: InvitationEnd | None = Field(default=None, sa_type=choice(InvitationEnd))
