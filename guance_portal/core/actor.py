"""Who is asking: every call of a service carries it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from guance_portal.core.errors import NotAllowedError


class Realm(StrEnum):
    """The three separate account systems; a session of one is worth nothing in another."""

    CONSOLE = "console"
    FEE_CENTER = "fee_center"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A signed-in person: the realm, the person (subject) and the session that proved it.

    `workspace_id` is the workspace the session looks at: chosen in the console header; for the fee
    centre, the single workspace a handoff without password is limited to. Empty when there is none.
    """

    realm: Realm
    subject_id: str
    session_id: str
    workspace_id: str = ""

    def require(self, realm: Realm) -> None:
        """Go on only for anyone who signed in there; raises NotAllowedError."""
        if self.realm is not realm:
            raise NotAllowedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Where a request comes from: address after trusted proxies, browser, and visitor cookie (hashed)."""

    address: str
    user_agent: str = ""
    visitor: str = ""
