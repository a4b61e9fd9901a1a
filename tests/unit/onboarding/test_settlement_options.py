"""What step 3 offers at each site: the verdicts of settlement, for a workspace that is not there yet."""

from __future__ import annotations

import pytest

from guance_portal import sites
from guance_portal.onboarding import settlement_options
from guance_portal.payers.registry import Providers
from guance_portal.payers.rules import SettlementMethod
from guance_portal.settlement.errors import MethodNotChoosableError
from guance_portal.sites import Currency, Provider
from tests.support.marketplace import SimulatedMarketplace

NOTHING_CONNECTED = Providers()


@pytest.mark.parametrize(
    ("site", "methods", "has_note"),
    [
        ("cn1", ["enterprise", "aliyun"], False),
        ("cn2", ["enterprise", "aws"], False),
        ("cn4", ["enterprise"], True),
        ("cn6", ["enterprise", "aliyun"], False),
        ("us1", ["enterprise", "aws"], False),
    ],
)
def test_a_site_offers_the_enterprise_account_first_and_its_own_cloud(
    site: str, methods: list[str], *, has_note: bool
) -> None:
    shown = settlement_options.options(sites.get(site), NOTHING_CONNECTED)
    assert [option.method.value for option in shown.options] == methods
    assert bool(shown.note) is has_note


CONNECTED = Providers([SimulatedMarketplace(one, frozenset(Currency)) for one in Provider if one.listings])


@pytest.mark.parametrize(
    ("site", "currency", "methods"),
    [
        ("cn1", "CNY", ["观测云企业账号", "阿里云账号"]),
        ("cn2", "CNY", ["观测云企业账号", "AWS 云账号"]),
        ("cn4", "CNY", ["观测云企业账号"]),
        ("cn6", "USD", ["观测云企业账号", "阿里云账号"]),
        ("us1", "USD", ["观测云企业账号", "AWS 云账号"]),
    ],
)
def test_before_a_site_is_chosen_for_ever_it_says_how_it_is_paid(site: str, currency: str, methods: list[str]) -> None:
    terms = settlement_options.terms(sites.get(site), CONNECTED)
    assert terms.currency.value == currency
    assert [method.zh for method in terms.methods] == methods
    assert bool(terms.note) is (site == "cn4")
    alone = settlement_options.terms(sites.get(site), NOTHING_CONNECTED)
    assert [method.zh for method in alone.methods] == ["观测云企业账号"]
    assert alone.note


@pytest.mark.parametrize("site", sites.all_sites(), ids=lambda site: site.code)
def test_what_cannot_be_chosen_says_why_and_what_can_be_does_not(site: sites.Site) -> None:
    for option in settlement_options.options(site, NOTHING_CONNECTED).options:
        assert option.is_choosable is (option.method == SettlementMethod.ENTERPRISE)
        assert bool(option.reason) is not option.is_choosable
        assert option.title
        assert option.needs


@pytest.mark.parametrize("site", sites.all_sites(), ids=lambda site: site.code)
def test_while_no_marketplace_is_connected_a_workspace_opens_with_the_enterprise_account_alone(
    site: sites.Site,
) -> None:
    settlement_options.require_choosable(site, NOTHING_CONNECTED, SettlementMethod.ENTERPRISE)
    for provider in Provider:
        with pytest.raises(MethodNotChoosableError):
            settlement_options.require_choosable(site, NOTHING_CONNECTED, SettlementMethod(provider))


@pytest.mark.parametrize("site", sites.all_sites(), ids=lambda site: site.code)
def test_a_site_opens_with_its_own_cloud_once_the_listing_of_its_currency_is_configured(site: sites.Site) -> None:
    for provider in Provider:
        is_own = provider is site.provider and bool(provider.listings)
        for listed, is_choosable in (
            (frozenset({site.currency}), is_own),
            (frozenset(Currency) - {site.currency}, False),
        ):
            providers = Providers([SimulatedMarketplace(one, listed) for one in Provider if one.listings])
            if is_choosable:
                settlement_options.require_choosable(site, providers, SettlementMethod(provider))
            else:
                with pytest.raises(MethodNotChoosableError):
                    settlement_options.require_choosable(site, providers, SettlementMethod(provider))
