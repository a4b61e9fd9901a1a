"""Rows of drafts: what somebody has typed into a form so far."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, text
from sqlmodel import Field

from guance_portal.core.db import Moment
from guance_portal.core.rows import Row

OPEN = "finished_at IS NULL"


class Draft(Row, table=True):
    """What `owner` has typed into a form, and what the portal has found out about it meanwhile.

    `owner` is `browser:` with the hash of a draft cookie, or a realm and an id; `about` is the workspace that the form is
    about, empty where there is none. `typed` holds the fields that the form keeps, `found` facts of its service: both as
    the `version` of the form's declaration wrote them. Nobody comes back to it after `expires_at`, where that is set.
    Once it has become something (`finished_at`), it keeps only what that was.
    """

    __tablename__ = "drafts"
    __table_args__ = (
        Index(
            "uq_drafts_open",
            "owner",
            "form",
            "about",
            unique=True,
            sqlite_where=text(OPEN),
            postgresql_where=text(OPEN),
        ),
        Index("ix_drafts_finished", "owner", "form", "finished_at"),
        Index("ix_drafts_about", "about"),
    )

    id: str = Field(primary_key=True)
    owner: str
    form: str
    about: str = ""
    version: int = 1
    typed: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    found: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    created_at: datetime = Field(sa_type=Moment)
    expires_at: datetime | None = Field(default=None, sa_type=Moment, index=True)
    finished_at: datetime | None = Field(default=None, sa_type=Moment)
