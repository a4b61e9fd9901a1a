"""When legs are a transaction, and what the chain holds of one."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guance_portal.core.money import Currency
from guance_portal.ledger.chart import STAYING_CREDIT, STAYING_DEBIT, AccountScope, Kind, Side, crosses
from guance_portal.ledger.rules import (
    MOST_MINOR,
    NOTHING_BEFORE,
    Account,
    Leg,
    Link,
    NotATransactionError,
    TransactionDraft,
    canonical,
    chained,
    merged,
)

AT = datetime(2026, 10, 31, 16, tzinfo=UTC)
CASH, REVENUE = Account(Kind.CASH, Currency.CNY), Account(Kind.REVENUE, Currency.CNY)
VOUCHER = Account(Kind.VOUCHER, Currency.CNY, "7")


def _draft(*legs: Leg, reference: str = "bill:1", at: datetime = AT) -> TransactionDraft:
    return TransactionDraft.of(Link(1, reference, "bill", at, legs), "content")


def test_legs_of_one_account_are_one_leg() -> None:
    draft = _draft(Leg(CASH, 3), Leg(REVENUE, -5), Leg(CASH, 2))
    assert draft.legs == (Leg(CASH, 5), Leg(REVENUE, -5))


def test_legs_of_nothing_are_left_out() -> None:
    assert merged([Leg(VOUCHER, 0), Leg(CASH, 3), Leg(REVENUE, 1), Leg(REVENUE, -1)]) == (Leg(CASH, 3),)


@pytest.mark.parametrize(
    "legs",
    [
        (),
        (Leg(CASH, 0),),
        (Leg(CASH, 5), Leg(CASH, -5)),
        (Leg(CASH, 5), Leg(REVENUE, -4)),
        (Leg(CASH, 5), Leg(Account(Kind.REVENUE, Currency.USD), -5)),
        (Leg(Account(Kind.VOUCHER, Currency.CNY), 5), Leg(REVENUE, -5)),
        (Leg(Account(Kind.CASH, Currency.CNY, "7"), 5), Leg(REVENUE, -5)),
        (Leg(CASH, MOST_MINOR), Leg(REVENUE, -MOST_MINOR)),
    ],
    ids=["none", "of nothing", "of one account", "not zero", "two currencies", "no purse", "no such purse", "too much"],
)
def test_legs_that_are_no_transaction(legs: tuple[Leg, ...]) -> None:
    with pytest.raises(NotATransactionError):
        _draft(*legs)


@pytest.mark.parametrize(("reference", "at"), [("", AT), ("bill:1", AT.replace(tzinfo=None))])
def test_a_transaction_has_a_reference_and_an_instant(reference: str, at: datetime) -> None:
    with pytest.raises(NotATransactionError):
        _draft(Leg(CASH, 5), Leg(REVENUE, -5), reference=reference, at=at)


def test_what_is_hashed_is_canonical_json() -> None:
    draft = TransactionDraft.of(
        Link(12, "bill:空间:2026-10-31", "bill", AT, (Leg(VOUCHER, 700), Leg(REVENUE, -1000), Leg(CASH, 300)))
    )
    said = canonical(NOTHING_BEFORE, *draft.link.parts)
    assert said.decode() == (
        '{"at":"2026-10-31T16:00:00.000000Z","entries":[["cash","CNY",300],["revenue","CNY",-1000],["voucher:7","CNY",700]],'
        f'"kind":"bill","payer":12,"previous":"{"0" * 64}","reference":"bill:空间:2026-10-31"}}'
    )
    assert chained(NOTHING_BEFORE, draft.link) == hashlib.sha256(said).digest()


def test_the_zone_and_the_order_in_which_legs_are_given_change_no_hash() -> None:
    one = Link(1, "bill:1", "bill", AT, (Leg(CASH, 5), Leg(REVENUE, -5)))
    shanghai = AT.astimezone(timezone(timedelta(hours=8)))
    assert chained(NOTHING_BEFORE, one._replace(at=shanghai, legs=one.legs[::-1])) == chained(NOTHING_BEFORE, one)


@pytest.mark.parametrize(
    "change",
    [
        {"payer": 2},
        {"reference": "bill:2"},
        {"kind": "other"},
        {"at": AT + timedelta(microseconds=1)},
        {"legs": (Leg(CASH, 6), Leg(REVENUE, -6))},
        {"legs": (Leg(VOUCHER, 5), Leg(REVENUE, -5))},
    ],
    ids=lambda change: next(iter(change)),
)
def test_whatever_changes_is_seen_in_the_hash(change: dict[str, object]) -> None:
    one = Link(1, "bill:1", "bill", AT, (Leg(CASH, 5), Leg(REVENUE, -5)))
    assert chained(NOTHING_BEFORE, one._replace(**change)) != chained(NOTHING_BEFORE, one)  # pyright: ignore[reportArgumentType] - fields of it
    assert chained(bytes([1] * 32), one) != chained(NOTHING_BEFORE, one)


@given(st.text(), st.text())
def test_no_two_references_are_hashed_alike(one: str, other: str) -> None:
    link = Link(1, one, "bill", AT, (Leg(CASH, 5), Leg(REVENUE, -5)))
    said = canonical(NOTHING_BEFORE, *link.parts)
    assert json.loads(said)["reference"] == one
    assert (said == canonical(NOTHING_BEFORE, *link._replace(reference=other).parts)) is (one == other)


def test_contents_are_told_apart() -> None:
    assert _draft(Leg(CASH, 5), Leg(REVENUE, -5)).digest == TransactionDraft.digested("content")
    assert TransactionDraft.digested("a") != TransactionDraft.digested("b") == TransactionDraft.digested("b")


@pytest.mark.parametrize(("kind", "wrong"), [*((k, 1) for k in STAYING_CREDIT), *((k, -1) for k in STAYING_DEBIT)])
def test_what_stays_on_its_side_of_zero(kind: Kind, wrong: int) -> None:
    assert crosses(kind, wrong)
    assert not crosses(kind, 0)
    assert not crosses(kind, -wrong)


def test_revenue_may_stand_on_either_side() -> None:
    assert Kind.REVENUE.side is Side.EITHER
    assert not crosses(Kind.REVENUE, 1)
    assert not crosses(Kind.REVENUE, -1)


def test_all_that_a_payer_has_stays_on_its_side() -> None:
    assert {kind for kind in Kind if kind.stays} == {
        *(kind for kind in Kind if kind.scope is AccountScope.PURSE),
        *(Kind.CASH, Kind.CREDIT, Kind.HOLD, Kind.RECEIVABLE),
    }
