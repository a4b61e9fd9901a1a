"""Why a day or a month costs what it costs: the causes, and that they always add up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from guance_portal.accounts.rules import Edition
from guance_portal.billing import price_lists
from guance_portal.billing.bills.change_rules import BillChange, BilledPeriod, Cause, ChargedLine, compare
from guance_portal.billing.bills.rules import FrozenDay, Quantity, compute, usual_tiers
from guance_portal.billing.rules import Mode, PriceList
from guance_portal.core.money import Currency
from guance_portal.metering.items import Item

SUMMER = price_lists.version("cny-2022-08-18")
AUTUMN = price_lists.version("cny-2022-09-01")
FIRST = date(2022, 9, 1)
BOTH = Mode.DATAKIT_AND_TIME_SERIES


def day(
    usage: Mapping[Item, Quantity],
    *,
    on: date = FIRST,
    prices: PriceList = AUTUMN,
    tiers: Mapping[Item, int] | None = None,
    mode: Mode = BOTH,
    hours: int = 24,
) -> FrozenDay:
    return FrozenDay(
        day=on,
        hours=hours,
        edition=Edition.COMMERCIAL,
        mode=mode,
        prices=prices,
        tiers={**usual_tiers(prices), **(tiers or {})},
        usage=usage,
    )


def period(*bills: tuple[FrozenDay, ...]) -> BilledPeriod:
    """Bills as the close makes them: each of its own day and of late ones."""
    lines = [line for bill in bills for line in compute(bill, Currency.CNY).lines]
    return BilledPeriod(
        lines=tuple(
            ChargedLine(
                item=line.item,
                quotient=int((line.quotient - (line.billed or 0)) * 100),
                amount=line.amount,
                minor=line.minor,
                is_late=line.is_late,
            )
            for line in lines
        ),
        days=tuple(one for bill in bills for one in bill if one.billed is None),
    )


def causes(change: BillChange) -> dict[Cause, int]:
    """The causes that changed something."""
    return {cause: minor for cause, minor in change.parts.items() if minor}


def test_more_use_at_the_same_prices_is_use_alone() -> None:
    change = compare(period((day({Item.LOGS: 4_000_000}),)), period((day({Item.LOGS: 10_000_000}),)), by_month=False)
    price = AUTUMN.price(Item.LOGS).of(None).price
    assert causes(change) == {Cause.USE: int(6 * price * 100)}
    (item,) = change.items
    assert (item.quotients, item.minor) == ((400, 1000), change.after - change.before)


def test_a_longer_retention_is_told_apart_from_more_use() -> None:
    tiers = sorted(tier.days for tier in AUTUMN.price(Item.LOGS).tiers if tier.days)
    old, new = tiers[0], tiers[-1]
    before = period((day({Item.LOGS: 4_000_000}, tiers={Item.LOGS: old}),))
    after = period((day({Item.LOGS: 10_000_000}, tiers={Item.LOGS: new}),))
    low, high = (AUTUMN.price(Item.LOGS).of(days).price for days in (old, new))
    assert causes(compare(before, after, by_month=False)) == {
        Cause.USE: int(6 * low * 100),
        Cause.RETENTION: int(10 * (high - low) * 100),
    }


def test_the_mode_moves_what_datakits_include() -> None:
    usage: dict[Item, Quantity] = {Item.DATAKIT: 10, Item.TIME_SERIES: 50_000}
    prices = next(one for one in price_lists.all_lists() if one.allowance and Item.DATAKIT in one.prices)
    both, alone = (period((day(usage, prices=prices, mode=mode),)) for mode in (BOTH, Mode.TIME_SERIES))
    change = compare(both, alone, by_month=False)
    assert causes(change) == {Cause.MODE: change.after - change.before}
    by_item = {one.item: one.parts[Cause.MODE] for one in change.items}
    assert by_item[Item.DATAKIT] < 0 < by_item[Item.TIME_SERIES]


def test_another_price_list_is_the_price() -> None:
    usage: dict[Item, Quantity] = {Item.LOGS: 10_000_000}
    other = replace(
        AUTUMN,
        version="dearer",
        prices={
            item: replace(price, tiers=tuple(replace(tier, price=tier.price * 2) for tier in price.tiers))
            for item, price in AUTUMN.prices.items()
        },
    )
    change = compare(period((day(usage),)), period((day(usage, prices=other),)), by_month=False)
    assert causes(change) == {Cause.PRICE: change.before}


def test_a_retention_that_the_old_list_does_not_know_is_the_price() -> None:
    logs = AUTUMN.price(Item.LOGS)
    tiers = (*logs.tiers, replace(logs.tiers[-1], days=999, price=Decimal(9)))
    wider = replace(AUTUMN, version="wider", prices={**AUTUMN.prices, Item.LOGS: replace(logs, tiers=tiers)})
    before = period((day({Item.LOGS: 1_000_000}),))
    after = period((day({Item.LOGS: 1_000_000}, prices=wider, tiers={Item.LOGS: 999}),))
    change = compare(before, after, by_month=False)
    assert causes(change) == {Cause.PRICE: 900 - change.before}


def test_an_item_that_the_old_list_lacks_is_the_price_and_one_that_was_not_used_is_use() -> None:
    without = replace(
        AUTUMN, version="without", prices={item: p for item, p in AUTUMN.prices.items() if item is not Item.SMS}
    )
    before = period((day({Item.LOGS: 1_000_000}, prices=without),))
    after = period((day({Item.TRACES: 1_000_000, Item.SMS: 10}),))
    parts = {
        one.item: {c: m for c, m in one.parts.items() if m} for one in compare(before, after, by_month=False).items
    }
    assert parts[Item.LOGS].keys() == parts[Item.TRACES].keys() == {Cause.USE}
    assert parts[Item.SMS].keys() == {Cause.PRICE}


def test_what_a_list_gives_away_costs_nothing_by_it() -> None:
    free = replace(
        AUTUMN,
        version="free",
        prices={item: price for item, price in AUTUMN.prices.items() if item is not Item.SMS},
        free=frozenset({Item.SMS}),
    )
    change = compare(period((day({Item.SMS: 10}, prices=free),)), period((day({Item.SMS: 10}),)), by_month=False)
    assert causes(change) == {Cause.PRICE: change.after}


def test_a_day_of_25_hours_is_longer_for_increments_alone() -> None:
    usage: dict[Item, Quantity] = {Item.LOGS: 24_000_000, Item.TIME_SERIES: 24_000}
    more: dict[Item, Quantity] = {Item.LOGS: 25_000_000, Item.TIME_SERIES: 24_000}
    before, after = period((day(usage),)), period((day(more, hours=25),))
    change = compare(before, after, by_month=False)
    assert causes(change) == {Cause.LENGTH: change.after - change.before}


def test_a_month_with_more_days_is_longer_for_everything() -> None:
    usage: dict[Item, Quantity] = {Item.LOGS: 1_000_000, Item.TIME_SERIES: 3_000}
    days = [(day(usage, on=FIRST + timedelta(days=number)),) for number in range(5)]
    change = compare(period(*days[:2]), period(*days), by_month=True)
    assert causes(change) == {Cause.LENGTH: change.after - change.before}


def test_late_usage_stands_apart_and_nothing_before_is_use() -> None:
    old = day({Item.LOGS: 1_000_000})
    late = old.with_late({Item.LOGS: 3_000_000}, {})
    own = day({Item.LOGS: 1_000_000}, on=FIRST + timedelta(days=1))
    change = compare(period((old,)), period((own, late)), by_month=False)
    assert causes(change) == {Cause.LATE: change.after - change.before}
    assert change.items[0].late == (0, 200)
    alone = compare(period(), period((old,)), by_month=False)
    assert causes(alone) == {Cause.USE: alone.after}
    assert causes(compare(period((old,)), period((late,)), by_month=False)) == {
        Cause.USE: -alone.after,
        Cause.LATE: 2 * alone.after,
    }
    assert compare(period(), period(), by_month=True).items == ()


ITEMS: tuple[Item, ...] = (Item.LOGS, Item.TRACES, Item.TIME_SERIES, Item.DATAKIT, Item.SMS, Item.PAGE_VIEWS)
USAGE: st.SearchStrategy[dict[Item, Quantity]] = st.dictionaries(
    st.sampled_from(ITEMS), st.integers(0, 50_000_000), max_size=len(ITEMS)
)


@st.composite
def frozen_days(draw: st.DrawFn) -> tuple[FrozenDay, ...]:
    """The days of one bill: its own and perhaps one that became known late."""
    prices = draw(st.sampled_from((SUMMER, AUTUMN)))
    tiers = {
        item: draw(st.sampled_from([tier.days for tier in price.tiers if tier.days]))
        for item, price in prices.prices.items()
        if price.usual_days is not None
    }
    mode, hours = draw(st.sampled_from(list(Mode))), draw(st.sampled_from((23, 24, 25)))
    on = FIRST + timedelta(days=draw(st.integers(0, 5)))
    own = day(draw(USAGE), on=on, prices=prices, tiers=tiers, mode=mode, hours=hours)
    if not draw(st.booleans()):
        return (own,)
    before = replace(own, day=on - timedelta(days=1), usage=draw(USAGE))
    return own, before.with_late({**before.usage, **draw(USAGE)}, {})


PERIODS = st.lists(frozen_days(), max_size=4).map(lambda bills: period(*bills))


@given(before=PERIODS, after=PERIODS, by_month=st.booleans())
def test_the_parts_add_up_to_the_cent_by_item_and_by_cause(
    before: BilledPeriod, after: BilledPeriod, *, by_month: bool
) -> None:
    change = compare(before, after, by_month=by_month)
    difference = sum(line.minor for line in after.lines) - sum(line.minor for line in before.lines)
    assert change.after - change.before == difference
    assert sum(change.parts.values()) == difference
    for one in change.items:
        assert sum(one.parts.values()) == one.minor
    lines = len(before.lines) + len(after.lines)
    # Each line is rounded by less than a cent, each of the parts by half a cent.
    assert all(abs(one.parts[Cause.ROUNDING]) <= lines + 3 for one in change.items)


@given(of=PERIODS, by_month=st.booleans())
def test_nothing_changes_between_a_period_and_itself(of: BilledPeriod, *, by_month: bool) -> None:
    assert causes(compare(of, of, by_month=by_month)) == {}
