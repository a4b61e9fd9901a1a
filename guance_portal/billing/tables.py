"""Rows of plans."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field

from guance_portal.core.db import Moment
from guance_portal.core.rows import Row


class Upgrade(Row, table=True):
    """A workspace that became 商业版: once, since the way back does not exist. `upgraded_at` is business time."""

    __tablename__ = "workspace_upgrades"

    workspace_id: str = Field(primary_key=True, foreign_key="workspaces.id")
    user_id: str = Field(foreign_key="users.id")
    fee_account_id: str = Field(foreign_key="fee_accounts.id", index=True)
    upgraded_at: datetime = Field(sa_type=Moment)
