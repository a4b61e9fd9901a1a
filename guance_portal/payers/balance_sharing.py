"""Whether the owner of a workspace sees in the console what its payer has: the payer says so, workspace by workspace."""

from __future__ import annotations

from sqlmodel import col, select

from guance_portal.accounts.members import workspace_queries
from guance_portal.accounts.members.access import require_password_session
from guance_portal.core import audit
from guance_portal.core.actor import Actor, Caller
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.payers import queries, rules
from guance_portal.payers.access import require_payer
from guance_portal.payers.tables import FeeAccount, WorkspacePayer


class BalanceSharing:
    """For the account's own sessions; others get PasswordNeededError."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    async def show(self, actor: Actor, workspace_id: str, *, is_shown: bool, caller: Caller) -> None:
        """Let the owner of a workspace see the balances, or not. Audited."""
        require_password_session(actor)
        async with self._database.writing() as work:
            payer = await require_payer(work, actor, workspace_id, lock=True)
            payer.shows_balances = is_shown
            work.session.add(payer)
            await queries.count_change(work, workspace_id)
            audit.record(
                work,
                "balances.shown" if is_shown else "balances.hidden",
                ("workspace", workspace_id),
                at=self._clock.now(),
                actor=actor,
                caller=caller,
            )
            await work.commit()


async def shown_of(work: UnitOfWork, payers: list[WorkspacePayer]) -> dict[str, bool]:
    """By workspace, whether its owner sees the balances of its payer."""
    owners = await workspace_queries.owners(work, [payer.workspace_id for payer in payers])
    found = select(FeeAccount).where(col(FeeAccount.id).in_({payer.fee_account_id for payer in payers}))
    emails = {account.id: account.email_key for account in (await work.session.exec(found)).all()}
    return {
        payer.workspace_id: rules.shows_balances(
            payer.shows_balances,
            emails[payer.fee_account_id],
            owners[payer.workspace_id].email_key if payer.workspace_id in owners else "",
        )
        for payer in payers
    }
