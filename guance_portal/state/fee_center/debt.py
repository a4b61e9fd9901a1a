"""欠费 in the fee centre: the countdown, what made up the debt, and the rehearsal of what is to come."""

from __future__ import annotations

from dataclasses import dataclass, field

import reflex as rx

from guance_portal.accounts.members.access import is_limited
from guance_portal.bootstrap import services
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.messages import Text, text
from guance_portal.core.money import Currency, Money
from guance_portal.state.audience import audience
from guance_portal.state.debt_rows import DebtShown, debt_shown, in_zone, short
from guance_portal.state.live import Followed, LiveMixin, billing_days
from guance_portal.wallet.debt.rehearsal_rules import HORIZON, Rehearsal
from guance_portal.wallet.debt.rules import LOCK_DAY
from guance_portal.wallet.debt.views import DebtMove, DebtView
from guance_portal.wallet.statement import ACTS


@dataclass(frozen=True, slots=True)
class DebtRow:
    """A transaction that moved the debt."""

    at: Text
    act: Text
    reference: str
    moved: str
    is_paid: bool
    owed: str


@dataclass(frozen=True, slots=True)
class RehearsalStep:
    """What would happen on a day."""

    on: str
    name: Text
    note: Text


@dataclass(frozen=True, slots=True)
class CostRow:
    """What paying takes, and when."""

    name: Text
    amount: str


@dataclass(frozen=True, slots=True)
class RehearsalShown:
    """预演: what a day costs, what follows, and whether anything does."""

    is_known: bool = False
    a_day: str = ""
    lead: Text = field(default_factory=Text)
    says: Text = field(default_factory=Text)
    steps: list[RehearsalStep] = field(default_factory=list[RehearsalStep])
    costs: list[CostRow] = field(default_factory=list[CostRow])


class FeeDebtState(LiveMixin, rx.State):
    """The countdown for every session of the account; the rest for those with its password alone."""

    debt: rx.Field[DebtShown] = rx.field(default_factory=DebtShown)
    moves: rx.Field[list[DebtRow]] = rx.field(default_factory=list)
    rehearsal: rx.Field[RehearsalShown] = rx.field(default_factory=RehearsalShown)

    @audience(Realm.FEE_CENTER)
    @rx.event
    async def load_debt(self) -> None:
        """Read how the account stands, and follow it from here."""
        self._unfollow()
        self.debt, self.moves, self.rehearsal = DebtShown(), [], RehearsalShown()
        await self._read(self._actor())

    async def _read(self, actor: Actor) -> None:
        seen = await services().debt_views.of_payer(actor)
        self._follow(seen.fee_account_id, seen.version, Followed.SETTLEMENT, days=billing_days(seen.zone))
        self.debt = debt_shown(seen)
        if not is_limited(actor):
            moves = await services().debt_views.moves(actor) if self.debt.is_owed else ()
            self.moves = [_move(move, seen) for move in moves]
            view = await services().rehearsals.of(actor)
            self.rehearsal = _rehearsed(view.rehearsal, seen, view.currency, view.workspaces)

    async def _arrive(self) -> bool:
        session = await self._live_session(Realm.FEE_CENTER)
        if session is None:
            self.debt, self.moves, self.rehearsal = DebtShown(), [], RehearsalShown()
            return False
        await self._read(session.actor)
        return True


def _move(move: DebtMove, seen: DebtView) -> DebtRow:
    return DebtRow(
        at=in_zone(move.at, seen.zone),
        act=text(f"statement.act_{move.act}") if move.act in ACTS else Text(zh=move.act, en=move.act),
        reference=move.reference,
        moved=("+" if move.minor > 0 else "") + str(Money(move.minor, seen.currency)),
        is_paid=move.minor < 0,
        owed=str(Money(move.owed, seen.currency)),
    )


def _rehearsed(found: Rehearsal, seen: DebtView, currency: Currency, workspaces: int) -> RehearsalShown:
    a_day = str(Money(found.a_day, currency))
    if not found.a_day and found.countdown is None:
        return RehearsalShown(is_known=True, a_day=a_day, says=text("debt.rehearsal_no_use"))
    lead = text("debt.rehearsal_lead", amount=a_day, count=workspaces)
    if found.countdown is None:
        return RehearsalShown(is_known=True, a_day=a_day, lead=lead, says=text("debt.rehearsal_lasts", days=HORIZON))
    countdown = found.countdown
    last_day = countdown.date(LOCK_DAY - 1)
    if seen.countdown:
        costs = [CostRow(text("debt.pay_now"), str(Money(seen.owed, currency)))]
        if seen.locked_at is None:
            at_last = str(Money(found.owed_on_last_day, currency))
            costs.append(CostRow(text("debt.pay_later", day=short(last_day)), at_last))
        return RehearsalShown(is_known=True, a_day=a_day, lead=lead, costs=costs)
    lasts = found.lasts_until or countdown.first_day
    return RehearsalShown(
        is_known=True,
        a_day=a_day,
        lead=lead,
        says=text("debt.rehearsal_until", day=lasts.isoformat()),
        steps=[
            RehearsalStep(countdown.first_day.isoformat(), text("debt.rehearsal_begins"), text("debt.step_begun_note")),
            RehearsalStep(
                last_day.isoformat(),
                text("debt.step_last"),
                text("debt.rehearsal_owed", amount=Money(found.owed_on_last_day, currency)),
            ),
            RehearsalStep(
                countdown.date(LOCK_DAY).isoformat(),
                text("debt.step_lock"),
                text("debt.rehearsal_locked", amount=Money(found.owed_at_lock, currency)),
            ),
        ],
    )
