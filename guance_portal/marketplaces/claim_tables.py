"""Rows of subscriptions that wait to be taken up by the person who brought them from a marketplace."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field

from guance_portal.core.db import Moment
from guance_portal.core.rows import Row


class MarketplaceClaim(Row, table=True):
    """A claim link: good once, for a while, in the browser that holds the cookie.

    `registration_hash` is the digest of the registration token it was made of (None: made before that was kept), of
    which there is one claim. While the marketplace has not answered `sealed` holds that token, sealed, and there is no
    subscription yet; `refusal` is the code of the error that it answered with in the end. `cloud_account_id` is what
    a used claim was registered as.
    """

    __tablename__ = "marketplace_claims"

    token_hash: str = Field(primary_key=True)
    cookie_hash: str = Field(index=True)
    subscription_id: str | None = Field(default=None, foreign_key="subscriptions.id", index=True)
    registration_hash: str | None = Field(default=None, unique=True)
    sealed: str = ""
    refusal: str = ""
    created_at: datetime = Field(sa_type=Moment)
    expires_at: datetime = Field(sa_type=Moment, index=True)
    used_at: datetime | None = Field(default=None, sa_type=Moment)
    cloud_account_id: str | None = Field(default=None, foreign_key="cloud_accounts.id")
