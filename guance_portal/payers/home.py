"""Where a payer is at home: the time zone by which its days are counted.

It is that of the site at which the account was opened. As that is not stored, the site of its first workspace stands for
it, or where it has none the first site of its currency.
"""

from __future__ import annotations

from collections.abc import Collection
from zoneinfo import ZoneInfo

from guance_portal import sites
from guance_portal.core.db import UnitOfWork
from guance_portal.core.money import Currency
from guance_portal.payers import queries
from guance_portal.payers.tables import FeeAccount


async def zone_of(work: UnitOfWork, account: FeeAccount) -> ZoneInfo:
    """The zone of an account."""
    return (await zones_of(work, [account]))[account.id]


async def zones_of(work: UnitOfWork, accounts: Collection[FeeAccount]) -> dict[str, ZoneInfo]:
    """The zones of accounts by their ids, in one statement."""
    firsts = await queries.first_sites(work, [account.id for account in accounts])
    return {
        account.id: sites.get(firsts[account.id]).zone if account.id in firsts else zone_of_currency(account.currency)
        for account in accounts
    }


def zone_of_currency(currency: Currency) -> ZoneInfo:
    """The zone of the first site of a currency."""
    return next(site.zone for site in sites.all_sites() if site.currency is currency)
