"""Purchases and notices of a simulated marketplace, ready to show."""

from __future__ import annotations

from dataclasses import dataclass, field

from guance_portal import routes
from guance_portal.core.messages import Text
from guance_portal.sandbox import rules
from guance_portal.sandbox.rules import MarketAct, Sku
from guance_portal.sandbox.shops import Shop
from guance_portal.sandbox.views import DeliveryView, PurchaseView
from guance_portal.state.display import moment

_LONGEST = 400


@dataclass(frozen=True, slots=True)
class PurchaseLine:
    """One purchase. `instance` is empty until the portal has answered; `enter_href` leads to 免登."""

    id: str
    state: str
    is_premium: bool
    is_trial: bool
    is_other: bool
    account: str
    instance: str
    reference: str
    enter_href: str
    can_renew: bool
    can_upgrade: bool
    can_end: bool
    can_release: bool
    created_at: Text = field(default_factory=Text)
    expires_at: Text = field(default_factory=Text)


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """One notice to the portal."""

    id: str
    kind: str
    reference: str
    state: str
    attempts: int
    copies: int
    answer: str
    at: Text = field(default_factory=Text)


def purchase_line(shop: Shop, purchase: PurchaseView) -> PurchaseLine:
    """A purchase as its shop shows it."""
    is_aliyun, is_premium = shop.id.startswith("aliyun"), purchase.sku == Sku.PREMIUM
    can = rules.possible(purchase.state, is_premium=is_premium, is_aliyun=is_aliyun)
    return PurchaseLine(
        id=purchase.id,
        state=purchase.state.value,
        is_premium=is_premium,
        is_trial=purchase.is_trial,
        is_other=purchase.is_other,
        account=purchase.account,
        instance=purchase.instance,
        reference=purchase.reference,
        enter_href=routes.sandbox_sso(shop.market, purchase.id) if is_aliyun and purchase.instance else "",
        can_renew=MarketAct.RENEW in can,
        can_upgrade=MarketAct.UPGRADE in can,
        can_end=MarketAct.CANCEL in can,
        can_release=MarketAct.RELEASE in can,
        created_at=moment(purchase.created_at, _site(shop)),
        expires_at=moment(purchase.expires_at, _site(shop)) if purchase.expires_at else Text(),
    )


def delivery_line(delivery: DeliveryView, reference: str) -> DeliveryLine:
    """A notice with what the portal answered."""
    return DeliveryLine(
        id=delivery.id,
        kind=delivery.kind,
        reference=reference,
        state=delivery.state.value,
        attempts=delivery.attempts,
        copies=delivery.copies,
        answer=delivery.answer[:_LONGEST],
        at=moment(delivery.at, "cn1" if delivery.listing_id.endswith("cn") else ""),
    )


def _site(shop: Shop) -> str:
    """Whose time zone is shown: that of the mainland, else UTC."""
    return "cn1" if shop.market == "cn" else ""
