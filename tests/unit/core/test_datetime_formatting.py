"""Moments name their time zone."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from guance_portal.core.datetime_formatting import zoned
from guance_portal.core.messages import Text

NOON = datetime(2026, 7, 1, 12, 0, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "zh", "en"),
    [
        ("Asia/Shanghai", "2026-07-01 20:00（UTC+8）", "2026-07-01 20:00 (UTC+8)"),
        ("America/Los_Angeles", "2026-07-01 05:00（UTC−7）", "2026-07-01 05:00 (UTC−7)"),
        ("Asia/Kolkata", "2026-07-01 17:30（UTC+5:30）", "2026-07-01 17:30 (UTC+5:30)"),
        ("UTC", "2026-07-01 12:00（UTC）", "2026-07-01 12:00 (UTC)"),
    ],
)
def test_a_moment_is_told_to_the_minute_with_its_zone(zone: str, zh: str, en: str) -> None:
    assert zoned(NOON, ZoneInfo(zone)) == Text(zh=zh, en=en)
