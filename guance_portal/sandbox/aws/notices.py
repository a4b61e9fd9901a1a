"""What AWS Marketplace tells a vendor: the older actions of SNS, and the events of EventBridge that replace them."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from guance_portal.sandbox.rules import Channel
from guance_portal.sandbox.shops import AwsShop
from guance_portal.sandbox.tables import SandboxPurchase

_TOPIC_OWNER = "287250355862"
_SELLER = "111122223333"
_EVENT_SOURCE = "aws.agreement-marketplace"
_FIRST_REGION = "us-east-1"


class Happening(StrEnum):
    """What happens to an agreement."""

    SUBSCRIBED = "subscribed"
    RENEWED = "renewed"
    AMENDED = "amended"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


# By what happens: the SNS action, then detail-types with the intent and the status of the agreement.
_ACTIONS: dict[Happening, tuple[str, ...]] = {
    Happening.SUBSCRIBED: ("subscribe-success",),
    Happening.RENEWED: ("entitlement-updated",),
    Happening.AMENDED: ("entitlement-updated",),
    Happening.CANCELLED: ("unsubscribe-pending", "unsubscribe-success"),
    Happening.EXPIRED: ("unsubscribe-pending", "unsubscribe-success"),
}
_EVENTS: dict[Happening, tuple[tuple[str, str, str], ...]] = {
    Happening.SUBSCRIBED: (
        ("Purchase Agreement Created - Proposer", "NEW", "ACTIVE"),
        ("License Updated - Manufacturer", "NEW", "ACTIVE"),
    ),
    Happening.RENEWED: (
        ("Purchase Agreement Ended - Proposer", "RENEW", "RENEWED"),
        ("Purchase Agreement Created - Proposer", "RENEW", "ACTIVE"),
        ("License Updated - Manufacturer", "RENEW", "ACTIVE"),
    ),
    Happening.AMENDED: (
        ("Purchase Agreement Amended - Proposer", "AMEND", "ACTIVE"),
        ("License Updated - Manufacturer", "AMEND", "ACTIVE"),
    ),
    Happening.CANCELLED: (
        ("Purchase Agreement Ended - Proposer", "NEW", "CANCELLED"),
        ("License Deprovisioned - Manufacturer", "NEW", "CANCELLED"),
    ),
    Happening.EXPIRED: (
        ("Purchase Agreement Ended - Proposer", "NEW", "EXPIRED"),
        ("License Deprovisioned - Manufacturer", "NEW", "EXPIRED"),
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsNotice:
    """One message for the vendor. `body` is an SNS envelope without its signature, or an event as it is."""

    channel: Channel
    kind: str
    body: dict[str, Any]


def of(shop: AwsShop, purchase: SandboxPurchase, happening: Happening, now: datetime, was: str = "") -> list[AwsNotice]:
    """What is said of something that happened, in order; `was` is the agreement that a renewal ended.

    Older products have their actions in SNS, each in topics of its own. Events go to the queue where there is one; newer
    products, which have nothing but events, get them through a topic that their bus forwards to where there is none.
    """
    notices: list[AwsNotice] = []
    if not (shop.uses_licences or purchase.is_other):
        notices += _actions(shop, purchase, happening, now)
    if shop.uses_licences or shop.queue_url:
        notices += _events(shop, purchase, happening, now, was)
    return notices


def _actions(shop: AwsShop, purchase: SandboxPurchase, happening: Happening, now: datetime) -> Iterator[AwsNotice]:
    for action in _ACTIONS[happening]:
        said = {
            "action": action,
            "customer-identifier": purchase.customer,
            "product-code": shop.product_code,
            "offer-identifier": f"offer-{purchase.reference.removeprefix('agmt-')[:16]}",
            "isFreeTrialTermPresent": "true" if purchase.is_trial else "false",
        }
        subject = "entitlement" if action == "entitlement-updated" else "subscription"
        topic = f"aws-mp-{subject}-notification-{shop.product_code}"
        yield AwsNotice(channel=Channel.SNS, kind=action, body=envelope(shop, topic, json.dumps(said), now))


def _events(
    shop: AwsShop, purchase: SandboxPurchase, happening: Happening, now: datetime, was: str
) -> Iterator[AwsNotice]:
    for detail_type, intent, status in _EVENTS[happening]:
        agreement = was if was and status == "RENEWED" else purchase.reference
        event = _event(shop, purchase, detail_type, (agreement, intent, status), now)
        if shop.queue_url:
            yield AwsNotice(channel=Channel.QUEUE, kind=detail_type, body=event)
        else:
            body = envelope(shop, f"agreement-events-{shop.product_code}", json.dumps(event), now)
            yield AwsNotice(channel=Channel.SNS, kind=detail_type, body=body)


def _event(
    shop: AwsShop, purchase: SandboxPurchase, detail_type: str, state: tuple[str, str, str], now: datetime
) -> dict[str, Any]:
    agreement_id, intent, status = state
    agreement: dict[str, str] = {"id": agreement_id, "intent": intent, "status": status, "startTime": _z(now)}
    if purchase.expires_at:
        agreement["endTime"] = _z(purchase.expires_at)
    detail: dict[str, Any] = {
        "requestId": str(uuid.uuid4()),
        "catalog": "AWSMarketplace",
        "agreement": agreement,
        "acceptor": {"accountId": purchase.account},
        "proposer": {"accountId": _SELLER},
        "offer": {"id": f"offer-{agreement_id.removeprefix('agmt-')[:16]}"},
    }
    # A manufacturer's messages about an agreement name no product: only those about its licence do.
    if detail_type.startswith("License"):
        code = shop.code(is_other=purchase.is_other)
        detail["product"] = {"id": product_id(code), "code": code}
        detail["license"] = {"arn": licence_arn(shop, purchase)}
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": detail_type,
        "source": _EVENT_SOURCE,
        "account": _SELLER,
        "time": _z(now),
        "region": _FIRST_REGION,
        "resources": [f"arn:{shop.partition}:aws-marketplace::{_SELLER}:agreement:{agreement_id}"],
        "detail": detail,
    }


def licence_arn(shop: AwsShop, purchase: SandboxPurchase) -> str:
    """The licence of a purchase; older products have one too, but are told of it in events alone."""
    if shop.uses_licences:
        return purchase.instance
    return f"arn:{shop.partition}:license-manager::{_SELLER}:license:l-{purchase.id.removeprefix('purc_')}"


def product_id(code: str) -> str:
    """The id that a product has beside its code."""
    return f"prod-{code}"


def new_licence_arn(shop: AwsShop) -> str:
    """A licence nobody has had yet."""
    return f"arn:{shop.partition}:license-manager::{_SELLER}:license:l-{uuid.uuid4().hex}"


def envelope(shop: AwsShop, topic: str, message: str, now: datetime, kind: str = "Notification") -> dict[str, Any]:
    """A message of SNS without its signature."""
    region = shop.region if shop.partition == "aws-cn" else _FIRST_REGION
    return {
        "Type": kind,
        "MessageId": str(uuid.uuid4()),
        "TopicArn": f"arn:{shop.partition}:sns:{region}:{_TOPIC_OWNER}:{topic}",
        "Message": message,
        "Timestamp": f"{now:%Y-%m-%dT%H:%M:%S}.{now.microsecond // 1000:03}Z",
        "SigningCertURL": shop.certificate_url,
    }


def _z(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
