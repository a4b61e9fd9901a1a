"""Who pays a bill: the vectors of group C that a plan shows, order, scope, exclusions and the reason of every purse that does not pay."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guance_portal.core.money import Currency
from guance_portal.ledger.chart import Kind
from guance_portal.ledger.rules import Account
from guance_portal.wallet.card_rules import valid_through
from guance_portal.wallet.rules import (
    WITHOUT_VOUCHERS,
    Bill,
    BillPlan,
    PayableLine,
    Purse,
    UnpaidReason,
    in_order,
    plan,
)

CNY = Currency.CNY
SHANGHAI = ZoneInfo("Asia/Shanghai")
BEGINS = datetime(2026, 1, 9, 16, tzinfo=UTC)
"""The beginning of 10 January in Shanghai."""
ENDS = BEGINS + timedelta(days=1)


def through(month: int, day: int, year: int = 2026) -> datetime:
    return valid_through(date(year, month, day), SHANGHAI)


def purse(number: int, rest: int, kind: Kind = Kind.VOUCHER, **options: object) -> Purse:
    told = {
        "currency": CNY,
        "valid_from": BEGINS - timedelta(days=100),
        "valid_until": through(12, 31),
        "granted_at": BEGINS - timedelta(days=100),
    }
    return Purse(number=number, kind=kind, rest=rest, **(told | options))  # pyright: ignore[reportArgumentType] - a test's options


def bill(*lines: tuple[str, int], **options: object) -> Bill:
    told = {"workspace": "w1", "currency": CNY, "begins": BEGINS, "ends": ENDS}
    return Bill(lines=tuple(PayableLine(*line) for line in lines), **(told | options))  # pyright: ignore[reportArgumentType] - a test's options


def paid(made: BillPlan) -> dict[str, int]:
    return {payment.account.name: payment.minor for payment in made.payments}


def reasons(made: BillPlan) -> dict[int, UnpaidReason]:
    return {one.purse: one.reason for one in made.unused}


LOGS_100 = bill(("logs", 100_00))


def test_c1_credit_then_vouchers_by_their_end() -> None:
    vouchers = [
        purse(1, 10_00, valid_until=through(1, 31)),
        purse(2, 30_00, valid_until=through(2, 17)),
        purse(3, 100_00, valid_until=through(3, 22)),
    ]
    assert paid(plan(LOGS_100, vouchers[::-1], credit=50_00)) == {
        "credit": 50_00,
        "voucher:1": 10_00,
        "voucher:2": 30_00,
        "voucher:3": 10_00,
    }


def test_c2_what_ends_sooner_pays_first_also_when_it_is_younger() -> None:
    later = purse(1, 100_00, valid_until=ENDS + timedelta(days=365), granted_at=BEGINS - timedelta(days=9))
    sooner = purse(2, 100_00, valid_until=ENDS + timedelta(days=30), granted_at=BEGINS - timedelta(days=1))
    assert paid(plan(bill(("logs", 60_00)), [later, sooner])) == {"voucher:2": 60_00}


def test_c3_ordinary_vouchers_then_bonus_vouchers_as_they_were_granted() -> None:
    bonuses = [purse(n, 25_00, Kind.BONUS_VOUCHER, granted_at=BEGINS - timedelta(days=9 - n)) for n in (2, 3, 4)]
    made = plan(bill(("logs", 80_00)), [*bonuses[::-1], purse(1, 20_00)])
    assert list(paid(made).values()) == [20_00, 25_00, 25_00, 10_00]
    assert list(paid(made)) == ["voucher:1", "bonus_voucher:2", "bonus_voucher:3", "bonus_voucher:4"]


def test_c4_what_was_given_pays_before_what_was_bought() -> None:
    made = plan(bill(("logs", 80_00)), [purse(1, 70_00, Kind.CARD), purse(2, 30_00)])
    assert paid(made) == {"voucher:2": 30_00, "card:1": 50_00}


def test_c9_a_voucher_that_is_not_valid_yet_is_not_touched() -> None:
    later = purse(1, 100_00, valid_from=BEGINS + timedelta(days=10))
    made = plan(bill(("logs", 50_00)), [later], cash=100_00)
    assert paid(made) == {"cash": 50_00}
    assert reasons(made) == {1: UnpaidReason.NOT_YET}
    assert made.unused[0].since == later.valid_from


def test_c10_a_voucher_whose_items_others_have_paid_says_so() -> None:
    one = purse(1, 10_00, valid_until=through(1, 31), items=frozenset({"S", "E"}))
    two = purse(2, 5_00, valid_until=through(12, 31), items=frozenset({"E"}))
    made = plan(bill(("E", 8_00), ("S", 4_00)), [two, one])
    assert paid(made) == {"voucher:1": 10_00, "receivable": 2_00}
    assert made.payments[0].lines == ((0, 8_00), (1, 2_00))
    assert reasons(made) == {2: UnpaidReason.ORDER}


def test_c11_sooner_before_narrower_before_smaller() -> None:
    narrow = [
        purse(n, rest, valid_until=through(8, 1), items=frozenset({"logs"})) for n, rest in ((1, 30_00), (2, 20_00))
    ]
    wide = purse(3, 50_00, valid_until=through(7, 1))
    assert paid(plan(bill(("logs", 60_00)), [*narrow, wide])) == {"voucher:3": 50_00, "voucher:2": 10_00}


def test_c12_a_voucher_pays_the_bill_of_its_last_day_and_not_the_next() -> None:
    begins = through(6, 29)
    last_day = bill(("logs", 10_00), begins=begins, ends=through(6, 30))
    voucher = purse(1, 100_00, valid_until=through(6, 30))
    assert paid(plan(last_day, [voucher])) == {"voucher:1": 10_00}
    next_day = plan(replace(last_day, begins=last_day.ends, ends=through(7, 1)), [voucher])
    assert paid(next_day) == {"receivable": 10_00}
    assert reasons(next_day) == {1: UnpaidReason.EXPIRED}
    assert next_day.unused[0].since == voucher.valid_until


def test_c13_a_bill_that_a_cloud_collects_ends_at_the_cloud() -> None:
    made = plan(bill(("logs", 87_00), listing="aws"), [purse(1, 30_00), purse(2, 20_00, Kind.CARD)], cash=100_00)
    assert paid(made) == {"voucher:1": 30_00, "card:2": 20_00, "cloud_receivable:aws": 37_00}


def test_c14_sms_and_dial_tests_take_no_voucher() -> None:
    due = bill(("logs", 10_00), ("sms", 3_00), ("dial_tests", 2_00))
    made = plan(due, [purse(1, 12_00), purse(2, 1_00, Kind.CARD)], cash=100_00)
    assert paid(made) == {"voucher:1": 10_00, "card:2": 1_00, "cash": 4_00}
    assert made.payments[0].kept_for is UnpaidReason.ITEM_EXCLUDED
    assert [payment.kept_for for payment in made.payments[1:]] == [None, None]


@pytest.mark.parametrize("item", ["sms", "dial_tests"])
@pytest.mark.parametrize(("kind", "pays"), [(Kind.VOUCHER, False), (Kind.BONUS_VOUCHER, False), (Kind.CARD, True)])
def test_which_purses_pay_what_takes_no_voucher(item: str, kind: Kind, *, pays: bool) -> None:
    made = plan(bill((item, 5_00)), [purse(1, 10_00, kind)], cash=100_00)
    assert paid(made) == ({"card:1": 5_00} if pays else {"cash": 5_00})
    assert reasons(made) == ({} if pays else {1: UnpaidReason.ITEM_EXCLUDED})


def test_the_items_that_take_no_voucher() -> None:
    assert {"sms", "dial_tests"} == WITHOUT_VOUCHERS


def test_credit_pays_what_takes_no_voucher() -> None:
    assert paid(plan(bill(("sms", 5_00)), [], credit=3_00)) == {"credit": 3_00, "receivable": 2_00}


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"rest": 0}, UnpaidReason.EMPTY),
        ({"currency": Currency.USD}, UnpaidReason.OTHER_CURRENCY),
        ({"valid_from": ENDS}, UnpaidReason.NOT_YET),
        ({"valid_until": ENDS - timedelta(microseconds=1)}, UnpaidReason.EXPIRED),
        ({"workspaces": frozenset({"w2"})}, UnpaidReason.OTHER_WORKSPACE),
        ({"items": frozenset({"traces"})}, UnpaidReason.ITEM_EXCLUDED),
    ],
    ids=str,
)
def test_why_a_purse_does_not_pay(options: dict[str, object], reason: UnpaidReason) -> None:
    made = plan(bill(("logs", 5_00)), [replace(purse(1, 10_00), **options)], cash=100_00)  # pyright: ignore[reportArgumentType] - fields of it
    assert paid(made) == {"cash": 5_00}
    assert reasons(made) == {1: reason}


def test_a_purse_that_becomes_valid_within_the_day_pays_for_it() -> None:
    assert paid(plan(bill(("logs", 5_00)), [purse(1, 10_00, valid_from=ENDS - timedelta(seconds=1))])) == {
        "voucher:1": 5_00
    }


@pytest.mark.parametrize(
    ("since", "until", "is_kept"),
    [
        (None, None, False),
        (BEGINS, None, True),
        (ENDS, None, False),
        (BEGINS, ENDS, True),
        (BEGINS - timedelta(2), BEGINS, False),
    ],
)
def test_a_card_is_kept_from_clouds_on_the_days_its_owner_says(
    since: datetime | None, until: datetime | None, *, is_kept: bool
) -> None:
    card = purse(1, 10_00, Kind.CARD, kept_since=since, kept_until=until)
    made = plan(bill(("logs", 5_00), listing="aws"), [card])
    assert paid(made) == ({"cloud_receivable:aws": 5_00} if is_kept else {"card:1": 5_00})
    assert reasons(made) == ({1: UnpaidReason.KEPT_FROM_CLOUDS} if is_kept else {})


def test_a_card_that_is_kept_from_clouds_pays_other_bills() -> None:
    assert paid(plan(bill(("logs", 5_00)), [purse(1, 10_00, Kind.CARD, kept_since=BEGINS)])) == {"card:1": 5_00}


def test_ties_are_broken_one_after_the_other() -> None:
    scopes: dict[int, dict[str, Any]] = {
        1: {"workspaces": frozenset({"w1"}), "items": frozenset({"logs"})},
        2: {"workspaces": frozenset({"w1", "w2"}), "items": frozenset({"logs"})},
        3: {"workspaces": frozenset({"w1"})},
        4: {"items": frozenset({"logs"})},
        5: {},
    }
    ordered = [purse(number, 50_00, **scope) for number, scope in scopes.items()]
    ordered[4:] = [
        purse(6, 40_00),
        purse(9, 50_00, granted_at=BEGINS - timedelta(days=101)),
        purse(5, 50_00),
        purse(7, 50_00),
    ]
    assert in_order(ordered[::-1]) == ordered


def test_a_correction_of_an_earlier_day_lowers_what_is_paid() -> None:
    due = bill(("logs", 10_00), ("traces", -4_00), ("sms", 2_00))
    made = plan(due, [purse(1, 100_00)], cash=100_00)
    assert paid(made) == {"voucher:1": 8_00}


@pytest.mark.parametrize("lines", [(), (("logs", 0),), (("logs", 5_00), ("traces", -5_00)), (("logs", -1),)])
def test_a_bill_of_nothing_or_less_is_paid_by_nobody(lines: tuple[tuple[str, int], ...]) -> None:
    made = plan(bill(*lines), [purse(1, 10_00)], credit=5_00, cash=5_00)
    assert made.payments == ()
    assert reasons(made) == {1: UnpaidReason.NOTHING_DUE}


def test_a_purse_says_that_the_bill_was_paid_before_it() -> None:
    made = plan(LOGS_100, [purse(1, 100_00), purse(2, 5_00, Kind.CARD)])
    assert reasons(made) == {2: UnpaidReason.ORDER}


ITEMS = ("datakit", "logs", "sms", "dial_tests")
PURSES = st.builds(
    purse,
    st.integers(1, 10**6),
    st.integers(0, 50_00),
    st.sampled_from((Kind.VOUCHER, Kind.BONUS_VOUCHER, Kind.CARD)),
    workspaces=st.sampled_from((frozenset[str](), frozenset({"w1"}), frozenset({"w2"}))),
    items=st.sets(st.sampled_from(ITEMS), max_size=2).map(frozenset),
    valid_until=st.sampled_from((through(1, 9), through(1, 10), through(3, 1))),
)
LINES = st.lists(st.tuples(st.sampled_from(ITEMS), st.integers(-30_00, 60_00)), max_size=6)


@given(
    LINES,
    st.lists(PURSES, max_size=6, unique_by=lambda one: one.number),
    st.integers(0, 50_00),
    st.integers(0, 50_00),
    st.booleans(),
)
def test_a_plan_adds_up_and_takes_from_nobody_what_is_not_there(
    lines: list[tuple[str, int]],
    purses: list[Purse],
    credit: int,
    cash: int,
    is_cloud: bool,  # noqa: FBT001 - Hypothesis names it
) -> None:
    due = bill(*lines, listing="aws" if is_cloud else "")
    made = plan(due, purses, credit=credit, cash=cash)
    assert sum(payment.minor for payment in made.payments) == max(due.total, 0)
    paid_of_lines = [0] * len(lines)
    rests = {one.account: one for one in purses}
    most = {Account(Kind.CREDIT, CNY): credit, Account(Kind.CASH, CNY): cash}
    for payment in made.payments:
        assert payment.minor == sum(minor for _, minor in payment.lines) > 0
        assert payment.minor <= most.get(
            payment.account, rests[payment.account].rest if payment.account in rests else 10**9
        )
        for place, minor in payment.lines:
            paid_of_lines[place] += minor
            assert payment.account not in rests or rests[payment.account].takes(due.lines[place].item)
    assert all(done <= max(line.minor, 0) for done, line in zip(paid_of_lines, due.lines, strict=True))
    assert {one.purse for one in made.unused} | {int(p.account.key) for p in made.payments if p.account in rests} == {
        one.number for one in purses
    }
    assert plan(due, purses[::-1], credit=credit, cash=cash) == made
