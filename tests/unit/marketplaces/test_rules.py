"""What a notice makes of a subscription."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from guance_portal.core.messages import catalogue
from guance_portal.marketplaces import subscriptions
from guance_portal.marketplaces.aliyun import spi
from guance_portal.marketplaces.rules import AT_MOST, SILENT, SOON, NoticeOutcome, SubscriptionAct, after, is_due
from guance_portal.payers.rules import SubscriptionState as State


@pytest.mark.parametrize("act", SubscriptionAct)
def test_what_is_released_stays_released(act: SubscriptionAct) -> None:
    assert after(State.RELEASED, act) is None


@pytest.mark.parametrize(("state", "act"), list(product(State, SubscriptionAct)))
def test_an_act_done_twice_is_as_done_once(state: State, act: SubscriptionAct) -> None:
    once = after(state, act)
    if once is not None:
        assert after(once, act) in {None, once}


@pytest.mark.parametrize(
    ("state", "act", "becomes"),
    [
        (State.PENDING, SubscriptionAct.CONFIRM, State.LIVE),
        (State.EXPIRED, SubscriptionAct.CONFIRM, None),
        (State.LIVE, SubscriptionAct.EXPIRE, State.EXPIRED),
        (State.EXPIRED, SubscriptionAct.RENEW, State.LIVE),
        (State.EXPIRED, SubscriptionAct.EXPIRE, None),
        (State.EXPIRED, SubscriptionAct.RELEASE, State.RELEASED),
        (State.LIVE, SubscriptionAct.RELEASE, State.RELEASED),
        (State.PENDING, SubscriptionAct.RELEASE, State.RELEASED),
    ],
)
def test_what_becomes_of_a_subscription(state: State, act: SubscriptionAct, becomes: State | None) -> None:
    assert after(state, act) is becomes


def test_every_detail_of_an_outcome_has_words() -> None:
    details = (subscriptions.UNKNOWN, subscriptions.RELEASED, subscriptions.CONTRADICTION, subscriptions.LATE)
    for key in (*details, spi.FOREIGN_PRODUCT):
        assert key in catalogue()


def test_a_settled_notice_is_told_the_same_again() -> None:
    settled = {outcome for outcome in NoticeOutcome if outcome.is_settled}
    assert settled == {NoticeOutcome.APPLIED, NoticeOutcome.NOTHING_TO_DO}


SAID = datetime(2026, 7, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize("outcome", NoticeOutcome)
def test_only_what_was_left_behind_is_tried_again(outcome: NoticeOutcome) -> None:
    is_left = outcome in {NoticeOutcome.RECEIVED, NoticeOutcome.FAILED}
    assert is_due(outcome, "", SAID, None, SAID + SOON) is is_left


@pytest.mark.parametrize(("detail", "is_tried"), [("", True), (SILENT, True), ("notice_detail.unreadable", False)])
def test_what_failed_for_a_reason_of_its_own_waits_for_a_person(detail: str, is_tried: bool) -> None:  # noqa: FBT001
    assert is_due(NoticeOutcome.FAILED, detail, SAID, SAID, SAID + SOON) is is_tried


@pytest.mark.parametrize(
    ("tried_after", "now_after", "is_due_now"),
    [
        (None, SOON - timedelta(seconds=1), False),
        (None, SOON, True),
        (SOON, 2 * SOON - timedelta(seconds=1), False),
        (SOON, 2 * SOON, True),
        (timedelta(hours=1), timedelta(hours=1) + SOON, False),
        (timedelta(hours=1), timedelta(hours=2), True),
        (timedelta(hours=1), AT_MOST - timedelta(seconds=1), True),
        (timedelta(hours=1), AT_MOST, False),
    ],
)
def test_each_try_comes_after_twice_as_long_for_three_days(
    tried_after: timedelta | None,
    now_after: timedelta,
    is_due_now: bool,  # noqa: FBT001
) -> None:
    tried_at = None if tried_after is None else SAID + tried_after
    assert is_due(NoticeOutcome.RECEIVED, "", SAID, tried_at, SAID + now_after) is is_due_now
