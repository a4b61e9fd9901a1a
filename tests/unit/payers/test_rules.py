"""Settlement methods, masks and the registry of providers."""

from __future__ import annotations

import pytest

from guance_portal.core.messages import catalogue
from guance_portal.payers.registry import Providers
from guance_portal.payers.rules import Connection, SettlementMethod, mask, shows_balances, username_key
from guance_portal.sites import Currency, Provider
from tests.support.marketplace import SimulatedMarketplace


@pytest.mark.parametrize("method", [SettlementMethod.ENTERPRISE, *map(SettlementMethod, Provider)])
def test_a_method_survives_being_text_and_has_a_name(method: SettlementMethod) -> None:
    assert SettlementMethod.of(str(method)) == method
    for area in ("settlement_method", "settlement.account"):
        assert f"{area}.{method}" in catalogue()
    assert method.mark == ("guance" if method == SettlementMethod.ENTERPRISE else method.value)


def test_an_unknown_method_is_refused() -> None:
    with pytest.raises(ValueError, match="azure"):
        SettlementMethod.of("azure")


@pytest.mark.parametrize("provider", Provider)
def test_a_provider_says_how_it_is_subscribed(provider: Provider) -> None:
    assert f"settlement.subscribe.{provider}" in catalogue()


@pytest.mark.parametrize(
    ("account", "shown"),
    [
        ("1827000000004093", "1827 **** **** 4093"),
        ("441000007725", "4410 **** 7725"),
        ("123456789", "1234 **** 6789"),
        ("1234", "**** 34"),
    ],
)
def test_a_cloud_account_is_shown_masked(account: str, shown: str) -> None:
    assert mask(account) == shown


@pytest.mark.parametrize(
    ("provider", "marketplaces", "connection"),
    [
        (Provider.HUAWEICLOUD, (), Connection.UNSUPPORTED),
        (Provider.AWS, (), Connection.NOT_CONNECTED),
        (Provider.AWS, (SimulatedMarketplace(Provider.AWS, frozenset()),), Connection.NOT_CONFIGURED),
        (Provider.AWS, (SimulatedMarketplace(Provider.AWS, frozenset({Currency.USD})),), Connection.NOT_CONFIGURED),
        (Provider.AWS, (SimulatedMarketplace(Provider.AWS, frozenset({Currency.CNY})),), Connection.READY),
        (Provider.AWS, (SimulatedMarketplace(Provider.AWS),), Connection.READY),
    ],
)
def test_the_listing_of_the_workspaces_currency_says_how_far_a_provider_is_joined(
    provider: Provider, marketplaces: tuple[SimulatedMarketplace, ...], connection: Connection
) -> None:
    providers = Providers(marketplaces)
    assert providers.connection(provider, Currency.CNY) is connection
    assert bool(providers.address(provider, Currency.CNY)) is (connection is Connection.READY)
    assert [offer.provider for offer in providers.offers(Currency.CNY)] == list(Provider)


@pytest.mark.parametrize(("typed", "key"), [("ＡＢＣ", "abc"), ("张三", "张三"), ("a b", ""), ("", "")])
def test_a_username_is_compared_as_it_is_stored(typed: str, key: str) -> None:
    assert username_key(typed) == key


@pytest.mark.parametrize(
    ("chosen", "owner", "shows"),
    [
        (None, "a@yunfan.example", True),
        (None, "b@yunfan.example", False),
        (True, "b@yunfan.example", True),
        (False, "a@yunfan.example", False),
    ],
)
def test_an_owner_sees_the_balances_as_the_payer_chose_or_as_the_same_person(
    chosen: bool | None,  # noqa: FBT001
    owner: str,
    shows: bool,  # noqa: FBT001
) -> None:
    assert shows_balances(chosen, "a@yunfan.example", owner) is shows
