"""Values made ready to show, in both languages: times in the site's time zone, which is named."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from guance_portal import sites
from guance_portal.core.datetime_formatting import zoned
from guance_portal.core.messages import Text, text


def moment(instant: datetime, site: str) -> Text:
    """An instant to the minute with its zone; UTC where no site says otherwise."""
    return zoned(instant, sites.get(site).zone if site else UTC)


def clock_time(instant: datetime, site: str) -> str:
    """The time of day of an instant in the site's zone, where a moment beside it names the zone."""
    return f"{instant.astimezone(sites.get(site).zone):%H:%M}"


def dissolved(at: datetime | None, site: str) -> Text:
    """That a workspace was dissolved and on which day at its site; nothing for one that goes on."""
    return text("workspace.dissolved", day=at.astimezone(sites.get(site).zone).date()) if at else Text()


def joined(parts: Sequence[Text]) -> Text:
    """Several things in a row."""
    return Text(zh="、".join(part.zh for part in parts), en=", ".join(part.en for part in parts))
