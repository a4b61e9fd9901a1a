"""Decisions about people that need neither database nor clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from guance_portal.accounts.identity import contact
from guance_portal.core.actor import Realm
from guance_portal.core.errors import PortalError


class Role(StrEnum):
    """What a member may do in a workspace; each workspace has exactly one owner."""

    OWNER = "owner"
    ADMIN = "admin"
    STANDARD = "standard"
    READONLY = "readonly"


class Edition(StrEnum):
    """What a workspace was opened as: 体验版 never bills; the way to 商业版 is one way."""

    FREE = "free"
    COMMERCIAL = "commercial"


TICKET_LIFE = timedelta(seconds=60)
SECOND_FACTOR_LIFE = timedelta(minutes=5)
SECOND_FACTOR_TRIES = 5
RESET_LINK_LIFE = timedelta(minutes=30)
SEEN_EVERY = timedelta(minutes=1)


INITIAL_PASSWORD_LIFE = timedelta(days=7)
"""How long an operator may wait with the first sign-in: a password that somebody else knows must not lie around."""


@dataclass(frozen=True, slots=True)
class SessionLife:
    """How long a session lives: `idle` without a sign of life, `absolute` in any case."""

    idle: timedelta
    absolute: timedelta


class SessionTimes(Protocol):
    """What of a session decides whether it lives."""

    @property
    def created_at(self) -> datetime:
        """When it was opened."""
        ...

    @property
    def last_seen_at(self) -> datetime:
        """Its last sign of life."""
        ...

    @property
    def expires_at(self) -> datetime:
        """When it ends at the latest."""
        ...

    @property
    def ended_at(self) -> datetime | None:
        """When somebody ended it."""
        ...


SESSION_LIFE = {
    Realm.CONSOLE: SessionLife(timedelta(hours=4), timedelta(hours=12)),
    Realm.FEE_CENTER: SessionLife(timedelta(hours=2), timedelta(hours=24)),
    Realm.OPERATOR: SessionLife(timedelta(minutes=30), timedelta(hours=12)),
}
KEPT_LIFE = {Realm.CONSOLE: SessionLife(timedelta(days=4), timedelta(days=7))}
"""The same where a browser may be asked to stay signed in; elsewhere asking changes nothing."""


def expiry(realm: Realm, opened: datetime, *, keep: bool) -> datetime:
    """When a session opened now ends at the latest."""
    life = SESSION_LIFE[realm]
    return opened + (KEPT_LIFE.get(realm, life) if keep else life).absolute


def is_live(realm: Realm, session: SessionTimes, now: datetime) -> bool:
    """Whether a session still counts."""
    life = SESSION_LIFE[realm]
    if session.expires_at - session.created_at > life.absolute:
        life = KEPT_LIFE.get(realm, life)
    is_awake = now - session.last_seen_at < life.idle
    return session.ended_at is None and now < session.expires_at and is_awake


def email_key(email: str) -> str:
    """An e-mail as it is compared: the form mail is sent to, case folded; empty for what can be nobody's."""
    try:
        return contact.clean_email(email).casefold()
    except PortalError:
        return ""
