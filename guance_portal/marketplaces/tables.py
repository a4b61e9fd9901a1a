"""Rows of subscriptions on the marketplaces, and of every notice that came from them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from guance_portal.core.db import Moment
from guance_portal.core.rows import Row, choice, coded
from guance_portal.marketplaces.rules import NoticeOutcome, NoticeSource
from guance_portal.payers.rules import SubscriptionState
from guance_portal.sites import Currency, Provider

_REFERENCED = text("reference <> ''")


class Subscription(Row, table=True):
    """What somebody bought of a listing.

    `account` and `instance` are the pair that a cloud account is registered by: aliUid and our own random instanceId,
    or the AWS account and the licence (older products: the customer identifier twice, and the AWS account, which is what
    the buyer knows, in `known_as`). `reference` is the market's name of the purchase; `extra` whatever else it said, as a
    JSON object.
    """

    __tablename__ = "subscriptions"
    __table_args__ = (
        UniqueConstraint("provider", "account", "instance"),
        Index(
            "uq_subscriptions_reference",
            "listing_id",
            "reference",
            unique=True,
            sqlite_where=_REFERENCED,
            postgresql_where=_REFERENCED,
        ),
        Index("ix_subscriptions_instance", "listing_id", "instance"),
    )

    id: str = Field(primary_key=True)
    listing_id: str
    provider: Provider = Field(sa_type=coded(Provider))
    currency: Currency = Field(sa_type=choice(Currency))
    account: str
    instance: str
    known_as: str = ""
    reference: str = ""
    sku: str = ""
    state: SubscriptionState = Field(sa_type=choice(SubscriptionState))
    is_trial: bool = False
    expires_at: datetime | None = Field(default=None, sa_type=Moment)
    extra: str = "{}"
    created_at: datetime = Field(sa_type=Moment)
    updated_at: datetime = Field(sa_type=Moment, index=True)


class MarketplaceNotice(Row, table=True):
    """A notice as it came (`payload` is JSON without token or secret), how often, and what became of it.

    `key` names the notice within its source, so that a repeat is known; `detail` is a key of words, or empty, and
    `about` the part of the notice that it means.
    """

    __tablename__ = "marketplace_notices"
    __table_args__ = (UniqueConstraint("source", "key"),)

    id: str = Field(primary_key=True)
    listing_id: str
    source: NoticeSource = Field(sa_type=coded(NoticeSource))
    key: str
    kind: str
    payload: str
    outcome: NoticeOutcome = Field(default=NoticeOutcome.RECEIVED, sa_type=choice(NoticeOutcome))
    detail: str = ""
    about: str = ""
    subscription_id: str | None = Field(default=None, foreign_key="subscriptions.id", index=True)
    times: int = 1
    received_at: datetime = Field(sa_type=Moment)
    last_at: datetime = Field(sa_type=Moment, index=True)
    processed_at: datetime | None = Field(default=None, sa_type=Moment)


class MarketplaceSso(Row, table=True):
    """Somebody who came by marketplace SSO (免登): the market's token, hashed, works once; `visitor` is the browser."""

    __tablename__ = "marketplace_sso"

    token_hash: str = Field(primary_key=True)
    visitor: str = Field(index=True)
    subscription_id: str = Field(foreign_key="subscriptions.id", index=True)
    proven_at: datetime = Field(sa_type=Moment, index=True)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)
