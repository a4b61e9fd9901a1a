"""Bills by the worked vectors A, E and F, and what holds for any use."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guance_portal.accounts.rules import Edition
from guance_portal.billing import price_lists
from guance_portal.billing.bills.frozen_text import canonical, day_text, digest, list_text, plain, read_day, read_list
from guance_portal.billing.bills.rules import BillLine, Computed, FrozenDay, Quantity, compute, usual_tiers
from guance_portal.billing.rules import Basis, Market, Mode, NotPricedError, Price, PriceList, Tier
from guance_portal.core.money import Currency
from guance_portal.metering.days import end_of, start_of
from guance_portal.metering.items import Item

FIRST, SECOND = date(2022, 6, 1), date(2022, 6, 2)
SUMMER = price_lists.version("cny-2022-08-18")
AUTUMN = price_lists.version("cny-2022-09-01")
NOON = datetime(2022, 6, 2, 12, tzinfo=UTC)


def frozen(prices: PriceList, usage: Mapping[Item, Quantity], day: date = FIRST, **more: Any) -> FrozenDay:
    tiers = more.pop("tiers", None) or usual_tiers(prices)
    said: dict[str, Any] = {
        "day": day,
        "hours": 24,
        "edition": Edition.COMMERCIAL,
        "mode": Mode.DATAKIT_AND_TIME_SERIES,
        **more,
    }
    return FrozenDay(prices=prices, tiers=tiers, usage=usage, **said)


def of(*days: FrozenDay) -> Computed:
    return compute(days, Currency.CNY)


def simple(**prices: str) -> PriceList:
    """A list of these prices by the piece."""
    return PriceList(
        version="simple",
        currency=Currency.CNY,
        markets=frozenset({Market.MAINLAND}),
        first_day=FIRST,
        allowance=0,
        prices={
            Item(item): Price(
                item=Item(item), measure="record", unit=1, basis=Basis.INCREMENT, tiers=(Tier(None, Decimal(price)),)
            )
            for item, price in prices.items()
        },
    )


def late(day: FrozenDay, usage: Mapping[Item, Quantity]) -> FrozenDay:
    return day.with_late(usage, dict.fromkeys(usage, NOON))


def amounts(bill: Computed) -> list[str]:
    return [plain(line.amount) for line in bill.lines]


def cents(bill: Computed) -> list[int]:
    return [line.minor for line in bill.lines]


def test_a6_quotients_have_two_decimals_half_up() -> None:
    usage: dict[Item, Quantity] = {Item.SMS: 3, Item.DIAL_TESTS: 4_550, Item.LOGS: 1_234_567}
    bill = of(frozen(SUMMER, usage, tiers={Item.LOGS: 7}))
    said = {line.item: (str(line.quotient), plain(line.amount)) for line in bill.lines}
    assert said == {
        Item.SMS: ("0.30", "0.3"),
        Item.DIAL_TESTS: ("0.46", "0.46"),
        Item.LOGS: ("1.23", "1.476"),
    }


def test_a7_a_bill_is_rounded_once_and_its_cents_are_shared_by_largest_remainder() -> None:
    prices = simple(logs="0.335", traces="0.335", page_views="0.335")
    bill = of(frozen(prices, {Item.LOGS: 1, Item.TRACES: 1, Item.PAGE_VIEWS: 1}))
    assert (bill.total.minor, cents(bill)) == (101, [34, 34, 33])


def test_a8_cents_of_unequal_lines() -> None:
    prices = simple(logs="0.086", traces="0.093", page_views="0.1", tasks="1.234")
    bill = of(frozen(prices, {Item.LOGS: 1, Item.TRACES: 1, Item.PAGE_VIEWS: 1, Item.TASKS: 1}))
    assert (bill.total.minor, cents(bill)) == (151, [9, 9, 10, 123])


def test_e1_what_became_known_late_stands_as_a_dated_line_on_the_next_bill() -> None:
    prices = simple(logs="10")
    first = frozen(prices, {Item.LOGS: 5})
    bill = of(frozen(prices, {Item.LOGS: 3}, SECOND), late(first, {Item.LOGS: 7}))
    assert [(line.of_day, line.is_late, line.minor) for line in bill.lines] == [
        (SECOND, False, 30_00),
        (FIRST, True, 20_00),
    ]
    assert (bill.lines[1].added, bill.lines[1].received_at) == (2, NOON)


def test_e3_a_late_line_is_the_new_quotient_less_the_billed_one() -> None:
    first = frozen(SUMMER, {Item.LOGS: 4_000}, tiers={Item.LOGS: 7})
    assert amounts(of(first)) == ["0"]
    [line] = of(frozen(SUMMER, {}, SECOND), late(first, {Item.LOGS: 8_000})).lines
    assert (line.quotient, line.billed, plain(line.amount)) == (Decimal("0.01"), Decimal("0.00"), "0.012")


def test_a_late_datakit_brings_its_allowance_and_lowers_what_time_series_cost() -> None:
    first = frozen(AUTUMN, {Item.DATAKIT: 1, Item.TIME_SERIES: 1_300})
    bill = of(frozen(AUTUMN, {}, SECOND), late(first, {Item.DATAKIT: 2, Item.TIME_SERIES: 1_300}))
    assert {line.item: plain(line.amount) for line in bill.lines} == {Item.DATAKIT: "3", Item.TIME_SERIES: "-0.9"}
    assert (bill.total.minor, {line.item: line.added for line in bill.lines}[Item.TIME_SERIES]) == (210, 0)


def test_a_negative_bill_is_rounded_away_from_zero_and_its_cents_add_up() -> None:
    first = frozen(simple(logs="-0.335", traces="-0.335", page_views="-0.335"), {})
    bill = of(frozen(first.prices, {}, SECOND), late(first, {Item.LOGS: 1, Item.TRACES: 1, Item.PAGE_VIEWS: 1}))
    assert (bill.total.minor, cents(bill)) == (-101, [-33, -34, -34])


@pytest.mark.parametrize(
    ("zone", "day", "begins", "hours"),
    [
        ("America/Los_Angeles", date(2022, 3, 13), "2022-03-13T08:00", 23),
        ("America/Los_Angeles", date(2022, 6, 1), "2022-06-01T07:00", 24),
        ("America/Los_Angeles", date(2022, 11, 6), "2022-11-06T07:00", 25),
        ("Europe/Berlin", date(2022, 3, 27), "2022-03-26T23:00", 23),
        ("Europe/Berlin", date(2022, 10, 30), "2022-10-29T22:00", 25),
    ],
)
def test_f1_f2_days_have_23_24_or_25_hours(zone: str, day: date, begins: str, hours: int) -> None:
    at = ZoneInfo(zone)
    assert start_of(day, at) == datetime.fromisoformat(begins).replace(tzinfo=UTC)
    assert end_of(day, at) - start_of(day, at) == timedelta(hours=hours)


def test_a_price_list_that_lacks_an_item_refuses_the_bill_and_nothing_used_of_it_does_not() -> None:
    with pytest.raises(NotPricedError):
        of(frozen(SUMMER, {Item.LOGS: 1, Item.PROFILES: 1}))
    assert of(frozen(SUMMER, {Item.LOGS: 1, Item.PROFILES: 0})).total.minor == 0


def test_lines_stand_in_the_order_of_the_price_list_however_use_was_handed_over() -> None:
    usage: dict[Item, Quantity] = {Item.SMS: 10, Item.TRACES: 10**6, Item.LOGS: 10**6}
    bill = of(frozen(SUMMER, usage))
    assert [line.item for line in bill.lines] == [item for item in SUMMER.prices if item in usage]


_ITEMS = [Item.LOGS, Item.TRACES, Item.PAGE_VIEWS, Item.TASKS, Item.DATAKIT, Item.TIME_SERIES, Item.SMS]
_USAGE = st.dictionaries(st.sampled_from(_ITEMS), st.integers(0, 50_000_000), max_size=7)


@given(_USAGE, st.lists(st.dictionaries(st.sampled_from(_ITEMS), st.integers(0, 9_000_000)), max_size=4))
def test_any_split_into_on_time_and_late_gives_the_same_exact_total(
    on_time: dict[Item, int], later: list[dict[Item, int]]
) -> None:
    known: dict[Item, Quantity] = dict(on_time)
    day = frozen(AUTUMN, dict(known))
    bills = [of(day)]
    for more in later:
        known = {item: known.get(item, 0) + more.get(item, 0) for item in {*known, *more}}
        day = late(day, dict(known))
        bills.append(of(frozen(AUTUMN, {}, SECOND), day))
    whole = of(frozen(AUTUMN, known))
    assert sum((bill.exact for bill in bills), Decimal(0)) == whole.exact
    assert abs(sum(bill.total.minor for bill in bills) - whole.total.minor) * 2 <= len(bills) + 1


@given(_USAGE)
def test_the_cents_of_the_lines_add_up_to_the_bill(usage: dict[Item, Quantity]) -> None:
    bill = of(frozen(AUTUMN, usage))
    assert sum(cents(bill)) == bill.total.minor
    assert sum((line.amount for line in bill.lines), Decimal(0)) == bill.exact


@given(_USAGE, st.sampled_from(_ITEMS))
def test_use_of_nothing_changes_nothing(usage: dict[Item, Quantity], item: Item) -> None:
    assert of(frozen(AUTUMN, {**usage, item: 0} if item not in usage else usage)) == of(frozen(AUTUMN, usage))
    day = frozen(AUTUMN, usage)
    assert of(day, late(day, usage)) == of(day)


@given(_USAGE)
def test_frozen_inputs_come_back_from_their_text_and_give_the_same_bill(usage: dict[Item, Quantity]) -> None:
    day = frozen(AUTUMN, usage)
    lists = {digest(list_text(AUTUMN)): read_list(json.loads(json.dumps(list_text(AUTUMN))))}
    back = read_day(json.loads(canonical(day_text(day))), lists)
    assert back == day
    assert of(back) == of(day)


@pytest.mark.parametrize("prices", price_lists.all_lists(), ids=lambda one: one.version)
def test_every_price_list_comes_back_from_its_text(prices: PriceList) -> None:
    back = read_list(json.loads(canonical(list_text(prices))))
    assert back == prices
    assert list(back.prices) == list(prices.prices)
    assert digest(list_text(back)) == digest(list_text(prices))


def test_canonical_text_does_not_depend_on_the_order_of_names() -> None:
    assert canonical({"b": 1, "a": "费"}) == '{"a":"费","b":1}' == canonical({"a": "费", "b": 1})


def test_a_line_says_every_step() -> None:
    [line] = of(frozen(SUMMER, {Item.LOGS: 71_493_527}, tiers={Item.LOGS: 14})).lines
    assert line == BillLine(
        item=Item.LOGS,
        of_day=FIRST,
        days=14,
        version="cny-2022-08-18",
        quantity=71_493_527,
        billable=71_493_527,
        unit=1_000_000,
        quotient=Decimal("71.49"),
        price=Decimal("1.5"),
        amount=Decimal("107.235"),
        minor=107_24,
    )
