"""Every day of two years at every site: days follow each other without a gap, and a change takes effect with the next."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from guance_portal.billing import price_lists
from guance_portal.metering.days import end_of, hour_of, seconds_left, start_of
from guance_portal.settlement.calendar import next_month, preview_of
from guance_portal.settlement.choices import ChangeKind
from guance_portal.sites import Site, all_sites
from tests.support.sizes import LONG, seeded, size

FIRST = date(2027, 1, 1)
DAYS = [FIRST + timedelta(days=number) for number in range(365 + 366)]
"""A year, and one with a leap day."""


def days_of(site: Site) -> list[date]:
    """All of them; in the small size some, and always those on which the clocks change."""
    changes = [day for day in DAYS if end_of(day, site.zone) - start_of(day, site.zone) != timedelta(days=1)]
    return sorted({*seeded(site.code).sample(DAYS, size(20, len(DAYS))), *changes})


def moments_of(day: date, site: Site) -> list[datetime]:
    """Its first and last moment, and every hour between; one by chance in the small size."""
    begin, end = start_of(day, site.zone), end_of(day, site.zone)
    hours = [begin + timedelta(hours=number) for number in range(1, (end - begin) // timedelta(hours=1))]
    between = hours if size(small=False, whole=True) else [seeded(f"{site.code} {day}").choice(hours)]
    return [begin, *between, end - timedelta(microseconds=1)]


@LONG
@pytest.mark.parametrize("site", all_sites(), ids=lambda site: site.code)
def test_every_moment_of_a_day_belongs_to_it_and_a_change_takes_effect_with_the_next(site: Site) -> None:
    for day in days_of(site):
        tomorrow = day + timedelta(days=1)
        assert end_of(day, site.zone) == start_of(tomorrow, site.zone)
        for moment in moments_of(day, site):
            hour = hour_of(moment, site.zone)
            assert (hour.day, hour.day_starts_at) == (day, start_of(day, site.zone))
            assert hour.starts_at <= moment < hour.starts_at + timedelta(hours=1)
            assert moment + timedelta(seconds=seconds_left(moment, site.zone)) >= end_of(day, site.zone)
            for kind in ChangeKind:
                preview = preview_of(moment, site.zone, kind, has_used_month=False)
                assert (preview.open_day, preview.effective_day) == (day, tomorrow)
                assert preview.effective_at == end_of(day, site.zone)
                is_monthly = kind is ChangeKind.MONTHLY
                assert preview.back_from == (max(tomorrow, next_month(day)) if is_monthly else tomorrow)


@LONG
@pytest.mark.parametrize("site", all_sites(), ids=lambda site: site.code)
def test_every_day_has_a_price_list(site: Site) -> None:
    market = price_lists.market_of(site)
    found = [price_lists.in_force(site.currency, market, day) for day in days_of(site)]
    assert all(prices.first_day <= day for prices, day in zip(found, days_of(site), strict=True))
