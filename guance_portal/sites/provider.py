"""The clouds: what the portal has to know of each, and the words that it needs for that."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from guance_portal.core.money import Currency

PLACES = {Currency.CNY: "cn", Currency.USD: "intl"}
"""What a cloud's marketplace is called in addresses and ids, by the currency it charges in."""


class Steps(StrEnum):
    """How a subscription comes from a marketplace to the portal."""

    TYPED = "typed"
    """A person types its ids: the instance cannot be guessed, so the pair proves whose it is."""
    BROUGHT = "brought"
    """The marketplace sends the buyer's browser along with a proof; ids that somebody types prove nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderRegistration:
    """What is to be known of a provider. Dialogs, lists, links and the words that are needed follow from it.

    `listings` are the currencies in which the product is listed on the cloud's marketplace, so that a cloud account
    can pay; none where no marketplace will be used. `account_id` is the pattern of an account's id.
    `is_simulated`: the sandbox plays its marketplace; without that no link leads to one.
    """

    listings: frozenset[Currency] = frozenset()
    steps: Steps = Steps.TYPED
    account_id: str = "[0-9]{1,32}"
    is_simulated: bool = False


class Provider(StrEnum):
    """The clouds that sites run on, in the order they are offered."""

    ALIYUN = (
        "aliyun",
        ProviderRegistration(listings=frozenset({Currency.CNY, Currency.USD}), steps=Steps.TYPED, is_simulated=True),
    )
    AWS = (
        "aws",
        ProviderRegistration(listings=frozenset({Currency.CNY, Currency.USD}), steps=Steps.BROUGHT, is_simulated=True),
    )
    HUAWEICLOUD = "huaweicloud", ProviderRegistration()

    _value_: str
    registration: ProviderRegistration

    def __new__(cls, code: str, registration: ProviderRegistration) -> Self:
        """A provider from its row."""
        provider = str.__new__(cls, code)
        provider._value_ = code
        provider.registration = registration
        return provider

    @property
    def listings(self) -> frozenset[Currency]:
        """The currencies in which the product is listed."""
        return self.registration.listings

    @property
    def is_typed(self) -> bool:
        """Whether a person types the ids of a subscription."""
        return self.registration.steps is Steps.TYPED

    @property
    def brings_buyers(self) -> bool:
        """Whether its marketplace sends the buyer's browser along, which arrives at the claim page."""
        return bool(self.listings) and not self.is_typed

    @property
    def is_simulated(self) -> bool:
        """Whether the sandbox plays its marketplace."""
        return self.registration.is_simulated

    @property
    def markets(self) -> tuple[str, ...]:
        """The marketplaces that it has the product on: cn, intl."""
        return tuple(place for currency, place in PLACES.items() if currency in self.listings)


def message_keys_of(provider: Provider) -> tuple[str, ...]:
    """The keys of all words that the portal says of a provider, by its registration."""
    keys = [f"settlement_method.{provider}"]
    if provider.listings:
        keys += [key.format(provider) for key in _SETTLING]
        keys += [f"cloud.{provider}.{name}" for name in _STEPS[provider.registration.steps]]
        keys += [f"listing.{provider}-{market}" for market in provider.markets]
    if provider.brings_buyers:
        keys += [f"claim.{provider}.{name}" for name in _CLAIMING]
    if provider.is_simulated:
        keys += [f"market.{name}_{provider}" for name in _SIMULATOR]
        keys += [f"market.{name}_{provider}_{market}" for name in ("title", "tab") for market in provider.markets]
    return tuple(keys)


_SETTLING = (
    "settlement.account.{}",
    "settlement.subscribe.{}",
    "settlement_option.{}.title",
    "settlement_option.{}.description",
    "settlement_option.{}.needs",
)
_ALL = (
    *("add", "title", "lead", "market", "market_again", "step_one", "step_one_lead", "step_two"),
    *("step_three", "step_three_add", "step_three_lead", "confirm"),
)
_STEPS = {
    Steps.TYPED: (*_ALL, "account", "account_help", "instance", "instance_help", "confirm_add"),
    Steps.BROUGHT: (
        *(*_ALL, "gone_lead", "not_yet", "waiting", "waiting_lead", "waited", "late", "late_lead"),
        *("received", "received_lead", "step_three_now"),
    ),
}
_CLAIMING = (
    *("title", "lead", "account", "visited_title", "visited_lead", "visited_way", "visited"),
    *("silent_title", "silent", "ended_title", "ended", "to_market", "done_title", "done_change", "done_only"),
)
"""What the page says where its buyers arrive."""
_SIMULATOR = ("note", "account", "instance", "reference", "subscribe")
