"""What the fee centre shows of an account: its company and the workspaces it pays for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from guance_portal.accounts.members import workspace_queries
from guance_portal.accounts.members.access import require_password_session
from guance_portal.accounts.rules import Edition
from guance_portal.core.actor import Actor
from guance_portal.core.db import Database
from guance_portal.core.errors import NotSignedInError
from guance_portal.payers import queries
from guance_portal.payers.access import require_fee_center
from guance_portal.payers.balance_sharing import shown_of
from guance_portal.payers.company import CompanyForm
from guance_portal.sites import Currency


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidWorkspace:
    """A workspace as the account that pays for it sees it; how it is settled is told by settlement.

    `owner` and `owner_email` are empty once it was dissolved, which `dissolved_at` tells. `shows_balances`: its owner
    sees what the account has.
    """

    id: str
    name: str
    site: str
    edition: Edition
    owner: str
    owner_email: str
    is_locked: bool
    dissolved_at: datetime | None
    shows_balances: bool

    @property
    def state(self) -> Literal["live", "locked", "dissolved"]:
        """Whether it goes on, is locked by a debt, or was dissolved."""
        if self.dissolved_at is not None:
            return "dissolved"
        return "locked" if self.is_locked else "live"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeAccountView:
    """An account as it sees itself; `company` is None for one that was opened without."""

    username: str
    email: str
    site: str
    currency: Currency
    opened_at: datetime
    company: CompanyForm | None


class FeeCenterService:
    """Answers the fee centre's pages."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def workspaces(self, actor: Actor) -> list[PaidWorkspace]:
        """The workspaces the account pays for, oldest first; for a limited session its one alone."""
        require_fee_center(actor)
        async with self._database.reading() as work:
            account = await queries.account(work, actor.subject_id)
            rows = await queries.workspaces_of(work, actor.subject_id, actor.workspace_id)
            shown = await shown_of(work, [payer for _, payer in rows])
            owners = await workspace_queries.owners(work, [workspace.id for workspace, _ in rows])
        if account is None:
            raise NotSignedInError
        return [
            PaidWorkspace(
                id=workspace.id,
                name=workspace.name,
                site=workspace.site,
                edition=workspace.edition,
                owner=owners[workspace.id].username if workspace.id in owners else "",
                owner_email=owners[workspace.id].email if workspace.id in owners else "",
                is_locked=workspace.locked_at is not None,
                dissolved_at=workspace.dissolved_at,
                shows_balances=shown[workspace.id],
            )
            for workspace, _ in rows
        ]

    async def account(self, actor: Actor) -> FeeAccountView:
        """The account and its company; raises PasswordNeededError for a limited session."""
        require_fee_center(actor)
        require_password_session(actor)
        async with self._database.reading() as work:
            account = await queries.account(work, actor.subject_id)
            company = await queries.company(work, actor.subject_id)
        if account is None:
            raise NotSignedInError
        return FeeAccountView(
            username=account.username,
            email=account.email,
            site=account.site,
            currency=account.currency,
            opened_at=account.created_at,
            company=CompanyForm.of_row(company) if company else None,
        )
