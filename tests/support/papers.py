"""A month on paper for tests: facts that might be, and what a reader of PDFs finds in the file."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pikepdf
import pypdfium2

from guance_portal.billing.bills.viewing import ItemSum
from guance_portal.billing.bills.views import Month, Share
from guance_portal.billing.paper.content import MonthPaper, PaperWorkspace
from guance_portal.core.money import EXACT, Currency
from guance_portal.ledger.chart import Kind
from guance_portal.metering.items import Item
from guance_portal.payers.rules import SettlementMethod

ITEMS = tuple(Item)[:10]


def paper(workspaces: int = 3, **options: Any) -> MonthPaper:
    """A month of so many workspaces with ten items each, paid by a card and cash."""
    every = tuple(_workspace(number) for number in range(workspaces))
    minor = sum(one.minor for one in every)
    paid = {kind: sum(one.paid[kind] for one in every) for kind in (Kind.CARD, Kind.CASH)}
    first = date(2026, 6, 1)
    items = tuple(_sum(item, Decimal(12345 + place) / 100 * workspaces) for place, item in enumerate(ITEMS))
    month = Month(
        month="2026-06",
        minor=minor,
        bills=30 * workspaces,
        first=first,
        last=date(2026, 6, 30),
        final_at=datetime(2026, 7, 3, 16, tzinfo=UTC).astimezone(ZoneInfo("Asia/Shanghai")),
        is_final=True,
        waiting=0,
        shares=(Share(method=SettlementMethod.ENTERPRISE, cloud="", cloud_account_id="", minor=minor),),
        paid=paid,
    )
    told: dict[str, Any] = {
        "month": month,
        "currency": Currency.CNY,
        "zone": ZoneInfo("Asia/Shanghai"),
        "account": "yunfan_ops",
        "company": "杭州云帆科技有限公司",
        "contact": "林知夏",
        "collected": {},
        "workspaces": every,
        "items": items,
        "days": tuple((first + timedelta(days=ago), minor // 30, workspaces) for ago in range(30)),
        "lists": ("cny-mainland-2023-04-23",),
        "digest": "6bef860b97ca58e4" * 4,
        "number": 1_234,
        "chain": "9b60cc2b92b33368" * 4,
    }
    return MonthPaper(**{**told, **options})


def _sum(item: Item, quotient: Decimal) -> ItemSum:
    price = Decimal("1.50")
    exact = EXACT.multiply(quotient, price)
    return ItemSum(
        item=item.value, days=30, unit=1_000, price=price, quotient=quotient, exact=exact, minor=int(exact * 100)
    )


def _workspace(number: int) -> PaperWorkspace:
    items = tuple(_sum(item, Decimal(12345 + place) / 100) for place, item in enumerate(ITEMS))
    minor = sum(one.minor for one in items)
    return PaperWorkspace(
        id=f"wksp_{number:032}",
        name=f"云帆-工作空间 {number}",
        site="cn1",
        bills=30,
        minor=minor,
        paid={Kind.CARD: 100_00, Kind.CASH: minor - 100_00},
        items=items,
    )


def pages(pdf: bytes) -> list[str]:
    """What is copied out of each page, without blanks and breaks."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return ["".join(page.get_textpage().get_text_bounded().split()) for page in document]
    finally:
        document.close()


def copied(pdf: bytes) -> str:
    """What is copied out of all pages, without blanks and breaks."""
    return "".join(pages(pdf))


def tree(pdf: bytes) -> tuple[Any, list[tuple[str, Any]]]:
    """The catalogue of a PDF, and every element of its structure by name, in reading order."""
    document = pikepdf.open(io.BytesIO(pdf))
    found: list[tuple[str, Any]] = []

    def walk(node: Any) -> None:
        if isinstance(node, pikepdf.Array):
            for one in node:  # pyright: ignore[reportUnknownVariableType] - an array of a library without types
                walk(one)
        elif isinstance(node, pikepdf.Dictionary):
            if "/S" in node:
                found.append((str(node["/S"]).lstrip("/"), node))
            if "/K" in node:
                walk(node["/K"])

    walk(document.Root.StructTreeRoot)
    return document, found
