"""The entries of every act, as the table of acts has them. Pure; amounts in cents, + debit, - credit.

The memo pair (`invoiceable`, `invoice_contra`) is raised by cash that pays a bill, by debt that is paid and by cards that are
bought, in CNY alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from guance_portal.core.money import Currency
from guance_portal.ledger.chart import Kind
from guance_portal.ledger.rules import Account, Leg
from guance_portal.wallet.cash_rules import Split
from guance_portal.wallet.rules import PlannedPayment

_LEAVES_TO = {Kind.CARD: Kind.BREAKAGE, Kind.VOUCHER: Kind.PROMO_COST, Kind.BONUS_VOUCHER: Kind.PROMO_COST}


def recharge(way: Kind, parts: Split, currency: Currency) -> list[Leg]:
    """Money comes in by a way: it pays debt, the rest is cash."""
    return [*_of(currency, {way: parts.debt + parts.cash}), *_arrives(parts, currency)]


def reversal(way: Kind, parts: Split, currency: Currency) -> list[Leg]:
    """The provider takes a recharge back: cash that is still there, the rest becomes debt, and was not paid after all."""
    legs = _of(currency, {Kind.CASH: parts.cash, Kind.RECEIVABLE: parts.debt, way: -parts.debt - parts.cash})
    return [*legs, *_memo(currency, -parts.debt)]


def suspended(way: Kind, minor: int, currency: Currency) -> list[Leg]:
    """Money comes in whose owner is not known yet."""
    return _of(currency, {way: minor, Kind.SUSPENSE: -minor})


def claimed(parts: Split, currency: Currency) -> list[Leg]:
    """Money whose owner was unknown is assigned to a payer."""
    return [*_of(currency, {Kind.SUSPENSE: parts.debt + parts.cash}), *_arrives(parts, currency)]


def sent_back(way: Kind, minor: int, currency: Currency) -> list[Leg]:
    """Money whose owner is unknown is sent back."""
    return _of(currency, {Kind.SUSPENSE: minor, way: -minor})


def granted(purse: Account, minor: int) -> list[Leg]:
    """A voucher is given, or its code activated."""
    return [*_of(purse.currency, {Kind.PROMO_COST: minor}), Leg(purse, -minor)]


def leaves(purse: Account, minor: int) -> list[Leg]:
    """A voucher is revoked, or a purse expires."""
    return [Leg(purse, minor), *_of(purse.currency, {_LEAVES_TO[purse.kind]: -minor})]


def card(purse: Account, minor: int, bonus: Account, brings: int) -> list[Leg]:
    """A card is bought from cash, with the bonus it brings."""
    legs = [*_of(purse.currency, {Kind.CASH: minor}), Leg(purse, -minor), *_memo(purse.currency, minor)]
    return [*legs, *granted(bonus, brings)]


def bill(payments: Iterable[PlannedPayment], currency: Currency) -> list[Leg]:
    """A bill is paid by these."""
    legs = [Leg(payment.account, payment.minor) for payment in payments]
    return [
        *legs,
        *_of(currency, {Kind.REVENUE: -sum(leg.minor for leg in legs)}),
        *_memo(currency, sum(leg.minor for leg in legs if leg.account.kind is Kind.CASH)),
    ]


def accepted(listing: str, minor: int, currency: Currency) -> list[Leg]:
    """A marketplace has accepted what it is to collect."""
    return [
        Leg(Account(Kind.CLOUD, currency, listing), minor),
        Leg(Account(Kind.CLOUD_RECEIVABLE, currency, listing), -minor),
    ]


def returned(payments: Iterable[PlannedPayment], listing: str, currency: Currency) -> list[Leg]:
    """What a marketplace does not collect is paid by these."""
    legs = [Leg(payment.account, payment.minor) for payment in payments]
    return [
        *legs,
        Leg(Account(Kind.CLOUD_RECEIVABLE, currency, listing), -sum(leg.minor for leg in legs)),
        *_memo(currency, sum(leg.minor for leg in legs if leg.account.kind is Kind.CASH)),
    ]


def negative_bill(owed: int, debt: int, currency: Currency) -> list[Leg]:
    """A bill that owes the payer: it lowers the debt, the rest becomes credit."""
    parts = min(owed, debt)
    return _of(currency, {Kind.REVENUE: owed, Kind.RECEIVABLE: -parts, Kind.CREDIT: parts - owed})


def refund_asked(minor: int, currency: Currency) -> list[Leg]:
    """Cash is set aside until the second operator has decided."""
    return _of(currency, {Kind.CASH: minor, Kind.HOLD: -minor})


def refund_done(way: Kind, paid: int, freed: int, currency: Currency) -> list[Leg]:
    """What was set aside leaves by the way it came; what is more than that is free again."""
    return _of(currency, {Kind.HOLD: paid + freed, way: -paid, Kind.CASH: -freed})


def refund_refused(minor: int, currency: Currency) -> list[Leg]:
    """What was set aside is cash again."""
    return _of(currency, {Kind.HOLD: minor, Kind.CASH: -minor})


def correction(landed: Sequence[tuple[Account, int]], expired: frozenset[Account], currency: Currency) -> list[Leg]:
    """A part of a bill goes back to those who paid it; what returns to an expired purse leaves it at once."""
    back = [Leg(account, -minor) for account, minor in landed]
    gone = [leg for account, minor in landed if account in expired for leg in leaves(account, minor)]
    return [
        *_of(currency, {Kind.REVENUE: sum(minor for _, minor in landed)}),
        *back,
        *gone,
        *_memo(currency, -sum(minor for account, minor in landed if account.kind is Kind.CASH)),
    ]


def _arrives(parts: Split, currency: Currency) -> list[Leg]:
    return [*_of(currency, {Kind.RECEIVABLE: -parts.debt, Kind.CASH: -parts.cash}), *_memo(currency, parts.debt)]


def _memo(currency: Currency, minor: int) -> list[Leg]:
    if currency is not Currency.CNY:
        return []
    return _of(currency, {Kind.INVOICEABLE: minor, Kind.INVOICE_CONTRA: -minor})


def _of(currency: Currency, moves: dict[Kind, int]) -> list[Leg]:
    return [Leg(Account(kind, currency), minor) for kind, minor in moves.items()]
