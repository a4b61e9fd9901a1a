"""The chart of accounts: every kind of account, whose it is, and on which side its balance stands."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class AccountScope(StrEnum):
    """What there is one account for."""

    PAYER = "payer"
    PURSE = "purse"
    """One for each purse of a payer: the account's key is the number of the purse."""
    LISTING = "listing"
    """One for each payer and marketplace listing: the key names the listing."""
    HOUSE = "house"
    """The house's own, kept apart by payer so that no two payers wait for one row; its balance is the sum over all payers."""


class Side(StrEnum):
    """Where a balance normally stands."""

    DEBIT = "debit"
    CREDIT = "credit"
    EITHER = "either"


class Kind(StrEnum):
    """The kinds of accounts. Debits are positive, credits negative.

    The database refuses a balance of a kind that `stays` on the other side of zero.
    """

    scope: AccountScope
    side: Side
    stays: bool

    def __new__(cls, name: str, scope: AccountScope, side: Side, stays: bool = False) -> Self:  # noqa: FBT001, FBT002 - a table
        """A kind by its name, with its properties."""
        member = str.__new__(cls, name)
        member._value_ = name
        member.scope, member.side, member.stays = scope, side, stays
        return member

    CASH = "cash", AccountScope.PAYER, Side.CREDIT, True
    CREDIT = "credit", AccountScope.PAYER, Side.CREDIT, True
    """What a negative bill owes the payer."""
    VOUCHER = "voucher", AccountScope.PURSE, Side.CREDIT, True
    BONUS_VOUCHER = "bonus_voucher", AccountScope.PURSE, Side.CREDIT, True
    CARD = "card", AccountScope.PURSE, Side.CREDIT, True
    PACKAGE = "package", AccountScope.PURSE, Side.CREDIT, True
    HOLD = "hold", AccountScope.PAYER, Side.CREDIT, True
    """A refund that waits for its second operator."""
    RECEIVABLE = "receivable", AccountScope.PAYER, Side.DEBIT, True
    """欠费."""
    CLOUD_RECEIVABLE = "cloud_receivable", AccountScope.LISTING, Side.DEBIT
    CLOUD = "cloud", AccountScope.LISTING, Side.DEBIT
    ALIPAY = "alipay", AccountScope.HOUSE, Side.DEBIT
    WECHAT = "wechat", AccountScope.HOUSE, Side.DEBIT
    BANK = "bank", AccountScope.HOUSE, Side.DEBIT
    SUSPENSE = "suspense", AccountScope.HOUSE, Side.CREDIT
    REVENUE = "revenue", AccountScope.HOUSE, Side.EITHER
    PROMO_COST = "promo_cost", AccountScope.HOUSE, Side.EITHER
    BREAKAGE = "breakage", AccountScope.HOUSE, Side.EITHER
    INVOICEABLE = "invoiceable", AccountScope.PAYER, Side.DEBIT
    INVOICED = "invoiced", AccountScope.PAYER, Side.DEBIT
    INVOICE_CONTRA = "invoice_contra", AccountScope.PAYER, Side.CREDIT

    @property
    def is_keyed(self) -> bool:
        """Whether a payer can have several, told apart by a key."""
        return self.scope in (AccountScope.PURSE, AccountScope.LISTING)


STAYING_CREDIT = tuple(kind for kind in Kind if kind.stays and kind.side is Side.CREDIT)
STAYING_DEBIT = tuple(kind for kind in Kind if kind.stays and kind.side is Side.DEBIT)


def crosses(kind: Kind, balance: int) -> bool:
    """Whether a balance would stand on the wrong side of zero, which the database refuses."""
    return (kind in STAYING_CREDIT and balance > 0) or (kind in STAYING_DEBIT and balance < 0)
