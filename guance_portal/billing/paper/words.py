"""A month's paper in one language: every text and amount ready-made, as the template sets them. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from guance_portal import sites
from guance_portal.billing.bills.view_queries import PAYING
from guance_portal.billing.bills.viewing import ItemSum
from guance_portal.billing.paper.characters import GETA, printable
from guance_portal.billing.paper.content import MonthPaper, PaperWorkspace
from guance_portal.core.datetime_formatting import offset, zoned
from guance_portal.core.messages import Language, text
from guance_portal.core.money import EXACT, Money, digits
from guance_portal.ledger.chart import Kind
from guance_portal.metering.items import Item

MOST_ROWS = 200
"""With more rows than these the paper is a summary, and the details are a file."""
MOST_WORKSPACES = 50
"""Of more workspaces than `MOST_ROWS` so many stand on the paper, the others in one row."""
_ALWAYS = (Kind.VOUCHER, Kind.BONUS_VOUCHER, Kind.CARD, Kind.CASH, Kind.RECEIVABLE)
"""Deductions that are named also where they are nothing."""
_LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 28 28"><rect width="28" height="28" rx="8" fill="#3e63dd"/>'
    '<path d="M14 6.6a7.4 7.4 0 1 0 7.1 9.5" fill="none" stroke="#fff" stroke-width="2.2" stroke-linecap="round"/>'
    '<circle cx="14" cy="14" r="2.9" fill="#fff"/><circle cx="20.1" cy="9.3" r="1.9" fill="#fff"/></svg>'
)
_WORDS = [
    "brand",
    "number",
    "issuer",
    "customer",
    "amount",
    "by_method",
    "by_workspace",
    "by_item",
    "deductions",
    "how",
    "details",
    "by_day",
    "no_invoice",
    "scan",
    "geta",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """Who issues the bill, as the settings say."""

    name: str = ""
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperLink:
    """Where the bill can be opened, and the address as an SVG to scan; both may be empty."""

    address: str = ""
    qr: str = ""


def texts(paper: MonthPaper, language: Language, issuer: Issuer, link: PaperLink) -> dict[str, Any]:
    """What the template reads."""
    said = _Paper(paper, language).texts(issuer, link)
    named = {name: of for name, of in said.items() if name != "words"}
    return {**said, "has_geta": GETA in str(named)}


class _Paper:
    def __init__(self, paper: MonthPaper, language: Language) -> None:
        self._paper, self._month, self._language = paper, paper.month, language
        self._kinds = [
            kind for kind in PAYING if kind in _ALWAYS or any(one.paid.get(kind) for one in paper.workspaces)
        ]

    def texts(self, issuer: Issuer, link: PaperLink) -> dict[str, Any]:
        paper, month = self._paper, self._month
        rows = sum(len(one.items) for one in paper.workspaces)
        is_whole = rows <= MOST_ROWS
        words = {name: self._say(name, GETA) if name == "geta" else self._say(name) for name in _WORDS}
        return {
            "lang": "zh" if self._language is Language.ZH else "en",
            "region": "CN" if self._language is Language.ZH else "US",
            "words": {**words, "page": self._say("page", "{page}", "{pages}"), "order": self._say("order")},
            "logo": _LOGO,
            "title": self._say("title", month.month),
            "number": paper.code,
            "digest": paper.digest,
            "period": self._say("between", month.first.isoformat(), month.last.isoformat()),
            "issuer": {
                "name": printable(issuer.name) or words["brand"],
                "lines": [printable(one) for one in issuer.lines],
            },
            "customer": {"name": printable(paper.company) or paper.account, "lines": self._customer()},
            "symbol": paper.currency.symbol,
            "amount": self._money(month.minor),
            "is_settled": not month.waiting,
            "state": self._say("waiting" if month.waiting else "settled"),
            "facts": self._facts(),
            "methods": self._methods(),
            "workspaces": self._workspaces(),
            "items": self._items(paper.items, month.minor, "total"),
            "deductions": [*self._deductions(), [words["amount"], self._money(month.minor)]],
            "steps": self._steps(),
            "qr": link.qr,
            "address": link.address,
            "details_lead": self._say("details_lead" if is_whole else "details_left_out", str(rows)),
            "details": [self._detail(one) for one in paper.workspaces if one.items] if is_whole else [],
            "days": self._days(),
        }

    def _say(self, key: str, *values: str) -> str:
        names = ("one", "two", "three")[: len(values)]
        return text(f"paper.{key}", **dict(zip(names, values, strict=True))).in_(self._language)

    def _money(self, minor: int) -> str:
        """An amount without its symbol, which stands once on the paper."""
        shown = digits(Money(abs(minor), self._paper.currency).amount)
        return f"−{shown}" if minor < 0 else shown

    def _customer(self) -> list[str]:
        contact = printable(self._paper.contact)
        lines = [self._say("account", self._paper.account)]
        return [*lines, self._say("contact", contact)] if contact else lines

    def _facts(self) -> list[list[str]]:
        paper, month = self._paper, self._month
        zone = (
            f"{paper.zone.key}（{offset(month.final_at)}）"
            if self._language is Language.ZH
            else (f"{paper.zone.key} ({offset(month.final_at)})")
        )
        used = dict.fromkeys(sites.get(one.site).name.in_(self._language) for one in paper.workspaces)
        facts = {
            "billing_period": self._say("between", month.first.isoformat(), month.last.isoformat()),
            "final_since": zoned(month.final_at, paper.zone).in_(self._language),
            "currency": self._say("in_currency", text(f"fee_center.currency_{paper.currency}").in_(self._language)),
            "sites": self._say("comma").join(used),
            "zone": self._say("in_zone", zone),
            "lists": self._say("comma").join(paper.lists),
        }
        return [[self._say(name), said or "—"] for name, said in facts.items()]

    def _methods(self) -> dict[str, Any]:
        month, collected = self._month, self._paper.collected
        rows = [
            [
                text(f"settlement_method.{one.method}").in_(self._language),
                printable(one.cloud) or self._paper.account,
                *self._split(one.minor, collected.get(one.cloud_account_id, 0)),
            ]
            for one in month.shares
        ]
        columns = [
            self._column("method"),
            self._column("which", wide=True),
            self._figures("amount", "bold"),
            self._figures("by_us"),
            self._figures("by_cloud"),
        ]
        total = [self._say("total"), "", *self._split(month.minor, sum(collected.values()))]
        return {"columns": columns, "rows": rows, "total": total}

    def _split(self, minor: int, collected: int) -> list[str]:
        """An amount, what the account pays of it, and what a marketplace collects."""
        return [self._money(minor), self._money(minor - collected), self._money(collected)]

    def _workspaces(self) -> dict[str, Any]:
        every = self._paper.workspaces
        shown = every if len(every) <= MOST_ROWS else every[:MOST_WORKSPACES]
        rows = [
            [[printable(one.name), sites.get(one.site).name.in_(self._language)], *self._sums([one])] for one in shown
        ]
        if len(shown) < len(every):
            rest = every[len(shown) :]
            rows.append([self._say("others", str(len(rest))), *self._sums(rest)])
        columns = [
            self._column("workspace", "bold", wide=True),
            self._figures("bills"),
            self._figures("amount", "bold"),
            *({**self._figures("amount"), "name": self._kind(kind)} for kind in self._kinds),
        ]
        return {"columns": columns, "rows": rows, "total": [self._say("total"), *self._sums(every)]}

    def _sums(self, of: Sequence[PaperWorkspace]) -> list[str]:
        paid = [sum(one.paid.get(kind, 0) for one in of) for kind in self._kinds]
        bills, minor = sum(one.bills for one in of), sum(one.minor for one in of)
        return [f"{bills:,}", self._money(minor), *(self._money(one) for one in paid)]

    def _kind(self, kind: Kind) -> str:
        return text(f"bills.kind_{kind}").in_(self._language)

    def _deductions(self) -> list[list[str]]:
        paid: Mapping[Kind, int] = self._month.paid
        return [[self._kind(kind), self._money(paid.get(kind, 0))] for kind in self._kinds]

    def _items(self, items: Sequence[ItemSum], minor: int, total: str) -> dict[str, Any]:
        order = [item.value for item in Item]
        ordered = sorted(items, key=lambda one: (order.index(one.item), one.days or 0, one.price))
        exact = Money(0, self._paper.currency).amount
        for one in ordered:
            exact = EXACT.add(exact, one.exact)
        columns = [
            self._column("item", "bold" if total == "total" else "", wide=True),
            self._column("kept"),
            self._figures("quotient"),
            self._figures("price"),
            self._figures("exact", "muted"),
            self._figures("cost", "bold"),
        ]
        sums = [self._say(total), "", "", "", _signed(exact), self._money(minor)]
        return {"columns": columns, "rows": [self._item(one) for one in ordered], "total": sums}

    def _item(self, one: ItemSum) -> list[str]:
        item = Item(one.item)
        measure = text(f"billing.measure.{item.traits.measure}")
        unit = text("bills.unit", unit=f"{one.unit:,}", measure=measure).in_(self._language)
        return [
            text(item.message_key).in_(self._language),
            text("bills.days", days=one.days).in_(self._language) if one.days else "—",
            f"{_signed(one.quotient)} {unit}",
            _signed(one.price),
            _signed(one.exact),
            self._money(one.minor),
        ]

    def _detail(self, one: PaperWorkspace) -> dict[str, Any]:
        site = sites.get(one.site).name.in_(self._language)
        return {
            "name": printable(one.name),
            "about": f"{site} · {one.id} · {self._say('bills_of', f'{one.bills:,}')}",
            "table": self._items(one.items, one.minor, "subtotal"),
        }

    def _days(self) -> dict[str, Any]:
        month = self._month
        columns = [self._column("day", wide=True), self._figures("bills"), self._figures("amount", "bold")]
        rows = [[day.isoformat(), f"{bills:,}", self._money(minor)] for day, minor, bills in self._paper.days]
        return {
            "columns": columns,
            "rows": rows,
            "total": [self._say("total"), f"{month.bills:,}", self._money(month.minor)],
        }

    def _steps(self) -> list[list[str]]:
        paper = self._paper
        steps = [
            [self._say("step_items"), ""],
            [self._say("step_cents", f"{self._month.bills:,}"), ""],
            [self._say("step_digest"), paper.digest],
        ]
        if paper.number:
            steps.append([self._say("step_chain", f"{paper.number:,}"), paper.chain])
        return steps

    def _column(self, key: str, look: str = "", *, wide: bool = False) -> dict[str, Any]:
        return {"name": self._say(key), "look": look, "figures": False, "wide": wide}

    def _figures(self, key: str, look: str = "") -> dict[str, Any]:
        return {"name": self._say(key), "look": look, "figures": True, "wide": False}


def _signed(number: Any) -> str:
    return f"−{digits(-number)}" if number < 0 else digits(number)
