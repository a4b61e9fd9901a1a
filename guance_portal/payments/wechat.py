"""WeChat Pay v3, Native: a QR code for the phone, notices, and the query of an order (public-key mode)."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

import structlog
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from wechatpayv3 import WeChatPay, WeChatPayType

from guance_portal.ledger.chart import Kind
from guance_portal.payments.errors import UnansweredError, UnprovenError
from guance_portal.payments.ports import Payable
from guance_portal.payments.rules import Outcome, ToldPayment

log = structlog.get_logger(__name__)
ZONE = ZoneInfo("Asia/Shanghai")
FRESH = timedelta(minutes=5)
_TIMEOUT = (3, 10)
_SIGNATURE_TYPE = "WECHATPAY2-SHA256-RSA2048"
_OK, _NOT_FOUND = 200, 404
_PAID = frozenset({"SUCCESS", "REFUND"})


@dataclass(frozen=True, slots=True, kw_only=True)
class WechatKeys:
    """What is agreed with WeChat Pay: the app, the merchant, our key and its certificate's number, their key and its id."""

    app: str
    merchant: str
    private_key: str
    certificate: str
    api_key: str
    public_key: str
    public_key_id: str
    notify_url: str
    gateway: str = "https://api.mch.weixin.qq.com"


class Wechat:
    """The adapter. The library's synchronous client in a thread: its asynchronous one refuses honest notices."""

    way = Kind.WECHAT

    def __init__(self, keys: WechatKeys) -> None:
        self._keys = keys
        self._public_key = cast("RSAPublicKey", load_pem_public_key(keys.public_key.encode()))
        self._client: Any = WeChatPay(
            wechatpay_type=WeChatPayType.NATIVE,
            mchid=keys.merchant,
            private_key=keys.private_key,
            cert_serial_no=keys.certificate,
            appid=keys.app,
            apiv3_key=keys.api_key,
            notify_url=keys.notify_url,
            public_key=keys.public_key,
            public_key_id=keys.public_key_id,
            timeout=_TIMEOUT,
        )
        self._client._core._gate_way = keys.gateway  # noqa: SLF001 - the library has no other way to name one

    async def begin(self, order: Payable) -> str:
        """What the QR code holds."""
        status, text = await asyncio.to_thread(
            self._client.pay,
            description=order.subject,
            out_trade_no=order.number,
            amount={"total": order.minor, "currency": str(order.currency)},
            time_expire=order.expires_at.astimezone(ZONE).isoformat(timespec="seconds"),
        )
        if status != _OK:
            raise UnansweredError(f"status {status}")
        return str(json.loads(text)["code_url"])

    async def ask(self, number: str) -> ToldPayment | None:
        """What became of an order."""
        try:
            status, text = await asyncio.to_thread(self._client.query, out_trade_no=number)
            said = json.loads(text)
        except Exception as problem:  # the library raises bare ones, and those of requests and of json
            raise UnansweredError(type(problem).__name__) from problem
        if status == _NOT_FOUND and said.get("code") in {"ORDER_NOT_EXIST", "RESOURCE_NOT_EXISTS"}:
            return None
        if status != _OK:
            raise UnansweredError(f"status {status}")
        try:
            return self._told(said)
        except UnprovenError as problem:
            raise UnansweredError(problem.outcome) from problem

    def read(self, headers: Mapping[str, str], body: bytes, now: datetime) -> ToldPayment:
        """What a notice says."""
        written = headers.get("wechatpay-timestamp", "")
        if not (written.isascii() and written.isdecimal() and len(written) <= len("1700000000")):
            raise UnprovenError(Outcome.MALFORMED)
        envelope = self._opened(headers, body)
        if abs(now.timestamp() - int(written)) > FRESH.total_seconds():
            raise UnprovenError(Outcome.STALE)
        if not isinstance(envelope.get("resource"), dict):
            raise UnprovenError(Outcome.MALFORMED)
        return self._told(envelope["resource"])

    def _opened(self, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
        """The envelope with its content, once its signature is right; for another key the library would go online."""
        if not self._is_signed(headers, body):
            raise UnprovenError(Outcome.FORGED)
        try:
            envelope: Any = self._client.callback(dict(headers), body)
        except Exception as problem:  # the library raises bare ones
            # WeChat Pay signed it, so this is news of its protocol or a fault of ours, and no forgery.
            log.exception("payment_notice_unreadable", way=self.way)
            raise UnprovenError(Outcome.MALFORMED) from problem
        if not isinstance(envelope, dict):
            log.error("payment_notice_sealed_otherwise", way=self.way)
            raise UnprovenError(Outcome.MALFORMED)
        return cast("dict[str, Any]", envelope)

    def _is_signed(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Whether WeChat Pay signed this, by the key that was agreed on."""
        if headers.get("wechatpay-serial") != self._keys.public_key_id:
            return False
        if headers.get("wechatpay-signature-type") != _SIGNATURE_TYPE:
            return False
        try:
            text, signature = body.decode(), base64.b64decode(headers.get("wechatpay-signature", ""), validate=True)
        except ValueError:
            return False
        signed = f"{headers.get('wechatpay-timestamp')}\n{headers.get('wechatpay-nonce')}\n{text}\n".encode()
        try:
            self._public_key.verify(signature, signed, PKCS1v15(), SHA256())
        except InvalidSignature:
            return False
        return True

    def _told(self, said: Mapping[str, Any]) -> ToldPayment:
        """What a transaction says, if it is of our app and merchant."""
        if said.get("appid") != self._keys.app:
            raise UnprovenError(Outcome.OTHER_APP)
        if said.get("mchid") != self._keys.merchant:
            raise UnprovenError(Outcome.OTHER_SELLER)
        state = said.get("trade_state")
        if state not in _PAID:
            return ToldPayment(
                way=Kind.WECHAT, order=str(said.get("out_trade_no")), trade="", minor=0, currency="", is_paid=False
            )
        return _paid(said, is_refunded=state == "REFUND")


def _paid(said: Mapping[str, Any], *, is_refunded: bool) -> ToldPayment:
    try:
        order, trade, amount = said["out_trade_no"], said["transaction_id"], said["amount"]
        minor, currency = amount["total"], amount.get("currency", "CNY")
        paid_at = datetime.fromisoformat(said["success_time"])
    except (KeyError, TypeError, ValueError, AttributeError):
        raise UnprovenError(Outcome.MALFORMED) from None
    texts = all(isinstance(one, str) and one for one in (order, trade, currency))
    if not texts or type(minor) is not int or minor < 0 or paid_at.tzinfo is None:
        raise UnprovenError(Outcome.MALFORMED)
    return ToldPayment(
        way=Kind.WECHAT,
        order=order,
        trade=trade,
        minor=minor,
        currency=currency,
        is_paid=True,
        is_refunded=is_refunded,
        paid_at=paid_at,
    )
