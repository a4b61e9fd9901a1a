"""更换费用中心账号: another fee-centre account pays for a workspace from its next billing day on (money.md, 6).

The day that is open, its late use and the debt stay with the account that paid.
"""

from __future__ import annotations

from guance_portal.accounts.members import queries as members
from guance_portal.core import audit
from guance_portal.core.actor import Actor, Caller
from guance_portal.core.db import UnitOfWork
from guance_portal.core.errors import PortalError
from guance_portal.core.ids import new_id
from guance_portal.payers import periods
from guance_portal.payers.binding import CurrencyMismatchError, PayerLockedError
from guance_portal.payers.rules import SettlementMethod
from guance_portal.payers.tables import FeeAccount
from guance_portal.settlement import errors
from guance_portal.settlement import payer_change_emails as emails
from guance_portal.settlement.calendar import preview_of
from guance_portal.settlement.choices import ChangeKind, ChangeState
from guance_portal.settlement.standing import SettlementStanding
from guance_portal.settlement.tables import SettlementChange


def problem_with(here: SettlementStanding, account: FeeAccount) -> PortalError | None:
    """Why the account cannot come to pay for the workspace; None when it can."""
    if here.workspace.locked_at is not None or here.account.locked_at is not None:
        return errors.LeavingLockedError()
    if account.id == here.account.id:
        return errors.SamePayerError(field="payer")
    if account.currency is not here.site.currency:
        return CurrencyMismatchError(field="payer")
    if account.locked_at is not None:
        return PayerLockedError(field="payer", username=account.username)
    return None


async def order(
    work: UnitOfWork,
    here: SettlementStanding,
    account: FeeAccount,
    *,
    actor: Actor,
    caller: Caller | None,
    public_url: str,
) -> SettlementChange:
    """Schedule the change inside a transaction that holds the present payer; the account has been proven.

    The same order again, while it waits, gives the first one's change. Raises ChangePendingError and what
    `problem_with` finds.
    """
    if here.pending and here.pending.to_fee_account_id == account.id:
        return here.pending
    if problem := problem_with(here, account):
        raise problem
    if here.pending:
        raise errors.ChangePendingError
    preview = preview_of(here.now, here.site.zone, ChangeKind.PAYER, has_used_month=here.has_used_month)
    change = SettlementChange(
        id=new_id("chng"),
        workspace_id=here.workspace.id,
        fee_account_id=here.account.id,
        from_method=here.payer.method,
        from_cloud_account_id=here.payer.cloud_account_id,
        to_fee_account_id=account.id,
        to_method=SettlementMethod.ENTERPRISE,
        kind=ChangeKind.PAYER,
        state=ChangeState.PENDING,
        effective_day=preview.effective_day,
        effective_at=preview.effective_at,
        ordered_at=here.now,
        ordered_by=f"{actor.realm}:{actor.subject_id}",
    )
    work.session.add(change)
    await work.session.flush()
    here.next_account = account
    here.account.version += 1
    await note(work, here, change, "scheduled", public_url=public_url, actor=actor, caller=caller)
    return change


async def decide(work: UnitOfWork, here: SettlementStanding, change: SettlementChange, *, public_url: str) -> None:
    """The day has begun: the account pays from now on, or the change is refused; both accounts are held."""
    account = here.next_account
    problem = problem_with(here, account) if account else errors.FeeAccountUnknownError()
    change.ended_at = here.now
    here.account.version += 1
    if account is None or problem:
        change.state, change.reason = ChangeState.REFUSED, type(problem).code if problem else ""
    else:
        change.state = ChangeState.EFFECTIVE
        change.from_method, change.from_cloud_account_id = here.payer.method, here.payer.cloud_account_id
        payer = here.payer
        payer.fee_account_id, payer.method, payer.cloud_account_id = account.id, SettlementMethod.ENTERPRISE, None
        payer.since, payer.shows_balances = change.effective_at, None
        account.version += 1
        await periods.begin(work, payer, change.effective_day, here.now)
        await members.end_sso_handoffs(work, here.workspace.id, here.now)
    await note(work, here, change, change.state.value, public_url=public_url)
    await work.session.flush()


async def note(
    work: UnitOfWork,
    here: SettlementStanding,
    change: SettlementChange,
    what: str,
    *,
    public_url: str,
    actor: Actor | None = None,
    caller: Caller | None = None,
) -> None:
    """Write what became of a change into the audit, and tell owner and both accounts; one email to each address."""
    audit.record(
        work,
        f"payer_change.{what}",
        ("workspace", here.workspace.id),
        at=here.now,
        actor=actor,
        caller=caller,
        change=change.id,
        payer=here.account.username,
        next_payer=here.next_account.username if here.next_account else "",
        effective_day=change.effective_day.isoformat(),
        reason=change.reason,
    )
    await emails.say(work, here, change, what, public_url=public_url, by=actor)
