"""A proof is valid only while what it rests on is unchanged: this module voids all proofs of a changed root.

A new e-mail, a new password or a new owner is often the answer to somebody who should not have had the old one. Codes,
tickets, links and noted proofs that came from before must then be worth nothing, wherever they are kept. Every context
that keeps proofs brings a function that voids them; `bootstrap` joins them here. Code that changes a root calls `void`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from guance_portal.accounts.codes import queries as code_queries
from guance_portal.accounts.identity import queries as identity_queries
from guance_portal.accounts.members import queries as members_queries
from guance_portal.core.actor import Realm
from guance_portal.core.db import UnitOfWork


class Root(StrEnum):
    """What proofs stand on."""

    EMAIL = "email"
    PASSWORD = "password"
    OWNER = "owner"


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A root that has changed: whose e-mail or password, or (for OWNER, in the console) the owner of which workspace."""

    root: Root
    realm: Realm
    id: str


Void = Callable[[UnitOfWork, Changed, datetime], Awaitable[None]]
"""Makes worthless what one context keeps of proofs that stand on a root; in the caller's transaction."""


class Proofs:
    """Voids the proofs of all contexts."""

    def __init__(self, *elsewhere: Void) -> None:
        # Codes first: a transaction that uses one up holds its row, and notes the proof before we go on to it.
        self._voids = (_codes, _given_out, _sso_handoffs, *elsewhere)

    async def void(self, work: UnitOfWork, changed: Changed, now: datetime) -> None:
        """Make worthless whatever stands on the root; in the transaction that changes it."""
        for void in self._voids:
            await void(work, changed, now)


async def _codes(work: UnitOfWork, changed: Changed, now: datetime) -> None:
    await code_queries.void_of(work, changed.id, now)


async def _given_out(work: UnitOfWork, changed: Changed, now: datetime) -> None:
    """Reset links and tickets of the person."""
    if changed.root is not Root.OWNER:
        await identity_queries.void_links(work, changed.realm, changed.id, now)
        await identity_queries.void_tickets(work, changed.realm, changed.id)


async def _sso_handoffs(work: UnitOfWork, changed: Changed, now: datetime) -> None:
    """Sessions of the fee centre that the old owner of a workspace came to by the SSO handoff."""
    if changed.root is Root.OWNER:
        await members_queries.end_sso_handoffs(work, changed.id, now)
