"""A field is judged when it is left, and again while it is typed once something is wrong with it."""

from __future__ import annotations

from guance_portal.core.messages import text
from guance_portal.payers.company import CompanyForm
from guance_portal.state.sign_up.company import SignUpCompanyState

SHORT = text("errors.uscc_length", count=3)
GOOD = "91350100M000100Y43"


def state() -> SignUpCompanyState:
    return SignUpCompanyState()  # pyright: ignore[reportCallIssue] - Reflex lets tests make states


def test_a_field_is_judged_when_it_is_left_and_not_before() -> None:
    page = state()
    page._type(CompanyForm, "uscc", "123")
    assert page.problems == {}
    page._leave(CompanyForm, "uscc", "123")
    assert page.problems == {"uscc": SHORT}


def test_once_it_is_wrong_it_is_judged_while_it_is_typed() -> None:
    page = state()
    page._leave(CompanyForm, "uscc", "123")
    page._type(CompanyForm, "uscc", "1234")
    assert page.problems == {"uscc": text("errors.uscc_length", count=4)}
    page._type(CompanyForm, "uscc", GOOD)
    assert page.problems == {}


def test_a_required_field_that_was_wrong_and_is_emptied_is_missing() -> None:
    page = state()
    page._type(CompanyForm, "company_name", "云")
    page._leave(CompanyForm, "company_name", "云")
    page._type(CompanyForm, "company_name", "")
    assert page.problems == {"company_name": text("errors.company_name_missing")}


def test_what_a_refused_form_has_said_stays_while_nothing_is_typed() -> None:
    page = state()
    page._type(CompanyForm, "contact", "林知夏")
    said = text("errors.contact_missing")
    page.problems["contact"] = said
    assert not page._type(CompanyForm, "contact", "林知夏")
    page._leave(CompanyForm, "contact", "林知夏")
    assert page.problems == {"contact": said}


def test_a_page_takes_what_was_typed_before() -> None:
    page = state()
    page._take(CompanyForm(company_name="云帆"))
    assert page.typed["company_name"] == "云帆"
    assert set(page.typed) == set(CompanyForm.kept())


def test_a_field_that_is_left_after_the_form_was_refused_says_the_same_once_more() -> None:
    page = state()
    page._leave_unkept(CompanyForm, "contact", "")
    assert page.problems == {}
    missing = text("errors.contact_missing")
    page.problems["contact"] = missing
    page._leave_unkept(CompanyForm, "contact", "")
    assert page.problems == {"contact": missing}
    page._leave_unkept(CompanyForm, "contact", "林知夏")
    assert page.problems == {}
