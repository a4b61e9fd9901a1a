"""预购卡: what can be bought, what bonus it brings, and until when it is valid. Pure; amounts in cents."""

from __future__ import annotations

import calendar
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from guance_portal.core.errors import PortalError
from guance_portal.core.money import Currency

STEP = 100_00
"""Cards are sold in multiples of this, in every currency."""
MONTHS = 12
BONUS_STEPS = {Currency.CNY: ((100_000_00, 20_000_00), (30_000_00, 5_000_00), (10_000_00, 1_000_00))}
"""The price of a card from which it brings so much 满减代金券, the highest first."""


class CardAmountError(PortalError, code="errors.wallet_card_amount"):
    """A card costs a multiple of 100, and at least that."""


class CardInDebtError(PortalError, code="errors.wallet_card_in_debt"):
    """Nobody buys a card while there is debt."""


class CashShortError(PortalError, code="errors.wallet_cash_short"):
    """There is not enough cash."""


def check_card(amount: int, *, cash: int, debt: int) -> None:
    """Go on only when a card of this price can be bought.

    Raises CardAmountError, CardInDebtError or CashShortError.
    """
    if amount <= 0 or amount % STEP:
        raise CardAmountError(field="amount")
    if debt:
        raise CardInDebtError(field="amount")
    if amount > cash:
        raise CashShortError(field="amount")


def bonus(amount: int, currency: Currency) -> int:
    """The 满减代金券 that a card of this price brings: that of the highest step it reaches."""
    return next((brings for step, brings in BONUS_STEPS.get(currency, ()) if amount >= step), 0)


def months_later(day: date, months: int) -> date:
    """The day of the month so many months later, or the last one of that month; what is valid for them ends before it."""
    years, month = divmod(day.month - 1 + months, 12)
    last = calendar.monthrange(day.year + years, month + 1)[1]
    return date(day.year + years, month + 1, min(day.day, last))


def valid_through(day: date, zone: ZoneInfo) -> datetime:
    """The instant before which something is valid that is valid through a day: the beginning of the next one there."""
    return datetime.combine(date.fromordinal(day.toordinal() + 1), time(), zone)


def card_ends(bought: datetime, zone: ZoneInfo) -> datetime:
    """The instant before which a card is valid that was bought then."""
    return datetime.combine(months_later(bought.astimezone(zone).date(), MONTHS), time(), zone)
