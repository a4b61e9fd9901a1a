"""What a simulated marketplace decides by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from guance_portal.sandbox import rules
from guance_portal.sandbox.rules import AccountMalformedError, MarketAct, PurchaseState, Term

START = datetime(2026, 1, 31, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("read", "good"), [(rules.aliyun_account, "1827364500124093"), (rules.aws_account, "441012347725")]
)
def test_an_account_has_as_many_digits_as_at_its_cloud(read: Callable[[str], str], good: str) -> None:
    assert read(f" {good} ") == good
    assert read("１" * len(good)) == "1" * len(good)
    for wrong in ("", good[:-1], f"{good}0", f"x{good[1:]}"):
        with pytest.raises(AccountMalformedError):
            read(wrong)


@pytest.mark.parametrize(
    ("state", "is_premium", "is_aliyun", "acts"),
    [
        (PurchaseState.LIVE, False, True, {MarketAct.RENEW, MarketAct.UPGRADE, MarketAct.EXPIRE, MarketAct.CANCEL}),
        (PurchaseState.LIVE, True, True, {MarketAct.RENEW, MarketAct.EXPIRE, MarketAct.CANCEL}),
        (PurchaseState.LIVE, False, False, {MarketAct.RENEW, MarketAct.UPGRADE, MarketAct.EXPIRE, MarketAct.CANCEL}),
        (PurchaseState.EXPIRED, False, True, {MarketAct.RENEW, MarketAct.RELEASE}),
        (PurchaseState.EXPIRED, False, False, set[MarketAct]()),
        (PurchaseState.ORDERED, False, True, set[MarketAct]()),
        (PurchaseState.CANCELLED, False, True, set[MarketAct]()),
        (PurchaseState.RELEASED, False, True, set[MarketAct]()),
    ],
)
def test_what_a_buyer_can_do(state: PurchaseState, is_premium: bool, is_aliyun: bool, acts: set[MarketAct]) -> None:  # noqa: FBT001
    assert rules.possible(state, is_premium=is_premium, is_aliyun=is_aliyun) == acts


@pytest.mark.parametrize(
    ("term", "end"),
    [
        (Term.OPEN, None),
        (Term.TRIAL, datetime(2026, 2, 14, 12, tzinfo=UTC)),
        (Term.MONTH, datetime(2026, 2, 28, 12, tzinfo=UTC)),
        (Term.YEAR, datetime(2027, 1, 31, 12, tzinfo=UTC)),
    ],
)
def test_a_term_ends_on_the_same_day_or_the_last_of_a_shorter_month(term: Term, end: datetime | None) -> None:
    assert rules.ends_after(START, term) == end


def test_months_run_on_into_the_next_year() -> None:
    assert rules.months_later(START.replace(month=12), 2) == datetime(2027, 2, 28, 12, tzinfo=UTC)


@pytest.mark.parametrize(("attempts", "seconds"), [(0, 1), (1, 1), (2, 2), (5, 16), (7, 60), (120, 60)])
def test_pauses_between_tries_double_up_to_a_minute(attempts: int, seconds: int) -> None:
    assert rules.pause(attempts) == timedelta(seconds=seconds)
