"""The rows of API keys."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON
from sqlmodel import Field

from guance_portal.core.db import Moment
from guance_portal.core.rows import Row


class ApiKey(Row, table=True):
    """A key of a workspace, stored as its digest alone. `ended_at` is set for good once it is deleted."""

    __tablename__ = "api_keys"

    id: str = Field(primary_key=True)
    workspace_id: str = Field(foreign_key="workspaces.id", index=True)
    digest: str = Field(unique=True)
    beginning: str
    name: str
    scopes: list[str] = Field(sa_type=JSON)
    created_by: str = Field(foreign_key="users.id")
    created_at: datetime = Field(sa_type=Moment)
    last_used_at: datetime | None = Field(default=None, sa_type=Moment)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)
