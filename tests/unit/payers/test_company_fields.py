"""A field of the company is one declaration, one column and its migration: whatever else were needed is missed here."""

from __future__ import annotations

from typing import Any

from guance_portal.onboarding.drafts import SignUpForm
from guance_portal.onboarding.upgrade.forms import NewPayerForm
from guance_portal.payers.company import CompanyForm
from guance_portal.payers.tables import Company
from guance_portal.state.fee_center.company import FeeCompanyState
from guance_portal.state.sign_up.company import CompanyRegisterForm, SignUpCompanyState
from tests.support.sign_up import COMPANY

OF_THE_ROW = {"fee_account_id", "updated_at"}


def test_every_field_has_its_column_and_every_column_its_field() -> None:
    assert set(CompanyForm().row()) == set(Company.model_fields) - OF_THE_ROW


def test_the_draft_of_a_sign_up_keeps_every_field() -> None:
    assert set(CompanyForm.kept()) == set(CompanyForm.asked())
    assert set(CompanyForm.kept()) <= set(SignUpForm.kept())


def test_both_pages_hold_every_field() -> None:
    assert set(CompanyRegisterForm.asked()) == set(CompanyForm.asked())
    for state in (SignUpCompanyState, FeeCompanyState):
        page: Any = state()
        assert set(page.typed) == set(CompanyForm().texts())


def test_the_company_of_the_tests_gives_every_field_a_value() -> None:
    """So that the tests which sign it up carry a new field through."""
    assert [name for name, value in COMPANY.typed().items() if not value] == []


def test_a_company_that_only_has_a_name_is_complete_for_its_row() -> None:
    assert NewPayerForm.asked()["company_name"] is CompanyForm.asked()["company_name"]
