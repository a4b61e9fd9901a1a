"""Tickets: proof of a passed step, good once, for seconds, in one browser."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select, update

from guance_portal.accounts.errors import TicketSpentError
from guance_portal.accounts.identity.tables import Ticket, TicketKind
from guance_portal.accounts.rules import SECOND_FACTOR_LIFE, SECOND_FACTOR_TRIES, TICKET_LIFE
from guance_portal.core.actor import Caller, Realm
from guance_portal.core.db import UnitOfWork
from guance_portal.core.tokens import digest, new_token

_LIFE = {TicketKind.SESSION: TICKET_LIFE, TicketKind.SECOND_FACTOR: SECOND_FACTOR_LIFE}


def issue(
    work: UnitOfWork,
    kind: TicketKind,
    realm: Realm,
    subject_id: str,
    caller: Caller,
    *,
    now: datetime,
    keep: bool = False,
    workspace_id: str = "",
    sealed: str = "",
) -> str:
    """A new ticket's token, bound to the caller's browser."""
    token = new_token()
    work.session.add(
        Ticket(
            token_hash=digest(token),
            kind=kind,
            realm=realm,
            subject_id=subject_id,
            workspace_id=workspace_id,
            visitor=caller.visitor,
            keep=keep,
            sealed=sealed,
            created_at=now,
            expires_at=now + _LIFE[kind],
        )
    )
    return token


async def find(work: UnitOfWork, kind: TicketKind, token: str, caller: Caller, now: datetime) -> Ticket | None:
    """The ticket, if this browser may use it now."""
    return (await work.session.exec(select(Ticket).where(*_usable(kind, token, caller, now)))).one_or_none()


async def consume(work: UnitOfWork, kind: TicketKind, token: str, caller: Caller, now: datetime) -> Ticket | None:
    """The ticket, used up by this caller; of several at once, one gets it."""
    used = update(Ticket).where(*_usable(kind, token, caller, now)).values(used_at=now)
    if (await work.session.exec(used)).rowcount != 1:
        return None
    return (await work.session.exec(select(Ticket).where(col(Ticket.token_hash) == digest(token)))).one()


async def redeem(
    work: UnitOfWork, number: str, realm: Realm, subject_id: str, caller: Caller, *, workspace_id: str, now: datetime
) -> Ticket:
    """The ticket of an SSO handoff, noted as used under its one-time number; raises TicketSpentError for the second.

    Its row outlives the signed token, so that the number stays taken for as long as the token could be shown again.
    """
    ticket = Ticket(
        token_hash=digest(number),
        kind=TicketKind.SSO_HANDOFF,
        realm=realm,
        subject_id=subject_id,
        workspace_id=workspace_id,
        visitor=caller.visitor,
        created_at=now,
        expires_at=now + _LIFE[TicketKind.SECOND_FACTOR],
        used_at=now,
    )
    work.session.add(ticket)
    try:
        await work.session.flush()
    except IntegrityError:
        raise TicketSpentError from None
    return ticket


async def count_try(work: UnitOfWork, token: str, caller: Caller, now: datetime) -> int | None:
    """Count a try at the second factor: how many are left after it, None when it may not be tried."""
    usable = (*_usable(TicketKind.SECOND_FACTOR, token, caller, now), col(Ticket.tries) < SECOND_FACTOR_TRIES)
    tried = update(Ticket).where(*usable).values(tries=col(Ticket.tries) + 1)
    if (await work.session.exec(tried)).rowcount != 1:
        return None
    tries = (await work.session.exec(select(Ticket.tries).where(col(Ticket.token_hash) == digest(token)))).one()
    return SECOND_FACTOR_TRIES - tries


def _usable(kind: TicketKind, token: str, caller: Caller, now: datetime) -> tuple[ColumnElement[bool], ...]:
    # A browser without a visitor cookie has an empty visitor: it must not match another such browser.
    return (
        col(Ticket.token_hash) == digest(token),
        col(Ticket.kind) == kind,
        col(Ticket.visitor) == caller.visitor,
        col(Ticket.visitor) != "",
        col(Ticket.used_at).is_(None),
        col(Ticket.expires_at) > now,
    )
