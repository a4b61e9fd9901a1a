"""The rules of 企业信息."""

from __future__ import annotations

import pytest

from guance_portal.core.checklist import Checklist, FormProblemsError
from guance_portal.core.messages import text
from guance_portal.payers import choices
from guance_portal.payers.company import CompanyForm

GOOD = CompanyForm(
    company_name=" 杭州云帆科技有限公司 ",
    uscc="91350100m000100y43",
    industry="internet",
    region="CN-ZJ",
    contact="林知夏",
    introduction="第一行 \n第二行",
)


def problems(form: CompanyForm) -> list[tuple[str, str]]:
    checks = Checklist()
    form.read(checks)
    try:
        checks.finish()
    except FormProblemsError as refusal:
        return [(problem.field, problem.code.removeprefix("errors.")) for problem in refusal]
    return []


def test_a_complete_form_becomes_a_clean_profile() -> None:
    checks = Checklist()
    profile = GOOD.read(checks)
    checks.finish()
    assert profile.company_name == "杭州云帆科技有限公司"
    assert profile.uscc == "91350100M000100Y43"
    assert profile.introduction == "第一行\n第二行"


def test_code_and_introduction_may_be_left_out() -> None:
    assert problems(GOOD.but(uscc="", introduction="")) == []


def test_an_empty_form_names_every_missing_field_at_once() -> None:
    assert problems(CompanyForm()) == [
        ("company_name", "company_name_missing"),
        ("industry", "industry_missing"),
        ("region", "region_missing"),
        ("contact", "contact_missing"),
    ]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"company_name": "云"}, ("company_name", "company_name_length")),
        ({"company_name": "云" * 101}, ("company_name", "company_name_length")),
        ({"company_name": "云\u202e帆"}, ("company_name", "hidden_character")),
        ({"industry": "piracy"}, ("industry", "industry_missing")),
        ({"region": "CN"}, ("region", "region_missing")),
        ({"contact": "林" * 51}, ("contact", "text_too_long")),
        ({"introduction": "云" * 501}, ("introduction", "text_too_long")),
        ({"introduction": "云\x00"}, ("introduction", "hidden_character")),
        ({"uscc": "123"}, ("uscc", "uscc_length")),
    ],
)
def test_each_broken_rule_is_told_beside_its_field(change: dict[str, str], problem: tuple[str, str]) -> None:
    assert problems(GOOD.but(**change)) == [problem]


def test_the_number_of_problems_is_told() -> None:
    checks = Checklist()
    CompanyForm().read(checks)
    with pytest.raises(FormProblemsError) as refusal:
        checks.finish()
    assert text(refusal.value.code, **refusal.value.params).zh == "还有 4 处需要修改。"


def test_every_province_and_country_is_offered_once() -> None:
    assert len(choices.provinces()) == 34
    assert len(choices.regions()) == len(choices.provinces()) + len(choices.countries())
    assert choices.regions()["US"].zh == "美国"
    assert choices.regions()["TW"].zh == "中国台湾"
    assert not choices.countries().keys() & {"CN", "EU", "ZZ"}


@pytest.mark.parametrize(
    ("region", "code", "expected"),
    [
        ("CN-ZJ", "12-3456789", [("uscc", "uscc_length")]),
        ("US", "12-3456789", []),
        ("HK", "12345678-000", []),
        ("US", "?", [("uscc", "tax_id")]),
        ("", "12-3456789", [("uscc", "uscc_length"), ("region", "region_missing")]),
    ],
)
def test_a_company_of_another_country_has_a_tax_id(region: str, code: str, expected: list[tuple[str, str]]) -> None:
    assert problems(GOOD.but(region=region, uscc=code)) == expected
