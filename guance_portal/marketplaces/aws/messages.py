"""What AWS sends when something happens to a subscription: legacy SNS texts and EventBridge events, as facts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, cast

from guance_portal.marketplaces.aws.facts import Fact, FactKind
from guance_portal.marketplaces.datetime_parsing import parse_datetime

SOURCE = "aws.agreement-marketplace"
LONGEST_KEPT = 10_000
"""Characters that are kept of a message that cannot be read."""
_LONGEST = 2048
_AHEAD = timedelta(minutes=15)

_ACTIONS = {
    "subscribe-success": FactKind.SUBSCRIBED,
    "subscribe-fail": FactKind.REFUSED,
    "unsubscribe-pending": FactKind.ENDING,
    "unsubscribe-success": FactKind.ENDED,
    "entitlement-updated": FactKind.ENTITLED,
}
_EVENTS = {
    "Purchase Agreement Created": FactKind.CREATED,
    "Purchase Agreement Amended": FactKind.AMENDED,
    "Purchase Agreement Ended": FactKind.CLOSED,
    "License Updated": FactKind.LICENSED,
    "License Deprovisioned": FactKind.UNLICENSED,
}
_ROLES = (" - Proposer", " - Manufacturer")


class MessageMalformedError(Exception):
    """It is none of the messages AWS Marketplace sends."""


def load(text: str | bytes) -> dict[str, Any]:
    """A JSON object; raises MessageMalformedError for anything else."""
    try:
        found: Any = json.loads(text)
        # Half a character can be written in JSON, and stored nowhere.
        json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise MessageMalformedError from None
    if not isinstance(found, dict):
        raise MessageMalformedError
    return cast("dict[str, Any]", found)


def unwrap(text: str) -> dict[str, Any]:
    """What a message of a queue says (`body`), with number and time of the SNS envelope around it, if there is one."""
    body = load(text)
    if not isinstance(body.get("Message"), str):
        return {"body": body, "id": "", "sent_at": ""}
    number, sent_at = _text(body, "MessageId"), _text(body, "Timestamp")
    return {"body": load(cast("str", body["Message"])), "id": number, "sent_at": sent_at}


def is_event(body: Mapping[str, Any]) -> bool:
    """Whether it is an event of EventBridge, rather than a text of SNS."""
    return "detail-type" in body


def read_action(body: Mapping[str, Any], *, key: str, sent_at: str, now: datetime) -> Fact | None:
    """What a legacy SNS text says; None for an action that means nothing to us. Raises MessageMalformedError."""
    action, identifier, product = (_text(body, name) for name in ("action", "customer-identifier", "product-code"))
    if not (action and identifier and product):
        raise MessageMalformedError
    kind = _ACTIONS.get(action)
    if kind is None:
        return None
    return Fact(
        key=key,
        kind=kind,
        at=_moment(sent_at, now),
        received_at=now,
        product=product,
        identifier=identifier,
        account=_text(body, "customer-aws-account-id"),
    )


def read_event(body: Mapping[str, Any], *, now: datetime) -> Fact | None:
    """What an event of EventBridge says; None for one that means nothing to us. Raises MessageMalformedError."""
    detail = _within(body, "detail")
    key = event_key(body)
    if _text(body, "source") != SOURCE or not key:
        raise MessageMalformedError
    kind = _EVENTS.get(event_name(body))
    if kind is None:
        return None
    agreement, product = _within(detail, "agreement"), _within(detail, "product")
    fact = Fact(
        key=key,
        kind=kind,
        at=_moment(_text(body, "time"), now),
        received_at=now,
        product=_text(product, "code"),
        product_id=_text(product, "id"),
        account=_text(_within(detail, "acceptor"), "accountId"),
        licence=_text(_within(detail, "license"), "arn"),
        agreement=_text(agreement, "id"),
        previous=_text(agreement, "previousAgreementId"),
        why=_text(agreement, "intent" if kind is FactKind.CREATED else "status").upper(),
    )
    if not (fact.licence or fact.agreement):
        raise MessageMalformedError
    return fact


def is_about_agreements(fact: Fact) -> bool:
    """Whether it is of an event: the seller gets those of all its products, and of a topic those of one."""
    return bool(fact.agreement or fact.licence)


def event_name(body: Mapping[str, Any]) -> str:
    """The detail-type without the role it was sent to: the same happening is told to proposer and manufacturer."""
    name = _text(body, "detail-type")
    return next((name.removesuffix(role) for role in _ROLES if name.endswith(role)), name)


def action_name(body: Mapping[str, Any]) -> str:
    """The action of a legacy text; empty when it has none."""
    return _text(body, "action")


def event_key(body: Mapping[str, Any]) -> str:
    """What every repeat of an event has in common; empty for one without an id. One request may cause several events."""
    number = _text(_within(body, "detail"), "requestId") or _text(body, "id")
    return f"{event_name(body)}:{number}" if number else ""


def _within(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = body.get(name)
    return cast("Mapping[str, Any]", found) if isinstance(found, dict) else {}


def _text(body: Mapping[str, Any], name: str) -> str:
    found = body.get(name)
    if isinstance(found, int) and not isinstance(found, bool):
        found = str(found)
    if not isinstance(found, str):
        return ""
    if len(found) > _LONGEST or not found.isprintable():
        raise MessageMalformedError
    return found


def _moment(sent: str, now: datetime) -> datetime:
    """When it was sent; never later than now (a little skew apart), so that no message outweighs what comes after."""
    try:
        moment = parse_datetime(sent)
        return moment if moment <= now + _AHEAD else now
    except ValueError:
        raise MessageMalformedError from None
