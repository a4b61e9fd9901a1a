"""购买预购卡: what it costs and brings, and the act."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Any

import reflex as rx
from pydantic import Field

from guance_portal.bootstrap import services
from guance_portal.core.actor import Realm
from guance_portal.core.errors import PortalError
from guance_portal.core.forms import Asked, FieldKind, Form
from guance_portal.core.messages import text
from guance_portal.core.money import Currency
from guance_portal.payments.amount_rules import AmountLimits, read_amount
from guance_portal.state.audience import DISPLAY_ONLY, audience
from guance_portal.state.base import FormMixin
from guance_portal.state.fee_center.amounts import amount, day, last_day
from guance_portal.state.fee_center.purses import PursesState
from guance_portal.wallet.service import CardView, CardWanted

_LONGEST = 40
_ANY = AmountLimits(1)
"""What a card may cost is for the wallet's rules to say."""


class CardForm(Form):
    """How much, and whether clouds may use it."""

    amount: Annotated[str, Asked(label="card.amount", most=_LONGEST)] = ""
    is_kept: Annotated[bool, Asked(label="card.is_kept", kind=FieldKind.SWITCH)] = False


@dataclass(frozen=True, slots=True)
class CardEffect:
    """What buying it would do; empty before a price is known."""

    total: str = ""
    cash_before: str = ""
    cash_after: str = ""
    cards_before: str = ""
    cards_after: str = ""
    bonus: str = ""
    since: str = ""
    until: str = ""


class CardState(FormMixin, rx.State):
    """The dialog."""

    is_open: rx.Field[bool] = rx.field(default=False)
    openings: rx.Field[int] = rx.field(default=0)
    symbol: rx.Field[str] = rx.field(default="¥")
    effect: rx.Field[CardEffect] = rx.field(default_factory=CardEffect)

    _form_key: str = ""

    @audience(Realm.FEE_CENTER)
    @rx.event
    async def open_card(self) -> None:
        """Ask how much."""
        self._start()
        self._form_key = secrets.token_hex(16)
        self.symbol = (await self._currency()).symbol
        self.effect, self.is_open = CardEffect(), True
        self.openings += 1

    @audience(Realm.FEE_CENTER, page=DISPLAY_ONLY)
    @rx.event
    def close_card(self) -> None:
        """Buy nothing."""
        self.is_open = False

    @audience(Realm.FEE_CENTER)
    @rx.event
    async def price_card(self, value: Annotated[str, Field(max_length=_LONGEST)]) -> None:
        """Say what a card of this price would do."""
        self.effect = CardEffect()
        if not value.strip():
            return
        try:
            minor = read_amount(value, await self._currency(), _ANY)
            self.effect = _effect(await services().wallet_acts.preview_card(self._actor(), minor))
        except PortalError as error:
            self._judge("amount", error)
        else:
            self._judge("amount", None)

    @audience(Realm.FEE_CENTER)
    @rx.event
    async def buy_card(self, form: CardForm) -> AsyncIterator[Any]:
        """购买."""
        self._begin()
        yield None
        try:
            minor = read_amount(form.amount, await self._currency(), _ANY)
            wanted = CardWanted(key=self._form_key, minor=minor, is_kept=form.is_kept)
            await services().wallet_acts.buy_card(self._actor(), wanted, self._caller())
        except PortalError as error:
            self._refuse({"amount": text(error.code, **error.params)})
            return
        self.is_busy = self.is_open = False
        await self._say("card.done")
        yield PursesState.load_cards

    async def _currency(self) -> Currency:
        return (await services().wallet_views.wallet(self._actor())).currency


def _effect(seen: CardView) -> CardEffect:
    currency = seen.currency
    return CardEffect(
        total=amount(seen.minor, currency),
        cash_before=amount(seen.cash, currency),
        cash_after=amount(seen.cash - seen.minor, currency),
        cards_before=amount(seen.cards, currency),
        cards_after=amount(seen.cards + seen.minor, currency),
        bonus=amount(seen.bonus, currency),
        since=day(seen.valid_from, seen.zone),
        until=last_day(seen.valid_until, seen.zone),
    )
