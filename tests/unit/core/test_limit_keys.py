"""Limits count a mapped key: no spelling gives more tries."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import guance_portal
from guance_portal.accounts.identity.directories import ConsoleDirectory, OperatorDirectory
from guance_portal.accounts.identity.login_keys import of_login
from guance_portal.core.actor import Caller, Realm
from guance_portal.core.limit_keys import KeyKind, LimitKey, in_place, of_account, of_browser, of_network, of_workspace
from guance_portal.core.rate_limits import LIMITS
from guance_portal.payers.directory import FeeCenterDirectory

MAPPERS = {"core/limit_keys.py", "accounts/identity/login_keys.py"}
CONSOLE, FEES, OPERATORS = ConsoleDirectory(), FeeCenterDirectory(), OperatorDirectory()
EMAIL = (
    "lin@yunfan.example",
    "LIN@Yunfan.Example",
    "  lin@yunfan.example\n",
    "ｌｉｎ@yunfan.example",
    "lin＠yunfan.example",
    "ＬＩＮ＠ＹＵＮＦＡＮ．ＥＸＡＭＰＬＥ",
)
PUNYCODE = ("lin@云帆.example", "lin@xn--9kqs09a.example", "LIN@XN--9KQS09A.example", "ｌin@云帆．example")
USERNAME = ("yunfan-ops", "YUNFAN-Ops", " yunfan-ops ", "ｙｕｎｆａｎ-ops", "ＹＵＮＦＡＮ-ＯＰＳ")


def test_only_the_mappers_make_keys() -> None:
    root = Path(guance_portal.__file__).parent
    makers = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "LimitKey"
    }
    assert makers == MAPPERS


def test_every_kind_of_key_is_counted_by_some_limit_and_made_by_a_mapper() -> None:
    caller = Caller(address="192.0.2.1", visitor="v")
    login = of_login(CONSOLE, EMAIL[0], "cn1")
    made = (
        of_network("192.0.2.1"),
        of_browser(caller),
        of_account(Realm.CONSOLE, "u"),
        of_workspace("wksp_1"),
        login,
        in_place(login, caller, is_known=True),
    )
    assert {limit.by for limit in LIMITS.values()} == set(KeyKind) == {key.kind for key in made}


@pytest.mark.parametrize("spelling", EMAIL)
def test_an_email_has_one_key_in_every_realm_however_it_is_spelt(spelling: str) -> None:
    for directory in (CONSOLE, FEES, OPERATORS):
        assert of_login(directory, spelling, "cn1") == of_login(directory, EMAIL[0], "cn1")


@pytest.mark.parametrize("spelling", PUNYCODE)
def test_a_domain_beyond_ascii_has_the_key_of_its_punycode(spelling: str) -> None:
    assert of_login(CONSOLE, spelling, "cn1") == of_login(CONSOLE, PUNYCODE[0], "cn1")


@pytest.mark.parametrize("spelling", USERNAME)
def test_a_username_has_one_key_however_it_is_spelt(spelling: str) -> None:
    assert of_login(FEES, spelling, "") == of_login(FEES, USERNAME[0], "")


@pytest.mark.parametrize("site", ["", "cn1", "cn2", "us1", "cn１", "nowhere", "x" * 10])
def test_a_site_in_the_form_of_a_realm_without_sites_makes_no_other_key(site: str) -> None:
    for login in (EMAIL[0], USERNAME[0]):
        assert of_login(FEES, login, site) == of_login(FEES, login, "")
    assert of_login(OPERATORS, EMAIL[0], site) == of_login(OPERATORS, EMAIL[0], "")


@pytest.mark.parametrize("spelling", [*EMAIL[:3], "lin@yunfan.example.", "lin@yunfan..example", "nobody"])
def test_a_login_that_can_be_nobodys_has_a_key_that_no_login_of_somebody_has(spelling: str) -> None:
    assert of_login(CONSOLE, spelling, "nowhere") != of_login(CONSOLE, EMAIL[0], "cn1")
    assert of_login(CONSOLE, spelling, "nowhere").value


def test_an_address_counts_as_its_network_in_every_form() -> None:
    assert of_network("::ffff:192.0.2.1") == of_network("192.0.2.1")
    assert of_network("2001:db8:0:1::1") == of_network("2001:DB8:0:1:ffff::2")


def test_a_browser_is_known_by_its_session_its_cookie_or_its_network() -> None:
    caller = Caller(address="::ffff:192.0.2.1", visitor="v")
    assert of_browser(caller, "s") == LimitKey(KeyKind.BROWSER, "s")
    assert of_browser(caller) == LimitKey(KeyKind.BROWSER, "v")
    assert of_browser(Caller(address=caller.address)) == LimitKey(KeyKind.BROWSER, "192.0.2.1")
