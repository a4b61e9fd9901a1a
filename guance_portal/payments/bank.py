"""The accounts that bank transfers go to, one for each currency."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from guance_portal.core.money import Currency
from guance_portal.core.settings import Settings

BANK_SETTINGS: Mapping[Currency, str] = {Currency.CNY: "bank", Currency.USD: "bank_usd"}
"""How the settings of each currency's account begin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BankAccount:
    """Where a transfer goes: who holds the account, its number, the bank and the bank's code (联行号 or SWIFT)."""

    holder: str
    number: str
    bank: str
    code: str


def bank_accounts(chosen: Settings) -> dict[Currency, BankAccount]:
    """Those that the settings name in full."""
    return {
        currency: BankAccount(
            holder=getattr(chosen, f"{group}_account_name"),
            number=getattr(chosen, f"{group}_account_number"),
            bank=getattr(chosen, f"{group}_name"),
            code=getattr(chosen, f"{group}_code"),
        )
        for currency, group in BANK_SETTINGS.items()
        if not chosen.missing_of(group)
    }
