"""What may settle a workspace's bills: one pure function gives every option its verdict.

The four scenarios (a cloud account registered or not, 结算方式任意选择 or not) are `_of_account` and `_of_provider`;
what holds for all options alike is `_in_the_way`. `docs/settlement.md` shows the outcome as a table.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from guance_portal.accounts.rules import Edition
from guance_portal.payers.rules import Connection, ProviderOffer
from guance_portal.settlement.choices import ENTERPRISE, Asker, ChangeKind, Choice, OptionKind
from guance_portal.sites import Currency, Provider


@dataclass(frozen=True, slots=True)
class Registered:
    """A cloud account registered under the fee-centre account."""

    id: str
    provider: Provider
    currency: Currency
    is_live: bool = True

    @property
    def choice(self) -> Choice:
        """The option to settle by it."""
        return Choice(OptionKind.ACCOUNT, self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Everything a verdict depends on.

    `current` and `pending` are None where nothing is chosen or pending; `is_first_free`: the free first choice was
    not made yet; `has_used_month`: a change of this month counts already. `is_payer_locked`: a debt has locked the account.
    """

    site_provider: Provider
    currency: Currency
    offers: tuple[ProviderOffer, ...]
    accounts: tuple[Registered, ...] = ()
    has_arbitrary_choice: bool = False
    current: Choice | None = None
    pending: Choice | None = None
    is_first_free: bool = True
    has_used_month: bool = False
    asker: Asker = Asker.OWNER
    edition: Edition = Edition.COMMERCIAL
    is_locked: bool = False
    is_payer_locked: bool = False


class Remedy(StrEnum):
    """What would change a refusal."""

    NONE = ""
    OWNER = "owner"
    UPGRADE = "upgrade"
    WITHDRAW = "withdraw"
    NEXT_MONTH = "next_month"
    RENEW = "renew"
    OTHER_ACCOUNT = "other_account"
    OTHER_METHOD = "other_method"
    ACCOUNT_MANAGER = "account_manager"
    SUPPORT = "support"
    LATER = "later"
    PAY = "pay"


class RefusalReason(StrEnum):
    """Why an option cannot be chosen; each knows what would change that."""

    remedy: Remedy

    def __new__(cls, code: str, remedy: Remedy) -> Self:
        """A reason by its code."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.remedy = remedy
        return member

    CURRENT = "current", Remedy.NONE
    ALREADY_PENDING = "already_pending", Remedy.NONE
    NOT_PERMITTED = "not_permitted", Remedy.OWNER
    FREE_EDITION = "free_edition", Remedy.UPGRADE
    CHANGE_PENDING = "change_pending", Remedy.WITHDRAW
    MONTH_USED = "month_used", Remedy.NEXT_MONTH
    ACCOUNT_CLOSED = "account_closed", Remedy.RENEW
    ACCOUNT_CURRENCY = "account_currency", Remedy.OTHER_ACCOUNT
    OTHER_SITE = "other_site", Remedy.ACCOUNT_MANAGER
    LISTING_CURRENCY = "listing_currency", Remedy.OTHER_METHOD
    UNSUPPORTED = "unsupported", Remedy.LATER
    NOT_CONNECTED = "not_connected", Remedy.LATER
    NOT_CONFIGURED = "not_configured", Remedy.SUPPORT
    PAYER_LOCKED = "payer_locked", Remedy.PAY


@dataclass(frozen=True, slots=True)
class OptionVerdict:
    """One option. `reasons` is empty exactly when it can be chosen; `is_recommended` is 推荐."""

    choice: Choice
    provider: Provider | None
    reasons: tuple[RefusalReason, ...] = ()
    is_recommended: bool = False

    @property
    def is_choosable(self) -> bool:
        """Whether it can be chosen now."""
        return not self.reasons


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Every option in the order it is offered, the preselected one, and what kind of change choosing would be."""

    options: tuple[OptionVerdict, ...]
    preselected: Choice | None
    kind: ChangeKind

    def of(self, choice: Choice) -> OptionVerdict | None:
        """The verdict on a choice; None for one that is not offered."""
        return next((option for option in self.options if option.choice == choice), None)


def verdicts(now: Situation) -> Verdicts:
    """The verdict on every option.

    观测云企业账号, then the registered accounts, then the providers: the site's own first, then those with a listing.
    """
    own = [offer for offer in now.offers if offer.provider is now.site_provider]
    others = [offer for offer in now.offers if offer.currencies and offer.provider is not now.site_provider]
    kind = change_kind(is_locked=now.is_locked, is_first_free=now.is_first_free)
    in_debt = (RefusalReason.PAYER_LOCKED,) if now.is_payer_locked else ()
    options = (
        _verdict(now, kind, ENTERPRISE, None, in_debt),
        *(_verdict(now, kind, one.choice, one.provider, _of_account(now, one)) for one in now.accounts),
        *(_verdict(now, kind, _subscribe(one), one.provider, _of_provider(now, one)) for one in (*own, *others)),
    )
    return Verdicts(options, _preselected(now, options), kind)


def change_kind(*, is_locked: bool, is_first_free: bool) -> ChangeKind:
    """What kind of change a choice would be now. Unlocking neither counts nor spends the free first choice."""
    if is_locked:
        return ChangeKind.UNLOCK
    return ChangeKind.FIRST if is_first_free else ChangeKind.MONTHLY


def _verdict(
    now: Situation, kind: ChangeKind, choice: Choice, provider: Provider | None, own: tuple[RefusalReason, ...] = ()
) -> OptionVerdict:
    if choice == now.current:
        return OptionVerdict(choice, provider, (RefusalReason.CURRENT,))
    reasons = (*_in_the_way(now, kind, choice), *own)
    is_recommended = not reasons and choice.kind is OptionKind.ACCOUNT
    return OptionVerdict(choice, provider, reasons, is_recommended)


def _in_the_way(now: Situation, kind: ChangeKind, choice: Choice) -> tuple[RefusalReason, ...]:
    """What forbids every change alike."""
    is_same = choice == now.pending
    found = (
        (now.asker is Asker.OTHER, RefusalReason.NOT_PERMITTED),
        (now.edition is Edition.FREE, RefusalReason.FREE_EDITION),
        (is_same, RefusalReason.ALREADY_PENDING),
        (now.pending is not None and not is_same, RefusalReason.CHANGE_PENDING),
        (kind is ChangeKind.MONTHLY and now.has_used_month and not is_same, RefusalReason.MONTH_USED),
    )
    return tuple(reason for holds, reason in found if holds)


def _of_account(now: Situation, account: Registered) -> tuple[RefusalReason, ...]:
    """A registered account pays at any site of its currency, whatever its provider."""
    found = (
        (not account.is_live, RefusalReason.ACCOUNT_CLOSED),
        (account.currency is not now.currency, RefusalReason.ACCOUNT_CURRENCY),
    )
    return tuple(reason for holds, reason in found if holds)


_UNJOINED = {
    Connection.UNSUPPORTED: RefusalReason.UNSUPPORTED,
    Connection.NOT_CONNECTED: RefusalReason.NOT_CONNECTED,
    Connection.NOT_CONFIGURED: RefusalReason.NOT_CONFIGURED,
}


def _of_provider(now: Situation, offer: ProviderOffer) -> tuple[RefusalReason, ...]:
    """A new account can be subscribed at the site's own provider; at any other only with 结算方式任意选择."""
    is_elsewhere = offer.provider is not now.site_provider
    found = (
        (is_elsewhere and not now.has_arbitrary_choice, RefusalReason.OTHER_SITE),
        (bool(offer.currencies) and now.currency not in offer.currencies, RefusalReason.LISTING_CURRENCY),
    )
    unjoined = _UNJOINED.get(offer.connection)
    return (*(reason for holds, reason in found if holds), *((unjoined,) if unjoined else ()))


def _preselected(now: Situation, options: tuple[OptionVerdict, ...]) -> Choice | None:
    """Where nothing is chosen yet, 观测云企业账号; in its place a recommended account, the site's own provider's first.

    Anyone who settles by a cloud account already is not recommended another one.
    """
    if now.current is None:
        return next((option.choice for option in options if option.is_choosable), None)
    if now.current != ENTERPRISE:
        return None
    best = [option for option in options if option.is_recommended]
    at_home = [option for option in best if option.provider is now.site_provider]
    return next((option.choice for option in (*at_home, *best)), None)


def _subscribe(offer: ProviderOffer) -> Choice:
    return Choice(OptionKind.PROVIDER, offer.provider.value)
