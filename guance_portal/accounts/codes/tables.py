"""Rows of codes sent by e-mail."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field

from guance_portal.accounts.codes.rules import CodeEnd, CodePurpose
from guance_portal.core.db import Moment
from guance_portal.core.rows import Row, choice

_LIVE = text("ended_at IS NULL")


class EmailCode(Row, table=True):
    """A code sent to an address, asked for by `holder` (a sign-up draft, a workspace) for one purpose.

    A holder has at most one that is not ended. `code_hash` is keyed: six digits alone could be guessed from it.
    `is_caught`: a program asked for it, so no email was sent; the person at that address knows nothing of it.
    """

    __tablename__ = "email_codes"
    __table_args__ = (
        Index("ix_email_codes_address", "email_key", "created_at"),
        Index("uq_email_codes_live", "holder", "purpose", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
    )

    id: str = Field(primary_key=True)
    purpose: CodePurpose = Field(sa_type=choice(CodePurpose))
    site: str
    holder: str = Field(index=True)
    email_key: str
    code_hash: str
    tries: int = 0
    is_caught: bool = False
    address: str
    created_at: datetime = Field(sa_type=Moment)
    expires_at: datetime = Field(sa_type=Moment)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)
    end: CodeEnd | None = Field(default=None, sa_type=choice(CodeEnd))
