"""预演 of an account: its workspaces go on as in the last days, priced as estimates are, and what it has pays them."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from guance_portal import sites
from guance_portal.accounts.members.access import require_password_session
from guance_portal.accounts.rules import Edition
from guance_portal.accounts.tables import Workspace
from guance_portal.billing.price_lists import library
from guance_portal.billing.rules import Use, rate
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.core.errors import NotSignedInError
from guance_portal.core.money import Currency
from guance_portal.ledger import queries as ledger
from guance_portal.ledger.chart import Kind
from guance_portal.metering import queries as metering
from guance_portal.metering.items import Item
from guance_portal.metering.queries import Counted
from guance_portal.metering.rules import shown_for_a_day
from guance_portal.payers import queries as payers
from guance_portal.payers.tables import FeeAccount
from guance_portal.sites import Site
from guance_portal.wallet import queries as wallet
from guance_portal.wallet.debt import queries as debts
from guance_portal.wallet.debt.rehearsal_rules import DailyCost, Rehearsal, RehearsedMeans, rehearse
from guance_portal.wallet.rules import PURSES, PayableLine

DAYS = 7
"""The whole days whose mean is the pace: as many of each weekday."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsalView:
    """What would happen to an account; `workspaces` are those that cost it something."""

    currency: Currency
    workspaces: int
    rehearsal: Rehearsal


class Rehearsals:
    """`clock` tells business time."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    async def of(self, actor: Actor) -> RehearsalView:
        """What would happen if nothing were paid in; raises PasswordNeededError for a limited session."""
        actor.require(Realm.FEE_CENTER)
        require_password_session(actor)
        now = self._clock.now()
        async with self._database.reporting() as work:
            account = await payers.account(work, actor.subject_id)
            if account is None:
                raise NotSignedInError
            means = await _means(work, account, now)
            own = await debts.settled_by_account(work, account.id)
            paces = [await _pace(work, workspace, now) for workspace in own]
        # Pure, and of a year of bills: beside the event loop.
        rehearsal = await asyncio.to_thread(rehearse, means, paces, now)
        return RehearsalView(
            currency=account.currency, workspaces=sum(pace.minor > 0 for pace in paces), rehearsal=rehearsal
        )


def mean(site: Site, counted: Iterable[Counted], days: int, day: date) -> tuple[PayableLine, ...]:
    """The mean of some days of use, in cents by item, by the prices that hold on `day`; half a cent counts as one."""
    uses: dict[date, list[Use]] = defaultdict(list)
    for one in counted:
        if one.edition is Edition.COMMERCIAL:
            quantity = shown_for_a_day(one.item, one.quantity, one.active)
            uses[one.day].append(Use(one.item, quantity))
    prices = library.for_site(site, day)
    sums: dict[Item, Fraction] = defaultdict(Fraction)
    for of_day in uses.values():
        for line in rate(prices, of_day).lines:
            sums[line.item] += Fraction(line.amount)
    lines = ((item, int(sums[item] * 100 / days + Fraction(1, 2))) for item in prices.prices if item in sums)
    return tuple(PayableLine(str(item), minor) for item, minor in lines if minor)


async def _pace(work: UnitOfWork, workspace: Workspace, now: datetime) -> DailyCost:
    site = sites.get(workspace.site)
    today = now.astimezone(site.zone).date()
    first = max(today - timedelta(days=DAYS), workspace.created_at.astimezone(site.zone).date())
    days = max((today - first).days, 1)
    counted = await metering.days(work, workspace.id, first, today - timedelta(days=1))
    return DailyCost(workspace=workspace.id, zone=site.zone, lines=mean(site, counted, days, today))


async def _means(work: UnitOfWork, account: FeeAccount, now: datetime) -> RehearsedMeans:
    zone = account.zone
    payer = await ledger.payer_of(work, account.id)
    if payer is None:
        return RehearsedMeans(currency=account.currency, zone=zone)
    rows = await ledger.balances_of_payer(work, payer)
    held = {row.kind: abs(row.balance) for row in rows if row.currency == account.currency and not row.key}
    debt = await debts.first_open(work, account.id)
    found = [purse for _, purse in await wallet.purses(work, {payer}, since=now)]
    return RehearsedMeans(
        currency=account.currency,
        zone=zone,
        credit=held.get(Kind.CREDIT, 0),
        cash=held.get(Kind.CASH, 0),
        owed=held.get(Kind.RECEIVABLE, 0),
        purses=tuple(purse for purse in found if purse.kind in PURSES and purse.rest),
        countdown=debt.countdown if debt else None,
    )
