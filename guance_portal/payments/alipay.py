"""Alipay: the payment page of a computer (RSA2, key mode), its notices, and its query of an order."""

from __future__ import annotations

import asyncio
import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from alipay import AliPay
from alipay.utils import AliPayConfig

from guance_portal.core.money import Currency, Money
from guance_portal.ledger.chart import Kind
from guance_portal.payments.errors import UnansweredError, UnprovenError
from guance_portal.payments.ports import Payable
from guance_portal.payments.rules import Outcome, ToldPayment

ZONE = ZoneInfo("Asia/Shanghai")
"""The zone of every time that Alipay writes."""
OLDEST, AHEAD = timedelta(hours=48), timedelta(minutes=5)
"""A notice is sent again for 25 hours, so its own time tells little: that it counts once is what keeps it from harm."""
_AMOUNT = re.compile(r"([0-9]{1,12})(?:\.([0-9]{1,2}))?", re.ASCII)
_PAID = frozenset({"TRADE_SUCCESS", "TRADE_FINISHED"})
_MOST_FIELDS = 100
_SIGN_TYPE = "RSA2"
_UNKNOWN_TRADE = "ACQ.TRADE_NOT_EXIST"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlipayKeys:
    """What is agreed with Alipay: the app, the seller it sells for, our key and theirs in PEM, where notices go."""

    app: str
    seller: str
    private_key: str
    public_key: str
    notify_url: str
    return_url: str
    gateway: str = "https://openapi.alipay.com/gateway.do"


class _Client(AliPay):
    """The library's client, in Alipay's own zone wherever this machine stands."""

    def build_body(self, method: str, biz_content: Any = None, **kwargs: Any) -> dict[str, Any]:
        """What is signed and sent."""
        body = cast("dict[str, Any]", super().build_body(method, biz_content, **kwargs))
        return {**body, "timestamp": datetime.now(ZONE).strftime("%Y-%m-%d %H:%M:%S")}


class Alipay:
    """The adapter."""

    way = Kind.ALIPAY

    def __init__(self, keys: AlipayKeys) -> None:
        self._keys = keys
        self._client: Any = _Client(
            appid=keys.app,
            app_notify_url=keys.notify_url,
            app_private_key_string=keys.private_key,
            alipay_public_key_string=keys.public_key,
            sign_type=_SIGN_TYPE,
            config=AliPayConfig(timeout=10),
        )
        self._client._gateway = keys.gateway  # noqa: SLF001 - the library has no other way to name one

    async def begin(self, order: Payable) -> str:
        """The address of the payment page; nothing is sent before the browser goes there."""
        query: str = self._client.api_alipay_trade_page_pay(
            subject=order.subject,
            out_trade_no=order.number,
            total_amount=f"{Money(order.minor, order.currency).amount:f}",
            return_url=f"{self._keys.return_url}?order={order.number}",
            timeout_express="15m",
        )
        return f"{self._keys.gateway}?{query}"

    async def ask(self, number: str) -> ToldPayment | None:
        """What became of an order."""
        try:
            said = await asyncio.to_thread(self._client.api_alipay_trade_query, out_trade_no=number)
        except Exception as problem:  # the library raises its own, those of urllib and of json
            raise UnansweredError(type(problem).__name__) from problem
        answer = cast("dict[str, str]", said)
        if answer.get("sub_code") == _UNKNOWN_TRADE:
            return None
        if answer.get("code") != "10000":
            raise UnansweredError(str(answer.get("sub_code") or answer.get("code")))
        try:
            return _told(answer, answer.get("send_pay_date", ""))
        except UnprovenError as problem:
            raise UnansweredError(problem.outcome) from problem

    def read(self, headers: Mapping[str, str], body: bytes, now: datetime) -> ToldPayment:
        """What a notice says."""
        del headers
        fields = _fields(body)
        signature = fields.pop("sign", "")
        if not self._is_signed(fields, signature):
            raise UnprovenError(Outcome.FORGED)
        if not -AHEAD <= now - _moment(fields.get("notify_time", "")) <= OLDEST:
            raise UnprovenError(Outcome.STALE)
        if fields.get("app_id") != self._keys.app:
            raise UnprovenError(Outcome.OTHER_APP)
        if fields.get("seller_id") != self._keys.seller:
            raise UnprovenError(Outcome.OTHER_SELLER)
        return _told(fields, fields.get("gmt_payment", ""))

    def _is_signed(self, fields: Mapping[str, str], signature: str) -> bool:
        """Whether Alipay signed this; what else goes wrong is a fault of ours, and no word about the notice."""
        if fields.get("sign_type", _SIGN_TYPE) != _SIGN_TYPE:
            return False
        try:
            base64.b64decode(signature, validate=True)
        except ValueError:
            return False
        return bool(self._client.verify(dict(fields), signature))


def _fields(body: bytes) -> dict[str, str]:
    """The fields of a form, each of them once."""
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=True,
            errors="strict",
            max_num_fields=_MOST_FIELDS,
        )
    except ValueError:
        raise UnprovenError(Outcome.MALFORMED) from None
    fields = dict(pairs)
    if len(fields) != len(pairs) or not fields:
        raise UnprovenError(Outcome.MALFORMED)
    return fields


def _told(said: Mapping[str, str], paid_at: str) -> ToldPayment:
    order, trade = said.get("out_trade_no", ""), said.get("trade_no", "")
    if not order or not trade:
        raise UnprovenError(Outcome.MALFORMED)
    is_paid = said.get("trade_status") in _PAID
    return ToldPayment(
        way=Kind.ALIPAY,
        order=order,
        trade=trade,
        minor=_minor(said.get("total_amount", "")),
        currency=said.get("trans_currency") or Currency.CNY,
        is_paid=is_paid,
        is_refunded=bool(said.get("refund_fee")) and _minor(said["refund_fee"]) > 0,
        paid_at=_moment(paid_at) if is_paid else None,
    )


def _minor(written: str) -> int:
    if not (found := _AMOUNT.fullmatch(written)):
        raise UnprovenError(Outcome.MALFORMED)
    whole, cents = found.groups(default="")
    return int(whole) * 100 + int(cents.ljust(2, "0"))


def _moment(written: str) -> datetime:
    try:
        return datetime.strptime(written, "%Y-%m-%d %H:%M:%S").replace(tzinfo=ZONE)
    except ValueError:
        raise UnprovenError(Outcome.MALFORMED) from None
