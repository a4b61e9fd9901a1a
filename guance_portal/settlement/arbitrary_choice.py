"""结算方式任意选择: set for a fee-centre account by an operator, never by the customer."""

from __future__ import annotations

from guance_portal.core import audit, reasons
from guance_portal.core.actor import Actor, Caller, Realm
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database
from guance_portal.payers import queries
from guance_portal.settlement import errors


async def set_arbitrary_choice(
    database: Database,
    clock: Clock,
    actor: Actor,
    fee_account_id: str,
    *,
    allowed: bool,
    reason: str,
    caller: Caller | None = None,
) -> None:
    """Allow an account the providers of all sites, or no longer; audited with the reason. Set already: nothing more.

    Open dialogs follow. `clock` is the machine's: this is no business event. Raises NotAllowedError,
    FeeAccountUnknownError, ReasonMissingError (field `reason`).
    """
    actor.require(Realm.OPERATOR)
    why = reasons.reason(reason)
    async with database.writing() as work:
        account = await queries.account(work, fee_account_id, lock=True)
        if account is None:
            raise errors.FeeAccountUnknownError
        if account.has_arbitrary_choice is not allowed:
            account.has_arbitrary_choice = allowed
            account.version += 1
            audit.record(
                work,
                "fee_account.arbitrary_choice_set",
                ("fee_account", account.id),
                at=clock.now(),
                actor=actor,
                caller=caller,
                allowed=str(allowed).lower(),
                reason=why,
            )
        await work.commit()
