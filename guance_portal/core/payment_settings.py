"""What can be set of the ways to pay; a way that lacks a setting is not offered, but for the sandbox."""

from __future__ import annotations

from pydantic import SecretStr
from pydantic_settings import BaseSettings

_EVERY = {
    "alipay": ("app_id", "seller_id", "private_key", "public_key"),
    "wechat": ("app_id", "mch_id", "private_key", "cert_serial", "api_key", "public_key", "public_key_id"),
    "bank": ("account_name", "account_number", "name", "code"),
    "bank_usd": ("account_name", "account_number", "name", "code"),
}


class PaymentSettings(BaseSettings):
    """Keys are Base64 on one line, as the providers' pages show them."""

    alipay_app_id: str = ""
    alipay_seller_id: str = ""
    alipay_private_key: SecretStr = SecretStr("")
    alipay_public_key: str = ""
    wechat_app_id: str = ""
    wechat_mch_id: str = ""
    wechat_private_key: SecretStr = SecretStr("")
    wechat_cert_serial: str = ""
    wechat_api_key: SecretStr = SecretStr("")
    wechat_public_key: str = ""
    wechat_public_key_id: str = ""
    bank_account_name: str = ""
    bank_account_number: str = ""
    bank_name: str = ""
    bank_code: str = ""
    bank_usd_account_name: str = ""
    bank_usd_account_number: str = ""
    bank_usd_name: str = ""
    bank_usd_code: str = ""

    def missing_of(self, way: str) -> tuple[str, ...]:
        """The variables of a way that are not set; empty when it is set up."""
        return tuple(f"PORTAL_{way.upper()}_{name.upper()}" for name in _EVERY[way] if not self._is_set(way, name))

    def is_begun(self, way: str) -> bool:
        """Whether any variable of a way is set."""
        return len(self.missing_of(way)) < len(_EVERY[way])

    def _is_set(self, way: str, name: str) -> bool:
        value = getattr(self, f"{way}_{name}")
        return bool(value.get_secret_value() if isinstance(value, SecretStr) else value)
