"""Sites are data: what must hold for each of them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from guance_portal import sites
from guance_portal.sites import Currency, Group, Provider

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("code", "name", "provider", "currency", "hour"),
    [
        ("cn1", "中国区1（杭州）", Provider.ALIYUN, Currency.CNY, 20),
        ("cn2", "中国区2（宁夏）", Provider.AWS, Currency.CNY, 20),
        ("cn4", "中国区4（广州）", Provider.HUAWEICLOUD, Currency.CNY, 20),
        ("cn6", "中国区6（香港）", Provider.ALIYUN, Currency.USD, 20),
        ("us1", "海外区1（俄勒冈）", Provider.AWS, Currency.USD, 5),
        ("eu1", "欧洲区1（法兰克福）", Provider.AWS, Currency.USD, 14),
        ("ap1", "亚太区1（新加坡）", Provider.AWS, Currency.USD, 20),
    ],
)
def test_each_site_has_its_provider_currency_and_day(
    code: str, name: str, provider: Provider, currency: Currency, hour: int
) -> None:
    site = sites.get(code)
    assert (site.name.zh, site.provider, site.currency) == (name, provider, currency)
    assert NOON.astimezone(site.zone).hour == hour


def test_hangzhou_comes_first_and_nothing_is_listed_twice() -> None:
    codes = [site.code for site in sites.all_sites()]
    assert codes == ["cn1", "cn2", "cn4", "cn6", "us1", "eu1", "ap1"]


def test_sites_stand_in_two_groups_without_mixing() -> None:
    groups = [site.group for site in sites.all_sites()]
    assert groups == sorted(groups, key=[Group.MAINLAND, Group.OVERSEAS].index)
    assert {group.label.zh for group in groups} == {"中国大陆", "海外"}


def test_every_site_is_named_in_both_languages() -> None:
    for site in sites.all_sites():
        for said in (site.name, site.region):
            assert said.zh
            assert said.en
        assert bool(site.advice.zh) == bool(site.advice.en)


def test_an_unknown_code_is_refused() -> None:
    with pytest.raises(sites.UnknownSiteError) as refusal:
        sites.get("mars1")
    assert refusal.value.field == "site"
