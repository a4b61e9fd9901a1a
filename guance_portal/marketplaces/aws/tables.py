"""Rows of what AWS told of its buyers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from guance_portal.core.db import Moment
from guance_portal.core.rows import Row, choice
from guance_portal.marketplaces.aws.facts import FactKind


class AwsFact(Row, table=True):
    """One message, by its key kept once; see `facts.Fact`."""

    __tablename__ = "aws_facts"
    __table_args__ = (
        UniqueConstraint("listing_id", "key"),
        Index("ix_aws_facts_account", "listing_id", "account"),
        Index("ix_aws_facts_identifier", "listing_id", "identifier"),
        Index("ix_aws_facts_licence", "listing_id", "licence"),
        Index("ix_aws_facts_agreement", "listing_id", "agreement"),
    )

    id: str = Field(primary_key=True)
    listing_id: str
    key: str
    kind: FactKind = Field(sa_type=choice(FactKind))
    at: datetime = Field(sa_type=Moment)
    received_at: datetime = Field(sa_type=Moment)
    product: str = ""
    product_id: str = ""
    account: str = ""
    identifier: str = ""
    licence: str = ""
    agreement: str = ""
    previous: str = ""
    root: str = ""
    why: str = ""
