"""A registered provider is complete: its words, its mark, and what the sandbox has of it."""

from __future__ import annotations

from pathlib import Path

import pytest

import guance_portal
from guance_portal import routes
from guance_portal.core.messages import catalogue
from guance_portal.pages import sandbox_markets
from guance_portal.sites import Provider
from guance_portal.sites.provider import message_keys_of

STYLES = Path(guance_portal.__file__).parents[1] / "assets" / "styles" / "forms.css"


@pytest.mark.parametrize("provider", Provider)
def test_a_provider_has_all_words_that_its_registration_asks_for(provider: Provider) -> None:
    assert set(message_keys_of(provider)) - set(catalogue()) == set()


@pytest.mark.parametrize("provider", Provider)
def test_no_words_of_a_dialog_stand_unused(provider: Provider) -> None:
    if provider.listings:
        said = {key for key in catalogue() if key.startswith(f"cloud.{provider}.")}
        assert said - set(message_keys_of(provider)) == set()


@pytest.mark.parametrize("provider", Provider)
def test_a_provider_has_a_mark(provider: Provider) -> None:
    assert f".gc-provider.{provider}::before" in STYLES.read_text("utf-8")


def test_the_sandbox_has_a_page_for_each_market_of_a_simulated_provider_and_no_other() -> None:
    simulated = [one for one in Provider if one.is_simulated]
    assert [page.route for page in sandbox_markets.PAGES] == [
        routes.sandbox_market(one.value, market) for one in simulated for market in one.markets
    ]
