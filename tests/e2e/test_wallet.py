"""The wallet: a code is activated, a card is bought, and the statement says so."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from guance_portal import routes
from tests.e2e.screens.fee_center import FeeCenterScreen
from tests.e2e.screens.screen import message, runs
from tests.support.filled_wallets import filled_wallet, voucher_code
from tests.support.people import People


def at(page: Page, place: str) -> FeeCenterScreen:
    """One of the wallet's pages."""
    page.goto(place)
    runs(page)
    return FeeCenterScreen(page)


def test_a_code_is_shown_before_it_is_activated_and_gives_its_voucher_once(
    new_page: Callable[..., Page], people: People
) -> None:
    code = voucher_code(people, 50_00)
    screen = at(new_page(people.sign_in(people.payer())), routes.VOUCHERS)
    screen.button(message("voucher.title")).click()
    dialog = screen.page.locator("dialog[open]")
    field = dialog.locator("input[name=code]")
    field.fill("ABCD-EFGH")
    field.press("Enter")
    expect(dialog).to_contain_text(message("errors.wallet_code_unknown"))
    field.fill(code.lower())
    dialog.get_by_role("heading").click()
    expect(dialog.locator(".gc-offer")).to_contain_text("¥50.00")
    dialog.get_by_role("button", name=message("voucher.activate_amount", amount="¥50.00"), exact=True).click()
    expect(dialog).to_have_count(0)
    expect(screen.main.get_by_role("table", name=message("wallet_page.vouchers"))).to_contain_text("¥50.00")
    # The strip follows the ledger by itself.
    expect(screen.main.locator(".gc-strip")).to_contain_text("50.00")


def test_a_card_says_what_it_will_do_and_does_it(new_page: Callable[..., Page], people: People) -> None:
    screen = at(new_page(filled_wallet(people)), routes.CARDS)
    screen.button(message("card.title")).click()
    dialog = screen.page.locator("dialog[open]")
    amount = dialog.locator("input[name=amount]")
    amount.fill("150")
    expect(dialog).to_contain_text(message("errors.wallet_card_amount"))
    amount.fill("1500")
    expect(dialog.locator(".gc-offer")).to_contain_text("¥500.00")
    dialog.get_by_role("button", name=message("card.buy_amount", amount="¥1,500.00"), exact=True).click()
    expect(dialog).to_have_count(0)
    cards = screen.main.get_by_role("table", name=message("wallet_page.cards")).locator("tbody tr")
    expect(cards).to_have_count(2)
    at(screen.page, routes.statement(act="card"))
    lines = screen.main.get_by_role("table", name=message("statement.title")).locator("tbody tr")
    expect(lines).to_have_count(2)
    expect(lines.first).to_contain_text("−¥1,500.00")
    expect(lines.first).to_contain_text("¥500.00")
