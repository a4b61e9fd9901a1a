"""How long a session lives, and how e-mails compare."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from guance_portal.accounts.rules import KEPT_LIFE, SESSION_LIFE, SessionLife, email_key, expiry, is_live
from guance_portal.core.actor import Realm

NOW = datetime(2026, 7, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("realm", "keep", "hours"),
    [
        (Realm.CONSOLE, False, 12),
        (Realm.CONSOLE, True, 7 * 24),
        (Realm.FEE_CENTER, False, 24),
        (Realm.FEE_CENTER, True, 24),
        (Realm.OPERATOR, False, 12),
        (Realm.OPERATOR, True, 12),
    ],
)
def test_the_absolute_limit_of_each_realm(realm: Realm, hours: int, *, keep: bool) -> None:
    assert expiry(realm, NOW, keep=keep) == NOW + timedelta(hours=hours)


@pytest.mark.parametrize(("realm", "minutes"), [(Realm.CONSOLE, 240), (Realm.FEE_CENTER, 120), (Realm.OPERATOR, 30)])
def test_the_idle_limit_of_each_realm(realm: Realm, minutes: int) -> None:
    def lives_after(idle: timedelta) -> bool:
        return is_live(realm, _times(seen=NOW - idle, lasts=SESSION_LIFE[realm].absolute), NOW)

    assert lives_after(timedelta(minutes=minutes) - timedelta(seconds=1))
    assert not lives_after(timedelta(minutes=minutes))


def test_a_session_that_was_asked_to_be_kept_outlasts_a_quiet_weekend() -> None:
    kept = _times(seen=NOW - timedelta(days=3), lasts=KEPT_LIFE[Realm.CONSOLE].absolute)
    assert is_live(Realm.CONSOLE, kept, NOW)


def test_an_unused_kept_session_ends_early() -> None:
    kept = _times(seen=NOW - timedelta(days=4), lasts=KEPT_LIFE[Realm.CONSOLE].absolute)
    assert not is_live(Realm.CONSOLE, kept, NOW)


@pytest.mark.parametrize("life", [*SESSION_LIFE.values(), *KEPT_LIFE.values()])
def test_every_session_can_die_of_idleness(life: SessionLife) -> None:
    assert life.idle < life.absolute


def test_an_expired_or_ended_session_is_dead() -> None:
    lasting = _times(lasts=timedelta(hours=12))
    assert is_live(Realm.CONSOLE, lasting, NOW)
    assert not is_live(Realm.CONSOLE, replace(lasting, expires_at=NOW), NOW)
    assert not is_live(Realm.CONSOLE, replace(lasting, ended_at=NOW), NOW)


@dataclass(frozen=True)
class _Times:
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None


def _times(*, lasts: timedelta, seen: datetime = NOW) -> _Times:
    # Opened when it was last seen; what follows is idleness.
    return _Times(created_at=seen, last_seen_at=seen, expires_at=seen + lasts)


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("Lin@Yunfan.Example", "lin@yunfan.example"),
        ("  lin@yunfan.example ", "lin@yunfan.example"),
        ("ｌｉｎ@yunfan.example", "lin@yunfan.example"),
        ("no address", ""),
        ("a\n@yunfan.example", ""),
        ("a\x00@yunfan.example", "a@yunfan.example"),
        ("", ""),
    ],
)
def test_emails_compare_without_case_space_and_width(typed: str, key: str) -> None:
    assert email_key(typed) == key
