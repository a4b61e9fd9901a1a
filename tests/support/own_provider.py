"""A provider registered for a test, as a developer would: 华为云, whose site is cn4, with a listing in yuan."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from typing import Any, cast

import pytest

from guance_portal.bootstrap import building
from guance_portal.core.messages import Text, catalogue, placeholders
from guance_portal.marketplaces.listings import Listing, Listings, read_listings
from guance_portal.sites import Currency, Provider
from guance_portal.sites.provider import ProviderRegistration, Steps, message_keys_of

OWN = Provider.HUAWEICLOUD
MODELS = {Steps.TYPED: Provider.ALIYUN, Steps.BROUGHT: Provider.AWS}
URL = "https://marketplace.huaweicloud.example/guance"
OTHERS = ("阿里", "Alibaba", "RAM", "AWS", "亚马逊", "已购买的服务", "Purchased Services")
"""What only the other providers' own words say."""


def register(patch: pytest.MonkeyPatch, steps: Steps) -> None:
    """Its row, its words and its listing."""
    patch.setattr(OWN, "registration", ProviderRegistration(listings=frozenset({Currency.CNY}), steps=steps))
    for key in message_keys_of(OWN):
        model = catalogue().get(key.replace(OWN, MODELS[steps]), Text())
        patch.setitem(catalogue(), key, _said(key, model))
    listing = Listing(
        id=f"{OWN}-cn",
        provider=OWN,
        currency=Currency.CNY,
        product_code="guance",
        url=URL,
        settings="PORTAL_HUAWEICLOUD",
    )
    patch.setattr(building, "read_listings", lambda settings: Listings((*read_listings(settings), listing)))  # pyright: ignore[reportUnknownLambdaType, reportUnknownArgumentType]


def _said(key: str, model: Text) -> Text:
    """Words that name their key, with what the words of a model are filled with."""
    given = "".join(f" {{{name}}}" for name in sorted(placeholders(model.zh)))
    return Text(zh=f"华为云 {key}{given}", en=f"Huawei {key}{given}")


def foreign(said: Any) -> list[str]:
    """Texts that speak of another provider, in whatever is made ready to be shown."""
    return [text for text in _texts(said) if any(other in text for other in OTHERS)]


def borrowed(markup: str) -> list[str]:
    """The keys of what a compiled component says in the words of another provider's dialog or claim page."""
    return [
        key
        for other in Provider
        if other is not OWN
        for key in message_keys_of(other)
        if key.startswith(("cloud.", "claim."))
        if any(json.dumps(said) in markup for said in (catalogue()[key].zh, catalogue()[key].en))
    ]


def _texts(said: Any) -> Iterable[str]:
    if isinstance(said, str):
        yield said
    elif isinstance(said, dict):
        yield from _texts(list(cast("dict[str, Any]", said).values()))
    elif isinstance(said, list | tuple):
        for one in cast("list[Any]", said):
            yield from _texts(one)
    elif is_dataclass(said):
        for field in fields(said):
            yield from _texts(getattr(said, field.name))
