"""What use costs: the published examples of the product, and what holds for any quantity."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guance_portal.billing import packages, price_lists
from guance_portal.billing.rules import (
    Market,
    Mode,
    NotPricedError,
    PriceList,
    QuantityError,
    Rating,
    Use,
    beyond,
    detection_calls,
    in_force,
    quotient,
    rate,
)
from guance_portal.core.money import Currency, Money
from guance_portal.metering.items import Item

M = 1_000_000
DATAKITS = (10, 10, 15, 15, 30, 30, 30)
SERIES = (500, 1_000, 1_500, 2_000, 2_800, 3_600, 33_600)
TASKS = (10_000, 10_000, 10_000, 10_000, 15_000, 15_000, 20_000)
LOGS = (M, M, M, M, 3 * M // 2, 3 * M // 2, 2 * M)

JUNE_2022 = price_lists.version("cny-2022-06-06")
AUTUMN_2022 = price_lists.version("cny-2022-09-01")
CHINA_2023 = price_lists.version("cny-mainland-2023-04-23")
ALL = price_lists.all_lists()


def yuan(amount: str) -> Money:
    return Money.rounded(Decimal(amount), Currency.CNY)


def day(prices: PriceList, *uses: Use, mode: Mode = Mode.DATAKIT_AND_TIME_SERIES) -> Money:
    return rate(prices, uses, mode).total


def total(days: list[Money]) -> Money:
    return sum(days[1:], days[0])


def amounts(rating: Rating) -> list[Decimal]:
    return [line.amount for line in rating.lines]


def test_example_1_datakits_of_seven_days() -> None:
    assert total([day(JUNE_2022, Use(Item.DATAKIT, n)) for n in DATAKITS]) == yuan("420")


def time_series(prices: PriceList) -> list[Decimal]:
    ratings = [
        rate(prices, [Use(Item.DATAKIT, d), Use(Item.TIME_SERIES, s)]) for d, s in zip(DATAKITS, SERIES, strict=True)
    ]
    return [rating.lines[1].amount for rating in ratings]


def test_example_2_time_series_beyond_1000_a_datakit() -> None:
    assert time_series(JUNE_2022) == [0, 0, 0, 0, 0, 0, Decimal("10.8")]


def test_example_3_time_series_beyond_300_a_datakit() -> None:
    assert time_series(AUTUMN_2022) == [0, 0, 0, 0, 0, 0, Decimal("73.8")]


def test_example_4_tasks_of_seven_days() -> None:
    assert total([day(JUNE_2022, Use(Item.TASKS, n)) for n in TASKS]) == yuan("9")


@pytest.mark.parametrize(("prices", "cost"), [(AUTUMN_2022, "502.8"), (JUNE_2022, "439.8")])
def test_example_5_all_of_these_together(prices: PriceList, cost: str) -> None:
    uses = [
        (Use(Item.DATAKIT, d), Use(Item.TIME_SERIES, s), Use(Item.TASKS, t))
        for d, s, t in zip(DATAKITS, SERIES, TASKS, strict=True)
    ]
    assert total([day(prices, *each) for each in uses]) == yuan(cost)


def test_example_6_time_series_alone_have_no_allowance_and_datakits_are_free() -> None:
    ratings = [
        rate(JUNE_2022, [Use(Item.DATAKIT, d), Use(Item.TIME_SERIES, s)], Mode.TIME_SERIES)
        for d, s in zip(DATAKITS, SERIES, strict=True)
    ]
    assert [str(r.total) for r in ratings] == ["¥1.50", "¥3.00", "¥4.50", "¥6.00", "¥8.40", "¥10.80", "¥100.80"]
    assert all(len(rating.lines) == 1 for rating in ratings)
    with_tasks = [
        day(JUNE_2022, Use(Item.TIME_SERIES, s), Use(Item.TASKS, t), mode=Mode.TIME_SERIES)
        for s, t in zip(SERIES, TASKS, strict=True)
    ]
    assert (total([r.total for r in ratings]), total(with_tasks)) == (yuan("135"), yuan("144"))


@pytest.mark.parametrize(("days", "cost"), [(7, "10.8"), (14, "13.5"), (30, "18"), (60, "22.5")])
def test_example_7_logs_by_how_long_they_are_kept(days: int, cost: str) -> None:
    prices = price_lists.version("cny-2022-08-18")
    assert total([day(prices, Use(Item.LOGS, n, days)) for n in LOGS]) == yuan(cost)


EIGHT = (
    Use(Item.LOGS, 2 * M, 7),
    Use(Item.TRACES, 2 * M, 3),
    Use(Item.PAGE_VIEWS, 20_000, 3),
    Use(Item.TASKS, 20_000),
)


def test_example_8_a_day_of_ten_hosts() -> None:
    rating = rate(AUTUMN_2022, [Use(Item.DATAKIT, 10), Use(Item.TIME_SERIES, 500), *EIGHT])
    assert amounts(rating) == [Decimal(n) for n in ("30", "0", "2.4", "4", "1.4", "2")]
    assert rating.total == yuan("39.8")


def test_example_10_the_same_day_by_the_prices_of_2023() -> None:
    rating = rate(CHINA_2023, [Use(Item.DATAKIT, 10), Use(Item.TIME_SERIES, 6_000, 3), *EIGHT])
    assert amounts(rating) == [Decimal(n) for n in ("3.6", "2.4", "4", "1.4", "2")]
    assert rating.total == yuan("13.4")


@pytest.mark.parametrize(
    ("datakits", "logs", "traces", "views", "tasks", "daily", "yearly"),
    [
        (20, 40, 5, 400_000, 190_000, "194", "72168"),
        (100, 400, 50, 2_000_000, 1_400_000, "1390", "517080"),
        (200, 800, 100, 4_000_000, 2_400_000, "2740", "1019280"),
    ],
)
def test_example_11_what_the_capacity_of_a_package_costs_by_the_list(
    datakits: int, logs: int, traces: int, views: int, tasks: int, daily: str, yearly: str
) -> None:
    uses = (
        Use(Item.DATAKIT, datakits),
        Use(Item.LOGS, logs * M),
        Use(Item.TRACES, traces * M),
        Use(Item.PAGE_VIEWS, views),
        Use(Item.TASKS, tasks),
    )
    assert day(JUNE_2022, *uses) == yuan(daily)
    assert day(JUNE_2022, *uses) * 372 == yuan(yearly)


STARTER = packages.package("starter")


@pytest.mark.parametrize(
    ("code", "daily", "price"),
    [("starter", "194", "42000"), ("growth", "1390", "280000"), ("enterprise", "2740", "510000")],
)
def test_example_11_the_packages_hold_that_capacity(code: str, daily: str, price: str) -> None:
    package = packages.package(code)
    uses = [Use(item, quantity) for item, quantity in package.capacity.items()]
    assert day(JUNE_2022, *uses) == yuan(daily)
    assert (package.days, yuan(str(package.price))) == (372, yuan(price))
    assert rate(JUNE_2022, uses, package=package).lines == ()


def test_example_12_what_goes_beyond_a_package() -> None:
    uses = (
        Use(Item.DATAKIT, 25),
        Use(Item.LOGS, 40 * M, 30),
        Use(Item.TRACES, 5 * M, 14),
        Use(Item.PAGE_VIEWS, 400_000, 14),
        Use(Item.TASKS, 210_000),
    )
    rating = rate(JUNE_2022, uses, package=STARTER)
    assert amounts(rating) == [15, 60, 15, 40, 2]
    assert rating.total == yuan("132")


def test_uses_of_one_item_share_the_capacity_and_others_are_charged_as_ever() -> None:
    uses = [Use(Item.LOGS, 30 * M), Use(Item.LOGS, 10 * M, 60), Use(Item.SMS, 20), Use(Item.DIAL_TESTS, 10_000)]
    rest = beyond(STARTER, uses)
    assert rest == [Use(Item.LOGS, 20 * M), Use(Item.SMS, 20), Use(Item.DIAL_TESTS, 10_000)]
    assert rate(JUNE_2022, uses, package=STARTER).total == yuan("33")


def test_datakits_of_a_package_include_time_series_too() -> None:
    uses = [Use(Item.DATAKIT, 20), Use(Item.TIME_SERIES, 6_500)]
    rating = rate(AUTUMN_2022, uses, package=STARTER)
    assert [(line.item, line.billable) for line in rating.lines] == [(Item.TIME_SERIES, 500)]


@given(st.lists(st.tuples(st.sampled_from([Item.LOGS, Item.TASKS, Item.DATAKIT]), st.integers(0, 10**9)), max_size=6))
def test_a_package_never_makes_a_day_dearer_and_takes_no_more_than_its_capacity(used: list[tuple[Item, int]]) -> None:
    uses = [Use(item, quantity) for item, quantity in used]
    assert rate(JUNE_2022, uses, package=STARTER).total <= rate(JUNE_2022, uses).total
    for item, capacity in STARTER.capacity.items():
        whole = sum(use.quantity for use in uses if use.item is item)
        assert sum(use.quantity for use in beyond(STARTER, uses) if use.item is item) == max(0, whole - capacity)


@pytest.mark.parametrize(
    ("detections", "minutes", "calls"),
    [(1, 15, 5), (1, 30, 6), (2, 60, 13), (0, 60, 0), (1, 0, 5), (3, 29, 15), (1, 44, 6), (1, 45, 7)],
)
def test_example_15_task_calls_of_detections(detections: int, minutes: int, calls: int) -> None:
    assert detection_calls(detections, minutes) == calls


@pytest.mark.parametrize(("detections", "minutes"), [(-1, 15), (1, -1)])
def test_no_detection_costs_less_than_nothing(detections: int, minutes: int) -> None:
    with pytest.raises(QuantityError):
        detection_calls(detections, minutes)


def test_profiles_and_network_hosts_are_charged_from_december_2022() -> None:
    uses = (Use(Item.PROFILES, 20_000), Use(Item.NETWORK_HOSTS, 3))
    with pytest.raises(NotPricedError):
        rate(AUTUMN_2022, uses)
    assert amounts(rate(price_lists.version("cny-2022-12-15"), uses)) == [Decimal("0.6"), 6]


@pytest.mark.parametrize(
    ("quantity", "unit", "parts"),
    [
        (0, 1000, "0.00"),
        (4, 1000, "0.00"),
        (5, 1000, "0.01"),
        (14, 1000, "0.01"),
        (15, 1000, "0.02"),
        (999, 10, "99.90"),
    ],
)
def test_a_quotient_keeps_two_decimals_half_up_and_is_never_rounded_to_whole_units(
    quantity: int, unit: int, parts: str
) -> None:
    assert str(quotient(quantity, unit)) == parts


def test_a_bill_is_rounded_once_not_line_by_line() -> None:
    backup = Use(Item.BACKUP_LOGS, Decimal("0.5"))
    rating = rate(AUTUMN_2022, [backup, backup])
    assert amounts(rating) == [Decimal("0.0035"), Decimal("0.0035")]
    assert rating.total == yuan("0.01")


def test_a_line_shows_every_step() -> None:
    line = rate(AUTUMN_2022, [Use(Item.TIME_SERIES, 1_805), Use(Item.DATAKIT, 2)]).lines[0]
    assert (line.quantity, line.billable, line.unit) == (1_805, 1_205, 1_000)
    assert (str(line.quotient), line.price, str(line.amount)) == ("1.21", 3, "3.63")


def test_an_allowance_is_used_once_however_the_series_are_split() -> None:
    split = [Use(Item.DATAKIT, 1), Use(Item.TIME_SERIES, 200), Use(Item.TIME_SERIES, 1_100)]
    assert [line.billable for line in rate(AUTUMN_2022, split).lines] == [1, 0, 1_000]


def test_kept_as_usual_is_the_usual_tier() -> None:
    assert rate(AUTUMN_2022, [Use(Item.LOGS, M)]) == rate(AUTUMN_2022, [Use(Item.LOGS, M, 14)])


@pytest.mark.parametrize("use", [Use(Item.LOGS, 1, 8), Use(Item.PROFILES, 1), Use(Item.SCANS, 0)])
def test_what_the_list_does_not_price_is_refused_and_named(use: Use) -> None:
    with pytest.raises(NotPricedError) as refused:
        rate(AUTUMN_2022, [Use(Item.DATAKIT, 1), use])
    assert refused.value.field == use.item


def test_what_the_list_calls_free_has_no_line() -> None:
    assert rate(CHINA_2023, [Use(Item.DATAKIT, 1_000)]).lines == ()


@pytest.mark.parametrize("quantity", [-1, Decimal("-0.01"), Decimal("NaN"), Decimal("Infinity")])
def test_a_quantity_is_a_number_of_at_least_nothing(quantity: int | Decimal) -> None:
    with pytest.raises(QuantityError):
        Use(Item.LOGS, quantity)


@pytest.mark.parametrize(
    ("currency", "market", "on", "version"),
    [
        ("CNY", "mainland", date(2022, 6, 5), "cny-2021-12-02"),
        ("CNY", "mainland", date(2022, 6, 6), "cny-2022-06-06"),
        ("CNY", "overseas", date(2022, 8, 18), "cny-2022-08-18"),
        ("CNY", "mainland", date(2022, 8, 31), "cny-2022-08-18"),
        ("CNY", "mainland", date(2022, 9, 1), "cny-2022-09-01"),
        ("CNY", "mainland", date(2022, 12, 14), "cny-2022-09-01"),
        ("CNY", "mainland", date(2023, 4, 22), "cny-2022-12-15"),
        ("CNY", "overseas", date(2023, 4, 23), "cny-overseas-2023-04-23"),
        ("CNY", "mainland", date(2030, 1, 1), "cny-mainland-2023-04-23"),
        ("USD", "overseas", date(2023, 6, 29), "usd-overseas-2023-06-29"),
        ("USD", "mainland", date(2026, 1, 1), "usd-mainland-2023-06-29"),
    ],
)
def test_the_list_in_force_is_the_latest_that_has_begun(currency: str, market: str, on: date, version: str) -> None:
    found = in_force(ALL, Currency(currency), Market(market), on)
    assert found
    assert found.version == version


def test_before_the_first_list_there_is_none() -> None:
    assert in_force(ALL, Currency.USD, Market.OVERSEAS, date(2023, 6, 28)) is None


tiers = st.sampled_from(
    [(prices, item, tier.days) for prices in ALL for item, price in prices.prices.items() for tier in price.tiers]
)
quantities = st.integers(0, 10**13)


@given(tiers, quantities, quantities)
def test_more_use_never_costs_less(tier: tuple[PriceList, Item, int | None], one: int, other: int) -> None:
    prices, item, days = tier
    less, more = sorted((one, other))
    assert rate(prices, [Use(item, less, days)]).total <= rate(prices, [Use(item, more, days)]).total


@given(tiers, quantities)
def test_the_steps_of_a_line_are_exact_and_no_float_is_near(
    tier: tuple[PriceList, Item, int | None], quantity: int
) -> None:
    prices, item, days = tier
    rating = rate(prices, [Use(item, quantity, days)])
    (line,) = rating.lines
    assert abs(line.quotient * line.unit - quantity) * 200 <= line.unit
    assert line.quotient.as_tuple().exponent == -2
    assert line.amount == line.quotient * line.price
    assert abs(rating.total.amount - line.amount) <= Decimal("0.005")
    values = (line.quotient, line.price, line.amount, rating.total.minor)
    assert not [value for value in values if isinstance(value, float)]


@given(st.integers(0, 1_000), st.integers(0, 10**7), st.integers(0, 1_000))
def test_more_datakits_never_make_time_series_dearer(datakits: int, series: int, more: int) -> None:
    def cost(hosts: int) -> Decimal:
        return rate(AUTUMN_2022, [Use(Item.DATAKIT, hosts), Use(Item.TIME_SERIES, series)]).lines[1].amount

    assert cost(datakits + more) <= cost(datakits)


summed = st.sampled_from(
    [
        (item, tier.days)
        for item, price in AUTUMN_2022.prices.items()
        for tier in price.tiers
        if item is not Item.TIME_SERIES
    ]
)


@given(st.lists(st.tuples(summed, quantities), max_size=8))
def test_the_order_of_use_changes_nothing(used: list[tuple[tuple[Item, int | None], int]]) -> None:
    uses = [Use(item, quantity, days) for (item, days), quantity in used]
    assert rate(AUTUMN_2022, uses).total == rate(AUTUMN_2022, uses[::-1]).total
