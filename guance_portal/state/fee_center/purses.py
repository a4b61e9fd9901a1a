"""代金券 and 预购卡: what an account has and had."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

import reflex as rx

from guance_portal.accounts.errors import PasswordNeededError
from guance_portal.bootstrap import services
from guance_portal.core.actor import Realm
from guance_portal.core.messages import Text, text
from guance_portal.ledger.chart import Kind
from guance_portal.state.audience import audience
from guance_portal.state.base import PageMixin
from guance_portal.state.fee_center.amounts import amount, day, last_day
from guance_portal.wallet.views import PurseList, PurseView

VOUCHERS, CARDS = (Kind.VOUCHER, Kind.BONUS_VOUCHER), (Kind.CARD,)


@dataclass(frozen=True, slots=True)
class PurseRow:
    """One voucher or card; `spent` is what has left it, in percent of its face."""

    look: str
    name: Text
    number: str
    face: str
    rest: str
    used: str
    spent: int
    valid: Text
    scope: Text
    came_by: Text
    state: str


class PursesState(PageMixin, rx.State):
    """The list of one page; `usable` is what can still be paid with it."""

    rows: rx.Field[list[PurseRow]] = rx.field(default_factory=list)
    usable: rx.Field[str] = rx.field(default="")
    is_loaded: rx.Field[bool] = rx.field(default=False)

    @audience(Realm.FEE_CENTER)
    @rx.event
    async def load_vouchers(self) -> None:
        """Read the vouchers."""
        await self._load(*VOUCHERS)

    @audience(Realm.FEE_CENTER)
    @rx.event
    async def load_cards(self) -> None:
        """Read the cards."""
        await self._load(*CARDS)

    async def _load(self, *kinds: Kind) -> None:
        self.rows, self.is_loaded = [], False
        with suppress(PasswordNeededError):
            found = await services().wallet_views.purses(self._actor(), *kinds)
            self.rows = [_row(one, found) for one in found.purses]
            self.usable = amount(sum(one.purse.rest for one in found.purses if one.is_usable), found.currency)
            self.is_loaded = True


def _row(one: PurseView, among: PurseList) -> PurseRow:
    purse, currency, zone = one.purse, among.currency, among.zone
    is_card = purse.kind is Kind.CARD
    scope = "card" if is_card else "some" if purse.items or purse.workspaces else "all"
    return PurseRow(
        look={Kind.VOUCHER: "voucher", Kind.BONUS_VOUCHER: "bonus"}.get(purse.kind, "card"),
        name=text(f"wallet_page.kind_{purse.kind}"),
        number=f"#{one.number}",
        face=amount(one.face, currency),
        rest=amount(purse.rest, currency),
        used=amount(one.face - purse.rest, currency),
        spent=round(100 * (one.face - purse.rest) / one.face),
        valid=text("purses.valid", since=day(purse.valid_from, zone), until=last_day(purse.valid_until, zone)),
        scope=text(f"purses.scope_{scope}"),
        came_by=text(f"purses.came_by_{'bonus' if one.came_by == 'card' and not is_card else one.came_by}"),
        state=one.state.value,
    )
