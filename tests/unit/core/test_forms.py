"""A form is declared once: what is shown, kept, judged, loaded and stored derives from its model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

import pytest
from pydantic import ValidationError

from guance_portal.core import plain
from guance_portal.core.checklist import Checklist, FormProblemsError
from guance_portal.core.errors import PortalError
from guance_portal.core.forms import Asked, FieldKind, Form, blank
from guance_portal.core.messages import Text


class ShortError(PortalError, code="errors.text_too_long"):
    pass


class MissingError(PortalError, code="errors.name_missing"):
    pass


def clean_department(typed: str) -> str:
    name = typed.strip()
    if not name:
        raise MissingError(field="department")
    if len(name) < 2:
        raise ShortError(field="department")
    return name


def floor_of(form: TrialForm) -> str:
    if form.has_office and not form.floor:
        raise MissingError(field="floor")
    return form.floor.strip()


class TrialForm(Form):
    """Every kind of field that has a rule of its own."""

    department: Annotated[str, Asked(label="x", check=clean_department, column="part")] = ""
    has_office: Annotated[bool, Asked(label="x", kind=FieldKind.SWITCH)] = False
    floor: Annotated[str, Asked(label="x", check_in=floor_of, required=lambda form: form.has_office, most=5)] = ""
    town: Annotated[
        str, Asked(label="x", kind=FieldKind.CHOICE, options=lambda: {"": {"hz": Text("杭州", "Hangzhou")}})
    ] = ""
    password: Annotated[str, Asked(label="x", kind=FieldKind.PASSWORD, check=clean_department)] = ""
    language: str = ""


@dataclass
class Row:
    part: str
    has_office: bool
    floor: str
    town: str
    password: str = ""


FULL = TrialForm(department=" 研发 ", has_office=True, floor="3", town="hz", password="secret", language="en")


def test_what_people_fill_in_is_known_in_order() -> None:
    assert list(TrialForm.asked()) == ["department", "has_office", "floor", "town", "password"]


def test_a_secret_is_neither_kept_nor_shown_nor_printed() -> None:
    assert "password" not in TrialForm.kept()
    assert "password" not in FULL.typed()
    assert "secret" not in repr(FULL)
    assert TrialForm.of({"password": "secret"}).password == ""
    with pytest.raises(ValueError, match="kept"):
        TrialForm.kept_name("password")


def test_a_page_types_into_texts_alone() -> None:
    assert TrialForm.text_name("floor") == "floor"
    for name in ("has_office", "password", "language", "nothing"):
        with pytest.raises(ValueError, match="no field"):
            TrialForm.text_name(name)


def test_a_page_begins_with_the_texts_that_may_be_shown() -> None:
    assert blank(TrialForm)() == {"department": "", "floor": "", "town": ""}
    assert FULL.texts() == {"department": " 研发 ", "floor": "3", "town": "hz"}


def test_clean_values_take_the_place_of_what_was_typed() -> None:
    checks = Checklist(*TrialForm.asked())
    clean = FULL.read(checks)
    checks.finish()
    assert clean == FULL.but(department="研发")


def test_every_problem_is_noted_at_its_field_and_leaves_it_empty() -> None:
    checks = Checklist(*TrialForm.asked())
    clean = TrialForm(department="云", has_office=True).read(checks)
    with pytest.raises(FormProblemsError) as refusal:
        checks.finish()
    assert [problem.field for problem in refusal.value] == ["department", "floor"]
    assert clean.department == ""


def test_a_field_that_is_left_empty_is_not_called_wrong_before_the_form_is_sent() -> None:
    assert TrialForm().problem_of("department") is None
    assert isinstance(TrialForm().problem_of("department", is_empty_wrong=True), MissingError)
    assert isinstance(TrialForm(department="云").problem_of("department"), ShortError)
    assert TrialForm(department="云帆").problem_of("department") is None
    assert TrialForm(town="nowhere").problem_of("town") is None


def test_whether_a_field_is_required_may_depend_on_the_form() -> None:
    assert TrialForm().is_required("department")
    assert not TrialForm().is_required("floor")
    assert FULL.is_required("floor")


def test_a_row_holds_the_fields_under_its_own_names() -> None:
    row = Row(part="研发", has_office=True, floor="3", town="hz")
    form = TrialForm.of_row(row)
    assert (form.department, form.floor) == ("研发", "3")
    assert form.row()["part"] == "研发"
    with pytest.raises(AttributeError, match="part"):
        TrialForm.of_row(object())


def test_what_was_chosen_has_a_name() -> None:
    assert FULL.names() == {"town": Text("杭州", "Hangzhou")}
    assert TrialForm().names() == {"town": Text()}


def test_more_than_a_field_lets_through_is_refused_from_a_page_and_cut_in_a_draft() -> None:
    with pytest.raises(ValidationError):
        TrialForm(floor="123456")
    assert TrialForm.of({"floor": "123456", "gone": "x"}).floor == "12345"
    assert Asked(label="x").limit == plain.LONGEST_LINE
    assert Asked(label="x", kind=FieldKind.TEXT).limit == plain.LONGEST_TEXT


def test_a_check_that_the_field_of_its_name_hides_is_noticed() -> None:
    hidden: Any = ""
    with pytest.raises(TypeError, match="check"):
        Asked(label="x", check=hidden)
