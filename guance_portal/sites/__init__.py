"""The places where the product runs: data, not code (`sites.toml`)."""

from guance_portal.core.money import Currency
from guance_portal.sites.provider import Provider
from guance_portal.sites.site import Group, Site, SiteMissingError, UnknownSiteError, all_sites, exists, first_of, get

__all__ = [
    "Currency",
    "Group",
    "Provider",
    "Site",
    "SiteMissingError",
    "UnknownSiteError",
    "all_sites",
    "exists",
    "first_of",
    "get",
]
