"""What an act moves, as operators read it: entries by account, and balances before and after."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from guance_portal.approvals.effects import NEW, Effect
from guance_portal.core.messages import Text, text
from guance_portal.core.money import told_amount
from guance_portal.ledger.chart import AccountScope, Kind

MEMO = frozenset({Kind.INVOICEABLE, Kind.INVOICED, Kind.INVOICE_CONTRA})
"""Accounts that say what can be invoiced: no money moves on them."""
_TONES = {
    Kind.VOUCHER: "voucher",
    Kind.BONUS_VOUCHER: "bonus",
    Kind.CARD: "card",
    Kind.CASH: "cash",
    Kind.RECEIVABLE: "debt",
}


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry: the account, the colour of its kind, and the amount on its side."""

    account: Text
    tone: str
    debit: str
    credit: str


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A balance as it was and as it will be."""

    account: Text
    before: str
    after: str


def account_text(kind: str, key: str) -> Text:
    """What an account is called: the kind, and which purse or listing it is."""
    name = text(f"ledger.account.{kind}")
    if not key:
        return name
    which = text("money_admin.new_purse") if key == NEW else Text(zh=f"#{key}", en=f"#{key}")
    return Text(zh=f"{name.zh} {which.zh}", en=f"{name.en} {which.en}")


def tone(kind: str) -> str:
    """The colour of an account."""
    return _TONES.get(Kind(kind), "other")


def entry_row(kind: str, key: str, currency: str, minor: int) -> EntryRow:
    """One entry."""
    amount = told_amount(abs(minor), currency)
    is_debit = minor > 0
    return EntryRow(account_text(kind, key), tone(kind), amount if is_debit else "", "" if is_debit else amount)


def entry_rows(effect: Effect) -> list[EntryRow]:
    """The entries of an act, debits first; without what can be invoiced."""
    moves = sorted((one for one in effect.moves if Kind(one.kind) not in MEMO), key=lambda one: -one.minor)
    return [entry_row(one.kind, one.key, one.currency, one.minor) for one in moves]


def change_rows(effect: Effect) -> list[ChangeRow]:
    """The balances of the customer that change."""
    return [
        ChangeRow(
            account_text(one.kind, one.key),
            told_amount(abs(one.before), one.currency),
            told_amount(abs(one.after), one.currency),
        )
        for one in effect.changes
        if Kind(one.kind) not in MEMO and (Kind(one.kind).scope is not AccountScope.HOUSE or not effect.moves)
    ]


def sum_of_debits(entries: Iterable[tuple[str, str, int]]) -> str:
    """What both sides come to, by kind, currency and amount of each entry."""
    debits = [(currency, minor) for kind, currency, minor in entries if minor > 0 and Kind(kind) not in MEMO]
    return told_amount(sum(minor for _, minor in debits), debits[0][0]) if debits else ""


def total(effect: Effect) -> str:
    """What both sides of an act come to."""
    return sum_of_debits((one.kind, one.currency, one.minor) for one in effect.moves)
