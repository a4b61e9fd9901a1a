"""Every version of the prices, one file each: data, never changed once its first day has come."""

from guance_portal.billing.price_lists.library import (
    NoPriceListError,
    all_lists,
    for_site,
    in_force,
    is_charged,
    market_of,
    version,
)

__all__ = ["NoPriceListError", "all_lists", "for_site", "in_force", "is_charged", "market_of", "version"]
