"""What a buyer whom a marketplace brings can choose among, ready to show."""

from __future__ import annotations

from dataclasses import dataclass

from guance_portal import sites
from guance_portal.bootstrap import services
from guance_portal.core.messages import Text, text
from guance_portal.marketplaces.claim_offers import ClaimOption
from guance_portal.payers.rules import SettlementMethod
from guance_portal.sites import Currency, Provider
from guance_portal.state.settlement.rows import named


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """One workspace by its name, or registering alone (no name, a title); `value` says it with the realm that may.

    `change` is who pays and who will; `act` what the button says.
    """

    value: str
    name: str
    title: Text
    detail: Text
    change: Text
    act: Text


def value_of(option: ClaimOption) -> str:
    """How the form names an option: with the realm that may choose it."""
    return f"{option.realm}:{option.workspace_id}"


def claim_row(option: ClaimOption, provider: Provider, account: str) -> ClaimRow:
    """An option; `account` is what was subscribed at the provider, masked."""
    if option.workspace_id and option.payer:
        payer = named(option.payer.method, option.payer.account)
        buyer = named(SettlementMethod(provider), account)
        return ClaimRow(
            value=value_of(option),
            name=option.name,
            title=Text(),
            detail=sites.get(option.site).name,
            change=text("claim.change", now=payer, then=buyer),
            act=text("claim.act_change"),
        )
    words = "newcomer" if option.is_newcomer else "nowhere"
    return ClaimRow(
        value=value_of(option),
        name="",
        title=text(f"claim.{words}"),
        detail=text(f"claim.{words}_lead"),
        change=Text(),
        act=text(f"claim.act_{words}"),
    )


def fitting_sites(provider: Provider, currency: Currency) -> Text:
    """The sites of the provider with this currency, where a sign-up can settle by the account at once."""
    names = [one.name for one in sites.all_sites() if (one.provider, one.currency) == (provider, currency)]
    return Text(zh="、".join(name.zh for name in names), en=", ".join(name.en for name in names))


def any_market(provider: str) -> str:
    """Where subscriptions of a provider begin, while it is not known of which listing; empty where that is unknown."""
    listings = services().marketplaces.listings
    return next((one.url for one in listings if str(one.provider) == provider and one.is_configured), "")


def bringer(asked: str) -> str:
    """The provider that an address names; the first that brings buyers where it names none of these, or nothing."""
    bringing = [one.value for one in Provider if one.brings_buyers]
    return asked if asked in bringing else next(iter(bringing), "")
