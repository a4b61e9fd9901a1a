"""Which gateway the guide names, and by which of its answers it tells a wrong token."""

from __future__ import annotations

import json

import pytest

from guance_portal import sites
from guance_portal.api.gateway.refusals import dissolved, over_quota, unknown_token
from guance_portal.core.messages import Language, catalogue, text
from guance_portal.core.settings import Settings
from guance_portal.metering.categories import Category
from guance_portal.metering.errors import OverQuotaError
from guance_portal.metering.items import Item
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


def test_a_wrong_token_is_told_by_the_one_answer_of_403_that_means_it() -> None:
    answers = [
        unknown_token().answer(),
        dissolved().answer(),
        over_quota(OverQuotaError(Item.LOGS, used=1, quota=1, retry_after=1), is_datakit=True).answer(),
    ]
    assert {answer.status_code for answer in answers} == {403}
    codes = [json.loads(bytes(answer.body))["error_code"] for answer in answers]
    for language in Language:
        said = text("guide.help_token_text").in_(language)
        assert [code in said for code in codes] == [True, False, False]
        assert "403" in said


def test_every_category_has_a_name_where_it_is_counted_or_refused() -> None:
    assert {name for name in Category if f"guide.category.{name}" not in catalogue()} == set()
