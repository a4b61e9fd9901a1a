"""What the SPI is asked: six actions, read from a query string (help.aliyun.com/document_detail/147358.html)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from enum import StrEnum
from typing import TypeAlias
from urllib.parse import parse_qsl

from guance_portal.marketplaces.aliyun.token import TOKEN
from guance_portal.marketplaces.datetime_parsing import parse_datetime

MOST_PARAMETERS = 100
LONGEST_QUERY = 8 * 1024
"""Bytes; all that is kept of a notice is within."""

# The market's own names: nothing that a signed text could be cut at, and no longer than an index bears.
_NAME = re.compile(r"[!-%'-<>-~]{1,128}")
_ACCOUNT = re.compile(r"[0-9A-Za-z_-]{1,64}")
_CHINA = timezone(timedelta(hours=8))


class MalformedError(Exception):
    """The request cannot be read; the message is one plain line about what.

    `about` names the parameter, and is empty when it is about the request as a whole.
    """

    def __init__(self, about: str, message: str) -> None:
        super().__init__(message)
        self.about = about


class Action(StrEnum):
    """What the market asks for."""

    CREATE = "createInstance"
    RENEW = "renewInstance"
    UPGRADE = "upgradeInstance"
    EXPIRED = "expiredInstance"
    RELEASE = "releaseInstance"
    VERIFY = "verify"


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateInstance:
    """Somebody bought. `extra` holds billing items, which come under their own names, and whatever else is said."""

    account: str
    business_id: str
    order_id: str
    product_code: str
    sku: str
    is_trial: bool
    expires_at: datetime | None
    extra: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewInstance:
    """Paid until a later day."""

    instance: str
    order_id: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UpgradeInstance:
    """Another plan; the expiry stays."""

    instance: str
    sku: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpiredInstance:
    """Not paid any more; a renewal may follow."""

    instance: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseInstance:
    """Over for good: refunded, or expired for too long."""

    instance: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verify:
    """Marketplace SSO (免登): the bearer of this address is the buyer, for as long as its time is fresh."""

    instance: str
    at: datetime


SpiRequest: TypeAlias = CreateInstance | RenewInstance | UpgradeInstance | ExpiredInstance | ReleaseInstance | Verify

_CREATE_NAMES = frozenset(
    {"action", TOKEN, "aliUid", "orderBizId", "orderId", "productCode", "skuId", "trial", "expiredOn"}
)


def read_query(query: bytes) -> dict[str, str]:
    """The decoded parameters of a query string; raises MalformedError.

    A name that comes twice is refused: the token would not say which of them is meant.
    """
    if len(query) > LONGEST_QUERY:
        raise MalformedError("", "the query is too long")
    try:
        pairs = parse_qsl(
            query.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MOST_PARAMETERS
        )
    except ValueError:
        raise MalformedError("", "the query is not a list of parameters in UTF-8") from None
    parameters = dict(pairs)
    if len(parameters) < len(pairs):
        raise MalformedError("", "a parameter comes twice")
    if any("\0" in text for pair in pairs for text in pair) or any(set(name) & set("&=") for name in parameters):
        raise MalformedError("", "a parameter holds characters that none may hold")
    return parameters


def parse(parameters: Mapping[str, str]) -> SpiRequest:
    """The request that parameters make; raises MalformedError naming the first that is missing or unusable."""
    try:
        action = Action(_need(parameters, "action"))
    except ValueError:
        raise MalformedError("action", f"action must be one of {', '.join(Action)}") from None
    if action is Action.CREATE:
        return _create(parameters)
    instance = _need(parameters, "instanceId")
    match action:
        case Action.RENEW:
            return RenewInstance(
                instance=instance, order_id=_need(parameters, "orderId"), expires_at=_moment(parameters, "expiredOn")
            )
        case Action.UPGRADE:
            return UpgradeInstance(instance=instance, sku=_need(parameters, "skuId"))
        case Action.EXPIRED:
            return ExpiredInstance(instance=instance)
        case Action.RELEASE:
            return ReleaseInstance(instance=instance)
        case _:
            return Verify(instance=instance, at=_moment(parameters, "timeStamp"))


def _create(parameters: Mapping[str, str]) -> CreateInstance:
    return CreateInstance(
        account=_need(parameters, "aliUid", _ACCOUNT),
        business_id=_need(parameters, "orderBizId"),
        order_id=_said(parameters, "orderId"),
        product_code=_need(parameters, "productCode"),
        sku=_said(parameters, "skuId"),
        is_trial=_truth(parameters, "trial"),
        expires_at=_moment(parameters, "expiredOn") if parameters.get("expiredOn") else None,
        extra={name: value for name, value in parameters.items() if name not in _CREATE_NAMES},
    )


def _need(parameters: Mapping[str, str], name: str, shape: re.Pattern[str] = _NAME) -> str:
    value = parameters.get(name, "")
    if not shape.fullmatch(value):
        raise MalformedError(name, f"{name} is missing or unusable")
    return value


def _said(parameters: Mapping[str, str], name: str) -> str:
    """What may be missing; raises MalformedError for what is there and unusable."""
    return _need(parameters, name) if parameters.get(name) else ""


def _truth(parameters: Mapping[str, str], name: str) -> bool:
    """Whether it is said to be so; what is not said is not so."""
    value = parameters.get(name, "").strip().lower()
    if value not in {"", "true", "false", "1", "0"}:
        raise MalformedError(name, f"{name} must be true or false")
    return value in {"true", "1"}


def _moment(parameters: Mapping[str, str], name: str) -> datetime:
    """A moment of the market's clock, which shows UTC+8 where it names no zone (no page says so, nothing else fits)."""
    try:
        return parse_datetime(parameters.get(name, "").strip(), _CHINA)
    except ValueError:
        raise MalformedError(name, f"{name} must be a moment such as 2026-11-23 08:00:00") from None
