"""What becomes of money that a provider tells of, and when it is asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from guance_portal.core.messages import Language, text
from guance_portal.ledger.chart import Kind
from guance_portal.payments.rules import (
    FOR_A_PERSON,
    UNPROVEN,
    Expected,
    Outcome,
    ToldPayment,
    is_given_up,
    judge,
    pause,
)

NOW = datetime(2026, 11, 4, 4, tzinfo=UTC)
EXPECTED = Expected(minor=100_00, currency="CNY", expires_at=NOW + timedelta(minutes=15))
TOLD = ToldPayment(way=Kind.ALIPAY, order="R1", trade="T1", minor=100_00, currency="CNY", is_paid=True, paid_at=NOW)


@pytest.mark.parametrize(
    ("told", "expected", "outcome"),
    [
        (TOLD, EXPECTED, Outcome.CREDITED),
        (replace(TOLD, is_paid=False, paid_at=None), EXPECTED, Outcome.NOT_PAID),
        (replace(TOLD, paid_at=None), EXPECTED, Outcome.NOT_PAID),
        (TOLD, None, Outcome.UNKNOWN_ORDER),
        (replace(TOLD, currency="USD"), EXPECTED, Outcome.OTHER_CURRENCY),
        (replace(TOLD, minor=100_01), EXPECTED, Outcome.OTHER_AMOUNT),
        (TOLD, replace(EXPECTED, trade="T0"), Outcome.SECOND_PAYMENT),
        (replace(TOLD, is_refunded=True), EXPECTED, Outcome.REFUNDED),
        (replace(TOLD, paid_at=EXPECTED.expires_at), EXPECTED, Outcome.LATE),
        (replace(TOLD, paid_at=EXPECTED.expires_at - timedelta(seconds=1)), EXPECTED, Outcome.CREDITED),
    ],
)
def test_a_payment_is_judged(told: ToldPayment, expected: Expected | None, outcome: Outcome) -> None:
    assert judge(told, expected) is outcome


def test_every_outcome_has_words_of_its_own_in_both_languages() -> None:
    for language in Language:
        words = [text(f"payments.outcome.{one}").in_(language) for one in Outcome]
        assert len(set(words)) == len(list(Outcome))


def test_what_proves_nothing_waits_for_nobody() -> None:
    assert not UNPROVEN & FOR_A_PERSON


def test_a_provider_is_asked_at_growing_distances_of_an_hour_at_most() -> None:
    pauses = [pause(asked).total_seconds() for asked in (0, 1, 2, 6, 7, 1000)]
    assert pauses == [30, 60, 120, 1920, 3600, 3600]


@pytest.mark.parametrize(("after", "given_up"), [(0, []), (119, []), (120, [120])])
def test_an_order_is_given_up_two_minutes_after_its_expiry(after: int, given_up: list[int]) -> None:
    assert [one for one in [after] if is_given_up(NOW, NOW + timedelta(seconds=one))] == given_up
