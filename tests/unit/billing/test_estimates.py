"""An estimate reads what people type, and rates it as a bill would."""

from __future__ import annotations

import contextlib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guance_portal.billing import price_lists
from guance_portal.billing.estimates import TypedUse, estimate, read, scale, shares, start, start_from
from guance_portal.billing.rules import Mode, NotPricedError, QuantityError
from guance_portal.metering.items import Item

AUTUMN = price_lists.version("cny-2022-09-01")


@pytest.mark.parametrize(
    ("typed", "quantity"),
    [
        ("", "0"),
        ("20", "20"),
        (" 1,234.5 ", "1234.5"),
        ("1 000", "1000"),
        ("２０", "20"),
        ("1，000", "1000"),
        (".5", "0.5"),
    ],
)
def test_a_quantity_is_read_as_people_write_it(typed: str, quantity: str) -> None:
    assert read(typed) == Decimal(quantity)


@pytest.mark.parametrize("typed", ["-1", "abc", "1e9", "NaN", "Infinity", "1.2.3", "1" * 16, "--", "一"])
def test_what_is_no_quantity_is_refused(typed: str) -> None:
    with pytest.raises(QuantityError):
        read(typed)


@given(st.text(max_size=40))
def test_reading_never_fails_otherwise(typed: str) -> None:
    with contextlib.suppress(QuantityError):
        assert read(typed) >= 0


def test_large_units_are_typed_by_the_unit() -> None:
    assert [scale(AUTUMN.prices[item]) for item in (Item.LOGS, Item.PAGE_VIEWS, Item.TIME_SERIES, Item.DATAKIT)] == [
        1_000_000,
        10_000,
        1,
        1,
    ]


def test_an_estimate_begins_with_a_company_of_ten_hosts() -> None:
    found = estimate(AUTUMN, start(AUTUMN))
    shown = {item: (str(line.quotient), str(line.amount.normalize())) for item, line in found.lines.items()}
    assert shown == {
        "datakit": ("10.00", "3E+1"),
        "time_series": ("3.00", "9"),
        "logs": ("20.00", "3E+1"),
        "traces": ("2.00", "6"),
        "page_views": ("5.00", "5"),
    }
    assert (str(found.day), str(found.month), found.version) == ("¥80.00", "¥2,400.00", "cny-2022-09-01")


def test_by_time_series_alone_datakits_are_free() -> None:
    found = estimate(AUTUMN, start(AUTUMN), Mode.TIME_SERIES)
    assert "datakit" not in found.lines
    assert found.lines[Item.TIME_SERIES].billable == 6_000


def test_a_wrong_quantity_has_a_problem_and_leaves_the_rest() -> None:
    found = estimate(AUTUMN, {"logs": TypedUse("many", 14), "traces": TypedUse("1", 7)})
    assert set(found.problems) == {"logs"}
    assert set(found.lines) == {"traces"}


def test_a_retention_that_is_not_sold_is_refused() -> None:
    with pytest.raises(NotPricedError):
        estimate(AUTUMN, {"logs": TypedUse("1", 8)})


def test_the_parts_of_a_days_cost_are_those_of_its_lines() -> None:
    found = estimate(AUTUMN, start(AUTUMN))
    assert [line.amount for line in found.lines.values()] == [30, 9, 30, 6, 5]
    assert shares(found) == {"datakit": 375, "time_series": 113, "logs": 375, "traces": 75, "page_views": 62}


def test_nothing_that_costs_nothing_has_a_part() -> None:
    assert shares(estimate(AUTUMN, {})) == {}
    assert shares(estimate(AUTUMN, {"datakit": TypedUse("1"), "time_series": TypedUse("10")})) == {"datakit": 1_000}


@given(st.dictionaries(st.sampled_from(list(AUTUMN.prices)), st.integers(0, 10**6).map(str)))
def test_the_parts_add_up_to_the_whole_whatever_is_typed(typed: dict[str, str]) -> None:
    parts = shares(estimate(AUTUMN, {item: TypedUse(quantity) for item, quantity in typed.items()}))
    assert sum(parts.values()) == (1_000 if parts else 0)
    assert all(weight >= 0 for weight in parts.values())


def test_an_estimate_begins_with_the_mean_of_the_days_that_counted_anything() -> None:
    used = {
        Item.TIME_SERIES: [0, 0, 2400, 2401, 0, 0],
        Item.LOGS: [0, 0, 1_500_000, 2_500_001, 0, 0],
        Item.PAGE_VIEWS: [0, 0, 0, 0, 9, 0],
    }
    typed = start_from(AUTUMN, used)
    assert typed.keys() == start(AUTUMN).keys()
    quantities = {item: one.quantity for item, one in typed.items() if one.quantity}
    assert quantities == {Item.TIME_SERIES: "1601", Item.LOGS: "1.334", Item.PAGE_VIEWS: "0.001"}


def test_where_nothing_was_counted_there_is_nothing_to_begin_with() -> None:
    assert start_from(AUTUMN, {Item.LOGS: [0, 0], Item.PAGE_VIEWS: [0, 0]}) == {}
