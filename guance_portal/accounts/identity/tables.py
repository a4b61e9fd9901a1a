"""Rows of proofs: passwords, sessions, and what is given out once; the same for every realm."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index
from sqlmodel import Field

from guance_portal.core.actor import Realm
from guance_portal.core.db import Moment
from guance_portal.core.rows import Row, choice


class Credential(Row, table=True):
    """A person's password as an Argon2id hash; `is_initial` when somebody else chose it."""

    __tablename__ = "credentials"

    realm: Realm = Field(primary_key=True, sa_type=choice(Realm))
    subject_id: str = Field(primary_key=True)
    password_hash: str
    is_initial: bool = False
    changed_at: datetime = Field(sa_type=Moment)


class Session(Row, table=True):
    """A signed-in browser. Live until `ended_at`, `expires_at`, or the realm's idle limit after `last_seen_at`.

    `maker_id` names the console session that a fee-centre session came from by the SSO handoff and ends with.
    `visitor` is the hash of the browser's visitor cookie; `device` and `place` are what the list of sessions shows.
    """

    __tablename__ = "sessions"
    __table_args__ = (Index("ix_sessions_subject", "realm", "subject_id"), Index("ix_sessions_maker", "maker_id"))

    id: str = Field(primary_key=True)
    token_hash: str = Field(unique=True)
    realm: Realm = Field(sa_type=choice(Realm))
    subject_id: str
    workspace_id: str = ""
    maker_id: str = ""
    created_at: datetime = Field(sa_type=Moment)
    last_seen_at: datetime = Field(sa_type=Moment)
    expires_at: datetime = Field(sa_type=Moment, index=True)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)
    visitor: str = ""
    address: str = ""
    user_agent: str = ""
    device: str = ""
    place_zh: str = ""
    place_en: str = ""


class TicketKind(StrEnum):
    """What a ticket is good for: a session at once, the second factor before one, or an SSO handoff between realms.

    The ticket of an SSO handoff is a signed token that nothing keeps: its row is written, used, when it is redeemed.
    """

    SESSION = "session"
    SECOND_FACTOR = "second_factor"
    SSO_HANDOFF = "sso_handoff"


class Ticket(Row, table=True):
    """Proof of a passed step, good once, for seconds, in the browser it was given to.

    `sealed` carries what the next step needs (a fresh authenticator secret), sealed with the portal's key.
    """

    __tablename__ = "tickets"

    token_hash: str = Field(primary_key=True)
    kind: TicketKind = Field(sa_type=choice(TicketKind))
    realm: Realm = Field(sa_type=choice(Realm))
    subject_id: str
    workspace_id: str = ""
    visitor: str
    keep: bool = False
    tries: int = 0
    sealed: str = ""
    created_at: datetime = Field(sa_type=Moment)
    expires_at: datetime = Field(sa_type=Moment, index=True)
    used_at: datetime | None = Field(default=None, sa_type=Moment)


class ResetLink(Row, table=True):
    """A link by mail that sets a new password once; a newer one or a new password makes it void."""

    __tablename__ = "reset_links"
    __table_args__ = (Index("ix_reset_links_subject", "realm", "subject_id"),)

    id: str = Field(primary_key=True)
    token_hash: str = Field(unique=True)
    realm: Realm = Field(sa_type=choice(Realm))
    subject_id: str
    created_at: datetime = Field(sa_type=Moment)
    expires_at: datetime = Field(sa_type=Moment, index=True)
    used_at: datetime | None = Field(default=None, sa_type=Moment)
