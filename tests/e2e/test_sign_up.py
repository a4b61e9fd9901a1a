"""Signing up from the first page to the last, for both editions, at several sites and in both languages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from guance_portal import sites
from guance_portal.accounts.rules import Edition
from guance_portal.core.messages import Language
from guance_portal.payers.rules import SettlementMethod
from tests.e2e.screens.screen import message
from tests.e2e.screens.sign_up import (
    COMPANY,
    BasicScreen,
    CompanyScreen,
    DoneScreen,
    EditionScreen,
    FreeScreen,
    SettlementScreen,
    hold,
)
from tests.support.mailbox import Mailbox, text_of
from tests.support.newcomers import at_step_three, newcomer, outcome
from tests.support.people import People

_SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize(
    ("site", "phone", "cloud"),
    [("cn1", "13800138000", "aliyun"), ("cn2", "+8613800138000", "aws"), ("us1", "", "aws")],
)
def test_a_company_signs_up_for_the_commercial_edition(
    page: Page, people: People, mailbox: Mailbox, site: str, phone: str, cloud: str
) -> None:
    who, place = newcomer(site=site, phone=phone), sites.get(site)
    EditionScreen(page).open().choose("commercial")
    basic = BasicScreen(page)
    basic.stands_at(basic.path)
    basic.complete(who, mailbox)
    expect(basic.main.get_by_text("选填", exact=True)).to_have_count(0 if phone else 1)
    basic.press("next")

    company = CompanyScreen(page)
    company.stands_at(company.path)
    company.complete()
    company.press("register")

    settlement = SettlementScreen(page)
    settlement.shows()
    expect(settlement.box("workspace_name")).to_have_value(COMPANY)
    expect(settlement.methods).to_have_count(2)
    expect(settlement.method("enterprise")).to_be_checked()
    expect(settlement.method(cloud)).to_be_enabled()
    settlement.press("confirm")

    done = DoneScreen(page)
    done.stands_at(done.path)
    done.says(COMPANY, place.name.zh, who.username, message("settlement_method.enterprise"))
    assert message("mail.commercial_opened.subject") == mailbox.wait_for(who.email, 2)["Subject"]

    made = outcome(people, who.email)
    assert made.counts == (1, 1, 1)
    assert made.methods == [SettlementMethod.ENTERPRISE]
    assert (made.users[0].site, made.users[0].username) == (site, who.username)
    assert (made.fee_accounts[0].username, made.fee_accounts[0].currency) == (who.username, place.currency)
    assert made.workspaces[0].edition is Edition.COMMERCIAL
    assert {consent.agreement for consent in made.consents} == {"commercial", "privacy"}


def test_a_site_without_a_marketplace_offers_the_enterprise_account_alone_and_says_why(
    new_page: Callable[..., Page], people: People
) -> None:
    page = new_page()
    hold(page, at_step_three(people, site="cn4"))
    settlement = SettlementScreen(page).open()
    expect(settlement.methods).to_have_count(1)
    expect(settlement.method("enterprise")).to_be_checked()
    expect(settlement.main).to_contain_text(message("settlement.opening.unsupported"))


@pytest.mark.parametrize("has_switch", [False, True])
def test_the_free_edition_takes_one_page(
    page: Page,
    people: People,
    mailbox: Mailbox,
    has_switch: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    who = newcomer()
    EditionScreen(page).open().choose("free")
    free = FreeScreen(page)
    free.stands_at(free.path)
    expect(free.switch).not_to_be_checked()
    expect(free.agreement).not_to_be_checked()
    free.complete(who, mailbox)
    if has_switch:
        free.switch.check()
    free.agreement.check()
    free.press("register")
    free.stands_at("/welcome")
    email = mailbox.wait_for(who.email, 2)
    assert email["Subject"] == message("mail.free_opened.subject")
    assert (who.username in text_of(email).split("费用中心账号")[1]) is has_switch
    made = outcome(people, who.email)
    assert made.counts == (1, int(has_switch), 1)
    assert made.workspaces[0].edition is Edition.FREE
    assert made.methods == []
    assert {consent.agreement for consent in made.consents} == {"free", "privacy"}


def test_an_english_phone_signs_up_without_scrolling_sideways(
    new_page: Callable[..., Page], people: People, mailbox: Mailbox
) -> None:
    who = newcomer(site="us1", phone="")
    page = new_page(locale="en-GB", viewport={"width": 390, "height": 844}, has_touch=True)
    basic = BasicScreen(page, english=True).open()
    basic.complete(who, mailbox)
    assert page.evaluate(_SIDEWAYS) <= 0
    assert str(mailbox.wait_for(who.email)["Subject"]) == "Your Guance verification code"
    basic.press("next")
    company = CompanyScreen(page, english=True)
    company.stands_at(company.path)
    company.complete()
    assert page.evaluate(_SIDEWAYS) <= 0
    company.press("register")
    settlement = SettlementScreen(page, english=True)
    settlement.shows()
    expect(settlement.choice("workspace_language")).to_have_value("en")
    expect(settlement.method("enterprise")).to_be_checked()
    assert page.evaluate(_SIDEWAYS) <= 0
    settlement.press("confirm")
    done = DoneScreen(page, english=True)
    done.says("Overseas 1 (Oregon)", "Guance enterprise account")
    assert page.evaluate(_SIDEWAYS) <= 0
    email = mailbox.wait_for(who.email, 2)
    assert email["Subject"] == "Your Guance Commercial plan is open"
    assert "Hello" in text_of(email)
    made = outcome(people, who.email)
    assert made.users[0].language is made.workspaces[0].language is Language.EN
