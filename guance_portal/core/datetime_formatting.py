"""Dates and times as people read them: to the minute, in a time zone that is named beside them."""

from __future__ import annotations

from datetime import datetime, tzinfo

from guance_portal.core.messages import Text, text


def zoned(instant: datetime, zone: tzinfo) -> Text:
    """An instant to the minute with its zone."""
    local = instant.astimezone(zone)
    return text("time.zoned", time=local.isoformat(" ", "minutes")[:16], zone=offset(local))


def offset(local: datetime) -> str:
    """How a zoned moment differs from UTC, such as UTC+8."""
    ahead = local.utcoffset()
    if not ahead:
        return "UTC"
    hours, minutes = divmod(abs(int(ahead.total_seconds())) // 60, 60)
    sign = "+" if ahead.total_seconds() > 0 else "−"
    return f"UTC{sign}{hours}" + (f":{minutes:02}" if minutes else "")
