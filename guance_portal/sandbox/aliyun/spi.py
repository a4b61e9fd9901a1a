"""The calls of the Alibaba marketplace to a vendor: parameters, and the token that signs them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from urllib.parse import urlencode

from guance_portal.sandbox.shops import AliyunShop
from guance_portal.sandbox.tables import SandboxPurchase

# The dates of the SPI name no zone; Hangzhou's is meant.
_ZONE = timezone(timedelta(hours=8))


def token(parameters: Mapping[str, str], secret: str) -> str:
    """What signs the parameters, which are not yet encoded."""
    said = "&".join(f"{name}={parameters[name]}" for name in sorted(parameters))
    return hashlib.md5(f"{said}&key={secret}".encode(), usedforsecurity=False).hexdigest()


def signed(parameters: Mapping[str, str], secret: str) -> str:
    """The query of a call."""
    return urlencode({**parameters, "token": token(parameters, secret)})


def create_instance(
    shop: AliyunShop, purchase: SandboxPurchase, order_id: str, extra: Mapping[str, str]
) -> dict[str, str]:
    """A purchase is to be provided; `extra` are the shop's additional billing items, each a parameter of its own."""
    asked = {
        "action": "createInstance",
        "aliUid": purchase.account,
        "orderBizId": purchase.reference,
        "orderId": order_id,
        "productCode": shop.product_code,
        "skuId": purchase.sku,
        "trial": "true" if purchase.is_trial else "false",
        **extra,
    }
    return {**asked, "expiredOn": date(purchase.expires_at)} if purchase.expires_at else asked


def date(moment: datetime) -> str:
    """A moment as the SPI writes it."""
    return f"{moment.astimezone(_ZONE):%Y-%m-%d %H:%M:%S}"
