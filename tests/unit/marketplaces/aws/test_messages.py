"""Messages of AWS are read for what they say, and nothing else passes for one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guance_portal.marketplaces.aws import messages
from guance_portal.marketplaces.aws.facts import FactKind
from guance_portal.marketplaces.aws.messages import MessageMalformedError

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def event(name: str = "License Updated - Manufacturer", **detail: Any) -> dict[str, Any]:
    return {
        "version": "0",
        "id": "0f1e",
        "detail-type": name,
        "source": "aws.agreement-marketplace",
        "time": "2026-11-23T11:59:00Z",
        "region": "us-east-1",
        "detail": {
            "requestId": "r-1",
            "agreement": {"id": "agmt-1", "intent": "NEW", "status": "ACTIVE"},
            "license": {"arn": "arn:aws:license-manager::1:license:l-1"},
            "acceptor": {"accountId": "111122223333"},
            "product": {"code": "code1"},
            **detail,
        },
    }


def test_an_event_is_read() -> None:
    found = messages.read_event(event(), now=NOW)
    assert found is not None
    assert (found.kind, found.agreement, found.account, found.product) == (
        FactKind.LICENSED,
        "agmt-1",
        "111122223333",
        "code1",
    )
    assert found.at == NOW - timedelta(minutes=1)


def test_what_proposer_and_manufacturer_are_told_is_one_happening() -> None:
    keys = {messages.event_key(event(f"License Updated - {role}")) for role in ("Proposer", "Manufacturer")}
    assert keys == {"License Updated:r-1"}


def test_two_happenings_of_one_request_are_two() -> None:
    assert messages.event_key(event("Purchase Agreement Created - Proposer")) != messages.event_key(event())


def test_an_event_without_request_number_goes_by_its_own() -> None:
    assert messages.event_key(event(requestId="")) == "License Updated:0f1e"


def test_intent_and_status_are_read_where_they_belong() -> None:
    agreement = {"id": "agmt-1", "intent": "renew", "status": "cancelled"}
    created = messages.read_event(event("Purchase Agreement Created - Proposer", agreement=agreement), now=NOW)
    ended = messages.read_event(event("Purchase Agreement Ended - Proposer", agreement=agreement), now=NOW)
    assert created is not None
    assert ended is not None
    assert (created.why, ended.why) == ("RENEW", "CANCELLED")


BROKEN: list[dict[str, Any]] = [
    {},
    event() | {"source": "somebody.else"},
    event() | {"time": "yesterday"},
    event() | {"detail": []},
    event() | {"detail": {"requestId": "r"}},
    event(license={"arn": "a\nb"}),
    event(license={"arn": "a" * 5000}),
]


@pytest.mark.parametrize("broken", BROKEN)
def test_what_is_no_event_of_the_marketplace_is_refused(broken: dict[str, Any]) -> None:
    with pytest.raises(MessageMalformedError):
        messages.read_event(broken, now=NOW)


def test_other_events_of_the_source_mean_nothing() -> None:
    assert messages.read_event(event("Offer Released"), now=NOW) is None


def test_a_message_from_the_future_is_one_of_now() -> None:
    found = messages.read_event(event() | {"time": "2099-01-01T00:00:00Z"}, now=NOW)
    assert found is not None
    assert found.at == NOW


def action(**said: str) -> dict[str, Any]:
    return {"action": "subscribe-success", "customer-identifier": "cust1", "product-code": "code1"} | said


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("subscribe-success", FactKind.SUBSCRIBED),
        ("subscribe-fail", FactKind.REFUSED),
        ("unsubscribe-pending", FactKind.ENDING),
        ("unsubscribe-success", FactKind.ENDED),
        ("entitlement-updated", FactKind.ENTITLED),
    ],
)
def test_each_action_of_the_legacy_topics_is_read(name: str, kind: FactKind) -> None:
    found = messages.read_action(action(action=name), key="m1", sent_at="2026-11-23T11:00:00.123Z", now=NOW)
    assert found is not None
    assert (found.kind, found.identifier, found.product) == (kind, "cust1", "code1")


def test_an_unknown_action_means_nothing() -> None:
    assert messages.read_action(action(action="party"), key="m1", sent_at="2026-11-23T11:00:00Z", now=NOW) is None


@pytest.mark.parametrize("missing", ["action", "customer-identifier", "product-code"])
def test_an_action_without_its_parts_is_refused(missing: str) -> None:
    with pytest.raises(MessageMalformedError):
        messages.read_action(action(**{missing: ""}), key="m1", sent_at="2026-11-23T11:00:00Z", now=NOW)


def test_an_action_without_its_time_is_refused() -> None:
    with pytest.raises(MessageMalformedError):
        messages.read_action(action(), key="m1", sent_at="", now=NOW)


@pytest.mark.parametrize("text", ["", "[]", "1", "{", "[" * 100_000, '{"a": "\\ud800"}'])
def test_what_is_no_object_or_cannot_be_stored_is_refused(text: str) -> None:
    with pytest.raises(MessageMalformedError):
        messages.load(text)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(detail=_JSON, name=_JSON, time=_JSON)
def test_nothing_but_malformed_comes_of_rubbish(detail: Any, name: Any, time: Any) -> None:
    body = {"source": "aws.agreement-marketplace", "id": "1", "detail-type": name, "time": time, "detail": detail}
    try:
        found = messages.read_event(body, now=NOW)
    except MessageMalformedError:
        return
    assert found is None
