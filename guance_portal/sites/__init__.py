"""The places where the product runs: data, not code (`sites.toml`)."""

from guance_portal.sites.site import Currency, Group, Provider, Site, UnknownSiteError, all_sites, exists, get

__all__ = ["Currency", "Group", "Provider", "Site", "UnknownSiteError", "all_sites", "exists", "get"]
