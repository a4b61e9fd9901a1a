"""The row that says how far the sandbox has moved business time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint
from sqlmodel import Field

from guance_portal.core.db import Moment
from guance_portal.core.rows import Row


class ClockShift(Row, table=True):
    """How many seconds business time is ahead; at most one row, and none while it is not moved."""

    __tablename__ = "clock_shifts"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: int = Field(default=1, primary_key=True)
    ahead: int = Field(sa_type=BigInteger)
    moved_at: datetime = Field(sa_type=Moment)
