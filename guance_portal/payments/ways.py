"""The ways to pay online that this portal has been set up for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from guance_portal import routes
from guance_portal.core.settings import Settings
from guance_portal.ledger.chart import Kind
from guance_portal.payments.alipay import Alipay, AlipayKeys
from guance_portal.payments.keys import private_pem, public_pem
from guance_portal.payments.ports import PaymentProvider
from guance_portal.payments.wechat import Wechat, WechatKeys

ONLINE = (Kind.ALIPAY, Kind.WECHAT)
_API_KEY_LONG = 32


class SetWays:
    """Those of the settings. One whose keys cannot be used is not offered; `portal doctor` names it."""

    def __init__(self, chosen: Settings) -> None:
        self._providers: Mapping[Kind, PaymentProvider] = dict(_providers(chosen))

    async def offered(self) -> tuple[Kind, ...]:
        """Those that are set up."""
        return tuple(self._providers)

    async def of(self, way: Kind) -> PaymentProvider | None:
        """The provider of a way."""
        return self._providers.get(way)


def problem_with(chosen: Settings, way: Kind) -> str:
    """The variable of a way that is set and cannot be used; empty when there is none."""
    for name, read in (("private_key", private_pem), ("public_key", public_pem)):
        value = getattr(chosen, f"{way}_{name}")
        try:
            read(value if isinstance(value, str) else value.get_secret_value())
        except ValueError:
            return f"PORTAL_{way.upper()}_{name.upper()}"
    api_key = chosen.wechat_api_key.get_secret_value()
    if way is Kind.WECHAT and not (api_key.isascii() and len(api_key) == _API_KEY_LONG):
        return "PORTAL_WECHAT_API_KEY"
    return ""


def _providers(chosen: Settings) -> Iterator[tuple[Kind, PaymentProvider]]:
    for way in ONLINE:
        if not chosen.missing_of(way) and not problem_with(chosen, way):
            yield way, _alipay(chosen) if way is Kind.ALIPAY else _wechat(chosen)


def _alipay(chosen: Settings) -> Alipay:
    return Alipay(
        AlipayKeys(
            app=chosen.alipay_app_id,
            seller=chosen.alipay_seller_id,
            private_key=private_pem(chosen.alipay_private_key.get_secret_value()),
            public_key=public_pem(chosen.alipay_public_key),
            notify_url=chosen.effective_public_url + routes.ALIPAY_NOTICES,
            return_url=chosen.effective_public_url + routes.RECHARGE_ORDER,
        )
    )


def _wechat(chosen: Settings) -> Wechat:
    return Wechat(
        WechatKeys(
            app=chosen.wechat_app_id,
            merchant=chosen.wechat_mch_id,
            private_key=private_pem(chosen.wechat_private_key.get_secret_value()),
            certificate=chosen.wechat_cert_serial,
            api_key=chosen.wechat_api_key.get_secret_value(),
            public_key=public_pem(chosen.wechat_public_key),
            public_key_id=chosen.wechat_public_key_id,
            notify_url=chosen.effective_public_url + routes.WECHAT_NOTICES,
        )
    )
