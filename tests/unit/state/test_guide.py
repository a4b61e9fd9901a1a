"""Which gateway the guide names."""

from __future__ import annotations

import pytest

from guance_portal import sites
from guance_portal.core.settings import Settings
from guance_portal.state.guide import gateway_of


def chosen(**values: object) -> Settings:
    return Settings.model_validate({"public_url": "https://portal.example", "sandbox": False, **values})


@pytest.mark.parametrize(
    ("site", "gateway"),
    [
        ("cn1", "https://openway.guance.com"),
        ("cn2", "https://aws-openway.guance.com"),
        ("cn4", "https://cn4-openway.guance.com"),
        ("cn6", "https://cn6-openway.guance.one"),
        ("us1", "https://us1-openway.guance.com"),
        ("eu1", "https://eu1-openway.guance.one"),
        ("ap1", "https://ap1-openway.guance.one"),
    ],
)
def test_each_site_has_a_gateway_of_its_own(site: str, gateway: str) -> None:
    assert gateway_of(sites.get(site), chosen()) == gateway


def test_a_gateway_that_is_set_stands_for_every_site() -> None:
    for site in sites.all_sites():
        assert gateway_of(site, chosen(gateway_url="https://openway.example:9528")) == "https://openway.example:9528"


def test_in_the_sandbox_the_portal_itself_takes_the_data() -> None:
    local = Settings.model_validate({"public_url": "http://localhost:8123", "sandbox": True})
    assert gateway_of(sites.get("us1"), local) == "http://localhost:8123"
