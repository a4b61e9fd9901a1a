"""What the dialog and the pages show of a workspace's settlement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from guance_portal.core.actor import Actor
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.payers import queries as payers
from guance_portal.payers.access import require_fee_center
from guance_portal.payers.registry import Providers
from guance_portal.payers.rules import SettlementMethod
from guance_portal.payers.tables import CloudAccount
from guance_portal.settlement import standing
from guance_portal.settlement.calendar import ChangePreview, next_change, next_month, preview_of
from guance_portal.settlement.choices import Asker, ChangeKind, Choice, OptionKind
from guance_portal.settlement.effects import Effects
from guance_portal.settlement.rules import OptionVerdict
from guance_portal.settlement.standing import SettlementStanding
from guance_portal.sites import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownOption:
    """One option as it can be shown: `account` is masked, and empty where there is none yet.

    `workspaces` counts those a registered account pays for now.
    """

    verdict: OptionVerdict
    method: SettlementMethod
    account: str = ""
    registered_at: datetime | None = None
    workspaces: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingChange:
    """A change that waits for its day, and to what; `account` as in `ShownOption`.

    `is_payer`: another fee-centre account is to pay; the one that pays now is not told which.
    """

    id: str
    method: SettlementMethod
    account: str
    effective_day: date
    is_payer: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """How a workspace's bills are settled. Days are billing days of the site.

    `next_change` is the first day on which somebody may change voluntarily: today when it can be now.
    """

    workspace_id: str
    workspace_name: str
    site: Site
    fee_account_id: str
    fee_username: str
    asker: Asker
    method: SettlementMethod
    account: str
    since: date
    today: date
    next_change: date
    pending: PendingChange | None
    version: int

    @property
    def may_change_today(self) -> bool:
        """Whether a voluntary change could be ordered now."""
        return self.next_change <= self.today


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview(Summary):
    """The summary with every option, and what choosing one would mean."""

    options: tuple[ShownOption, ...]
    preselected: Choice | None
    kind: ChangeKind
    has_arbitrary_choice: bool
    preview: ChangePreview


class Overviews:
    """Answers anyone who may look: owner and admin of the session's workspace, and the account that pays."""

    def __init__(self, database: Database, clock: Clock, providers: Providers, effects: Effects) -> None:
        self._database, self._clock, self._providers, self._effects = database, clock, providers, effects

    async def overview(self, actor: Actor, workspace_id: str) -> Overview:
        """Every option with its verdict; raises NotAllowedError, NothingToSettleError, WorkspaceDissolvedError."""
        async with self._database.reading() as work:
            here, asker = await self._look(work, actor, workspace_id)
            paid = await payers.workspaces_by_cloud_account(work, here.account.id) if not here.is_due else {}
        if here.is_due:
            await self._effects.take(workspace_id)
            return await self.overview(actor, workspace_id)
        return self._overview(here, asker, paid)

    async def summaries(self, actor: Actor) -> dict[str, Summary]:
        """The workspaces a fee-centre session may see, by their ids; raises NotAllowedError for other realms."""
        require_fee_center(actor)
        async with self._database.reading() as work:
            account = await payers.account(work, actor.subject_id)
            found = await standing.read_all(work, account, actor.workspace_id, self._clock.now()) if account else []
        due = [here.workspace.id for here in found if here.is_due]
        for workspace_id in due:
            await self._effects.take(workspace_id)
        if due:
            return await self.summaries(actor)
        return {here.workspace.id: Summary(**_summed(here, Asker.PAYER)) for here in found}

    async def _look(self, work: UnitOfWork, actor: Actor, workspace_id: str) -> tuple[SettlementStanding, Asker]:
        asker = await standing.authorise(work, actor, workspace_id)
        here = await standing.read(work, workspace_id, self._clock.now())
        here.require_live()
        return here, asker

    def _overview(self, here: SettlementStanding, asker: Asker, paid: dict[str, int]) -> Overview:
        found = here.judge(asker, self._providers)
        return Overview(
            **_summed(here, asker),
            options=tuple(_option(here, verdict, paid) for verdict in found.options),
            preselected=found.preselected,
            kind=found.kind,
            has_arbitrary_choice=here.account.has_arbitrary_choice,
            preview=preview_of(here.now, here.site.zone, found.kind, has_used_month=here.has_used_month),
        )


def _summed(here: SettlementStanding, asker: Asker) -> dict[str, Any]:
    """The fields of a `Summary`: nothing in them needs a verdict."""
    return {
        "workspace_id": here.workspace.id,
        "workspace_name": here.workspace.name,
        "site": here.site,
        "fee_account_id": here.account.id,
        "fee_username": here.account.username,
        "asker": asker,
        "method": here.payer.method,
        "account": _account(here, here.payer.cloud_account_id),
        "since": here.payer.since.astimezone(here.site.zone).date(),
        "today": here.today,
        "next_change": _next_change(here),
        "pending": _pending(here, asker),
        "version": here.account.version,
    }


def _account(here: SettlementStanding, cloud_account_id: str | None) -> str:
    """Who is charged: a cloud account, masked, or else the fee-centre account."""
    cloud = here.cloud(cloud_account_id)
    return cloud.shown if cloud else here.account.username


def _option(here: SettlementStanding, verdict: OptionVerdict, paid: dict[str, int]) -> ShownOption:
    method = SettlementMethod(verdict.provider)
    if verdict.choice.kind is OptionKind.ENTERPRISE:
        return ShownOption(verdict=verdict, method=method, account=here.account.username)
    cloud: CloudAccount | None = here.cloud(verdict.choice.id)
    if cloud is None:
        return ShownOption(verdict=verdict, method=method)
    return ShownOption(
        verdict=verdict,
        method=method,
        account=cloud.shown,
        registered_at=cloud.registered_at,
        workspaces=paid.get(cloud.id, 0),
    )


def _pending(here: SettlementStanding, asker: Asker) -> PendingChange | None:
    change = here.pending
    if change is None:
        return None
    account = _account(here, change.to_cloud_account_id)
    if change.kind is ChangeKind.PAYER:
        account = here.next_account.username if here.next_account and asker is not Asker.PAYER else ""
    return PendingChange(
        id=change.id,
        method=change.to_method,
        account=account,
        effective_day=change.effective_day,
        is_payer=change.kind is ChangeKind.PAYER,
    )


def _next_change(here: SettlementStanding) -> date:
    change = here.pending
    pending_from = None
    if change:
        counts = change.kind is ChangeKind.MONTHLY
        ordered_on = change.ordered_at.astimezone(here.site.zone).date()
        pending_from = max(change.effective_day, next_month(ordered_on)) if counts else change.effective_day
    return next_change(here.today, here.kind, has_used_month=here.has_used_month, pending_from=pending_from)
