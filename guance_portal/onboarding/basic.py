"""The rules of 基本信息: the first step of 商业版, and the one page of 体验版."""

from __future__ import annotations

from dataclasses import dataclass, field

from guance_portal import sites
from guance_portal.accounts import contact, usernames
from guance_portal.accounts.rules import email_key
from guance_portal.core.checklist import Checklist
from guance_portal.sites import Group, Site

FIELDS = ("site", "username", "password", "email", "code", "phone", "agreements")


@dataclass(frozen=True, slots=True, kw_only=True)
class BasicForm:
    """基本信息 as typed. An empty password keeps the one accepted before; `opens_fee_account` counts for 体验版."""

    site: str = ""
    username: str = ""
    password: str = field(default="", repr=False)
    email: str = ""
    code: str = field(default="", repr=False)
    phone: str = ""
    opens_fee_account: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BasicInfo:
    """基本信息, clean; empty where the form has a problem."""

    site: Site | None
    username: str
    email: str
    phone: str
    opens_fee_account: bool


def read(form: BasicForm, checks: Checklist) -> BasicInfo:
    """The values of a form; what is wrong is noted on the checklist. Password and code are not looked at."""
    site = checks.read(lambda: sites.get(form.site), None)
    return BasicInfo(
        site=site,
        username=checks.read(lambda: usernames.choose(form.username), ""),
        email=checks.read(lambda: contact.clean_email(form.email), ""),
        phone=checks.read(lambda: _phone(form.phone, site), ""),
        opens_fee_account=form.opens_fee_account,
    )


def proof(site: str, email: str) -> str:
    """How a proven address is noted: an address is proven for one site."""
    return f"{site}:{email_key(email)}"


def needs_phone(site: Site) -> bool:
    """Whether a mobile number is required: at the sites of mainland China."""
    return site.group is Group.MAINLAND


def phone_at(typed: str, site: str) -> str:
    """A mobile number as it is stored (E.164), by the rules of a site; raises the errors of `contact.clean_phone`."""
    return _phone(typed, sites.get(site))


def _phone(typed: str, site: Site | None) -> str:
    if site is None:
        return contact.clean_phone(typed, sites.all_sites()[0].country, is_required=False)
    return contact.clean_phone(typed, site.country, is_required=needs_phone(site))
