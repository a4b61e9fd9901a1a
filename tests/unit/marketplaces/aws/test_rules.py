"""What AWS tells is understood the same in any order, any number of times."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guance_portal.marketplaces.aws.facts import Fact, FactKind
from guance_portal.marketplaces.aws.rules import GRACE, Picture, legacy_state, picture
from guance_portal.payers.rules import SubscriptionState

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=3)
LIVE, EXPIRED, RELEASED = SubscriptionState.LIVE, SubscriptionState.EXPIRED, SubscriptionState.RELEASED


def fact(kind: FactKind, minute: int, **said: str) -> Fact:
    at = NOON + timedelta(minutes=minute)
    return Fact(key=f"{kind}:{minute}:{said}", kind=kind, at=at, received_at=at, account="111122223333", **said)


def created(minute: int, agreement: str, intent: str = "NEW") -> Fact:
    return fact(FactKind.CREATED, minute, agreement=agreement, why=intent)


def closed(minute: int, agreement: str, status: str) -> Fact:
    return fact(FactKind.CLOSED, minute, agreement=agreement, why=status)


def licensed(minute: int, agreement: str, licence: str) -> Fact:
    return fact(FactKind.LICENSED, minute, agreement=agreement, licence=licence)


def unlicensed(minute: int, licence: str) -> Fact:
    return fact(FactKind.UNLICENSED, minute, licence=licence)


BOUGHT = (created(0, "a1"), licensed(1, "a1", "L1"))
RENEWED = (
    *BOUGHT,
    closed(10, "a1", "RENEWED"),
    created(11, "a2", "RENEW"),
    licensed(12, "a2", "L2"),
    unlicensed(13, "L1"),
)
CANCELLED = (*BOUGHT, closed(10, "a1", "CANCELLED"), unlicensed(11, "L1"))


def drawn(facts: Iterable[Fact], minute: int = 14) -> Picture:
    return picture(list(facts), NOON + timedelta(minutes=minute), "ours")


def states(facts: Iterable[Fact], minute: int = 14) -> dict[str, SubscriptionState]:
    return {licence: standing.state for licence, standing in drawn(facts, minute).licences.items()}


def test_a_bought_licence_is_live() -> None:
    assert states(BOUGHT) == {"L1": LIVE}
    assert drawn(BOUGHT).licences["L1"].agreement == "a1"


@pytest.mark.parametrize("status", ["CANCELLED", "EXPIRED", "TERMINATED"])
def test_an_agreement_that_ends_ends_its_licence(status: str) -> None:
    assert states((*BOUGHT, closed(10, "a1", status))) == {"L1": EXPIRED}
    assert states((*BOUGHT, closed(10, "a1", status), unlicensed(11, "L1"))) == {"L1": RELEASED}


@pytest.mark.parametrize("status", ["RENEWED", "REPLACED"])
def test_an_agreement_that_is_carried_on_ends_nothing(status: str) -> None:
    assert states((*BOUGHT, closed(10, "a1", status), unlicensed(11, "L1")), minute=9999) == {"L1": LIVE}


@settings(max_examples=300, deadline=None)
@given(order=st.permutations(RENEWED), repeated=st.lists(st.sampled_from(RENEWED), max_size=4), seen=st.integers(0, 6))
def test_no_part_of_a_renewal_in_any_order_is_a_cancellation(
    order: list[Fact], repeated: list[Fact], seen: int
) -> None:
    so_far = drawn([*order[:seen], *repeated])
    assert {standing.state for standing in so_far.licences.values()} <= {LIVE}
    whole = drawn([*order, *repeated])
    assert whole.moves == {"L1": "L2"}
    assert whole.heir("L1") == "L2"
    assert whole.licences["L2"].state is LIVE
    assert not whole.unclear


@settings(max_examples=200, deadline=None)
@given(order=st.permutations(CANCELLED), repeated=st.lists(st.sampled_from(CANCELLED), max_size=4))
def test_a_cancellation_in_any_order_is_one(order: list[Fact], repeated: list[Fact]) -> None:
    assert states([*order, *repeated]) == {"L1": RELEASED}


def test_a_licence_that_goes_without_a_word_is_given_a_while() -> None:
    gone = (*BOUGHT, unlicensed(20, "L1"))
    grace = int(GRACE.total_seconds() // 60)
    assert states(gone, minute=20 + grace - 1) == {"L1": LIVE}
    assert states(gone, minute=20 + grace) == {"L1": RELEASED}


def test_a_second_renewal_carries_on_from_the_first() -> None:
    again = (*RENEWED, closed(20, "a2", "RENEWED"), created(21, "a3", "RENEW"), licensed(22, "a3", "L3"))
    found = drawn(again)
    assert (found.heir("L1"), found.heir("L2")) == ("L3", "L3")
    assert found.licences["L3"].state is LIVE


def test_of_two_agreements_that_could_be_renewed_none_is_guessed() -> None:
    other = (created(2, "b1"), licensed(3, "b1", "M1"))
    found = drawn((*RENEWED, *other))
    assert found.unclear == {"L2"}
    assert not found.moves
    assert found.licences["M1"].state is LIVE


def test_what_runs_on_is_carried_on_by_nothing() -> None:
    # The renewal is one of an agreement that nothing was told of; that of L1 goes on.
    stranger = (created(11, "x2", "RENEW"), licensed(12, "x2", "X2"))
    found = drawn((*BOUGHT, *stranger))
    assert (found.moves, found.unclear) == ({}, set())
    assert {licence: one.state for licence, one in found.licences.items()} == {"L1": LIVE, "X2": LIVE}


def test_a_renewal_beside_one_whose_licence_is_unknown_is_not_guessed() -> None:
    unknown = (created(2, "x1"), closed(10, "x1", "RENEWED"))
    stranger = (created(11, "x2", "RENEW"), licensed(12, "x2", "X2"))
    found = drawn((*BOUGHT, *unknown, *stranger))
    assert (found.moves, found.unclear) == ({}, {"X2"})
    both = drawn((*RENEWED, *unknown))
    assert (both.moves, both.unclear) == ({}, {"L2"})


def test_an_unknown_licence_alone_leaves_nothing_to_carry_on() -> None:
    first = (created(0, "a1"), closed(10, "a1", "RENEWED"))
    then = (created(11, "a2", "RENEW"), licensed(12, "a2", "L2"))
    found = drawn((*first, *then))
    assert (found.moves, found.unclear) == ({}, set())
    again = (closed(20, "a2", "RENEWED"), created(21, "a3", "RENEW"), licensed(22, "a3", "L3"))
    assert drawn((*first, *then, *again)).moves == {"L2": "L3"}


def test_a_licence_that_was_taken_away_for_a_renewal_has_ended_whatever_its_agreement_says() -> None:
    lost = tuple(fact for fact in RENEWED if fact.kind is not FactKind.CLOSED)
    found = drawn(lost, minute=9999)
    assert found.moves == {"L1": "L2"}
    assert found.licences["L2"].state is LIVE


def test_what_was_cancelled_before_is_nothing_a_renewal_could_carry_on() -> None:
    earlier = (created(-9, "z1"), licensed(-8, "z1", "Z1"), closed(-7, "z1", "CANCELLED"))
    found = drawn((*earlier, *RENEWED))
    assert found.moves == {"L1": "L2"}
    assert found.licences["Z1"].state is EXPIRED


def test_a_renewal_under_the_same_licence_moves_nothing() -> None:
    same = (*BOUGHT, closed(10, "a1", "RENEWED"), created(11, "a2", "RENEW"), licensed(12, "a2", "L1"))
    found = drawn(same)
    assert (found.moves, found.licences["L1"].state, found.licences["L1"].agreement) == ({}, LIVE, "a2")
    assert states((*same, closed(20, "a2", "CANCELLED"))) == {"L1": EXPIRED}


def test_moves_in_a_circle_come_to_an_end() -> None:
    found = drawn(())
    found.moves.update({"L1": "L2", "L2": "L1"})
    assert found.heir("L1") == "L2"


SUBSCRIBED = fact(FactKind.SUBSCRIBED, 1)
ENDING = fact(FactKind.ENDING, 20)
ENDED = fact(FactKind.ENDED, 25)
AGAIN = fact(FactKind.SUBSCRIBED, 40)
LANDED = fact(FactKind.LANDED, 30)


@given(order=st.permutations((SUBSCRIBED, ENDING, ENDED)))
def test_the_latest_word_counts_whatever_came_last(order: list[Fact]) -> None:
    assert legacy_state(order, LATER, "ours") is RELEASED
    assert legacy_state([AGAIN, *order], LATER, "ours") is LIVE


def test_a_token_that_outlived_its_subscription_revives_nothing() -> None:
    assert legacy_state([LANDED], LATER, "ours") is LIVE
    assert legacy_state([SUBSCRIBED, ENDED, LANDED], LATER, "ours") is RELEASED


def test_who_was_refused_gets_nothing() -> None:
    assert legacy_state([LANDED, fact(FactKind.REFUSED, 2)], LATER, "ours") is RELEASED


def test_events_count_for_older_products_while_sns_is_silent() -> None:
    assert legacy_state([LANDED, *BOUGHT], LATER, "ours") is LIVE
    assert legacy_state([LANDED, *CANCELLED], LATER, "ours") is RELEASED
    assert legacy_state([LANDED, AGAIN, *CANCELLED], LATER, "ours") is LIVE


def test_agreements_of_one_second_are_carried_on_in_their_order() -> None:
    first = (created(0, "z"), licensed(0, "z", "L1"), closed(0, "z", "RENEWED"))
    then = (created(0, "m", "RENEW"), licensed(0, "m", "L2"), closed(0, "m", "RENEWED"))
    last = (created(0, "a", "RENEW"), licensed(0, "a", "L3"))
    found = drawn((*last, *then, *first))
    assert (found.heir("L1"), found.heir("L2")) == ("L3", "L3")


def test_of_whom_nothing_was_said_nothing_is_known() -> None:
    assert legacy_state([fact(FactKind.ENTITLED, 3)], LATER, "ours") is None
    assert drawn([fact(FactKind.AMENDED, 3, agreement="a9")]).licences == {}


def test_the_landing_alone_makes_a_licence_known() -> None:
    assert states([fact(FactKind.LANDED, 1, licence="L1", agreement="a1")]) == {"L1": LIVE}
