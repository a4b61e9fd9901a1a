"""The wallet: balances, and what expires soon."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import tzinfo

import reflex as rx

from guance_portal.accounts.members.access import is_limited
from guance_portal.bootstrap import services
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.messages import Text, text
from guance_portal.ledger.chart import Kind
from guance_portal.state.audience import audience
from guance_portal.state.fee_center.amounts import amount, at, figure, last_day
from guance_portal.state.live import Followed, LiveMixin
from guance_portal.wallet.rules import Purse
from guance_portal.wallet.views import WalletView

_VOUCHERS = (Kind.VOUCHER, Kind.BONUS_VOUCHER)


@dataclass(frozen=True, slots=True)
class Balances:
    """The figures of a wallet, the symbol apart; `has_` where it is more than nothing."""

    symbol: str = "¥"
    cash: str = "0.00"
    vouchers: str = "0.00"
    plain_vouchers: str = "0.00"
    bonus_vouchers: str = "0.00"
    cards: str = "0.00"
    debt: str = "0.00"
    credit: str = "0.00"
    hold: str = "0.00"
    has_debt: bool = False
    has_credit: bool = False
    has_hold: bool = False
    vouchers_note: Text = field(default_factory=Text)
    cards_note: Text = field(default_factory=Text)


@dataclass(frozen=True, slots=True)
class ExpiringRow:
    """A voucher or card that ends soon with something left on it."""

    kind: str
    name: Text
    number: str
    rest: str
    left: Text
    ends: Text


class WalletState(LiveMixin, rx.State):
    """Balances, for a session of the whole account alone."""

    balances: rx.Field[Balances] = rx.field(default_factory=Balances)
    expiring: rx.Field[list[ExpiringRow]] = rx.field(default_factory=list)
    knows_balances: rx.Field[bool] = rx.field(default=False)

    @audience(Realm.FEE_CENTER)
    @rx.event
    async def load_wallet(self) -> None:
        """Read the balances."""
        self._unfollow()
        self._forget()
        if not is_limited(self._actor()):
            await self._read(self._actor())

    async def _read(self, actor: Actor) -> None:
        seen = await services().wallet_views.wallet(actor)
        now = services().business_clock.now()
        self.balances = balances_of(seen)
        self.expiring = [_expiring(one, (one.valid_until - now).days, seen.zone) for one in seen.expiring]
        self.knows_balances = True
        self._follow(actor.subject_id, seen.version, Followed.WALLET)

    def _forget(self) -> None:
        self.balances, self.expiring, self.knows_balances = Balances(), [], False

    async def _arrive(self) -> bool:
        session = await self._live_session(Realm.FEE_CENTER)
        if session is None or is_limited(session.actor):
            self._forget()
            return False
        await self._read(session.actor)
        return True


def balances_of(seen: WalletView) -> Balances:
    """The figures of a wallet as they are shown."""
    currency = seen.currency
    return Balances(
        symbol=currency.symbol,
        cash=figure(seen.cash, currency),
        vouchers=figure(seen.rest(*_VOUCHERS), currency),
        plain_vouchers=figure(seen.rest(Kind.VOUCHER), currency),
        bonus_vouchers=figure(seen.rest(Kind.BONUS_VOUCHER), currency),
        cards=figure(seen.rest(Kind.CARD), currency),
        debt=figure(seen.debt, currency),
        credit=figure(seen.credit, currency),
        hold=figure(seen.hold, currency),
        has_debt=seen.debt > 0,
        has_credit=seen.credit > 0,
        has_hold=seen.hold > 0,
        vouchers_note=_note(seen, "vouchers", *_VOUCHERS),
        cards_note=_note(seen, "cards", Kind.CARD),
    )


def _note(seen: WalletView, what: str, *kinds: Kind) -> Text:
    """How many there are, and when the first one ends."""
    count = sum(purse.kind in kinds for purse in seen.purses)
    ends = seen.first_end(*kinds)
    if ends is None:
        return text(f"wallet_page.no_{what}")
    return text(f"wallet_page.first_{what}", count=count, day=last_day(ends, seen.zone))


def _expiring(purse: Purse, days: int, zone: tzinfo) -> ExpiringRow:
    return ExpiringRow(
        kind=purse.kind,
        name=text(f"wallet_page.kind_{purse.kind}"),
        number=f"#{purse.number}",
        rest=amount(purse.rest, purse.currency),
        left=text("wallet_page.days_left", days=days) if days > 0 else text("wallet_page.last_day"),
        ends=text("wallet_page.ends", at=at(purse.valid_until, zone)),
    )
