"""A buyer's agreements for other products of the same seller never touch ours, in any order of what AWS tells."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guance_portal.marketplaces.aws.facts import Fact, FactKind
from guance_portal.marketplaces.aws.rules import Picture, picture
from guance_portal.payers.rules import SubscriptionState

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
LIVE = SubscriptionState.LIVE


def fact(kind: FactKind, minute: int, **said: str) -> Fact:
    at = NOON + timedelta(minutes=minute)
    return Fact(key=f"{kind}:{minute}:{said}", kind=kind, at=at, received_at=at, account="111122223333", **said)


def created(minute: int, agreement: str, intent: str = "RENEW", **said: str) -> Fact:
    return fact(FactKind.CREATED, minute, agreement=agreement, why=intent, **said)


def closed(minute: int, agreement: str, status: str = "RENEWED", **said: str) -> Fact:
    return fact(FactKind.CLOSED, minute, agreement=agreement, why=status, **said)


def licensed(minute: int, agreement: str, licence: str, product: str = "ours", **said: str) -> Fact:
    return fact(FactKind.LICENSED, minute, agreement=agreement, licence=licence, product=product, **said)


def described(agreement: str, product_id: str, root: str = "") -> Fact:
    return fact(FactKind.DESCRIBED, 300, agreement=agreement, product_id=product_id, root=root)


OURS_BOUGHT = (created(0, "a1", "NEW"), licensed(1, "a1", "L1"))
OURS_RENEWED = (closed(100, "a1"), created(100, "a2"), licensed(100, "a2", "L2"))
OTHER_BOUGHT = (created(2, "x1", "NEW"), licensed(3, "x1", "X1", "other"))
OTHER_RENEWED = (closed(100, "x1"), created(100, "x2"), licensed(100, "x2", "X2", "other"))


def drawn(facts: Iterable[Fact]) -> Picture:
    return picture(list(facts), NOON + timedelta(hours=9), "ours")


@settings(max_examples=300, deadline=None)
@given(
    order=st.permutations((*OURS_BOUGHT, *OURS_RENEWED, *OTHER_BOUGHT, *OTHER_RENEWED)),
    repeated=st.lists(st.sampled_from((*OURS_RENEWED, *OTHER_RENEWED)), max_size=4),
    seen=st.integers(0, 10),
)
def test_two_products_renewed_in_the_same_minute_are_told_apart(
    order: list[Fact], repeated: list[Fact], seen: int
) -> None:
    so_far = drawn(order[:seen])
    assert set(so_far.moves.items()) <= {("L1", "L2")}
    assert {one.state for one in so_far.licences.values()} <= {LIVE}
    whole = drawn([*order, *repeated])
    assert (whole.moves, whole.unclear, set(whole.licences)) == ({"L1": "L2"}, set(), {"L1", "L2"})


@settings(max_examples=200, deadline=None)
@given(order=st.permutations((*OURS_BOUGHT, *OURS_RENEWED, *OTHER_RENEWED)), seen=st.integers(0, 8))
def test_the_purchase_of_the_other_product_need_not_have_been_told(order: list[Fact], seen: int) -> None:
    assert set(drawn(order[:seen]).moves.items()) <= {("L1", "L2")}
    whole = drawn(order)
    assert (whole.moves, whole.unclear) == ({"L1": "L2"}, set())


def test_a_renewal_of_the_other_product_alone_changes_nothing() -> None:
    found = drawn((*OURS_BOUGHT, *OTHER_RENEWED))
    assert (found.moves, found.unclear, set(found.licences)) == ({}, set(), {"L1"})


def test_until_the_other_licence_is_told_nothing_is_guessed_and_aws_can_be_asked() -> None:
    found = drawn((*OURS_BOUGHT, *OURS_RENEWED, *OTHER_RENEWED[:2]))
    assert (found.moves, found.unclear, found.open) == ({}, {"L2"}, {"a1", "a2", "x1"})


def test_an_agreement_that_ended_at_another_time_is_not_taken_for_the_others() -> None:
    stranger = (created(2, "y1", "NEW"), closed(40, "y1"))
    found = drawn((*OURS_BOUGHT, *OURS_RENEWED, *OTHER_RENEWED, *stranger))
    assert (found.moves, found.unclear) == ({}, {"L2"})


def test_the_id_of_a_product_tells_it_too() -> None:
    named = (licensed(1, "a1", "L1", product_id="prod-1"), closed(100, "x1", product_id="prod-2"))
    found = drawn((*OURS_BOUGHT, *OURS_RENEWED, *named))
    assert (found.moves, found.unclear) == ({"L1": "L2"}, set())


def test_the_predecessor_that_aws_names_is_carried_on_beside_others_of_ours() -> None:
    beside = (created(2, "b1", "NEW"), licensed(3, "b1", "M1"))
    renewed = (closed(100, "a1"), created(100, "a2", previous="a1"), licensed(100, "a2", "L2"))
    found = drawn((*OURS_BOUGHT, *beside, *renewed))
    assert (found.moves, found.unclear, found.licences["M1"].state) == ({"L1": "L2"}, set(), LIVE)


def test_what_another_product_names_as_its_predecessor_is_of_that_product() -> None:
    other = (closed(100, "x1"), created(100, "x2", previous="x1"), licensed(100, "x2", "X2", "other"))
    found = drawn((*OURS_BOUGHT, *OURS_RENEWED, *other))
    assert (found.moves, found.unclear) == ({"L1": "L2"}, set())


def test_what_aws_answers_about_products_makes_a_renewal_clear() -> None:
    unclear = (*OURS_BOUGHT, *OURS_RENEWED, closed(100, "x1"))
    assert drawn(unclear).unclear == {"L2"}
    answers = (described("a1", "prod-1"), described("a2", "prod-1"), described("x1", "prod-2"))
    found = drawn((*unclear, *answers))
    assert (found.moves, found.unclear, found.open) == ({"L1": "L2"}, set(), set())


def test_what_aws_answers_about_chains_tells_two_subscriptions_of_ours_apart() -> None:
    beside = (created(2, "b1", "NEW"), licensed(3, "b1", "M1"))
    unclear = (*OURS_BOUGHT, *beside, *OURS_RENEWED)
    assert drawn(unclear).unclear == {"L2"}
    answers = (described("a1", "prod-1", "a1"), described("a2", "prod-1", "a1"), described("b1", "prod-1", "b1"))
    for told in range(3):
        assert drawn((*unclear, *answers[:told])).moves == {}
        assert drawn((*unclear, *answers[:told])).open
    found = drawn((*unclear, *answers))
    assert (found.moves, found.unclear) == ({"L1": "L2"}, set())


def test_what_was_answered_is_not_asked_again() -> None:
    answers = tuple(described(name, "prod-1") for name in ("a1", "a2", "b1"))
    found = drawn((*OURS_BOUGHT, created(2, "b1", "NEW"), licensed(3, "b1", "M1"), *OURS_RENEWED, *answers))
    assert (found.unclear, found.open) == ({"L2"}, set())


@pytest.mark.parametrize("licence", ["X1", "X2"])
def test_a_licence_of_the_other_product_is_never_ours(licence: str) -> None:
    gone = fact(FactKind.UNLICENSED, 120, licence=licence)
    found = drawn((*OURS_BOUGHT, *OTHER_BOUGHT, *OTHER_RENEWED, gone))
    assert set(found.licences) == {"L1"}
