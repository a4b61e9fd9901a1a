"""The wallet: a code is activated, a card is bought, and the statement and its files say so."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from zipfile import ZipFile

import openpyxl
from playwright.sync_api import Locator, Page, expect

from guance_portal import routes
from tests.e2e.screens.fee_center import FeeCenterScreen
from tests.e2e.screens.screen import message, runs
from tests.support.filled_wallets import filled_wallet, recharge, spoil, voucher_code
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
    at(screen.page, routes.statement({"act": "card"}))
    lines = screen.main.get_by_role("table", name=message("statement.title")).locator("tbody tr")
    expect(lines).to_have_count(2)
    expect(lines.first).to_contain_text("−¥1,500.00")
    expect(lines.first).to_contain_text("¥500.00")


def lines_of(screen: FeeCenterScreen) -> Locator:
    """The transactions that the statement shows."""
    return screen.main.get_by_role("table", name=message("statement.title")).locator("tbody tr")


def shown(screen: FeeCenterScreen) -> list[tuple[str, str]]:
    """What each entry of the page moved and left, the oldest first, as the page writes it."""
    found = [
        list(
            zip(
                row.locator("td.end").first.locator(".gc-money").all_inner_texts(),
                row.locator("td.end").last.locator(".gc-money").all_inner_texts(),
                strict=True,
            )
        )
        for row in lines_of(screen).all()
    ]
    return [entry for line in reversed(found) for entry in line]


def as_number(written: str) -> Decimal:
    """An amount of the page as a number."""
    return Decimal(written.replace("¥", "").replace(",", "").replace("\u2212", "-").replace("+", ""))


def downloaded(screen: FeeCenterScreen, message_keys_of: str) -> bytes:
    """What a link of the page gives to the browser."""
    with screen.page.expect_download() as download:
        screen.main.get_by_role("link", name=message(message_keys_of), exact=True).click()
    return download.value.path().read_bytes()


def test_a_file_of_the_statement_holds_what_the_page_shows_to_the_cent(
    new_page: Callable[..., Page], people: People
) -> None:
    screen = at(new_page(filled_wallet(people)), routes.WALLET)
    expect(lines_of(screen)).to_have_count(5)
    page = [(as_number(moved), as_number(rest)) for moved, rest in shown(screen)]
    book: Any = openpyxl.load_workbook(io.BytesIO(downloaded(screen, "statement.export_xlsx")))
    sheet, manifest = book.worksheets
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert [(Decimal(str(row[7])), Decimal(str(row[8]))) for row in rows] == page
    equation = screen.main.locator(".gc-equation b").all_inner_texts()
    before, came, went, rest = (as_number(part) for part in equation)
    assert before + came - went == rest == sum(moved for moved, _ in page)
    told = {row[0]: row[1] for row in manifest.iter_rows(values_only=True)}
    assert Decimal(told["合计: 金额 CNY"]) == rest
    archive = ZipFile(io.BytesIO(downloaded(screen, "statement.export_csv")))
    table, beside = (archive.read(name) for name in archive.namelist())
    text = table.decode("utf-8-sig")
    assert [(Decimal(row[7]), Decimal(row[8])) for row in list(csv.reader(io.StringIO(text)))[1:]] == page
    assert json.loads(beside)["sha256"] in told.values()


def test_the_statement_is_narrowed_by_days_kind_and_reference_and_its_file_too(
    new_page: Callable[..., Page], people: People
) -> None:
    screen = at(new_page(filled_wallet(people)), routes.WALLET)
    expect(lines_of(screen)).to_have_count(5)
    rests = dict(zip((row.inner_text() for row in lines_of(screen).all()), range(5), strict=True))
    screen.main.get_by_role("link", name=message("statement.period_days_7"), exact=True).click()
    expect(lines_of(screen)).to_have_count(2)
    screen.main.get_by_role("searchbox", name=message("statement.text")).fill("bill:w1:2")
    screen.button(message("statement.find")).click()
    expect(lines_of(screen)).to_have_count(1)
    # The one line says what it said before: what stood on each purse then does not hang on what is left out.
    assert lines_of(screen).first.inner_text() in rests
    archive = ZipFile(io.BytesIO(downloaded(screen, "statement.export_plain")))
    assert (
        archive.read(archive.namelist()[0]).decode().count("bill:w1:2")
        == archive.read(archive.namelist()[0]).decode().count("\r\n") - 1
    )
    screen.page.reload()
    expect(lines_of(screen)).to_have_count(1)
    screen.main.get_by_role("searchbox", name=message("statement.text")).fill("nothing like it")
    screen.button(message("statement.find")).click()
    expect(screen.main).to_contain_text(message("statement.nothing"))


def test_a_new_entry_shows_by_itself(new_page: Callable[..., Page], people: People) -> None:
    session = filled_wallet(people)
    screen = at(new_page(session), routes.WALLET)
    expect(lines_of(screen)).to_have_count(5)
    recharge(people, session.person, 77_00)
    expect(lines_of(screen)).to_have_count(6)
    expect(lines_of(screen).first).to_contain_text("+¥77.00")


def test_the_payer_checks_its_books_and_reads_why_acts_wait(new_page: Callable[..., Page], people: People) -> None:
    session = people.sign_in(people.payer())
    recharge(people, session.person, 77_00)
    screen = at(new_page(session), routes.WALLET)
    rules = screen.main.get_by_role("list", name=message("books.rules"))
    screen.button(message("books.check")).click()
    expect(rules.get_by_role("listitem").first).to_be_visible()
    expect(screen.main).to_contain_text(message("books.whole"))
    spoil(people, session.person)
    screen.button(message("books.check")).click()
    expect(rules.locator(".broken").first).to_be_visible()
    expect(screen.main.locator(".gc-note.red")).to_contain_text(message("ledger.rule.balances"))
    at(screen.page, routes.FEE_CENTER)
    expect(screen.main.locator(".gc-note.red")).to_contain_text(message("books.stopped_title"))
