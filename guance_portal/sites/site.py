"""What a site is, read from the one data file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from guance_portal.core.errors import PortalError
from guance_portal.core.messages import Text, text
from guance_portal.core.money import Currency
from guance_portal.sites.provider import Provider

_FILE = Path(__file__).with_name("sites.toml")


class Group(StrEnum):
    """How sites stand together where one is chosen."""

    MAINLAND = "mainland"
    OVERSEAS = "overseas"

    @property
    def label(self) -> Text:
        """The heading above its sites."""
        return text(f"sites.group.{self}")


class UnknownSiteError(PortalError, code="errors.unknown_site"):
    """No site has this code."""


class SiteMissingError(PortalError, code="errors.site_missing"):
    """No site was chosen where one is needed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One site: accounts and data of two sites never mix. A billing day is a day of its `zone`.

    `region` names provider and place; `advice` says whom it is recommended to and may be empty;
    `country` (ISO 3166) is where a telephone number without its + belongs.
    """

    code: str
    name: Text
    region: Text
    advice: Text
    provider: Provider
    currency: Currency
    country: str
    zone: ZoneInfo
    group: Group
    login_host: str
    gateway_host: str


def get(code: str) -> Site:
    """The site with this code; raises UnknownSiteError."""
    try:
        return _by_code()[code]
    except KeyError:
        raise UnknownSiteError(field="site") from None


def exists(code: str) -> bool:
    """Whether there is a site with this code."""
    return code in _by_code()


def first_of(currency: Currency) -> Site:
    """The first site of a currency."""
    return next(site for site in all_sites() if site.currency is currency)


def all_sites() -> tuple[Site, ...]:
    """Every site in the order it is offered; in Chinese the first is preselected."""
    return tuple(_by_code().values())


@cache
def _by_code() -> dict[str, Site]:
    return {code: _site(code, entry) for code, entry in tomllib.loads(_FILE.read_text("utf-8")).items()}


def _site(code: str, entry: dict[str, Any]) -> Site:
    return Site(
        code=code,
        name=Text(**entry["name"]),
        region=Text(**entry["region"]),
        advice=Text(**entry["advice"]),
        provider=Provider(entry["provider"]),
        currency=Currency(entry["currency"]),
        country=entry["country"],
        zone=ZoneInfo(entry["zone"]),
        group=Group(entry["group"]),
        login_host=entry["login_host"],
        gateway_host=entry["gateway_host"],
    )
