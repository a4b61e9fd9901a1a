"""What a notice makes of a subscription."""

from __future__ import annotations

from itertools import product

import pytest

from guance_portal.core.words import catalogue
from guance_portal.marketplaces import subscriptions
from guance_portal.marketplaces.aliyun import spi
from guance_portal.marketplaces.rules import Act, NoticeOutcome, after
from guance_portal.payers.rules import SubscriptionState as State


@pytest.mark.parametrize("act", Act)
def test_what_is_released_stays_released(act: Act) -> None:
    assert after(State.RELEASED, act) is None


@pytest.mark.parametrize(("state", "act"), list(product(State, Act)))
def test_an_act_done_twice_is_as_done_once(state: State, act: Act) -> None:
    once = after(state, act)
    if once is not None:
        assert after(once, act) in {None, once}


@pytest.mark.parametrize(
    ("state", "act", "becomes"),
    [
        (State.PENDING, Act.CONFIRM, State.LIVE),
        (State.EXPIRED, Act.CONFIRM, None),
        (State.LIVE, Act.EXPIRE, State.EXPIRED),
        (State.EXPIRED, Act.RENEW, State.LIVE),
        (State.EXPIRED, Act.EXPIRE, None),
        (State.EXPIRED, Act.RELEASE, State.RELEASED),
        (State.LIVE, Act.RELEASE, State.RELEASED),
        (State.PENDING, Act.RELEASE, State.RELEASED),
    ],
)
def test_what_becomes_of_a_subscription(state: State, act: Act, becomes: State | None) -> None:
    assert after(state, act) is becomes


def test_every_detail_of_an_outcome_has_words() -> None:
    details = (subscriptions.UNKNOWN, subscriptions.RELEASED, subscriptions.CONTRADICTION, subscriptions.LATE)
    for key in (*details, spi.FOREIGN_PRODUCT):
        assert key in catalogue()


def test_a_settled_notice_is_told_the_same_again() -> None:
    settled = {outcome for outcome in NoticeOutcome if outcome.is_settled}
    assert settled == {NoticeOutcome.APPLIED, NoticeOutcome.NOTHING_TO_DO}
