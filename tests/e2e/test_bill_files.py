"""Files of bills from every page that offers them: the browser saves them, and they hold what the page shows."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import openpyxl
from playwright.sync_api import Locator, Page, expect

from guance_portal import routes
from tests.e2e.screens.operator_money import ReconciliationScreen
from tests.e2e.screens.screen import message, runs
from tests.support.billed_companies import billed_company, lived_company
from tests.support.papers import copied
from tests.support.people import People
from tests.support.uncollected import uncollected


def saved(place: Page | Locator, content: str, kind: str) -> Path:
    """A file by its link; what it holds is read out with the format."""
    page = place if isinstance(place, Page) else place.page
    name = f"{message(f'bill_files.{kind}')} {message(content)}"
    with page.expect_download() as download:
        place.get_by_role("link", name=name, exact=True).click()
    assert download.value.suggested_filename.endswith(".xlsx" if kind == "xlsx" else ".zip")
    return download.value.path()


def manifest(path: Path) -> dict[str, object]:
    """The manifest of a CSV file."""
    with ZipFile(path) as archive:
        return json.loads(archive.read(archive.namelist()[1]))


def test_files_hold_what_the_pages_show(new_page: Callable[..., Page], people: People) -> None:
    billed = billed_company(people)
    month = f"{billed.day:%Y-%m}"
    places = (
        (billed.company.payer, routes.FEE_BILLS),
        (billed.company.payer, routes.bill_month(month)),
        (billed.company.owner, routes.billing(month)),
    )
    pages = {realm: new_page(realm) for realm in (billed.company.payer, billed.company.owner)}
    for who, place in places:
        page = pages[who]
        page.goto(place)
        runs(page)
        for content in ("lines", "bills", "usage"):
            told = manifest(saved(page, f"bill_files.{content}", "csv"))
            assert told["rows"]
            assert saved(page, f"bill_files.{content}", "xlsx")
        if place == routes.FEE_BILLS:
            assert list(told) == ["title", "zone", "made_at", "state", "rows", "sums", "sha256"]
    page = pages[billed.company.payer]
    page.goto(routes.fee_bill(billed.code))
    runs(page)
    expect(page.locator("main")).to_contain_text("¥160.30")
    told = manifest(saved(page, "bill_files.lines", "csv-plain"))
    assert (told["rows"], told["sums"]) == (6, {"费用 CNY": "160.30"})
    assert told["bill"] == billed.code


def test_an_operator_saves_the_board(new_page: Callable[..., Page], people: People) -> None:
    uncollected(people, "aliyun-cn")
    screen = ReconciliationScreen(new_page(people.sign_in(people.operator()))).open()
    ours = screen.sums()["ours"]
    path = saved(screen.main, "reconciliation.title", "xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(path.read_bytes())).worksheets[0]
    assert sum(round(float(str(row[4])) * 100) for row in sheet.iter_rows(min_row=2, values_only=True)) == ours


def test_a_final_month_is_a_pdf_in_either_language(new_page: Callable[..., Page], people: People) -> None:
    lived = lived_company(people, days=45)
    page = new_page(lived.company.payer)
    page.goto(routes.FEE_BILLS)
    runs(page)
    rows = page.locator("main table tbody tr")
    expect(rows.first).to_contain_text(message("paper.after_final"))
    final = rows.filter(has_not_text=message("paper.after_final")).first
    with page.expect_download() as download:
        final.get_by_role("link", name="PDF").click()
    name = download.value.suggested_filename
    month = f"{name[1:5]}-{name[5:7]}"
    whole = sum(minor for day, minor in lived.costs.items() if f"{day:%Y-%m}" == month)
    assert f"{whole / 100:,.2f}" in copied(download.value.path().read_bytes())
    final.get_by_role("link", name=message("bills.detail")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(month)
    for link, tag in (("paper.zh", "zh-CN"), ("paper.en", "en")):
        with page.expect_download() as download:
            named = f"{message(link)} {message('paper.file')}"
            page.get_by_role("link", name=named, exact=True).click()
        assert download.value.suggested_filename.endswith(f"-{tag}.pdf")
    with page.expect_download() as download:
        page.get_by_role("link", name=message("paper.download"), exact=True).click()
    assert download.value.suggested_filename == name
