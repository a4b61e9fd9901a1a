"""What a company tells about itself: the rules of 企业信息."""

from __future__ import annotations

from dataclasses import dataclass

from guance_portal.core import names, plain
from guance_portal.core.checklist import Checklist
from guance_portal.core.errors import PortalError
from guance_portal.payers import choices, uscc
from guance_portal.payers.profile import CompanyProfile

FIELDS = ("company_name", "uscc", "industry", "region", "contact", "introduction")
MIN_NAME, MAX_NAME, MAX_CONTACT, MAX_INTRODUCTION = 2, 100, 50, 500


class CompanyNameMissingError(PortalError):
    """No company name."""

    code = "errors.company_name_missing"


class CompanyNameLengthError(PortalError):
    """A company name shorter or longer than allowed. Parameters: least, most."""

    code = "errors.company_name_length"


class IndustryMissingError(PortalError):
    """No industry of the list."""

    code = "errors.industry_missing"


class RegionMissingError(PortalError):
    """No region of the list."""

    code = "errors.region_missing"


class ContactMissingError(PortalError):
    """No contact person."""

    code = "errors.contact_missing"


class TextTooLongError(PortalError):
    """More characters than fit. Parameters: most, count."""

    code = "errors.text_too_long"


class HiddenCharacterError(PortalError):
    """Characters that cannot be seen."""

    code = "errors.hidden_character"


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyForm:
    """企业信息 as typed."""

    company_name: str = ""
    uscc: str = ""
    industry: str = ""
    region: str = ""
    contact: str = ""
    introduction: str = ""


def read(form: CompanyForm, checks: Checklist) -> CompanyProfile:
    """The company of a form; what is wrong with it is noted on the checklist."""
    return CompanyProfile(
        name=checks.read(lambda: company_name(form.company_name), ""),
        uscc=checks.read(lambda: uscc.clean(form.uscc), ""),
        industry=checks.read(lambda: _industry(form.industry), ""),
        region=checks.read(lambda: _region(form.region), ""),
        contact=checks.read(lambda: _contact(form.contact), ""),
        introduction=checks.read(lambda: _introduction(form.introduction), ""),
    )


def company_name(typed: str) -> str:
    """A company's name; raises CompanyNameMissingError, CompanyNameLengthError, HiddenCharacterError, NameAddressError."""
    name = plain.line(typed)
    if not name:
        raise CompanyNameMissingError(field="company_name")
    if not MIN_NAME <= len(name) <= MAX_NAME:
        raise CompanyNameLengthError(field="company_name", least=MIN_NAME, most=MAX_NAME)
    return names.choose_company(_visible(name, "company_name"), field="company_name")


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
    return names.choose_company(_visible(_at_most(contact, MAX_CONTACT, "contact"), "contact"), field="contact")


def _introduction(typed: str) -> str:
    return _visible(_at_most(plain.paragraphs(typed), MAX_INTRODUCTION, "introduction"), "introduction")


def _at_most(text: str, most: int, field: str) -> str:
    if len(text) > most:
        raise TextTooLongError(field=field, most=most, count=len(text))
    return text


def _visible(text: str, field: str) -> str:
    if plain.has_hidden(text):
        raise HiddenCharacterError(field=field)
    return text
