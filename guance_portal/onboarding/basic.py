"""The rules of 基本信息: the first step of 商业版, and the one page of 体验版."""

from __future__ import annotations

from typing import Annotated

from guance_portal import sites
from guance_portal.accounts.identity import contact
from guance_portal.accounts.identity.asked import Code, EmailAddress, NewPassword, Username
from guance_portal.accounts.rules import email_key
from guance_portal.core.errors import PortalError
from guance_portal.core.forms import Asked, Form, Kind
from guance_portal.sites import Group, Site


def needs_phone(site: Site) -> bool:
    """Whether a mobile number is required: at the sites of mainland China."""
    return site.group is Group.MAINLAND


def phone_at(typed: str, site: str) -> str:
    """A mobile number as it is stored (E.164), by the rules of a site; raises the errors of `contact.clean_phone`."""
    return _phone(typed, sites.get(site))


def phone_problem(typed: str, site: str) -> PortalError | None:
    """What is wrong with a number at a site."""
    try:
        phone_at(typed, site)
    except PortalError as problem:
        return problem
    return None


def _site(typed: str) -> str:
    return sites.get(typed).code


def _phone(typed: str, site: Site | None) -> str:
    if site is None:
        return contact.clean_phone(typed, sites.all_sites()[0].country, is_required=False)
    return contact.clean_phone(typed, site.country, is_required=needs_phone(site))


def _phone_of(form: BasicForm) -> str:
    return _phone(form.phone, sites.get(form.site) if sites.exists(form.site) else None)


def _is_phone_needed(form: BasicForm) -> bool:
    return sites.exists(form.site) and needs_phone(sites.get(form.site))


class BasicForm(Form):
    """基本信息: as typed, and clean once it was read. An empty password keeps the one accepted before.

    `opens_fee_account` counts for 体验版.
    """

    site: Annotated[str, Asked(label="sign_up.site", kind=Kind.SITE, check=_site, help="sign_up.site_help")] = ""
    username: Username = ""
    password: NewPassword = ""
    email: EmailAddress = ""
    code: Code = ""
    phone: Annotated[
        str,
        Asked(
            label="sign_up.phone",
            kind=Kind.PHONE,
            check_in=_phone_of,
            required=_is_phone_needed,
            autocomplete="tel",
        ),
    ] = ""
    opens_fee_account: Annotated[bool, Asked(label="sign_up.switch_fee", kind=Kind.SWITCH)] = False


def proof(site: str, email: str) -> str:
    """How a proven address is noted: an address is proven for one site."""
    return f"{site}:{email_key(email)}"
