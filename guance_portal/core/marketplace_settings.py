"""What can be set of the cloud marketplaces: a listing in China (CNY) and an international one (USD) of each cloud."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from pydantic import SecretStr
from pydantic_settings import BaseSettings

_WEB = ("http", "https")
_AWS_KEY = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
_AWS_ELSEWHERE = (
    "AWS_PROFILE",
    "AWS_SHARED_CREDENTIALS_FILE",
    "AWS_CONFIG_FILE",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
)
"""Where boto3 is told to find credentials instead."""


class MarketplaceSettings(BaseSettings):
    """Secrets and addresses of the listings; what is unset leaves a listing unconfigured, but for the sandbox.

    The AWS credentials are those that boto3 finds by itself (`AWS_ACCESS_KEY_ID` and the like).
    """

    aliyun_spi_key: SecretStr = SecretStr("")
    aliyun_product_code: str = ""
    aliyun_listing_url: str = ""
    aliyun_intl_spi_key: SecretStr = SecretStr("")
    aliyun_intl_product_code: str = ""
    aliyun_intl_listing_url: str = ""
    aliyun_api_url: str = "https://market.aliyuncs.com"
    aliyun_access_key_id: str = ""
    aliyun_access_key_secret: SecretStr = SecretStr("")
    aliyun_intl_api_url: str = "https://market.ap-southeast-1.aliyuncs.com"
    aliyun_intl_access_key_id: str = ""
    aliyun_intl_access_key_secret: SecretStr = SecretStr("")
    aws_product_code: str = ""
    aws_listing_url: str = ""
    aws_queue_url: str = ""
    aws_endpoint_url: str = ""
    aws_entitlement_endpoint_url: str = ""
    aws_agreement_endpoint_url: str = ""
    aws_region: str = "cn-northwest-1"
    aws_uses_licences: bool = False
    aws_topics: str = ""
    aws_intl_product_code: str = ""
    aws_intl_listing_url: str = ""
    aws_intl_queue_url: str = ""
    aws_intl_endpoint_url: str = ""
    aws_intl_entitlement_endpoint_url: str = ""
    aws_intl_agreement_endpoint_url: str = ""
    aws_intl_region: str = "us-east-1"
    aws_intl_uses_licences: bool = True
    aws_intl_topics: str = ""

    @staticmethod
    def missing_aws_credentials() -> str:
        """The variable without which boto3 finds no credentials; empty when it has where to look.

        Nobody is asked: whether they are good shows at the first call. The role of a machine is named by a profile.
        """
        has_key, has_secret = (bool(os.environ.get(name)) for name in _AWS_KEY)
        if has_key != has_secret:
            return _AWS_KEY[has_key]
        named = any(os.environ.get(name) for name in _AWS_ELSEWHERE)
        return "" if has_key or named or Path("~/.aws/credentials").expanduser().exists() else _AWS_KEY[0]

    def marketplace_addresses(self) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        """Every address among them: the variable, the address, and what it may start with."""
        for name in MarketplaceSettings.model_fields:
            if name.endswith("_url"):
                yield f"PORTAL_{name.upper()}", getattr(self, name), _WEB
