"""Who may call an event handler, and what of the page must still be true then: declared beside each one.

A handler without an audience is denied. A handler behind a sign-in that says nothing of its page runs only while
the page was drawn for the person and the workspace that the session stands for now (decision 19).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from guance_portal.core.actor import Realm


class Public(StrEnum):
    """Audiences that need no session."""

    ANYONE = "anyone"
    SANDBOX = "sandbox"


ANYONE = Public.ANYONE
"""Everybody, signed in or not."""
SANDBOX = Public.SANDBOX
"""Everybody, while the portal runs in sandbox mode; nobody otherwise."""


class Same(StrEnum):
    """What the page and the session must have in common when the handler is called from the page."""

    WORKSPACE = "workspace"
    PERSON = "person"


SAME_WORKSPACE = Same.WORKSPACE
"""The person and the workspace: the rule when nothing else is declared."""
SAME_PERSON = Same.PERSON
"""The person alone: the handler acts on the person's own account, whatever workspace is looked at."""


@dataclass(frozen=True, slots=True)
class Exempt:
    """The page is not compared; `why` says what makes that safe."""

    why: str


DISPLAY_ONLY = Exempt("It changes only what this page displays: nothing is stored and nothing is read.")

PageRule = Same | Exempt
Audience = Public | frozenset[Realm]
_Handler = TypeVar("_Handler", bound="Callable[..., Any]")


@dataclass(frozen=True, slots=True)
class Declared:
    """What a handler declares. `sessions` are the realms whose session it may ask for."""

    who: Audience
    page: PageRule
    sessions: frozenset[Realm]


_MARK = "_portal_audience"


def audience(
    *who: Public | Realm, page: PageRule = SAME_WORKSPACE, acts_as: tuple[Realm, ...] = ()
) -> Callable[[_Handler], _Handler]:
    """Declare who may call the handler below; stands above `@rx.event`.

    One of the public audiences, or one or more realms: of several, the page the event comes from
    says which one is meant, and a live session of that realm is still needed.

    `page` is what the page must still show. A handler for everybody that does something for a person who happens to
    be signed in names the realms in `acts_as`: without them it finds nobody.
    """
    first = who[0]
    declared: Audience = first if isinstance(first, Public) else frozenset(Realm(realm) for realm in who)
    sessions = frozenset(acts_as) if isinstance(declared, Public) else declared

    def declare(handler: _Handler) -> _Handler:
        setattr(getattr(handler, "fn", handler), _MARK, Declared(declared, page, sessions))
        return handler

    return declare


def declared_of(handler: object) -> Declared | None:
    """What a registered handler function declares, None when it declares nothing."""
    return getattr(getattr(handler, "func", handler), _MARK, None)


def audience_of(handler: object) -> Audience | None:
    """The declared audience of a registered handler function, None when it has none."""
    declared = declared_of(handler)
    return declared.who if declared else None
