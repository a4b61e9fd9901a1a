"""Amounts, ways to pay and instants of a fee-centre account, ready to show."""

from __future__ import annotations

from datetime import datetime, time, timedelta, tzinfo

from guance_portal.core.datetime_formatting import zoned
from guance_portal.core.messages import Text, text
from guance_portal.core.money import Currency, Money, digits
from guance_portal.ledger.chart import Kind


def amount(minor: int, currency: Currency) -> str:
    """Such as ¥1,234.56."""
    return str(Money(minor, currency))


def figure(minor: int, currency: Currency) -> str:
    """The digits alone, of at least nothing, for where the symbol stands apart."""
    return digits(Money(minor, currency).amount)


def way_name(way: Kind) -> Text:
    """支付宝, 微信支付 or 对公转账."""
    return text(f"recharge.way_{way}")


def at(instant: datetime, zone: tzinfo) -> Text:
    """An instant to the minute in the zone of the account, which is named."""
    return zoned(instant, zone)


def booked_at(instant: datetime, zone: tzinfo) -> Text:
    """An instant of the statement: a midnight is 24:00 of the day that ends then, to which it belongs."""
    said = at(instant, zone)
    if instant.astimezone(zone).time() != time.min:
        return said
    before = day(instant - timedelta(microseconds=1), zone)
    return Text(*(f"{before} 24:00{words[len('2026-11-30 00:00') :]}" for words in (said.zh, said.en)))


def day(instant: datetime, zone: tzinfo) -> str:
    """The day of an instant."""
    return at(instant, zone).zh[: len("2026-11-30")]


def last_day(ends: datetime, zone: tzinfo) -> str:
    """The last day of something that is valid until just before an instant."""
    return day(ends - timedelta(microseconds=1), zone)
