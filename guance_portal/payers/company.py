"""What a company tells about itself: the rules of 企业信息."""

from __future__ import annotations

from typing import Annotated

from guance_portal.core import names, plain
from guance_portal.core.errors import PortalError
from guance_portal.core.forms import Asked, FieldKind, Form, Options
from guance_portal.payers import choices, uscc

MIN_NAME, MAX_NAME, MAX_CONTACT, MAX_INTRODUCTION = 2, 100, 50, 500


class CompanyNameMissingError(PortalError, code="errors.company_name_missing"):
    """No company name."""


class CompanyNameLengthError(PortalError, code="errors.company_name_length"):
    """A company name shorter or longer than allowed. Parameters: least, most."""


class IndustryMissingError(PortalError, code="errors.industry_missing"):
    """No industry of the list."""


class RegionMissingError(PortalError, code="errors.region_missing"):
    """No region of the list."""


class ContactMissingError(PortalError, code="errors.contact_missing"):
    """No contact person."""


class TextTooLongError(PortalError, code="errors.text_too_long"):
    """More characters than fit. Parameters: most, count."""


def company_name(typed: str) -> str:
    """A company's name; raises CompanyNameMissingError, CompanyNameLengthError, plain.HiddenCharacterError, NameAddressError."""
    name = plain.line(typed)
    if not name:
        raise CompanyNameMissingError(field="company_name")
    if not MIN_NAME <= len(name) <= MAX_NAME:
        raise CompanyNameLengthError(field="company_name", least=MIN_NAME, most=MAX_NAME)
    return names.choose_company(plain.require_visible(name, field="company_name"), field="company_name")


def is_abroad(region: str) -> bool:
    """Whether companies of a region have a tax id of that place and no 统一社会信用代码; an empty region says nothing."""
    return bool(region) and not region.startswith("CN-")


def _code(form: CompanyForm) -> str:
    return uscc.clean_tax_id(form.uscc) if is_abroad(form.region) else uscc.clean(form.uscc)


def _industry(code: str) -> str:
    if code not in choices.industries():
        raise IndustryMissingError(field="industry")
    return code


def _region(code: str) -> str:
    if code not in choices.regions():
        raise RegionMissingError(field="region")
    return code


def _contact(typed: str) -> str:
    contact = plain.line(typed)
    if not contact:
        raise ContactMissingError(field="contact")
    seen = plain.require_visible(_at_most(contact, MAX_CONTACT, "contact"), field="contact")
    return names.choose_company(seen, field="contact")


def _introduction(typed: str) -> str:
    introduction = _at_most(plain.paragraphs(typed), MAX_INTRODUCTION, "introduction")
    return plain.require_visible(introduction, field="introduction")


def _at_most(text: str, most: int, field: str) -> str:
    if len(text) > most:
        raise TextTooLongError(field=field, most=most, count=len(text))
    return text


def _industries() -> Options:
    return {"": choices.industries()}


def _regions() -> Options:
    return {"sign_up.regions_china": choices.provinces(), "sign_up.regions_world": choices.countries()}


CompanyName = Annotated[
    str, Asked(label="sign_up.company_name", check=company_name, autocomplete="organization", column="name")
]


class CompanyForm(Form):
    """企业信息: as it is typed, and clean once it was read. A field here is a column of `Company`."""

    company_name: CompanyName = ""
    uscc: Annotated[str, Asked(label="sign_up.uscc", help="sign_up.uscc_help", check_in=_code, required=False)] = ""
    industry: Annotated[
        str,
        Asked(label="sign_up.industry", kind=FieldKind.CHOICE, options=_industries, check=_industry, is_narrow=True),
    ] = ""
    region: Annotated[
        str,
        Asked(
            label="sign_up.region", kind=FieldKind.CHOICE, options=_regions, check=_region, is_narrow=True, swaps=True
        ),
    ] = ""
    contact: Annotated[str, Asked(label="sign_up.contact", check=_contact, autocomplete="name")] = ""
    introduction: Annotated[
        str, Asked(label="sign_up.introduction", kind=FieldKind.TEXT, check=_introduction, required=False)
    ] = ""
