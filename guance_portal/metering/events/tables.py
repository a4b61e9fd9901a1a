"""Which events have been counted, for ever."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import LargeBinary
from sqlmodel import Field

from guance_portal.core.db import Moment
from guance_portal.core.rows import Row


class CountedEvent(Row, table=True):
    """An event that was counted: digests of its name and of what it says (`metering/events/rules.py`)."""

    __tablename__ = "usage_events"

    workspace_id: str = Field(primary_key=True, foreign_key="workspace_meters.workspace_id")
    name: bytes = Field(primary_key=True, sa_type=LargeBinary)
    content: bytes = Field(sa_type=LargeBinary)
    received_at: datetime = Field(sa_type=Moment)
