"""What a month will cost: the same weekdays of four weeks, their bounds, and how well that was told before."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from guance_portal.billing.bills.forecast_rules import (
    back_tests,
    first_needed,
    forecast,
    last_of,
    same_days,
)

JULY = date(2026, 7, 1)


def every_day(first: date, last: date, *costs: int) -> dict[date, int]:
    """Costs of days one after the other, again and again."""
    days = (last - first).days + 1
    return {first + timedelta(days=number): costs[number % len(costs)] for number in range(days)}


def test_a_coming_day_is_the_mean_of_its_weekday_between_the_lowest_and_the_highest() -> None:
    mondays = dict(zip((date(2026, 6, day) for day in (8, 15, 22, 29)), (100, 200, 301, 400), strict=True))
    known = {**every_day(date(2026, 6, 5), date(2026, 7, 2), 50), **mondays}
    told = forecast(known, JULY, date(2026, 7, 2))
    assert told
    assert told.billed == 100
    (monday,) = [one for one in told.days if one.day == date(2026, 7, 6)]
    assert (monday.low, monday.expected, monday.high) == (100, 250, 400)
    assert len(told.days) == 29
    # Four Mondays of 250.25, which are 250 each, and 25 other days of 50.
    assert (told.low, told.expected, told.high) == (100 + 400 + 1250, 100 + 1000 + 1250, 100 + 1600 + 1250)
    assert not told.is_short


def test_days_of_more_than_four_weeks_ago_are_not_looked_at() -> None:
    known = {
        **every_day(date(2026, 5, 1), date(2026, 6, 4), 9_999),
        **every_day(date(2026, 6, 5), date(2026, 7, 2), 10),
    }
    told = forecast(known, JULY, date(2026, 7, 2))
    assert told
    assert told.high == 310


def test_a_weekday_that_has_no_cost_yet_is_told_by_all_days() -> None:
    told = forecast({JULY: 100, date(2026, 7, 2): 301}, JULY, date(2026, 7, 2))
    assert told
    friday, wednesday = told.days[0], told.days[5]
    assert (friday.low, friday.expected, friday.high) == (100, 201, 301)
    assert (wednesday.low, wednesday.expected, wednesday.high) == (100, 100, 100)
    assert told.is_short


def test_nothing_is_told_without_a_cost_in_four_weeks() -> None:
    assert forecast({}, JULY, date(2026, 7, 2)) is None
    assert forecast({date(2026, 5, 1): 10}, JULY, date(2026, 7, 2)) is None


def test_before_the_first_bill_of_a_month_all_its_days_are_to_come() -> None:
    told = forecast(every_day(date(2026, 6, 1), date(2026, 6, 30), 10), JULY, date(2026, 6, 30))
    assert told
    assert (told.billed, len(told.days), told.expected) == (0, 31, 310)


def test_of_a_month_that_is_billed_whole_nothing_is_to_come() -> None:
    told = forecast(every_day(date(2026, 6, 1), date(2026, 7, 31), 10), JULY, date(2026, 7, 31))
    assert told
    assert (told.days, told.billed, told.low, told.high) == ((), 310, 310, 310)


def test_it_is_tried_on_the_months_before_on_the_same_day() -> None:
    known = {
        **every_day(date(2026, 4, 1), date(2026, 6, 30), 100),
        **every_day(date(2026, 6, 16), date(2026, 6, 30), 150),
        **every_day(JULY, date(2026, 7, 15), 100),
    }
    june, may, april = back_tests(known, JULY, date(2026, 7, 15))
    assert (june.month, june.expected, june.actual) == (date(2026, 6, 1), 3_000, 1_500 + 2_250)
    assert (june.error, june.is_within) == (Fraction(-750, 3_750), False)
    assert (may.month, may.error, may.is_within) == (date(2026, 5, 1), 0, True)
    assert (april.month, april.error) == (date(2026, 4, 1), 0)


def test_a_month_counts_as_a_trial_only_when_it_is_whole_cost_something_and_had_days_to_come() -> None:
    whole = every_day(date(2026, 3, 1), date(2026, 7, 30), 100)
    # On the 30th of June and of April no day was to come.
    assert [one.month for one in back_tests(whole, JULY, date(2026, 7, 30))] == [date(2026, 5, 1)]
    assert back_tests({**whole, **every_day(date(2026, 4, 1), date(2026, 6, 30), 0)}, JULY, date(2026, 7, 15)) == []
    missing = {day: cost for day, cost in whole.items() if day not in (date(2026, 6, 9), date(2026, 5, 9))}
    assert [one.month for one in back_tests(missing, JULY, date(2026, 7, 15))] == [date(2026, 4, 1)]


def test_a_month_before_whose_beginning_nothing_was_known_is_no_trial() -> None:
    known = every_day(date(2026, 6, 1), date(2026, 6, 30), 100)
    assert back_tests(known, JULY, date(2026, 6, 30)) == []


def test_the_month_before_is_compared_by_the_same_days() -> None:
    known = every_day(date(2026, 6, 1), date(2026, 7, 17), 10)
    assert same_days(known, JULY, date(2026, 7, 17)) == 170
    assert same_days({**known, date(2026, 6, 17): 15}, JULY, date(2026, 7, 17)) == 175
    assert same_days(known, JULY, date(2026, 7, 31)) == 300
    assert same_days({day: cost for day, cost in known.items() if day.day > 1}, JULY, date(2026, 7, 17)) is None


def test_months_end_where_they_do() -> None:
    assert [last_of(date(2026, month, 1)).day for month in (1, 2, 4, 12)] == [31, 28, 30, 31]
    assert last_of(date(2028, 2, 1)) == date(2028, 2, 29)
    assert first_needed(JULY) == date(2026, 3, 4)
    assert first_needed(date(2026, 2, 1)) == date(2025, 10, 4)


@given(
    st.dictionaries(st.integers(0, 60), st.integers(-500, 90_000), min_size=1),
    st.dates(date(2026, 6, 1), date(2026, 7, 31)),
)
def test_the_parts_add_up_and_stand_between_their_bounds(costs: dict[int, int], through: date) -> None:
    known = {date(2026, 6, 1) + timedelta(days=number): cost for number, cost in costs.items()}
    known = {day: cost for day, cost in known.items() if day <= through}
    told = forecast(known, JULY, through)
    if told:
        assert all(one.low <= one.expected <= one.high for one in told.days)
        assert told.low <= told.expected <= told.high
        assert told.expected - told.billed == sum(one.expected for one in told.days)
        assert [one.day for one in told.days] == sorted({one.day for one in told.days})
        assert {one.day for one in told.days}.isdisjoint(known)
