"""What the cashier tells, signed as the provider signs it whose place it takes."""

from __future__ import annotations

from datetime import datetime

from guance_portal.ledger.chart import Kind
from guance_portal.sandbox.cashier.alipay import AlipayCashier
from guance_portal.sandbox.cashier.keys import CashierKeys, loaded
from guance_portal.sandbox.cashier.payments import SentNotice, SimulatedPayment
from guance_portal.sandbox.cashier.tables import SandboxPayment
from guance_portal.sandbox.cashier.wechat import WechatCashier

APP, SELLER, PUBLIC_KEY_ID = "sandbox-app", "sandbox-seller", "PUB_KEY_ID_SANDBOX"


def payment_of(row: SandboxPayment) -> SimulatedPayment:
    """What is to be told of a payment."""
    return SimulatedPayment(
        order=row.number,
        trade=row.trade,
        minor=row.minor,
        currency=row.currency,
        paid_at=row.paid_at,
        app=APP,
        seller=SELLER,
    )


def signed(keys: CashierKeys, way: Kind, payment: SimulatedPayment, now: datetime) -> SentNotice:
    """A notice, signed now."""
    if way is Kind.ALIPAY:
        return AlipayCashier(loaded(keys.alipay)).notice(payment, now)
    return WechatCashier(loaded(keys.wechat), PUBLIC_KEY_ID, keys.api_key).notice(payment, now)
