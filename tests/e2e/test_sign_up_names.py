"""The words on the screen are the names of the controls, exactly: no mark, no badge and no detail is part of one."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.screens.sign_up import BasicScreen, CompanyScreen, FreeScreen, SettlementScreen, SignUpScreen, hold
from tests.support.newcomers import at_step_three, at_step_two
from tests.support.people import People

BASIC = {"combobox": ["站点"], "textbox": ["用户名", "登录密码", "邮箱", "邮箱验证码", "手机号"]}


def are_named(screen: SignUpScreen, names: dict[str, list[str]]) -> None:
    """Expect one control of each role and name, which its label finds too."""
    for role, found in names.items():
        for name in found:
            control = screen.main.get_by_role(role, name=name, exact=True)  # pyright: ignore[reportArgumentType]
            expect(control).to_have_count(1)
            expect(screen.field(name).and_(control)).to_have_count(1)


@pytest.mark.parametrize(("site", "is_optional"), [("cn1", False), ("us1", True)])
@pytest.mark.parametrize("screen", [BasicScreen, FreeScreen])
def test_basic_information(page: Page, screen: type[BasicScreen], site: str, *, is_optional: bool) -> None:
    basic = screen(page).open()
    basic.choice("site").select_option(site)
    expect(basic.main.get_by_text("选填", exact=True)).to_have_count(int(is_optional))
    are_named(basic, BASIC)
    expect(basic.box("phone")).to_have_accessible_description("选填" if is_optional else "")


def test_company_information(page: Page, people: People) -> None:
    hold(page, at_step_two(people))
    company = CompanyScreen(page).open()
    are_named(
        company,
        {
            "textbox": ["企业名称", "统一社会信用代码", "联系人", "企业介绍"],
            "combobox": ["所属行业", "所属地区"],
        },
    )
    expect(company.box("introduction")).to_have_accessible_description("选填")


@pytest.mark.parametrize(("site", "cloud"), [("cn1", "阿里云账号结算"), ("us1", "AWS 账号结算")])
def test_settlement_method(page: Page, people: People, site: str, cloud: str) -> None:
    hold(page, at_step_three(people, site=site))
    settlement = SettlementScreen(page).open()
    settlement.shows()
    are_named(
        settlement,
        {"textbox": ["工作空间名称"], "combobox": ["工作空间语言"], "radio": ["观测云企业账号结算", cloud]},
    )
    expect(settlement.main.get_by_role("group", name="结算方式", exact=True)).to_have_count(1)
    expect(settlement.method("enterprise")).to_have_accessible_description(re.compile("^默认"))
