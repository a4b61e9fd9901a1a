"""Quotas, categories and thresholds."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guance_portal.metering.categories import Category, category_named
from guance_portal.metering.items import Item, free_quotas
from guance_portal.metering.rules import adds_up, fits, notices_due, percent, runs_out_at, shown_for_a_day, to_tell
from guance_portal.sites import all_sites


@pytest.mark.parametrize(
    ("site", "series", "traces", "views", "dial_tests", "tasks"),
    [
        ("cn1", 3_000, 8_000, 2_000, 200_000, 100_000),
        ("cn2", 3_000, 8_000, 2_000, 200_000, 100_000),
        ("cn4", 3_000, 8_000, 2_000, 200_000, 100_000),
        ("cn6", 3_000, 8_000, 2_000, 200_000, 100_000),
        ("us1", 500, 10_000, 10_000, 50_000, 5_000),
        ("eu1", 500, 10_000, 10_000, 50_000, 5_000),
        ("ap1", 500, 10_000, 10_000, 50_000, 5_000),
    ],
)
def test_the_free_quotas_of_each_site(
    site: str, series: int, traces: int, views: int, dial_tests: int, tasks: int
) -> None:
    quotas = free_quotas(site)
    assert {item: quota.limit for item, quota in quotas.items()} == {
        Item.DATAKIT: None,
        Item.TIME_SERIES: series,
        Item.LOGS: 1_000_000,
        Item.TRACES: traces,
        Item.PAGE_VIEWS: views,
        Item.DIAL_TESTS: dial_tests,
        Item.TASKS: tasks,
        Item.SMS: 0,
    }


def test_every_site_says_how_long_the_free_edition_keeps_data() -> None:
    for site in all_sites():
        kept = {quota.retention_days for item, quota in free_quotas(site.code).items() if item is Item.LOGS}
        assert kept == ({7} if site.code.startswith("cn") else {1})


def test_changing_a_copy_of_the_quotas_changes_no_other_copy() -> None:
    free_quotas("cn1").clear()
    assert free_quotas("cn1")


@pytest.mark.parametrize(
    ("name", "item"),
    [
        ("metric", Item.TIME_SERIES),
        ("metrics", Item.TIME_SERIES),
        ("logging", Item.LOGS),
        ("keyevent", Item.LOGS),
        ("event", Item.LOGS),
        ("security", Item.LOGS),
        ("tracing", Item.TRACES),
        ("rum", Item.PAGE_VIEWS),
        ("object", Item.DATAKIT),
        ("dialtesting", Item.DIAL_TESTS),
        ("custom_object", None),
        ("object_change", None),
        ("network", None),
        ("profiling", None),
    ],
)
def test_each_gateway_category_counts_for_one_item_or_none(name: str, item: Item | None) -> None:
    category = category_named(name)
    assert category is not None
    assert category.item is item


@pytest.mark.parametrize("name", ["", "Metric", "METRIC", "unknown", "metric/", "sms"])
def test_no_other_category_exists(name: str) -> None:
    assert category_named(name) is None


def test_objects_and_events_are_taken_when_their_quota_is_full() -> None:
    assert {c for c in Category if c.is_always_taken} == {Category("object"), Category("keyevent")}


@pytest.mark.parametrize(
    ("used", "added", "limit", "taken"),
    [
        (0, 1, None, True),
        (10**12, 10**12, None, True),
        (999, 1, 1000, True),
        (1000, 1, 1000, False),
        (999, 2, 1000, False),
        (1000, 0, 1000, True),
        (1200, 0, 1000, True),
        (0, 1, 0, False),
        (0, 0, 0, True),
    ],
)
def test_a_request_is_taken_when_all_of_it_fits(used: int, added: int, limit: int | None, *, taken: bool) -> None:
    assert fits(used, added, limit) is taken


@pytest.mark.parametrize(
    ("used", "limit", "marks"),
    [
        (0, 2000, ()),
        (1699, 2000, ()),
        (1700, 2000, (85,)),
        (1999, 2000, (85,)),
        (2000, 2000, (85, 100)),
        (2500, 2000, (85, 100)),
        (0, None, ()),
        (10**9, None, ()),
        (5, 0, ()),
        (424, 500, ()),
        (425, 500, (85,)),
    ],
)
def test_notices_are_due_at_85_and_100_per_cent(used: int, limit: int | None, marks: tuple[int, ...]) -> None:
    assert notices_due(used, limit) == marks


@given(used=st.integers(0, 10**12), limit=st.integers(1, 10**9))
def test_the_percentage_shown_never_says_100_before_the_quota_is_full(used: int, limit: int) -> None:
    assert (percent(used, limit) >= 100) is (used >= limit)


def test_there_is_no_percentage_without_a_quota() -> None:
    assert percent(5, None) == percent(5, 0) == 0


SINCE = datetime(2022, 6, 1, tzinfo=UTC)
NOON = SINCE + timedelta(hours=12)
UNTIL = SINCE + timedelta(hours=24)


@pytest.mark.parametrize(
    ("used", "limit", "hours"),
    [(750, 1_000, 16), (501, 1_000, 12 / 501 * 1_000), (999, 1_000, 12 / 999 * 1_000)],
)
def test_a_quota_runs_out_at_the_pace_of_the_day(used: int, limit: int, hours: float) -> None:
    at = runs_out_at(used, limit, since=SINCE, now=NOON, until=UNTIL)
    assert at
    assert abs(at - (SINCE + timedelta(hours=hours))) < timedelta(seconds=1)


@pytest.mark.parametrize(("used", "limit"), [(0, 1_000), (500, 1_000), (1, 1_000), (1_000, 1_000), (5, None), (5, 0)])
def test_a_quota_that_lasts_or_is_gone_or_is_none_has_no_such_time(used: int, limit: int | None) -> None:
    assert runs_out_at(used, limit, since=SINCE, now=NOON, until=UNTIL) is None


def test_nothing_is_projected_in_the_first_instant_of_a_day() -> None:
    assert runs_out_at(5, 10, since=SINCE, now=SINCE, until=UNTIL) is None


@pytest.mark.parametrize(("reached", "told"), [([], None), ([85], 85), ([100], 100), ([85, 100], 100)])
def test_of_two_thresholds_reached_at_once_the_higher_is_told(reached: list[int], told: int | None) -> None:
    assert to_tell(reached) == told


def test_what_exists_has_a_highest_day_and_what_comes_in_adds_up() -> None:
    assert [item for item in Item if not adds_up(item)] == [Item.TIME_SERIES, Item.DATAKIT]
    assert (shown_for_a_day(Item.DATAKIT, 7, 3), shown_for_a_day(Item.LOGS, 7, 3)) == (3, 7)
