"""The rules of 基本信息 that need neither database nor password."""

from __future__ import annotations

import pytest

from guance_portal import sites
from guance_portal.accounts.identity import phones
from guance_portal.core.checklist import Checklist, FormProblemsError
from guance_portal.core.errors import PortalError
from guance_portal.onboarding import basic
from guance_portal.onboarding.basic import BasicForm

GOOD = BasicForm(site="cn1", username=" YunFan ", email="Lin@yunfan.example", phone="138 0013 8000")


def problems(form: BasicForm) -> list[str]:
    checks = Checklist(*BasicForm.asked())
    form.read(checks)
    try:
        checks.finish()
    except FormProblemsError as refusal:
        return [problem.code.removeprefix("errors.") for problem in refusal]
    return []


def test_a_good_form_becomes_clean_values() -> None:
    info = GOOD.read(Checklist())
    assert info.site == "cn1"
    assert (info.username, info.email, info.phone) == ("yunfan", "Lin@yunfan.example", "+8613800138000")


@pytest.mark.parametrize("site", sites.all_sites(), ids=lambda site: site.code)
def test_a_mobile_number_is_needed_in_mainland_china_alone(site: sites.Site) -> None:
    expected = ["phone_missing"] if site.code in {"cn1", "cn2", "cn4"} else []
    assert problems(GOOD.but(site=site.code, phone="")) == expected
    assert phones.needs_phone(site) is bool(expected)


def test_a_number_without_its_plus_belongs_to_the_country_of_the_site() -> None:
    assert GOOD.but(site="us1", phone="(415) 555-2671").read(Checklist()).phone == "+14155552671"
    assert GOOD.but(site="ap1", phone="8123 4567").read(Checklist()).phone == "+6581234567"


def test_without_a_site_the_rest_is_still_checked() -> None:
    assert problems(BasicForm(site="mars1", phone="138 0013 8000")) == [
        "unknown_site",
        "username_missing",
        "email_missing",
    ]


def test_before_a_site_is_chosen_that_alone_is_said_and_a_number_with_its_plus_is_judged() -> None:
    assert problems(GOOD.but(site="", phone="138 0013 8000")) == ["site_missing"]
    assert problems(GOOD.but(site="", phone="+86 138 0013")) == ["site_missing", "phone_invalid"]


def test_a_proof_is_of_one_site_and_of_an_address_however_it_is_written() -> None:
    assert basic.proof("cn1", " LIN@Yunfan.example ") == basic.proof("cn1", "lin@yunfan.example")
    assert basic.proof("cn1", "lin@例子.公司") == basic.proof("cn1", "lin@xn--fsqu00a.xn--55qx5d")
    assert basic.proof("cn1", "lin@yunfan.example") != basic.proof("us1", "lin@yunfan.example")


def test_what_belongs_to_no_field_comes_last_and_finds_nothing() -> None:
    class NowhereError(PortalError):
        code = "errors.nowhere"

    checks = Checklist("site", "username")
    checks.refuse(NowhereError())
    checks.refuse(NowhereError(field="username"))
    assert checks.finds("site", "username")
    assert not checks.finds("phone")
    with pytest.raises(FormProblemsError) as refusal:
        checks.finish()
    assert [problem.field for problem in refusal.value] == ["username", ""]


def test_a_form_does_not_show_its_secrets() -> None:
    assert "kettle" not in repr(GOOD.but(password="violet kettle"))
    assert "123456" not in repr(GOOD.but(code="123456"))
