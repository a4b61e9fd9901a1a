"""Billing days and hours of a site."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from guance_portal.metering.days import BillingHour, hour_of, seconds_left

SHANGHAI, OREGON = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/Los_Angeles")


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    ("moment", "zone", "hour"),
    [
        (
            utc(2022, 6, 1, 15, 59, 59, 999_999),
            SHANGHAI,
            BillingHour(date(2022, 6, 1), utc(2022, 5, 31, 16), utc(2022, 6, 1, 15)),
        ),
        (
            utc(2022, 6, 1, 16),
            SHANGHAI,
            BillingHour(date(2022, 6, 2), utc(2022, 6, 1, 16), utc(2022, 6, 1, 16)),
        ),
        (
            utc(2022, 6, 1, 16),
            OREGON,
            BillingHour(date(2022, 6, 1), utc(2022, 6, 1, 7), utc(2022, 6, 1, 16)),
        ),
        (
            utc(2022, 11, 6, 9, 30),  # the second 01:30 of the day on which summer time ends
            OREGON,
            BillingHour(date(2022, 11, 6), utc(2022, 11, 6, 7), utc(2022, 11, 6, 9)),
        ),
        (
            utc(2022, 6, 1, 0, 15),
            ZoneInfo("Asia/Kolkata"),
            BillingHour(date(2022, 6, 1), utc(2022, 5, 31, 18, 30), utc(2022, 5, 31, 23, 30)),
        ),
    ],
)
def test_a_moment_falls_into_the_day_and_hour_of_the_site(moment: datetime, zone: ZoneInfo, hour: BillingHour) -> None:
    assert hour_of(moment, zone) == hour


@pytest.mark.parametrize(
    ("moment", "zone", "seconds"),
    [
        (utc(2022, 6, 1, 15, 59, 59), SHANGHAI, 1),
        (utc(2022, 6, 1, 15, 59, 59, 999_999), SHANGHAI, 1),
        (utc(2022, 6, 1, 16), SHANGHAI, 86_400),
        (utc(2022, 11, 6, 7), OREGON, 25 * 3600),
    ],
)
def test_a_refusal_lasts_until_the_midnight_of_the_site(moment: datetime, zone: ZoneInfo, seconds: int) -> None:
    assert seconds_left(moment, zone) == seconds
