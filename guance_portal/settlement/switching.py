"""Changing how a workspace's bills are settled, and taking that back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from guance_portal.core import audit
from guance_portal.core.actor import Actor, Caller
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.core.errors import NotAllowedError
from guance_portal.core.ids import new_id
from guance_portal.payers.registry import Providers
from guance_portal.payers.rules import SettlementMethod
from guance_portal.settlement import emails, errors, payer_change, queries, standing
from guance_portal.settlement.calendar import month_of, next_month, preview_of
from guance_portal.settlement.choices import Asker, ChangeKind, ChangeState, Choice, OptionKind
from guance_portal.settlement.effects import Effects
from guance_portal.settlement.locking import follow_lock
from guance_portal.settlement.reasons import explained
from guance_portal.settlement.rules import OptionVerdict, RefusalReason
from guance_portal.settlement.standing import SettlementStanding, chosen_by
from guance_portal.settlement.tables import SettlementChange
from guance_portal.sites import Provider


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeOrder:
    """Settle a workspace's bills another way: `choice` is a `Choice` as text, `caller` where it came from."""

    actor: Actor
    workspace_id: str
    choice: str
    caller: Caller | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeReceipt:
    """The change that waits for its day."""

    change_id: str
    workspace_id: str
    choice: Choice
    effective_day: date


class Switching:
    """Orders and withdraws changes: for the owner in the console and for the account that pays."""

    def __init__(
        self, database: Database, clock: Clock, providers: Providers, effects: Effects, *, public_url: str
    ) -> None:
        self._database, self._clock, self._providers, self._effects = database, clock, providers, effects
        self._public_url = public_url

    async def change(self, order: ChangeOrder) -> ChangeReceipt:
        """Schedule a change for the next billing day; audited, told by mail to owner and payer.

        A locked workspace is unlocked at once. The same order again, while it waits, gives the same receipt. Raises NotAllowedError, NothingToSettleError,
        MethodNotChoosableError (MethodRefusedError where it is offered, with the reason), AlreadyCurrentError, ChangePendingError, MonthUsedError.
        """
        choice = _read(order.choice)
        async with self._database.writing() as work:
            here, asker = await self.enter(work, order.actor, order.workspace_id)
            receipt = await self.order(work, here, asker, choice, order)
            await work.commit()
        return receipt

    async def order(
        self, work: UnitOfWork, here: SettlementStanding, asker: Asker, choice: Choice, order: ChangeOrder
    ) -> ChangeReceipt:
        """The same inside the transaction of the caller that has entered."""
        change = here.pending
        if change is None or chosen_by(change) != choice:
            self._require(here, asker, choice)
            change = await self._schedule(work, here, choice, order)
        return ChangeReceipt(
            change_id=change.id, workspace_id=order.workspace_id, choice=choice, effective_day=change.effective_day
        )

    async def withdraw(self, actor: Actor, workspace_id: str, change_id: str, *, caller: Caller | None = None) -> None:
        """Take a change back that waits for its day: as if it had never been ordered. Again, it does nothing more.

        A change of the payer is the owner's alone. Raises NotAllowedError, NothingToSettleError, ChangeNotPendingError.
        """
        async with self._database.writing() as work:
            here, asker = await self.enter(work, actor, workspace_id)
            change = await queries.change(work, change_id)
            if change is None or change.workspace_id != workspace_id:
                raise errors.ChangeNotPendingError
            if change.kind is ChangeKind.PAYER and asker is not Asker.OWNER:
                raise NotAllowedError
            if change.state is ChangeState.PENDING:
                change.state, change.counted_month, change.ended_at = ChangeState.WITHDRAWN, None, here.now
                follow_lock(work, here)
                await self._note(work, here, change, actor, caller)
            elif change.state is not ChangeState.WITHDRAWN:
                raise errors.ChangeNotPendingError
            await work.commit()

    async def look(self, work: UnitOfWork, actor: Actor, workspace_id: str) -> tuple[SettlementStanding, Asker]:
        """How the workspace stands for anyone who may change it.

        Raises NotAllowedError, NothingToSettleError, WorkspaceDissolvedError.
        """
        asker = await standing.authorise(work, actor, workspace_id)
        if asker is Asker.OTHER:
            raise NotAllowedError
        here = await standing.read(work, workspace_id, self._clock.now())
        here.require_live()
        return here, asker

    async def enter(self, work: UnitOfWork, actor: Actor, workspace_id: str) -> tuple[SettlementStanding, Asker]:
        """The same with its payer locked, and a change that is due decided."""
        asker = await standing.authorise(work, actor, workspace_id)
        if asker is Asker.OTHER:
            raise NotAllowedError
        here = await standing.read(work, workspace_id, self._clock.now(), lock=True)
        here.require_live()
        if await self._effects.decide(work, here):
            here = await standing.read(work, workspace_id, here.now, lock=True)
        return here, asker

    def require_new(self, here: SettlementStanding, asker: Asker, provider: Provider) -> None:
        """Raise why a new account of a provider cannot be chosen now."""
        verdict = here.judge(asker, self._providers).of(Choice(OptionKind.PROVIDER, provider.value))
        if verdict is None:
            raise errors.MethodNotChoosableError
        if not verdict.is_choosable:
            raise _refusal(verdict, here)

    def _require(self, here: SettlementStanding, asker: Asker, choice: Choice) -> None:
        verdict = here.judge(asker, self._providers).of(choice)
        # A new cloud account is subscribed first; what is chosen then is the registered account.
        if verdict is None or (verdict.is_choosable and choice.kind is OptionKind.PROVIDER):
            raise errors.MethodNotChoosableError
        if not verdict.is_choosable:
            raise _refusal(verdict, here)

    async def _schedule(
        self, work: UnitOfWork, here: SettlementStanding, choice: Choice, order: ChangeOrder
    ) -> SettlementChange:
        kind = here.kind
        preview = preview_of(here.now, here.site.zone, kind, has_used_month=here.has_used_month)
        method, cloud_account_id = here.method(choice)
        change = SettlementChange(
            id=new_id("chng"),
            workspace_id=here.workspace.id,
            fee_account_id=here.account.id,
            from_method=here.payer.method,
            from_cloud_account_id=here.payer.cloud_account_id,
            to_method=method,
            to_cloud_account_id=cloud_account_id,
            kind=kind,
            state=ChangeState.PENDING,
            counted_month=month_of(here.today) if kind is ChangeKind.MONTHLY else None,
            effective_day=preview.effective_day,
            effective_at=preview.effective_at,
            ordered_at=here.now,
            ordered_by=f"{order.actor.realm}:{order.actor.subject_id}",
        )
        work.session.add(change)
        follow_lock(work, here, here.cloud(cloud_account_id))
        await work.session.flush()
        await self._note(work, here, change, order.actor, order.caller)
        return change

    async def _note(
        self, work: UnitOfWork, here: SettlementStanding, change: SettlementChange, actor: Actor, caller: Caller | None
    ) -> None:
        what = "scheduled" if change.state is ChangeState.PENDING else "withdrawn"
        here.account.version += 1
        if change.kind is ChangeKind.PAYER:
            await payer_change.note(work, here, change, what, public_url=self._public_url, actor=actor, caller=caller)
            return
        audit.record(
            work,
            f"settlement_change.{what}",
            ("workspace", here.workspace.id),
            at=here.now,
            actor=actor,
            caller=caller,
            change=change.id,
            method=change.to_method.value,
            effective_day=change.effective_day.isoformat(),
        )
        await emails.say(work, here, change, what, public_url=self._public_url, by=actor)


def _read(text: str) -> Choice:
    try:
        return Choice.of(text)
    except ValueError:
        raise errors.MethodNotChoosableError from None


def _refusal(verdict: OptionVerdict, here: SettlementStanding) -> Exception:
    """Why an option cannot be chosen, by the first of its reasons."""
    first, next_day = verdict.reasons[0], next_month(here.today)
    if first is RefusalReason.CURRENT:
        return errors.AlreadyCurrentError()
    if first is RefusalReason.CHANGE_PENDING:
        return errors.ChangePendingError()
    if first is RefusalReason.MONTH_USED:
        return errors.MonthUsedError(date=next_day.isoformat())
    pending_day = here.pending.effective_day if here.pending else None
    found = explained(
        first, SettlementMethod(verdict.provider), here.site, pending_day=pending_day, next_change=next_day
    )
    return errors.MethodRefusedError(reason=found.reason, remedy=found.remedy)
