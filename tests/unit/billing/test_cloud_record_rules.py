"""What becomes of a cloud record: every answer, every pause, every period that is free."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from guance_portal.billing.clouds.rules import (
    CloudRecordState,
    MeteringAnswer,
    NextStep,
    Period,
    RecordReason,
    Verdict,
    after,
    free_period,
    natural_period,
    pause,
)
from guance_portal.sites import Provider

S, R = CloudRecordState, RecordReason
ZONES = [ZoneInfo(name) for name in ("Asia/Shanghai", "America/Los_Angeles", "Europe/Berlin")]


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 7, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("verdict", "was_unknown", "is_idempotent", "state", "is_asked"),
    [
        (Verdict.ACCEPTED, False, False, S.ACCEPTED, False),
        (Verdict.ACCEPTED, True, True, S.ACCEPTED, False),
        (Verdict.REFUSED, False, True, S.REFUSED, False),
        (Verdict.REFUSED, True, True, S.UNKNOWN, False),
        (Verdict.LATE, False, True, S.TOO_LATE, False),
        (Verdict.LATE, True, True, S.UNKNOWN, False),
        (Verdict.AGAIN, False, False, S.TO_SEND, True),
        (Verdict.AGAIN, True, True, S.UNKNOWN, True),
        (Verdict.UNKNOWN, False, True, S.UNKNOWN, True),
        (Verdict.UNKNOWN, False, False, S.UNKNOWN, False),
        (Verdict.CONFLICT, False, True, S.UNKNOWN, False),
        (Verdict.CONFLICT, True, True, S.UNKNOWN, False),
    ],
)
def test_an_answer_decides_the_state_and_whether_it_is_sent_again(
    verdict: Verdict,
    was_unknown: bool,  # noqa: FBT001 - a table
    is_idempotent: bool,  # noqa: FBT001 - a table
    state: CloudRecordState,
    is_asked: bool,  # noqa: FBT001 - a table
) -> None:
    answer = MeteringAnswer(verdict=verdict, reason=R.DUPLICATE)
    found = after(answer, was_unknown=was_unknown, is_idempotent=is_idempotent)
    is_refused_later = was_unknown and verdict in {Verdict.REFUSED, Verdict.LATE}
    reason = None if state is S.ACCEPTED else R.REFUSED_LATER if is_refused_later else R.DUPLICATE
    assert found == NextStep(state=state, reason=reason, is_asked=is_asked)


def test_final_states_are_those_that_are_booked() -> None:
    assert [state for state in S if state.is_final] == [S.ACCEPTED, S.REFUSED, S.TOO_LATE]


def test_pauses_grow_and_leave_five_tries_at_least_in_an_hour() -> None:
    seconds = [pause(attempts, R.SILENT).total_seconds() for attempts in (1, 2, 3, 7, 8, 100)]
    assert seconds == [5, 10, 20, 320, 600, 600]
    assert pause(1, R.THROTTLED) == timedelta(seconds=61)
    assert pause(9, R.THROTTLED) == timedelta(minutes=10)


def test_in_time_aws_hears_the_last_hour_and_alibaba_the_day() -> None:
    begins, ends = at(1, 16), at(2, 16)
    assert natural_period(Provider.AWS, begins, ends) == Period(begins=at(2, 15), ends=ends)
    assert natural_period(Provider.ALIYUN, begins, ends) == Period(begins=begins, ends=ends)


def test_a_late_record_takes_the_last_free_hour_that_no_day_ends_with() -> None:
    now = at(5, 3, 30)
    assert free_period(Provider.AWS, now, (), ZONES) == Period(begins=at(5, 2), ends=at(5, 3))
    taken = {at(5, 2), at(5, 1)}
    assert free_period(Provider.AWS, now, taken, ZONES) == Period(begins=at(5, 0), ends=at(5, 1))
    # The last hour of the day in Berlin (21:00), Shanghai (15:00) and Los Angeles (06:00) is left free.
    assert free_period(Provider.AWS, at(5, 22, 10), (), ZONES) == Period(begins=at(5, 20), ends=at(5, 21))
    assert free_period(Provider.AWS, at(5, 16, 10), (), ZONES) == Period(begins=at(5, 14), ends=at(5, 15))
    assert free_period(Provider.AWS, at(5, 7, 10), (), ZONES) == Period(begins=at(5, 5), ends=at(5, 6))


def test_where_no_hour_is_free_a_late_record_waits() -> None:
    now = at(5, 3, 30)
    hours = {at(5, 3) - timedelta(hours=n) for n in range(30)}
    assert free_period(Provider.AWS, now, hours, ZONES) is None
    # On the first of a month the hours of the month before are closed at 06:00 UTC.
    first = at(1, 5, 30)
    assert free_period(Provider.AWS, first, {at(1, n) for n in range(6)}, ZONES) is None


def test_at_alibaba_a_late_record_takes_ten_minutes_of_the_day() -> None:
    now = at(5, 3, 37)
    assert free_period(Provider.ALIYUN, now, (), ZONES) == Period(begins=at(5, 3, 20), ends=at(5, 3, 30))
    assert free_period(Provider.ALIYUN, now, {at(5, 3, 20)}, ZONES) == Period(begins=at(5, 3, 10), ends=at(5, 3, 20))
    # 00:05 in Shanghai: the day before is still taken, its first ten minutes are left free, and nothing before it.
    just = at(5, 16, 5)
    day = {at(4, 16) + timedelta(minutes=10 * n) for n in range(1, 144)}
    assert free_period(Provider.ALIYUN, just, (), ZONES) == Period(begins=at(5, 15, 50), ends=at(5, 16))
    assert free_period(Provider.ALIYUN, just, day, ZONES) is None
