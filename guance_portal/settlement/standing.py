"""The state of a workspace's settlement: everything that the rules need, read at one moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from guance_portal import sites
from guance_portal.accounts.errors import WorkspaceDissolvedError
from guance_portal.accounts.members.access import MANAGERS, require_role
from guance_portal.accounts.rules import Role
from guance_portal.accounts.tables import Workspace
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.db import UnitOfWork
from guance_portal.core.errors import NotAllowedError
from guance_portal.payers import queries as payers
from guance_portal.payers.access import require_payer
from guance_portal.payers.registry import Providers
from guance_portal.payers.rules import CloudState, SettlementMethod
from guance_portal.payers.tables import CloudAccount, FeeAccount, WorkspacePayer
from guance_portal.settlement import queries
from guance_portal.settlement.calendar import month_of
from guance_portal.settlement.choices import ENTERPRISE, OTHER_PAYER, Asker, ChangeKind, ChangeState, Choice, OptionKind
from guance_portal.settlement.errors import NothingToSettleError
from guance_portal.settlement.rules import Registered, Situation, Verdicts, change_kind, verdicts
from guance_portal.settlement.tables import SettlementChange
from guance_portal.sites import Site


@dataclass(slots=True, kw_only=True)
class SettlementStanding:
    """A workspace with its payer at a business moment; `today` is the billing day at its site.

    `next_account` is the fee-centre account that a waiting change gives it to.
    """

    workspace: Workspace
    payer: WorkspacePayer
    account: FeeAccount
    clouds: Sequence[CloudAccount]
    changes: Sequence[SettlementChange]
    now: datetime
    next_account: FeeAccount | None = None

    @property
    def site(self) -> Site:
        """The workspace's site."""
        return sites.get(self.workspace.site)

    @property
    def today(self) -> date:
        """The billing day that is open."""
        return self.now.astimezone(self.site.zone).date()

    @property
    def pending(self) -> SettlementChange | None:
        """The change that waits for its day."""
        return next((change for change in self.changes if change.state is ChangeState.PENDING), None)

    @property
    def is_due(self) -> bool:
        """Whether the pending change's day has begun."""
        return self.pending is not None and self.pending.effective_at <= self.now

    @property
    def is_first_free(self) -> bool:
        """Whether the free first choice is left, apart from the pending change."""
        return not any(
            change.kind is ChangeKind.FIRST and change.state is ChangeState.EFFECTIVE for change in self.changes
        )

    @property
    def has_used_month(self) -> bool:
        """Whether a change that took effect counts this month."""
        return any(
            change.counted_month == month_of(self.today) and change.state is ChangeState.EFFECTIVE
            for change in self.changes
        )

    @property
    def kind(self) -> ChangeKind:
        """What kind of change a choice would be now."""
        return change_kind(is_locked=self.workspace.locked_at is not None, is_first_free=self.is_first_free)

    def require_live(self) -> None:
        """Raise WorkspaceDissolvedError: what a dissolved workspace still owes goes on as it was, and cannot be changed."""
        if self.workspace.dissolved_at is not None:
            raise WorkspaceDissolvedError

    def cloud(self, cloud_account_id: str | None) -> CloudAccount | None:
        """A cloud account of the payer."""
        return next((cloud for cloud in self.clouds if cloud.id == cloud_account_id), None)

    def method(self, choice: Choice) -> tuple[SettlementMethod, str | None]:
        """What is stored for a choice: the method and the cloud account."""
        cloud = self.cloud(choice.id) if choice.kind is OptionKind.ACCOUNT else None
        return (SettlementMethod(cloud.provider), cloud.id) if cloud else (SettlementMethod.ENTERPRISE, None)

    def judge(self, asker: Asker, providers: Providers) -> Verdicts:
        """Every option's verdict as things stand."""
        pending = self.pending
        return self._judge(asker, providers, chosen_by(pending) if pending else None)

    def judge_effect(self, providers: Providers) -> Verdicts:
        """The verdicts when the pending change is due: it was counted and allowed when it was ordered."""
        return self._judge(Asker.OWNER, providers, None, has_counted=True)

    def _judge(
        self, asker: Asker, providers: Providers, pending: Choice | None, *, has_counted: bool = False
    ) -> Verdicts:
        return verdicts(
            Situation(
                site_provider=self.site.provider,
                currency=self.site.currency,
                offers=providers.offers(self.site.currency),
                accounts=tuple(_registered(cloud) for cloud in self.clouds),
                has_arbitrary_choice=self.account.has_arbitrary_choice,
                current=choice_of(self.payer.cloud_account_id),
                pending=pending,
                is_first_free=self.is_first_free or has_counted,
                has_used_month=self.has_used_month,
                asker=asker,
                edition=self.workspace.edition,
                is_locked=self.workspace.locked_at is not None,
                is_payer_locked=self.account.locked_at is not None,
            )
        )


def choice_of(cloud_account_id: str | None) -> Choice:
    """The choice that a stored method is."""
    return Choice(OptionKind.ACCOUNT, cloud_account_id) if cloud_account_id else ENTERPRISE


def chosen_by(change: SettlementChange) -> Choice:
    """What a change changes to."""
    return OTHER_PAYER if change.to_fee_account_id else choice_of(change.to_cloud_account_id)


async def authorise(work: UnitOfWork, actor: Actor, workspace_id: str) -> Asker:
    """Who the actor is to a workspace; raises NotAllowedError for anyone who may not even look.

    In the console it must be the session's workspace.
    """
    if actor.realm is Realm.FEE_CENTER:
        await require_payer(work, actor, workspace_id)
        return Asker.PAYER
    if actor.workspace_id != workspace_id:
        raise NotAllowedError
    return Asker.OWNER if await require_role(work, actor, MANAGERS) is Role.OWNER else Asker.OTHER


async def read(work: UnitOfWork, workspace_id: str, now: datetime, *, lock: bool = False) -> SettlementStanding:
    """How a workspace stands; raises NothingToSettleError for a 体验版.

    `lock` holds the paying account until the unit of work ends: whatever touches its methods, its cloud accounts or
    its workspaces' payers takes that lock first, so that one happens after the other. The account that a waiting change
    gives the workspace to is held too; of two accounts that with the lower id first.
    """
    account = await _held(work, workspace_id) if lock else await _payer(work, workspace_id)
    if account is None:
        raise NothingToSettleError
    workspace, payer = await queries.workspace_and_payer(work, workspace_id)
    month = month_of(now.astimezone(sites.get(workspace.site).zone).date())
    here = SettlementStanding(
        workspace=workspace,
        payer=payer,
        account=account,
        clouds=await payers.cloud_accounts(work, account.id),
        changes=await queries.changes_that_matter(work, [workspace_id], [month]),
        now=now,
    )
    if here.pending and here.pending.to_fee_account_id:
        here.next_account = await payers.account(work, here.pending.to_fee_account_id)
    return here


async def _payer(work: UnitOfWork, workspace_id: str) -> FeeAccount | None:
    account_id = await payers.payer_of(work, workspace_id)
    return await payers.account(work, account_id) if account_id else None


async def _held(work: UnitOfWork, workspace_id: str) -> FeeAccount | None:
    """Hold who pays and who will. While this waited, another account may have come to pay: then hold that one."""
    while True:
        account_id = await payers.payer_of(work, workspace_id)
        if account_id is None:
            return None
        next_id = await queries.next_payer(work, workspace_id)
        held = {one: await payers.fresh_account(work, one) for one in sorted({account_id, next_id or account_id})}
        if await payers.payer_of(work, workspace_id) == account_id:
            return held[account_id]


async def read_all(work: UnitOfWork, account: FeeAccount, workspace_id: str, now: datetime) -> list[SettlementStanding]:
    """How the workspaces stand that an account pays for, oldest first; with an id, that one alone."""
    rows = await payers.workspaces_of(work, account.id, workspace_id)
    clouds = await payers.cloud_accounts(work, account.id)
    months = {month_of(now.astimezone(sites.get(workspace.site).zone).date()) for workspace, _ in rows}
    changes = await queries.changes_that_matter(work, [workspace.id for workspace, _ in rows], months)
    return [
        SettlementStanding(
            workspace=workspace,
            payer=payer,
            account=account,
            clouds=clouds,
            changes=[change for change in changes if change.workspace_id == workspace.id],
            now=now,
        )
        for workspace, payer in rows
    ]


def _registered(cloud: CloudAccount) -> Registered:
    return Registered(cloud.id, cloud.provider, cloud.currency, cloud.state is CloudState.LIVE)
