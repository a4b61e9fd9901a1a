"""What a usage event must say, and what it counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from guance_portal.metering.events.rules import (
    MOST_AHEAD,
    MOST_BEHIND,
    Reason,
    RefusedEventError,
    read,
    require_timely,
)
from guance_portal.metering.items import Item

WORKSPACE = "wksp_a"
NOON = datetime(2026, 11, 30, 4, tzinfo=UTC)
GOOD = {
    "specversion": "1.0",
    "id": "1",
    "source": "/jobs",
    "type": "com.guance.usage.tasks",
    "time": "2026-11-30T12:00:00+08:00",
    "data": {"quantity": "12"},
}


def refused(**changes: Any) -> Reason:
    """Why the event with these changes is refused; a change to None leaves the attribute out."""
    said = {name: value for name, value in {**GOOD, **changes}.items() if value is not None}
    with pytest.raises(RefusedEventError) as problem:
        read(said, WORKSPACE)
    return problem.value.reason


def test_an_event_counts_so_much_of_an_item_at_its_own_time() -> None:
    event = read(GOOD, WORKSPACE)
    assert (event.source, event.id, event.item, event.quantity, event.time) == ("/jobs", "1", Item.TASKS, 12, NOON)


@pytest.mark.parametrize("name", ["specversion", "id", "source", "type", "time"])
@pytest.mark.parametrize("value", [None, "", 7])
def test_a_required_attribute_that_is_missing_empty_or_no_text_is_not_invented(name: str, value: object) -> None:
    assert refused(**{name: value}) is Reason.INVALID


@pytest.mark.parametrize("envelope", [None, [], "text", 1])
def test_an_event_is_an_object(envelope: object) -> None:
    with pytest.raises(RefusedEventError):
        read(envelope, WORKSPACE)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"specversion": "0.3"}, Reason.INVALID),
        ({"time": "2026-11-30T12:00:00"}, Reason.INVALID),
        ({"time": "yesterday"}, Reason.INVALID),
        ({"id": "a\0b"}, Reason.INVALID),
        ({"source": "x" * 301}, Reason.INVALID),
        ({"type": "com.guance.usage.unheard"}, Reason.UNKNOWN_ITEM),
        ({"type": "tasks"}, Reason.UNKNOWN_ITEM),
        ({"subject": "wksp_b"}, Reason.OTHER_WORKSPACE),
    ],
)
def test_what_is_wrong_is_named(changes: dict[str, Any], reason: Reason) -> None:
    assert refused(**changes) is reason


@pytest.mark.parametrize(
    "quantity",
    [
        None,
        1.5,
        True,
        "-1",
        -1,
        "1e3",
        "１２",
        "1,000",
        "",
        " 1",
        "1.",
        ".5",
        "NaN",
        "Infinity",
        "0.5",
        10**12 + 1,
        [1],
    ],
)
def test_a_quantity_is_a_whole_number_of_what_is_counted_whole(quantity: object) -> None:
    assert refused(data={"quantity": quantity}) is Reason.INVALID_QUANTITY


@pytest.mark.parametrize("data", [None, "12", [12], 12, {}])
def test_a_quantity_stands_in_an_object(data: object) -> None:
    assert refused(data=data) is Reason.INVALID_QUANTITY


@pytest.mark.parametrize(
    ("quantity", "count"), [("0.000000001", 1), ("1", 10**9), (2, 2 * 10**9), ("1.50", 1_500_000_000), ("0", 0)]
)
def test_gigabytes_are_counted_exactly_in_bytes(quantity: object, count: int) -> None:
    event = read({**GOOD, "type": "com.guance.usage.pipelines", "data": {"quantity": quantity}}, WORKSPACE)
    assert event.quantity == count


def test_the_subject_may_name_the_workspace() -> None:
    assert read({**GOOD, "subject": WORKSPACE}, WORKSPACE).id == "1"


def test_the_same_content_is_known_however_number_and_time_are_written() -> None:
    other = {**GOOD, "data": {"quantity": 12}, "time": "2026-11-30T04:00:00Z"}
    assert read(GOOD, WORKSPACE).content == read(other, WORKSPACE).content


@pytest.mark.parametrize(
    "changes",
    [
        {"data": {"quantity": "13"}},
        {"time": "2026-11-30T12:00:01+08:00"},
        {"type": "com.guance.usage.sms"},
    ],
)
def test_another_quantity_time_or_item_is_other_content_of_the_same_name(changes: dict[str, Any]) -> None:
    one, other = read(GOOD, WORKSPACE), read({**GOOD, **changes}, WORKSPACE)
    assert one.name == other.name
    assert one.content != other.content


def test_source_and_id_together_name_an_event() -> None:
    names = {
        read({**GOOD, "source": source, "id": name}, WORKSPACE).name for source, name in [("a", "bc"), ("ab", "c")]
    }
    assert len(names) == 2


@pytest.mark.parametrize("at", [NOON + MOST_AHEAD, NOON - MOST_BEHIND])
def test_an_event_may_be_five_minutes_ahead_and_35_days_behind(at: datetime) -> None:
    require_timely(read({**GOOD, "time": at.isoformat()}, WORKSPACE), NOON)


@pytest.mark.parametrize(
    ("at", "reason"),
    [
        (NOON + MOST_AHEAD + timedelta(seconds=1), Reason.IN_THE_FUTURE),
        (NOON - MOST_BEHIND - timedelta(seconds=1), Reason.TOO_OLD),
    ],
)
def test_an_event_further_away_is_refused(at: datetime, reason: Reason) -> None:
    with pytest.raises(RefusedEventError) as problem:
        require_timely(read({**GOOD, "time": at.isoformat()}, WORKSPACE), NOON)
    assert problem.value.reason is reason
