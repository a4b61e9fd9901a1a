"""What others are told of sessions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from guance_portal.accounts.members.access import is_limited
from guance_portal.accounts.sessions.queries import FoundSession, OpenSession
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.messages import Language, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveSession:
    """A session that counts now, and whose it is. `site` names their time zone; it is empty for operators.

    `email` is empty for a session that is limited to one workspace: the address is the account's, not the visitor's.
    """

    actor: Actor
    name: str
    email: str
    language: Language
    site: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedSession:
    """What the browser gets: `keep_for` is None when the cookie shall go with the browser."""

    actor: Actor
    token: str
    keep_for: timedelta | None

    @property
    def realm(self) -> Realm:
        """The realm it is worth something in."""
        return self.actor.realm


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionView:
    """One line of a person's list of sessions; `device` and `place` may be empty.

    `is_sso_handoff`: a session of the fee centre that this person entered from the console.
    """

    id: str
    device: str
    place: Text
    created_at: datetime
    last_seen_at: datetime
    is_current: bool
    is_sso_handoff: bool


def live_session(realm: Realm, found: FoundSession) -> LiveSession:
    """A session that lives, with whose it is."""
    actor = Actor(realm=realm, subject_id=found.subject_id, session_id=found.id, workspace_id=found.workspace_id)
    email = "" if is_limited(actor) else found.email
    return LiveSession(actor=actor, name=found.name, email=email, language=found.language, site=found.site)


def session_view(row: OpenSession, actor: Actor) -> SessionView:
    """A line of the actor's list."""
    return SessionView(
        id=row.id,
        device=row.device,
        place=Text(zh=row.place_zh, en=row.place_en),
        created_at=row.created_at,
        last_seen_at=row.last_seen_at,
        is_current=row.id == actor.session_id,
        is_sso_handoff=row.realm is not actor.realm,
    )
