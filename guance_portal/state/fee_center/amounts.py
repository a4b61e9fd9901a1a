"""Amounts, ways to pay and instants of a fee-centre account, ready to show."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from guance_portal.core.messages import Text, text
from guance_portal.core.money import Currency, Money, digits
from guance_portal.ledger.chart import Kind
from guance_portal.state.display import moment
from guance_portal.wallet.views import ZONES

_ZONE_OF = {Currency.CNY: "cn1", Currency.USD: ""}
"""The site whose zone an account in this currency reads: Beijing's, or none, which is UTC."""


def amount(minor: int, currency: Currency) -> str:
    """Such as ¥1,234.56."""
    return str(Money(minor, currency))


def figure(minor: int, currency: Currency) -> str:
    """The digits alone, of at least nothing, for where the symbol stands apart."""
    return digits(Money(minor, currency).amount)


def way_name(way: Kind) -> Text:
    """支付宝, 微信支付 or 对公转账."""
    return text(f"recharge.way_{way}")


def at(instant: datetime, currency: Currency) -> Text:
    """An instant to the minute, with its zone."""
    return moment(instant, _ZONE_OF[currency])


def booked_at(instant: datetime, currency: Currency) -> Text:
    """An instant of the statement: a midnight is 24:00 of the day that ends then, to which it belongs."""
    said = at(instant, currency)
    if instant.astimezone(ZONES[currency]).time() != time.min:
        return said
    before = day(instant - timedelta(microseconds=1), currency)
    return Text(*(f"{before} 24:00{words[len('2026-11-30 00:00') :]}" for words in (said.zh, said.en)))


def day(instant: datetime, currency: Currency) -> str:
    """The day of an instant."""
    return at(instant, currency).zh[: len("2026-11-30")]


def last_day(ends: datetime, currency: Currency) -> str:
    """The last day of something that is valid until just before an instant."""
    return day(ends - timedelta(microseconds=1), currency)
