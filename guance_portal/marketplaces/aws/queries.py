"""All SQL about what AWS told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, or_, select

from guance_portal.core.db import UnitOfWork
from guance_portal.core.ids import new_id
from guance_portal.marketplaces import queries
from guance_portal.marketplaces.aws.facts import Fact, FactKind
from guance_portal.marketplaces.aws.tables import AwsFact
from guance_portal.marketplaces.tables import Subscription
from guance_portal.payers.rules import SubscriptionState

_FIELDS = tuple(Fact.__slots__)


async def save(work: UnitOfWork, listing_id: str, fact: Fact) -> bool:
    """Keep a fact; False when it is known."""
    row = AwsFact(id=new_id("fact"), listing_id=listing_id, **{name: getattr(fact, name) for name in _FIELDS})
    return await queries.add(work, row)


async def of_identifier(work: UnitOfWork, listing_id: str, identifier: str) -> list[Fact]:
    """Everything known of a customer identifier."""
    found = select(AwsFact).where(col(AwsFact.listing_id) == listing_id, col(AwsFact.identifier) == identifier)
    return _facts((await work.session.exec(found.order_by(col(AwsFact.key)))).all())


async def account_of(work: UnitOfWork, listing_id: str, fact: Fact) -> str:
    """The AWS account a fact is about: its own word, or that of others about the same licence, agreement or identifier."""
    if fact.account:
        return fact.account
    same = [
        column == value
        for column, value in (
            (col(AwsFact.licence), fact.licence),
            (col(AwsFact.agreement), fact.agreement),
            (col(AwsFact.identifier), fact.identifier),
        )
        if value
    ]
    if not same:
        return ""
    found = select(AwsFact.account).where(col(AwsFact.listing_id) == listing_id, col(AwsFact.account) != "", or_(*same))
    return (await work.session.exec(found.limit(1))).first() or ""


async def of_account(work: UnitOfWork, listing_id: str, account: str) -> list[Fact]:
    """Everything known of an AWS account's licences, also what names the licence or the agreement alone."""
    here = col(AwsFact.listing_id) == listing_id
    theirs = (here, col(AwsFact.account) == account)
    licences = select(col(AwsFact.licence)).where(*theirs, col(AwsFact.licence) != "")
    agreements = select(col(AwsFact.agreement)).where(*theirs, col(AwsFact.agreement) != "")
    about = or_(
        col(AwsFact.account) == account,
        col(AwsFact.licence).in_(licences),
        col(AwsFact.agreement).in_(agreements),
    )
    return _facts((await work.session.exec(select(AwsFact).where(here, about).order_by(col(AwsFact.key)))).all())


async def overdue(work: UnitOfWork, before: datetime) -> list[tuple[str, str]]:
    """Listings and accounts whose licence was taken away before this moment while its subscription is still live."""
    found = (
        select(AwsFact.listing_id, Subscription.account)
        .join(
            Subscription,
            (col(Subscription.listing_id) == col(AwsFact.listing_id))
            & (col(Subscription.instance) == col(AwsFact.licence)),
        )
        .where(
            col(AwsFact.kind) == FactKind.UNLICENSED,
            col(AwsFact.received_at) <= before,
            col(Subscription.state) == SubscriptionState.LIVE,
        )
        .distinct()
    )
    return list((await work.session.exec(found)).all())


def _facts(rows: Sequence[AwsFact]) -> list[Fact]:
    return [Fact(**{name: getattr(row, name) for name in _FIELDS}) for row in rows]
