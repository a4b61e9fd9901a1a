"""The rules of 基本信息: the first step of 商业版, and the one page of 体验版."""

from __future__ import annotations

from typing import Annotated

from guance_portal import sites
from guance_portal.accounts.identity import contact, phones
from guance_portal.accounts.identity.asked import Code, EmailAddress, NewPassword, Username
from guance_portal.accounts.rules import email_key
from guance_portal.core.forms import Asked, FieldKind, Form
from guance_portal.sites import SiteMissingError


def _site(typed: str) -> str:
    if not typed:
        raise SiteMissingError(field="site")
    return sites.get(typed).code


def _phone_of(form: BasicForm) -> str:
    if sites.exists(form.site):
        return phones.phone_at(form.phone, form.site)
    # Nobody can tell yet what a number without its + is: the site is asked for first.
    return contact.clean_phone(form.phone, "", is_required=False) if form.phone.strip().startswith("+") else form.phone


def _is_phone_needed(form: BasicForm) -> bool:
    return sites.exists(form.site) and phones.needs_phone(sites.get(form.site))


class BasicForm(Form):
    """基本信息: as typed, and clean once it was read. An empty password keeps the one accepted before.

    `opens_fee_account` counts for 体验版.
    """

    site: Annotated[str, Asked(label="sign_up.site", kind=FieldKind.SITE, check=_site, help="sign_up.site_help")] = ""
    username: Username = ""
    password: NewPassword = ""
    email: EmailAddress = ""
    code: Code = ""
    phone: Annotated[
        str,
        Asked(
            label="sign_up.phone",
            kind=FieldKind.PHONE,
            check_in=_phone_of,
            required=_is_phone_needed,
            autocomplete="tel",
        ),
    ] = ""
    opens_fee_account: Annotated[bool, Asked(label="sign_up.switch_fee", kind=FieldKind.SWITCH)] = False


def proof(site: str, email: str) -> str:
    """How a proven address is noted: an address is proven for one site."""
    return f"{site}:{email_key(email)}"
