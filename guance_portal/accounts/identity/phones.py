"""Mobile numbers of console users: what one must be at a site."""

from __future__ import annotations

from guance_portal import sites
from guance_portal.accounts.identity import contact
from guance_portal.core.errors import PortalError
from guance_portal.sites import Group, Site


def needs_phone(site: Site) -> bool:
    """Whether a mobile number is required: at the sites of mainland China."""
    return site.group is Group.MAINLAND


def phone_at(typed: str, site: str) -> str:
    """A mobile number as it is stored (E.164), by the rules of a site; raises the errors of `contact.clean_phone`."""
    chosen = sites.get(site)
    return contact.clean_phone(typed, chosen.country, is_required=needs_phone(chosen))


def phone_problem(typed: str, site: str) -> PortalError | None:
    """What is wrong with a number at a site."""
    try:
        phone_at(typed, site)
    except PortalError as problem:
        return problem
    return None
