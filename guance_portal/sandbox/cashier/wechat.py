"""Signs and seals notices as WeChat Pay v3 does."""

from __future__ import annotations

import base64
import json
import secrets
from datetime import datetime
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from guance_portal.sandbox.cashier.payments import SentNotice, SimulatedPayment

_ZONE = ZoneInfo("Asia/Shanghai")
_ABOUT = "transaction"


class WechatCashier:
    """The simulator, with a key of its own, its id, and the key that merchants share with it."""

    def __init__(self, key: rsa.RSAPrivateKey, key_id: str, api_key: str) -> None:
        self._key, self._key_id, self._api_key = key, key_id, api_key

    def notice(self, payment: SimulatedPayment, now: datetime) -> SentNotice:
        """A notice of a payment, signed now by the machine's clock."""
        nonce = secrets.token_hex(6)
        said = json.dumps(self.transaction(payment)).encode()
        sealed = AESGCM(self._api_key.encode()).encrypt(nonce.encode(), said, _ABOUT.encode())
        envelope = {
            "id": secrets.token_hex(16),
            "create_time": _written(now),
            "event_type": "TRANSACTION.SUCCESS",
            "resource_type": "encrypt-resource",
            "summary": "支付成功",
            "resource": {
                "original_type": _ABOUT,
                "algorithm": "AEAD_AES_256_GCM",
                "nonce": nonce,
                "associated_data": _ABOUT,
                "ciphertext": base64.b64encode(sealed).decode(),
            },
        }
        body = json.dumps(envelope, ensure_ascii=False).encode()
        return SentNotice(headers=self.signed(body, now), body=body)

    def transaction(self, payment: SimulatedPayment) -> dict[str, object]:
        """A transaction as notices and queries say it."""
        said: dict[str, object] = {
            "appid": payment.app,
            "mchid": payment.seller,
            "out_trade_no": payment.order,
            "trade_type": "NATIVE",
            "trade_state": "SUCCESS" if payment.is_paid else "NOTPAY",
            "trade_state_desc": "",
        }
        if payment.is_paid:
            said |= {
                "transaction_id": payment.trade,
                "bank_type": "OTHERS",
                "success_time": _written(payment.paid_at),
                "payer": {"openid": "sandbox"},
                "amount": {
                    "total": payment.minor,
                    "payer_total": payment.minor,
                    "currency": payment.currency,
                    "payer_currency": payment.currency,
                },
            }
        return said | payment.more

    def signed(self, body: bytes, now: datetime) -> dict[str, str]:
        """The headers of a body."""
        at, nonce = str(int(now.timestamp())), secrets.token_hex(16)
        text = f"{at}\n{nonce}\n".encode() + body + b"\n"
        signature = self._key.sign(text, padding.PKCS1v15(), hashes.SHA256())
        return {
            "Content-Type": "application/json",
            "Wechatpay-Timestamp": at,
            "Wechatpay-Nonce": nonce,
            "Wechatpay-Serial": self._key_id,
            "Wechatpay-Signature": base64.b64encode(signature).decode(),
            "Wechatpay-Signature-Type": "WECHATPAY2-SHA256-RSA2048",
        }


def _written(moment: datetime) -> str:
    return moment.astimezone(_ZONE).isoformat(timespec="seconds")
