"""Which listings there are, and what they lack."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from guance_portal.core.settings import Settings
from guance_portal.marketplaces.listings import Listings, read_listings
from guance_portal.sites import Currency, Provider

IDS = ["aliyun-cn", "aliyun-intl", "aws-cn", "aws-intl"]


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import os

    for name in list(os.environ):
        if name.startswith(("PORTAL_", "AWS_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))


def listings(tmp_path: Path, **chosen: Any) -> Listings:
    return read_listings(Settings.model_validate({"data_dir": tmp_path, "secret_key": "k" * 40, **chosen}))


def test_what_the_sandbox_does_not_play_has_no_link_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    simulated = Provider.ALIYUN.registration
    monkeypatch.setattr(Provider.ALIYUN, "registration", replace(simulated, is_simulated=False))
    assert [(one.url, one.is_configured) for one in listings(tmp_path).all_of(Provider.ALIYUN)] == [("", False)] * 2
    assert all(one.url for one in listings(tmp_path).all_of(Provider.AWS))


def test_outside_the_sandbox_a_listing_says_what_it_lacks(tmp_path: Path) -> None:
    key = {"aliyun_access_key_id": "k", "aliyun_access_key_secret": "s"}
    known = {"aliyun_spi_key": "s", "aliyun_product_code": "p", "aliyun_listing_url": "https://m"}
    found = listings(tmp_path, sandbox=False, **known, **key)
    assert listings(tmp_path, sandbox=False, **known).by_id("aliyun-cn").missing == (
        "PORTAL_ALIYUN_ACCESS_KEY_ID",
        "PORTAL_ALIYUN_ACCESS_KEY_SECRET",
    )
    assert [one.id for one in found] == IDS
    assert [one.is_configured for one in found] == [True, False, False, False]
    assert found.by_id("aliyun-intl").missing == (
        "PORTAL_ALIYUN_INTL_SPI_KEY",
        "PORTAL_ALIYUN_INTL_PRODUCT_CODE",
        "PORTAL_ALIYUN_INTL_LISTING_URL",
        "PORTAL_ALIYUN_INTL_ACCESS_KEY_ID",
        "PORTAL_ALIYUN_INTL_ACCESS_KEY_SECRET",
    )
    assert found.by_id("aws-cn").missing == (
        "PORTAL_AWS_PRODUCT_CODE",
        "PORTAL_AWS_LISTING_URL",
        "AWS_ACCESS_KEY_ID",
        "PORTAL_AWS_QUEUE_URL (or PORTAL_AWS_TOPICS)",
    )
    assert [one.id for one in found.aliyun()] == ["aliyun-cn"]
    assert found.aws() == ()


AWS = {"sandbox": False, "aws_product_code": "p", "aws_listing_url": "https://m"}
QUEUE = {"aws_queue_url": "https://sqs.cn-northwest-1.amazonaws.com.cn/1/q"}
KEY = {"AWS_ACCESS_KEY_ID": "k", "AWS_SECRET_ACCESS_KEY": "s"}


@pytest.mark.parametrize(
    ("chosen", "environment", "lacks"),
    [
        (QUEUE, KEY, ()),
        ({"aws_topics": "arn:aws-cn:sns:cn-northwest-1:123456789012:t"}, KEY, ()),
        (QUEUE, {"AWS_PROFILE": "portal"}, ()),
        (QUEUE, {"AWS_WEB_IDENTITY_TOKEN_FILE": "/token"}, ()),
        (QUEUE, {}, ("AWS_ACCESS_KEY_ID",)),
        (QUEUE, {"AWS_ACCESS_KEY_ID": "k"}, ("AWS_SECRET_ACCESS_KEY",)),
        (QUEUE, {"AWS_SECRET_ACCESS_KEY": "s"}, ("AWS_ACCESS_KEY_ID",)),
        ({}, KEY, ("PORTAL_AWS_QUEUE_URL (or PORTAL_AWS_TOPICS)",)),
        ({"aws_topics": " , "}, KEY, ("PORTAL_AWS_QUEUE_URL (or PORTAL_AWS_TOPICS)",)),
    ],
)
def test_a_listing_of_aws_needs_credentials_and_a_way_for_notices(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    chosen: dict[str, str],
    environment: dict[str, str],
    lacks: tuple[str, ...],
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    found = listings(tmp_path, **AWS, **chosen).by_id("aws-cn")
    assert (found.missing, found.is_configured, found.is_begun) == (lacks, not lacks, True)


def test_credentials_may_stand_in_their_usual_file(tmp_path: Path) -> None:
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "credentials").write_text("[default]")
    assert listings(tmp_path, **AWS, **QUEUE).by_id("aws-cn").is_configured


def test_in_the_sandbox_the_real_services_need_real_credentials(tmp_path: Path) -> None:
    found = listings(tmp_path, aws_endpoint_url="https://metering.marketplace.cn-northwest-1.amazonaws.com.cn")
    assert found.by_id("aws-cn").missing == ("AWS_ACCESS_KEY_ID",)
    assert found.by_id("aws-intl").is_configured


def test_in_the_sandbox_nothing_is_lacking_and_every_secret_is_another(tmp_path: Path) -> None:
    found = listings(tmp_path)
    assert all(one.is_configured for one in found)
    assert len({one.spi_key for one in found.aliyun()}) == 2
    assert len({one.product_code for one in found}) == 4
    assert [one.spi_key for one in listings(tmp_path).aliyun()] == [one.spi_key for one in found.aliyun()]
    assert found.by_id("aliyun-cn").url == "http://localhost:8000/sandbox/aliyun/cn"
    assert found.aws()[1].endpoint_url == "http://127.0.0.1:8000/sandbox/aws/api/intl"


def test_what_is_set_goes_before_what_the_sandbox_makes_up(tmp_path: Path) -> None:
    (first, _) = listings(tmp_path, aliyun_spi_key="mine").aliyun()
    assert first.spi_key == "mine"


def test_a_workspace_is_offered_the_listing_of_its_currency(tmp_path: Path) -> None:
    found = listings(tmp_path)
    for provider in (Provider.ALIYUN, Provider.AWS):
        for currency in Currency:
            listing = found.of(provider, currency)
            assert listing
            assert (listing.provider, listing.currency) == (provider, currency)
    assert found.of(Provider.HUAWEICLOUD, Currency.CNY) is None


def test_china_and_the_world_are_spoken_to_in_their_own_way(tmp_path: Path) -> None:
    china, world = listings(tmp_path).aws()
    assert (china.region, china.uses_licences) == ("cn-northwest-1", False)
    assert (world.region, world.uses_licences) == ("us-east-1", True)


def test_a_key_is_never_printed(tmp_path: Path) -> None:
    (first, _) = listings(tmp_path).aliyun()
    assert first.spi_key not in repr(first)
