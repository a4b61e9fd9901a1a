"""Names that strangers choose: they hold no address, are no office's, and never become a link in an email."""

from __future__ import annotations

import pytest

from guance_portal.accounts.identity import usernames
from guance_portal.core import names
from guance_portal.core.names import NameAddressError, NameMixedScriptsError, NameReservedError

GOOD = (
    "云帆-生产环境",
    "Node.js 团队",
    "A/B 测试",
    "12:30 值班",
    "v2.0",
    "Prod: Shanghai",
    "客服部",
    "admin 后台",
    "官方网站",
    "财务",
    "Команда",
)
ADDRESSES = (
    "https://evil.example/login",
    "ｈｔｔｐｓ：／／evil.example",
    "请立即前往 evil.example/login 验证账号",
    "www.evil",
    "evil.com",
    "Evil．Com",
    "写信给 boss@evil.example 领取",
    "//evil",
    "xn--80ak6aa92e.xn--p1ai",
)
BRANDED = (
    "观测云",
    "观 测 云 安全中心",
    "GUANCE Security",
    "guаnce".replace("а", "a"),
    "Guanc3 official",
    "ｇｕａｎｃｅ",
)
OFFICES = (
    "admin",
    "Admin",
    "adm1n",
    "admin01",
    "r00t",
    "root",
    "Sup-port",
    "0fficial",
    "客服",
    "系统管理员",
    "οperator",
)


@pytest.mark.parametrize("name", GOOD)
def test_an_ordinary_name_is_taken_as_it_is(name: str) -> None:
    assert names.choose(name, field="name") == name


@pytest.mark.parametrize("name", ADDRESSES)
def test_a_name_that_holds_an_address_is_refused(name: str) -> None:
    with pytest.raises(NameAddressError) as refusal:
        names.choose(name, field="name")
    assert refusal.value.field == "name"


@pytest.mark.parametrize("name", BRANDED)
def test_a_name_that_speaks_for_us_is_refused(name: str) -> None:
    with pytest.raises(NameReservedError):
        names.choose(name, field="name")


@pytest.mark.parametrize("name", ["wеb team", "Αdmin", "раypal"])
def test_letters_that_look_alike_are_not_mixed_in_one_word(name: str) -> None:
    with pytest.raises(NameMixedScriptsError):
        names.choose(name, field="name")


def test_words_of_different_scripts_may_stand_beside_each_other() -> None:
    assert names.choose("Команда web", field="name")


@pytest.mark.parametrize("name", ["Amazon.com, Inc.", "京东.com", "Booking.com B.V."])
def test_a_company_may_be_named_after_its_shop_on_the_web(name: str) -> None:
    assert names.choose_company(name, field="company_name") == name


@pytest.mark.parametrize("name", ["https://evil.example", "evil.example/login", "www.evil.example"])
def test_a_company_is_not_named_by_a_link(name: str) -> None:
    with pytest.raises(NameAddressError):
        names.choose_company(name, field="company_name")


@pytest.mark.parametrize("typed", ["zhang.me", "https://evil.example/login", "a/b", "javascript:x"])
def test_a_username_does_not_read_as_a_host(typed: str) -> None:
    with pytest.raises(NameAddressError):
        usernames.choose(typed)


@pytest.mark.parametrize("typed", [name for name in OFFICES if name.isascii() or "ο" not in name])
def test_a_username_is_no_office_in_any_look_alike_spelling(typed: str) -> None:
    with pytest.raises(NameReservedError):
        usernames.choose(typed)


@pytest.mark.parametrize("typed", ["官方客服中心", "官方通知", "0fficial_notice", "观测平台安全中心", "超级管理员2"])
def test_a_username_does_not_sound_as_if_we_spoke(typed: str) -> None:
    with pytest.raises(NameReservedError):
        usernames.choose(typed)


def test_a_whole_name_in_look_alike_letters_of_another_script_is_an_office_too() -> None:
    with pytest.raises(NameReservedError):
        usernames.choose("гοοт".replace("ο", "о"))


@pytest.mark.parametrize(
    "typed",
    ["lin", "林知夏", "zhang-san", "zhang_san", "v1.2", "zhang.san", "li.wei", "administrata", "operators", "rooted"],
)
def test_an_ordinary_username_is_taken(typed: str) -> None:
    assert usernames.choose(typed) == typed


@pytest.mark.parametrize("typed", ["admin", "zhang.wang", "guance"])
def test_what_was_named_before_the_rule_is_still_found(typed: str) -> None:
    assert usernames.key(typed) == typed


def test_no_suggestion_breaks_the_rule() -> None:
    assert usernames.alternatives("admin", (1, 2)) == ()


@pytest.mark.parametrize("name", [*ADDRESSES, "zhang.wang", "a@b"])
def test_an_email_prints_a_name_that_no_mail_program_can_link_and_that_reads_the_same(name: str) -> None:
    printed = names.unlinked(name)
    assert printed.replace("\u2060", "") == name
    assert not any(part in printed for part in ("://", ".e", ".c", ".w", "@b", "@e", ".x"))


@pytest.mark.parametrize("value", ["2026-11-30 16:00", "192.0.2.1", "1,000.50", "Chrome 120.0"])
def test_an_email_leaves_times_and_numbers_alone(value: str) -> None:
    assert names.unlinked(value) == value
