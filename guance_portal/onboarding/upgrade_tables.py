"""Rows of upgrades that are under way."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field

from guance_portal.core.db import Moment
from guance_portal.core.rows import Row


class UpgradeDraft(Row, table=True):
    """What an owner has typed in the dialogs of one workspace, and which fee-centre account they have proven.

    `proven_account_id` may pay for this workspace for a day from `proven_at`; `proven_email` is the address (as
    compared) whose code was right, for the account that is being registered.
    """

    __tablename__ = "upgrade_drafts"

    workspace_id: str = Field(primary_key=True, foreign_key="workspaces.id")
    user_id: str = Field(primary_key=True, foreign_key="users.id")
    payer_username: str = ""
    username: str = ""
    email: str = ""
    company_name: str = ""
    proven_email: str = ""
    proven_account_id: str | None = Field(default=None, foreign_key="fee_accounts.id")
    proven_at: datetime | None = Field(default=None, sa_type=Moment)
    updated_at: datetime = Field(sa_type=Moment, index=True)
