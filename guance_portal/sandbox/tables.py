"""Rows of the simulated marketplaces; empty outside the sandbox."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Text, UniqueConstraint
from sqlmodel import Field

from guance_portal.core.db import Moment
from guance_portal.core.rows import Row, choice
from guance_portal.sandbox.rules import Channel, DeliveryState, PurchaseState


class SandboxPurchase(Row, table=True):
    """What somebody has bought.

    `account` is the buyer's at the cloud; `reference` the market's own number of it (orderBizId, agreement id);
    `instance` the vendor's instanceId (empty until it has answered) or the LicenseArn; `customer` the
    CustomerIdentifier of older AWS products. `answer` is what the vendor answered, as JSON. `is_other`: it is another
    product of the same seller. `agreements` are all ids that the AWS agreement has had, the first one first.
    """

    __tablename__ = "sandbox_purchases"
    __table_args__ = (UniqueConstraint("listing_id", "reference"),)

    id: str = Field(primary_key=True)
    listing_id: str = Field(index=True)
    account: str
    reference: str
    instance: str
    customer: str
    sku: str
    state: PurchaseState = Field(sa_type=choice(PurchaseState))
    is_trial: bool
    is_other: bool = False
    agreements: str = Field(default="", sa_type=Text)
    answer: str = Field(sa_type=Text)
    expires_at: datetime | None = Field(default=None, sa_type=Moment)
    created_at: datetime = Field(sa_type=Moment)
    updated_at: datetime = Field(sa_type=Moment)


class SandboxDelivery(Row, table=True):
    """A notice to the portal, under way or made. `copies` are sent at once; `answer` says how the last one ended."""

    __tablename__ = "sandbox_deliveries"

    id: str = Field(primary_key=True)
    listing_id: str
    purchase_id: str = Field(foreign_key="sandbox_purchases.id", index=True)
    channel: Channel = Field(sa_type=choice(Channel))
    kind: str
    body: str = Field(sa_type=Text)
    state: DeliveryState = Field(default=DeliveryState.WAITING, sa_type=choice(DeliveryState), index=True)
    copies: int = 1
    attempts: int = 0
    answer: str = ""
    due_at: datetime = Field(sa_type=Moment)
    leased_until: datetime | None = Field(default=None, sa_type=Moment)
    created_at: datetime = Field(sa_type=Moment)
    sent_at: datetime | None = Field(default=None, sa_type=Moment)


class SandboxToken(Row, table=True):
    """A registration token of AWS that a buyer's browser carries, by its digest; `product_code` is what it is for."""

    __tablename__ = "sandbox_tokens"

    token_hash: str = Field(primary_key=True)
    purchase_id: str = Field(foreign_key="sandbox_purchases.id", index=True)
    product_code: str
    created_at: datetime = Field(sa_type=Moment)
    redeemed_at: datetime | None = Field(default=None, sa_type=Moment)


class SandboxUsage(Row, table=True):
    """Usage that was metered once: `key` says for whom, what and when; `said` is the record as it came."""

    __tablename__ = "sandbox_usage"

    key: str = Field(primary_key=True)
    purchase_id: str = Field(foreign_key="sandbox_purchases.id", index=True)
    record_id: str
    said: str = Field(sa_type=Text)
    at: datetime = Field(sa_type=Moment)


class SandboxWhim(Row, table=True):
    """A marketplace misbehaves in this way for now."""

    __tablename__ = "sandbox_whims"

    listing_id: str = Field(primary_key=True)
    whim: str = Field(primary_key=True)


class SandboxKey(Row, table=True):
    """A key pair of the simulators, sealed, so that every worker signs with the same."""

    __tablename__ = "sandbox_keys"

    name: str = Field(primary_key=True)
    sealed: str = Field(sa_type=Text)
