"""Recharges, refunds, reversals, cards and what goes back: vectors C5, C8, C15 and D, by their numbers."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guance_portal.core.money import Currency
from guance_portal.ledger.chart import Kind
from guance_portal.ledger.rules import Account
from guance_portal.wallet import card_rules as cards
from guance_portal.wallet.cash_rules import (
    NotOnHoldError,
    Recharge,
    RefundTooHighError,
    Split,
    hold,
    refundable,
    reverse,
    settle,
    split,
    within,
)
from guance_portal.wallet.return_rules import Back, Paid, ReturnTooHighError, give_back, landing, revocable

CNY = Currency.CNY
CASH, DEBT, CREDIT = (Account(kind, CNY) for kind in (Kind.CASH, Kind.RECEIVABLE, Kind.CREDIT))
FIRST, SECOND = (Account(Kind.VOUCHER, CNY, str(number)) for number in (1, 2))
CLOUD = Account(Kind.CLOUD_RECEIVABLE, CNY, "aws")


@pytest.mark.parametrize(
    ("amount", "debt", "parts"),
    [(100_00, 30_00, Split(30_00, 70_00)), (20_00, 30_00, Split(20_00, 0)), (5, 0, Split(0, 5))],
)
def test_d1_d2_a_recharge_pays_debt_first(amount: int, debt: int, parts: Split) -> None:
    assert split(amount, debt) == parts


@pytest.mark.parametrize(
    ("price", "brings"),
    [
        (10_000_00, 1_000_00),
        (29_900_00, 1_000_00),
        (30_000_00, 5_000_00),
        (100_000_00, 20_000_00),
        (9_900_00, 0),
        (100_00, 0),
    ],
)
def test_d3_the_highest_step_that_a_card_reaches_is_its_bonus(price: int, brings: int) -> None:
    cards.check_card(price, cash=price, debt=0)
    assert cards.bonus(price, CNY) == brings


@pytest.mark.parametrize("price", [150_00, 0, -100_00, 100_01, 50_00])
def test_d3_a_card_costs_a_multiple_of_100(price: int) -> None:
    with pytest.raises(cards.CardAmountError):
        cards.check_card(price, cash=10**9, debt=0)


def test_a_card_in_dollars_brings_no_bonus() -> None:
    assert cards.bonus(100_000_00, Currency.USD) == 0


def test_d4_the_debt_is_paid_first_and_then_the_card_is_refused() -> None:
    parts = split(1_000_00, 500_00)
    assert parts == Split(500_00, 500_00)
    with pytest.raises(cards.CashShortError):
        cards.check_card(600_00, cash=parts.cash, debt=0)


def test_no_card_is_sold_while_there_is_debt() -> None:
    with pytest.raises(cards.CardInDebtError):
        cards.check_card(100_00, cash=500_00, debt=1)


def test_d5_of_a_recharge_no_more_is_paid_back_than_is_left() -> None:
    assert refundable([Recharge(100_00)], 0, cash=70_00) == 70_00


def test_cash_is_spent_oldest_recharge_first() -> None:
    both = [Recharge(100_00), Recharge(50_00)]
    assert [refundable(both, which, cash=120_00) for which in (0, 1)] == [70_00, 50_00]
    assert [refundable(both, which, cash=30_00) for which in (0, 1)] == [0, 30_00]


def test_what_was_paid_back_is_not_spent() -> None:
    assert [refundable([Recharge(100_00, 40_00), Recharge(50_00)], which, cash=80_00) for which in (0, 1)] == [
        30_00,
        50_00,
    ]


def test_what_paid_debt_counts_as_spent() -> None:
    assert refundable([Recharge(split(100_00, 30_00).cash)], 0, cash=70_00) == 70_00


def test_cash_that_came_back_by_a_correction_is_no_more_than_the_recharge() -> None:
    assert refundable([Recharge(10_00)], 0, cash=70_00) == 10_00


@pytest.mark.parametrize(
    ("cash", "parts"), [(100_00, Split(0, 100_00)), (30_00, Split(70_00, 30_00)), (0, Split(100_00, 0))]
)
def test_d6_a_reversal_takes_what_is_left_and_the_rest_is_debt(cash: int, parts: Split) -> None:
    assert reverse(100_00, cash) == parts


def test_d9_what_is_held_is_settled_once_and_the_rest_is_free() -> None:
    assert settle(hold(200, 123), 100) == Split(0, 23)
    for paid in (124, 0):
        with pytest.raises(NotOnHoldError):
            settle(123, paid)
    with pytest.raises(NotOnHoldError):
        settle(0, 100)


def test_d10_no_more_is_held_than_is_free() -> None:
    with pytest.raises(RefundTooHighError):
        hold(100 - 70, 50)
    with pytest.raises(RefundTooHighError):
        hold(30, 0)
    assert hold(100 - 70, 30) == 30


def test_c15_an_overdraft_is_never_gone_beyond_however_often_it_is_asked() -> None:
    balance = -within(0, 10, overdraft=2)
    balance -= within(balance, 10, overdraft=5)
    balance -= within(balance, 10, overdraft=5)
    assert balance == -5


def test_c5_more_than_is_left_cannot_be_revoked() -> None:
    rest = 100 - revocable(100, 40)
    with pytest.raises(ReturnTooHighError):
        revocable(rest, 70)
    with pytest.raises(ReturnTooHighError):
        revocable(rest, 0)
    assert rest == 60


def test_c8_what_goes_back_goes_to_the_last_that_paid_first() -> None:
    assert give_back([Paid(FIRST, 5), Paid(SECOND, 5)], 7) == [Back(1, SECOND, 5), Back(0, FIRST, 2)]


def test_what_went_back_before_does_not_go_back_again() -> None:
    assert give_back([Paid(FIRST, 5, 2), Paid(SECOND, 5, 5)], 3) == [Back(0, FIRST, 3)]


@pytest.mark.parametrize("amount", [0, -1, 4])
def test_no_more_goes_back_than_was_paid(amount: int) -> None:
    with pytest.raises(ReturnTooHighError):
        give_back([Paid(FIRST, 5, 2)], amount)


def test_what_had_become_debt_lowers_the_debt_and_what_was_paid_of_it_is_cash() -> None:
    back = [Back(1, DEBT, 10), Back(0, SECOND, 5)]
    assert landing(back, debt=4) == [(DEBT, 4), (CASH, 6), (SECOND, 5)]
    assert landing(back, debt=40) == [(DEBT, 10), (SECOND, 5)]


def test_what_a_cloud_collects_becomes_credit() -> None:
    assert landing([Back(0, CLOUD, 10)], debt=0) == [(CREDIT, 10)]


@pytest.mark.parametrize(
    ("months", "through"),
    [(1, date(2024, 2, 28)), (2, date(2024, 3, 30)), (3, date(2024, 4, 29)), (12, date(2025, 1, 30))],
)
def test_f7_months_end_before_the_day_they_began_on(months: int, through: date) -> None:
    assert cards.months_later(date(2024, 1, 31), months).toordinal() - 1 == through.toordinal()


def test_a_card_is_valid_through_the_last_day_of_its_year_where_it_was_bought() -> None:
    bought = datetime(2026, 11, 3, 16, 30, tzinfo=UTC)
    assert cards.card_ends(bought, ZoneInfo("Asia/Shanghai")) == datetime(2027, 11, 3, 16, tzinfo=UTC)
    assert cards.card_ends(bought, ZoneInfo("America/Los_Angeles")) == datetime(2027, 11, 3, 7, tzinfo=UTC)


def test_the_end_of_a_day_is_the_beginning_of_the_next_in_its_zone() -> None:
    assert cards.valid_through(date(2022, 11, 6), ZoneInfo("America/Los_Angeles")) == datetime(
        2022, 11, 7, 8, tzinfo=UTC
    )


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), min_size=1, max_size=6), st.integers(0, 3000))
def test_all_recharges_together_are_refundable_up_to_the_cash(recharges: list[tuple[int, int]], cash: int) -> None:
    booked = [Recharge(max(one), min(one)) for one in recharges]
    each = [refundable(booked, which, cash) for which in range(len(booked))]
    assert sum(each) == min(cash, sum(one.cash - one.returned for one in booked))
