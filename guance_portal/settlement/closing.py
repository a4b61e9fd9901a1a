"""A cloud account that was cancelled at the cloud: closed here, its workspaces back at 观测云企业账号."""

from __future__ import annotations

from datetime import datetime

from guance_portal.core import audit
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.core.ids import new_id
from guance_portal.metering.days import start_of
from guance_portal.payers import cloud_emails, periods
from guance_portal.payers import queries as payers
from guance_portal.payers.ports import CloudClaim
from guance_portal.payers.rules import CloudState, SettlementMethod
from guance_portal.payers.tables import CloudAccount
from guance_portal.settlement import emails, queries, standing
from guance_portal.settlement.choices import ChangeKind, ChangeState
from guance_portal.settlement.locking import follow_lock
from guance_portal.settlement.standing import SettlementStanding
from guance_portal.settlement.tables import SettlementChange
from guance_portal.sites import Provider

WHY = "cloud_account_closed"


class Closing:
    """Does what a marketplace says of subscriptions that ended or came back."""

    def __init__(self, database: Database, clock: Clock, *, public_url: str) -> None:
        self._database, self._clock, self._public_url = database, clock, public_url

    async def close(self, provider: Provider, claim: CloudClaim) -> None:
        """See `close_in`, in a transaction of its own."""
        async with self._database.writing() as work:
            await self.close_in(work, provider, claim)
            await work.commit()

    async def reopen(self, provider: Provider, claim: CloudClaim) -> None:
        """See `reopen_in`, in a transaction of its own."""
        async with self._database.writing() as work:
            await self.reopen_in(work, provider, claim)
            await work.commit()

    async def close_in(self, work: UnitOfWork, provider: Provider, claim: CloudClaim) -> bool:
        """Close the account; the workspaces it paid for return to 观测云企业账号, which pays the whole open day.

        A change to it that still waits is refused when it is due. An unknown account or a second notice changes
        nothing, which is what False says.
        """
        return await self._set(work, provider, claim, CloudState.CLOSED)

    async def reopen_in(self, work: UnitOfWork, provider: Provider, claim: CloudClaim) -> bool:
        """Renewed at the cloud: it can be chosen again; nothing switches back by itself. False: nothing to do."""
        return await self._set(work, provider, claim, CloudState.LIVE)

    async def _set(self, work: UnitOfWork, provider: Provider, claim: CloudClaim, state: CloudState) -> bool:
        cloud = await payers.cloud_account_of(work, provider, claim.account, claim.instance)
        if cloud is None:
            return False
        account = await payers.account(work, cloud.fee_account_id, lock=True)
        await work.session.refresh(cloud)
        if cloud.state is state or account is None:
            return False
        now = self._clock.now()
        cloud.state, cloud.closed_at = state, now if state is CloudState.CLOSED else None
        account.version += 1
        audit.record(work, f"cloud_account.{state}", ("cloud_account", cloud.id), at=now)
        if state is CloudState.CLOSED:
            paid = await queries.paid_by(work, cloud.id)
            every = [await self._revert(work, cloud, workspace_id) for workspace_id in paid]
            for workspace_id in await queries.leaving(work, account.id, to=cloud.id):
                follow_lock(work, await standing.read(work, workspace_id, now, lock=True))
            # Of a dissolved one only what was used until then is still to be paid: nobody has anything to do about it.
            reverted = [(here, change) for here, change in every if here.workspace.dissolved_at is None]
            if reverted:
                await emails.say_reverted(work, reverted, public_url=self._public_url)
            else:
                await cloud_emails.say_closed(work, account, cloud, now, public_url=self._public_url)
        return True

    async def _revert(
        self, work: UnitOfWork, cloud: CloudAccount, workspace_id: str
    ) -> tuple[SettlementStanding, SettlementChange]:
        here = await standing.read(work, workspace_id, self._clock.now(), lock=True)
        change = SettlementChange(
            id=new_id("chng"),
            workspace_id=workspace_id,
            fee_account_id=here.account.id,
            from_method=here.payer.method,
            from_cloud_account_id=cloud.id,
            to_method=SettlementMethod.ENTERPRISE,
            kind=ChangeKind.FORCED,
            state=ChangeState.EFFECTIVE,
            effective_day=here.today,
            effective_at=start_of(here.today, here.site.zone),
            ordered_at=here.now,
            ordered_by="marketplace",
            ended_at=here.now,
            reason=WHY,
        )
        work.session.add(change)
        if here.pending and here.pending.to_cloud_account_id is None:
            _end(here.pending, here.now)
        here.payer.method, here.payer.cloud_account_id = SettlementMethod.ENTERPRISE, None
        here.payer.since = change.effective_at
        await periods.begin(work, here.payer, here.today, here.now)
        follow_lock(work, here)
        audit.record(
            work, "settlement_change.forced", ("workspace", workspace_id), at=here.now, change=change.id, reason=WHY
        )
        return here, change


def _end(pending: SettlementChange, now: datetime) -> None:
    """End a change to 观测云企业账号 that waited: it came about by force, so that it does not count."""
    pending.state, pending.counted_month = ChangeState.WITHDRAWN, None
    pending.ended_at, pending.reason = now, WHY
