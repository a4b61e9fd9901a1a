"""Signs notices as Alipay does (RSA2)."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from guance_portal.sandbox.cashier.payments import SentNotice, SimulatedPayment

_ZONE = ZoneInfo("Asia/Shanghai")
_HEADERS = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}


class AlipayCashier:
    """The simulator, with a key of its own."""

    def __init__(self, key: rsa.RSAPrivateKey) -> None:
        self._key = key

    def notice(self, payment: SimulatedPayment, now: datetime) -> SentNotice:
        """A notice of a payment, signed now by the machine's clock."""
        fields = {
            "notify_time": _written(now),
            "notify_type": "trade_status_sync",
            "notify_id": secrets.token_hex(16),
            "charset": "utf-8",
            "version": "1.0",
            "sign_type": "RSA2",
            "app_id": payment.app,
            "seller_id": payment.seller,
            "out_trade_no": payment.order,
            "trade_no": payment.trade,
            "trade_status": "TRADE_SUCCESS" if payment.is_paid else "WAIT_BUYER_PAY",
            "total_amount": f"{payment.minor // 100}.{payment.minor % 100:02}",
            "subject": "观测云充值",
            "body": "",
            "gmt_create": _written(payment.paid_at),
        }
        if payment.is_paid:
            fields["gmt_payment"] = _written(payment.paid_at)
        if payment.currency != "CNY":
            fields["trans_currency"] = payment.currency
        fields |= payment.more
        return SentNotice(headers=_HEADERS, body=urlencode(fields | {"sign": self.sign(fields)}).encode())

    def sign(self, fields: Mapping[str, str]) -> str:
        """The signature over all fields but `sign` and `sign_type`, empty ones too."""
        text = "&".join(f"{name}={fields[name]}" for name in sorted(fields) if name not in {"sign", "sign_type"})
        return base64.b64encode(self._key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())).decode()


def _written(moment: datetime) -> str:
    return moment.astimezone(_ZONE).strftime("%Y-%m-%d %H:%M:%S")
