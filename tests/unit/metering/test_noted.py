"""What a process remembers of the distinct things that the database has."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from guance_portal.accounts.rules import Edition
from guance_portal.metering import noted
from guance_portal.metering.days import hour_of
from guance_portal.metering.items import Item
from guance_portal.metering.noted import Noted
from guance_portal.metering.tally import Tally
from guance_portal.metering.things import SIZE

NOON = datetime(2026, 6, 1, 4, tzinfo=UTC)


def at(moment: datetime, workspace: str = "wksp_a", edition: Edition = Edition.COMMERCIAL) -> Tally:
    return Tally(workspace_id=workspace, edition=edition, hour=hour_of(moment, ZoneInfo("Asia/Shanghai")))


def digests(*numbers: int) -> bytes:
    return b"".join(number.to_bytes(SIZE, "big") for number in numbers)


def test_what_was_noted_is_asked_about_no_more_and_the_rest_keeps_its_order() -> None:
    known = Noted()
    known.add(at(NOON), Item.TIME_SERIES, digests(2, 4))
    assert known.unknown(at(NOON), Item.TIME_SERIES, digests(1, 2, 3, 4, 5)) == digests(1, 3, 5)


@pytest.mark.parametrize(
    "other",
    [
        (at(NOON, "wksp_b"), Item.TIME_SERIES),
        (at(NOON, edition=Edition.FREE), Item.TIME_SERIES),
        (at(NOON), Item.TRACES),
        (at(NOON + timedelta(days=1)), Item.TIME_SERIES),
    ],
    ids=["workspace", "edition", "item", "day"],
)
def test_what_was_noted_for_one_is_unknown_for_another(other: tuple[Tally, Item]) -> None:
    known = Noted()
    known.add(at(NOON), Item.TIME_SERIES, digests(1))
    assert known.unknown(*other, digests(1)) == digests(1)


@pytest.mark.parametrize(("item", "rest"), [(Item.DATAKIT, digests(1)), (Item.TRACES, b"")])
def test_what_counts_by_the_hour_is_asked_about_again_in_the_next_hour(item: Item, rest: bytes) -> None:
    known = Noted()
    known.add(at(NOON), item, digests(1))
    assert known.unknown(at(NOON + timedelta(hours=1)), item, digests(1)) == rest


def test_beyond_the_most_the_one_that_sent_nothing_for_longest_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(noted, "MOST", 3)
    known, first, second, third = Noted(), at(NOON, "a"), at(NOON, "b"), at(NOON, "c")
    known.add(first, Item.TRACES, digests(1))
    known.add(second, Item.TRACES, digests(1))
    assert known.unknown(first, Item.TRACES, digests(1)) == b""
    known.add(third, Item.TRACES, digests(1, 2))
    assert known.unknown(second, Item.TRACES, digests(1)) == digests(1)
    assert known.unknown(first, Item.TRACES, digests(1)) == b""


def test_more_than_the_most_at_once_is_not_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(noted, "MOST", 3)
    known = Noted()
    known.add(at(NOON), Item.TRACES, digests(1, 2, 3, 4))
    assert known.unknown(at(NOON), Item.TRACES, digests(1)) == digests(1)
