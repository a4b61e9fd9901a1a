"""Commercial workspaces with an owner and a paying account, ready to change how they are settled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlmodel import col, select

from guance_portal import sites
from guance_portal.accounts.opening import NewWorkspace, open_workspace
from guance_portal.accounts.rules import Edition
from guance_portal.bootstrap import Services
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.db import UnitOfWork
from guance_portal.core.messages import Language
from guance_portal.payers import binding, periods, queries
from guance_portal.payers.rules import SettlementMethod
from guance_portal.settlement.choices import ChangeState
from guance_portal.settlement.overview import Overview
from guance_portal.settlement.queries import workspace_and_payer
from guance_portal.settlement.switching import ChangeOrder, ChangeReceipt
from guance_portal.settlement.tables import SettlementChange
from tests import factories
from tests.support.marketplace import register


async def payer_of_day(work: UnitOfWork, workspace_id: str, day: date) -> str | None:
    """The cloud account that settles a billing day of a workspace; None for 观测云企业账号.

    The dated periods say it, and they must say what follows from the changes.
    """
    period = await periods.on(work, workspace_id, day)
    assert (period and period.cloud_account_id) == await _by_changes(work, workspace_id, day)
    return period.cloud_account_id if period else None


async def _by_changes(work: UnitOfWork, workspace_id: str, day: date) -> str | None:
    took_effect = select(SettlementChange).where(
        col(SettlementChange.workspace_id) == workspace_id, col(SettlementChange.state) == ChangeState.EFFECTIVE
    )
    # Of one day the last one decides; the clock of a test may stand still between two.
    ordered = took_effect.order_by(
        col(SettlementChange.effective_day), col(SettlementChange.ended_at), col(SettlementChange.ordered_at)
    )
    changes = (await work.session.exec(ordered)).all()
    begun = [change for change in changes if change.effective_day <= day]
    if begun:
        return begun[-1].to_cloud_account_id
    if changes:
        return changes[0].from_cloud_account_id
    _, payer = await workspace_and_payer(work, workspace_id)
    return payer.cloud_account_id


async def open_paid(
    services: Services, owner_id: str, account_id: str, *, site: str = "cn1", name: str = "云帆-生产环境"
) -> str:
    """A 商业版 workspace of the owner, which the account pays for; returns its id."""
    new = NewWorkspace(site=site, name=name, language=Language.ZH, owner_id=owner_id, edition=Edition.COMMERCIAL)
    async with services.database.writing() as work:
        workspace_id = await open_workspace(work, new, services.clock.now())
        account = await queries.account(work, account_id)
        assert account
        await binding.bind(
            work,
            workspace_id,
            sites.get(site),
            account,
            method=SettlementMethod.ENTERPRISE,
            now=services.business_clock.now(),
        )
        await work.commit()
    return workspace_id


@dataclass(slots=True, kw_only=True)
class Settler:
    """An owner and a payer with a workspace between them, and the services they use."""

    services: Services
    owner: Actor
    payer: Actor
    workspace_id: str

    async def register(self, account: str = "1827000000004093", **options: sites.Provider | sites.Currency) -> str:
        """Register a cloud account of the payer; returns the choice to settle by it."""
        return f"account:{await register(self.services, self.payer, account, **options)}"  # pyright: ignore[reportArgumentType] - as `register`

    async def change(self, choice: str, actor: Actor | None = None) -> ChangeReceipt:
        """Order a change, as the owner unless told otherwise."""
        order = ChangeOrder(actor=actor or self.owner, workspace_id=self.workspace_id, choice=choice)
        return await self.services.settlement.switching.change(order)

    async def withdraw(self, change_id: str) -> None:
        """Take it back."""
        await self.services.settlement.switching.withdraw(self.owner, self.workspace_id, change_id)

    async def look(self, actor: Actor | None = None) -> Overview:
        """What the dialog shows."""
        return await self.services.settlement.overviews.overview(actor or self.owner, self.workspace_id)


async def settler(services: Services, *, site: str = "cn1") -> Settler:
    """A new owner and a new payer, both signed in."""
    user_id = await factories.console_user(services, site=site)
    account_id = await factories.fee_account(services, site=site)
    workspace_id = await open_paid(services, user_id, account_id, site=site)
    owner = await factories.sign_in(services, site=site)
    payer = await factories.sign_in(services, "yunfan", realm=Realm.FEE_CENTER)
    return Settler(services=services, owner=owner.actor, payer=payer.actor, workspace_id=workspace_id)
