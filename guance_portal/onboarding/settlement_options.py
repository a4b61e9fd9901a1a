"""The settlement methods of step 3: the verdicts of settlement, for a workspace that is not there yet."""

from __future__ import annotations

from dataclasses import dataclass

from guance_portal.core.messages import Text, text
from guance_portal.payers.registry import Providers
from guance_portal.payers.rules import SettlementMethod
from guance_portal.settlement.errors import MethodNotChoosableError
from guance_portal.settlement.rules import OptionVerdict, RefusalReason, Situation, verdicts
from guance_portal.sites import Currency, Site


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementOption:
    """One radio of step 3. `reason` is empty while `is_choosable`."""

    method: SettlementMethod
    title: Text
    description: Text
    needs: Text
    is_choosable: bool
    reason: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementOptions:
    """The radios in order, the first preselected; `note` says why a site offers no cloud account at all."""

    options: tuple[SettlementOption, ...]
    note: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteTerms:
    """How bills of a site are paid: in this currency, by one of these; `note` says why by no more."""

    currency: Currency
    methods: tuple[Text, ...]
    note: Text


def terms(site: Site, providers: Providers) -> SiteTerms:
    """What to know of a site before it is chosen permanently."""
    offered = options(site, providers)
    reasons = [option.reason for option in offered.options if not option.is_choosable]
    return SiteTerms(
        currency=site.currency,
        methods=tuple(text(f"settlement_method.{one.method}") for one in offered.options if one.is_choosable),
        note=offered.note or next(iter(reasons), Text()),
    )


def options(site: Site, providers: Providers) -> SettlementOptions:
    """What step 3 shows at a site: 观测云企业账号, and the site's own cloud where it can ever be chosen."""
    offered = _verdicts(site, providers)
    shown = [verdict for verdict in offered if RefusalReason.UNSUPPORTED not in verdict.reasons]
    return SettlementOptions(
        options=tuple(_option(verdict) for verdict in shown),
        note=Text() if len(shown) == len(offered) else text("settlement.opening.unsupported"),
    )


def require_choosable(site: Site, providers: Providers, method: SettlementMethod) -> None:
    """Raise MethodNotChoosableError unless a workspace can be opened with the method at the site.

    Whether there is a cloud account to do it with is another question.
    """
    found = next((verdict for verdict in _verdicts(site, providers) if verdict.provider == method.provider), None)
    if found is None or not found.is_choosable:
        raise MethodNotChoosableError(field="method")


def _verdicts(site: Site, providers: Providers) -> list[OptionVerdict]:
    situation = Situation(site_provider=site.provider, currency=site.currency, offers=providers.offers(site.currency))
    return [verdict for verdict in verdicts(situation).options if verdict.provider in {None, site.provider}]


def _option(verdict: OptionVerdict) -> SettlementOption:
    method = SettlementMethod(verdict.provider)
    return SettlementOption(
        method=method,
        title=text(f"settlement_option.{method}.title"),
        description=text(f"settlement_option.{method}.description"),
        needs=text(f"settlement_option.{method}.needs"),
        is_choosable=verdict.is_choosable,
        reason=text(f"settlement.opening.{verdict.reasons[0]}") if verdict.reasons else Text(),
    )
