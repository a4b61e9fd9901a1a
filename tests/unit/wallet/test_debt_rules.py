"""The days of a debt: which mail and which lock come when, in every zone; and what ends or begins a countdown."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from guance_portal.sites import all_sites
from guance_portal.wallet.debt.rules import COUNTDOWN, Countdown, DebtStep, Turn, is_locked, turn

LOS_ANGELES, SHANGHAI, BERLIN = (ZoneInfo(name) for name in ("America/Los_Angeles", "Asia/Shanghai", "Europe/Berlin"))


def local(zone: ZoneInfo, *moment: int) -> datetime:
    return datetime(*moment, tzinfo=zone)  # type: ignore[misc,arg-type]


def begun(zone: ZoneInfo, *moment: int) -> Countdown:
    return Countdown(began_at=local(zone, *moment).astimezone(UTC), zone=zone)


def test_f6_the_close_of_31_october_in_los_angeles_locks_after_337_hours_and_in_shanghai_after_336() -> None:
    debt = begun(LOS_ANGELES, 2022, 11, 1)
    assert debt.first_day == date(2022, 11, 1)
    assert [debt.at(step).astimezone(LOS_ANGELES).strftime("%d %H:%M") for step in COUNTDOWN] == [
        "01 00:00",
        "08 09:00",
        "14 09:00",
        "15 00:00",
    ]
    assert debt.locks_at - debt.began_at == timedelta(hours=337)
    there = begun(SHANGHAI, 2022, 11, 1)
    assert there.locks_at - there.began_at == timedelta(hours=336)


def test_over_the_spring_change_of_a_clock_the_countdown_is_an_hour_shorter() -> None:
    debt = begun(BERLIN, 2023, 3, 20)
    assert debt.locks_at - debt.began_at == timedelta(hours=335)
    assert debt.at(DebtStep.SECOND) == datetime(2023, 3, 27, 7, tzinfo=UTC)
    assert begun(LOS_ANGELES, 2023, 3, 6).at(DebtStep.SECOND) == datetime(2023, 3, 13, 16, tzinfo=UTC)


@pytest.mark.parametrize("zone", sorted({site.zone.key for site in all_sites()}))
def test_at_every_site_on_every_day_of_two_years_mails_come_at_nine_and_the_lock_at_midnight(zone: str) -> None:
    for ago in range(730):
        debt = Countdown(began_at=datetime(2022, 1, 1, 13, 37, tzinfo=UTC) + timedelta(days=ago), zone=ZoneInfo(zone))
        due = [debt.at(step).astimezone(debt.zone) for step in COUNTDOWN]
        assert due == sorted(due)
        assert [one.strftime("%H:%M") for one in due[1:]] == ["09:00", "09:00", "00:00"]
        assert [(one.date() - debt.first_day).days for one in due] == [0, 7, 13, 14]


def test_day_0_is_that_of_the_posting_where_the_payer_is_at_home() -> None:
    late = Countdown(began_at=datetime(2026, 11, 4, 23, 30, tzinfo=UTC), zone=SHANGHAI)
    assert late.first_day == date(2026, 11, 5)
    assert Countdown(began_at=late.began_at, zone=LOS_ANGELES).first_day == date(2026, 11, 4)


def test_the_days_that_are_left_are_counted_with_today() -> None:
    debt = begun(SHANGHAI, 2026, 8, 6, 0, 5)
    assert (debt.day(debt.began_at), debt.days_left(debt.began_at)) == (0, 14)
    assert debt.days_left(local(SHANGHAI, 2026, 8, 9, 23, 59)) == 11
    assert debt.days_left(debt.locks_at - timedelta(seconds=1)) == 1
    assert debt.days_left(debt.locks_at) == debt.days_left(debt.locks_at + timedelta(days=9)) == 0


def test_each_step_is_followed_by_the_next_one_and_the_lock_by_none() -> None:
    debt = begun(SHANGHAI, 2026, 8, 6)
    found, step = [DebtStep.BEGUN], debt.after(DebtStep.BEGUN)
    while step:
        assert step[1] == debt.at(step[0])
        found.append(step[0])
        step = debt.after(step[0])
    assert tuple(found) == COUNTDOWN
    assert debt.after(DebtStep.UNLOCKED) is None


@pytest.mark.parametrize(
    ("debt", "moves", "is_counting", "expected"),
    [
        (30, (30,), False, Turn(ends=False, begins=True)),
        (50, (20,), True, Turn(ends=False, begins=False)),
        (10, (-20,), True, Turn(ends=False, begins=False)),
        (0, (-30,), True, Turn(ends=True, begins=False)),
        (5, (-30, 5), True, Turn(ends=True, begins=True)),
        (0, (5, -5), False, Turn(ends=False, begins=False)),
        (0, (-30, 5, -5), True, Turn(ends=True, begins=False)),
        (40, (10,), False, Turn(ends=False, begins=True)),
    ],
    ids=[
        "a first debt begins",
        "a further bill keeps the first day",
        "a part payment keeps the first day",
        "paid to zero it ends",
        "paid and owing again in one go it begins again",
        "owed and paid in one go it never began",
        "paid twice in one go it ends once",
        "a debt that nobody counted yet begins",
    ],
)
def test_what_postings_mean_for_a_countdown(
    debt: int, moves: tuple[int, ...], expected: Turn, *, is_counting: bool
) -> None:
    assert turn(debt, moves, is_counting=is_counting) == expected


@pytest.mark.parametrize(
    ("payer_is_locked", "by_cloud", "leaves_for_cloud", "expected"),
    [
        (False, False, False, False),
        (True, False, False, True),
        (True, True, False, False),
        (True, False, True, False),
    ],
)
def test_a_workspace_is_locked_with_its_payer_unless_a_cloud_pays_for_it_or_soon_will(
    *, payer_is_locked: bool, by_cloud: bool, leaves_for_cloud: bool, expected: bool
) -> None:
    assert is_locked(payer_is_locked=payer_is_locked, by_cloud=by_cloud, leaves_for_cloud=leaves_for_cloud) is expected
