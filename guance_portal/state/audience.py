"""Who may call an event handler: declared beside each one, denied when undeclared."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from guance_portal.core.actor import Realm

if TYPE_CHECKING:
    from collections.abc import Callable


class Public(StrEnum):
    """Audiences that need no session."""

    ANYONE = "anyone"
    SANDBOX = "sandbox"


ANYONE = Public.ANYONE
"""Everybody, signed in or not."""
SANDBOX = Public.SANDBOX
"""Everybody, while the portal runs in sandbox mode; nobody otherwise."""

Audience = Public | frozenset[Realm]
_MARK = "_portal_audience"
_Handler = TypeVar("_Handler", bound="Callable[..., Any]")


def audience(*who: Public | Realm) -> Callable[[_Handler], _Handler]:
    """Declare who may call the handler below; stands above `@rx.event`.

    One of the public audiences, or one or more realms: of several, the page the event comes from
    says which one is meant, and a live session of that realm is still needed.
    """
    first = who[0]
    declared: Audience = first if isinstance(first, Public) else frozenset(Realm(realm) for realm in who)

    def declare(handler: _Handler) -> _Handler:
        setattr(getattr(handler, "fn", handler), _MARK, declared)
        return handler

    return declare


def audience_of(handler: object) -> Audience | None:
    """The declared audience of a registered handler function, None when it has none."""
    return getattr(getattr(handler, "func", handler), _MARK, None)
