"""Where the product is listed: on each cloud once in China, in CNY, and once internationally, in USD."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from guance_portal import routes
from guance_portal.core.settings import Settings
from guance_portal.sites import Currency, Provider
from guance_portal.sites.provider import PLACES


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One listing. `id` stands in rows; `url` is where one subscribes; `settings` begins the names of its settings.

    `lacks` are variables that it needs beside its own settings and does not have.
    """

    id: str
    provider: Provider
    currency: Currency
    product_code: str
    url: str
    settings: str
    lacks: tuple[str, ...] = ()

    REQUIRED: ClassVar[tuple[str, ...]] = ("product_code", "url")

    @property
    def missing(self) -> tuple[str, ...]:
        """The settings that it lacks, by the names of their variables."""
        own = (f"{self.settings}_{_NAMES.get(name, name.upper())}" for name in self.REQUIRED if not getattr(self, name))
        return (*own, *self.lacks)

    @property
    def is_begun(self) -> bool:
        """Whether anything of its own is set: then what it lacks was forgotten."""
        return any(getattr(self, name) for name in self.REQUIRED)

    @property
    def is_configured(self) -> bool:
        """Whether it lacks nothing: only then can it be subscribed."""
        return not self.missing


@dataclass(frozen=True, slots=True, kw_only=True)
class AliyunListing(Listing):
    """A listing of 阿里云云市场; `spi_key` signs what the market sends, `access_key` what is pushed to it at `api_url`.

    Without an access key no use can be pushed: then it lacks one.
    """

    spi_key: str = ""
    api_url: str = ""
    access_key: tuple[str, str] = ("", "")

    REQUIRED: ClassVar[tuple[str, ...]] = ("spi_key", "product_code", "url")

    def __repr__(self) -> str:
        """Without the key."""
        return f"AliyunListing({self.id})"


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsListing(Listing):
    """A listing of AWS Marketplace; empty endpoints are those of AWS itself in `region`.

    Without credentials no token is redeemed, and without a queue or topics no end is ever heard of: then it lacks them.

    `uses_licences`: customers are known by account and licence, as new products require, not by the older identifier.
    """

    endpoint_url: str
    entitlement_endpoint_url: str
    agreement_endpoint_url: str = ""
    queue_url: str
    region: str
    uses_licences: bool
    topics: tuple[str, ...] = ()

    @property
    def asks_agreements(self) -> bool:
        """Whether AWS can be asked about an agreement: no endpoint for that is known in China."""
        return bool(self.agreement_endpoint_url) or not self.region.startswith("cn-")

    @property
    def agreement_region(self) -> str:
        """Where that is: everywhere but in China in one region, whatever that of the listing."""
        return self.region if self.agreement_endpoint_url else _AGREEMENTS_AT


_AGREEMENTS_AT = "us-east-1"
_NAMES = {"url": "LISTING_URL"}
_INFIXES = {"cn": "", "intl": "INTL_"}
"""Of the names of settings."""


class Listings:
    """Every listing, configured or not."""

    def __init__(self, listings: tuple[Listing, ...]) -> None:
        self._listings = {listing.id: listing for listing in listings}

    def __iter__(self) -> Iterator[Listing]:
        return iter(self._listings.values())

    def of(self, provider: Provider, currency: Currency) -> Listing | None:
        """The listing of a provider in a currency; None where there is none."""
        return next((one for one in self.all_of(provider) if one.currency is currency), None)

    def all_of(self, provider: Provider) -> tuple[Listing, ...]:
        """The listings of a provider, China first."""
        return tuple(one for one in self if one.provider is provider)

    def by_id(self, listing_id: str) -> Listing:
        """The listing of this id; raises KeyError for what no row holds."""
        return self._listings[listing_id]

    def aliyun(self) -> tuple[AliyunListing, ...]:
        """The configured listings of 阿里云云市场."""
        return tuple(one for one in self if isinstance(one, AliyunListing) and one.is_configured)

    def aliyun_url(self) -> str:
        """Where the first configured of them is; empty while none is."""
        return next((one.url for one in self.aliyun()), "")

    def aws(self) -> tuple[AwsListing, ...]:
        """The configured listings of AWS Marketplace."""
        return tuple(one for one in self if isinstance(one, AwsListing) and one.is_configured)


def read_listings(settings: Settings) -> Listings:
    """The listings of these settings. In the sandbox what is unset is made up, so that the simulators have what to use."""
    made_up = _Sandbox(settings) if settings.is_sandbox else None
    places = [(place, _INFIXES[place], currency) for currency, place in PLACES.items()]
    return Listings(
        (
            *(_aliyun(settings, made_up, *place) for place in places),
            *(_aws(settings, made_up, *place) for place in places),
        )
    )


def _aliyun(settings: Settings, made_up: _Sandbox | None, place: str, infix: str, currency: Currency) -> AliyunListing:
    prefix, listing_id = f"aliyun_{infix.lower()}", f"aliyun-{place}"
    code, url = getattr(settings, f"{prefix}product_code"), getattr(settings, f"{prefix}listing_url")
    key = getattr(settings, f"{prefix}spi_key").get_secret_value()
    api = getattr(settings, f"{prefix}api_url")
    access = (
        getattr(settings, f"{prefix}access_key_id"),
        getattr(settings, f"{prefix}access_key_secret").get_secret_value(),
    )
    names, lacks = f"PORTAL_ALIYUN_{infix}", tuple[str, ...]()
    if made_up:
        api = made_up.aliyun_api()
        code = code or f"cmgj{made_up.secret(listing_id, 'product')[:10]}"
        url, key = url or made_up.page(Provider.ALIYUN, place), key or made_up.secret(listing_id, "spi key")
    else:
        parts = zip(("ACCESS_KEY_ID", "ACCESS_KEY_SECRET"), access, strict=True)
        lacks = tuple(f"{names}{name}" for name, value in parts if not value)
    return AliyunListing(
        id=listing_id,
        provider=Provider.ALIYUN,
        currency=currency,
        product_code=code,
        url=url,
        settings=names.rstrip("_"),
        lacks=lacks,
        spi_key=key,
        api_url=api,
        access_key=access,
    )


def _aws(settings: Settings, made_up: _Sandbox | None, place: str, infix: str, currency: Currency) -> AwsListing:
    prefix, listing_id = f"aws_{infix.lower()}", f"aws-{place}"
    code, url = getattr(settings, f"{prefix}product_code"), getattr(settings, f"{prefix}listing_url")
    metering, queue = getattr(settings, f"{prefix}endpoint_url"), getattr(settings, f"{prefix}queue_url")
    topics = tuple(topic.strip() for topic in getattr(settings, f"{prefix}topics").split(",") if topic.strip())
    entitlement = getattr(settings, f"{prefix}entitlement_endpoint_url")
    agreement = getattr(settings, f"{prefix}agreement_endpoint_url")
    if made_up:
        code = code or made_up.secret(listing_id, "product")[:25]
        url = url or made_up.page(Provider.AWS, place)
        api = made_up.aws_api(place)
        metering, entitlement, agreement = metering or api, entitlement or api, agreement or api
    names, lacks = f"PORTAL_AWS_{infix}".rstrip("_"), list[str]()
    if not (made_up and metering == made_up.aws_api(place)) and (credential := settings.missing_aws_credentials()):
        lacks.append(credential)
    if not (made_up or queue or topics):
        lacks.append(f"{names}_QUEUE_URL (or {names}_TOPICS)")
    return AwsListing(
        id=listing_id,
        provider=Provider.AWS,
        currency=currency,
        product_code=code,
        url=url,
        settings=names,
        lacks=tuple(lacks),
        endpoint_url=metering,
        entitlement_endpoint_url=entitlement,
        agreement_endpoint_url=agreement,
        queue_url=queue,
        region=getattr(settings, f"{prefix}region"),
        uses_licences=getattr(settings, f"{prefix}uses_licences"),
        topics=topics,
    )


class _Sandbox:
    """Secrets and addresses for the simulators of this portal, the same after every start."""

    def __init__(self, settings: Settings) -> None:
        self._key, self._port, self._public_url = settings.signing_key(), settings.port, settings.effective_public_url

    def secret(self, listing_id: str, what: str) -> str:
        """64 hex digits that nobody knows who has not the portal's key."""
        said = f"sandbox marketplace {listing_id} {what}"
        return hmac.new(self._key.encode(), said.encode(), hashlib.sha256).hexdigest()

    def page(self, provider: Provider, place: str) -> str:
        """Where one subscribes; empty for a provider whose marketplace the sandbox does not play."""
        return self._public_url + routes.sandbox_market(provider.value, place) if provider.is_simulated else ""

    def aliyun_api(self) -> str:
        """The endpoint of the simulator: a host alone, as the official SDK is told one."""
        return f"http://127.0.0.1:{self._port}"

    def aws_api(self, place: str) -> str:
        """The endpoint of the simulator, by the way that needs no name."""
        return f"http://127.0.0.1:{self._port}{routes.SANDBOX_AWS_API}/{place}"
