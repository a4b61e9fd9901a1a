"""收支明细: what moved, narrowed and turned over by address."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated

import reflex as rx

from guance_portal import routes
from guance_portal.accounts.errors import PasswordNeededError
from guance_portal.bootstrap import services
from guance_portal.core.actor import Realm
from guance_portal.core.forms import Asked, FieldKind, Form, blank
from guance_portal.core.messages import Text, text
from guance_portal.core.money import Currency, Money
from guance_portal.core.paging import Paging
from guance_portal.ledger.chart import Kind as AccountKind
from guance_portal.state.addresses import LONGEST_ASKED, asked_page
from guance_portal.state.audience import Exempt, audience
from guance_portal.state.base import PageMixin
from guance_portal.state.fee_center.amounts import amount, at
from guance_portal.wallet.statement import ACTS, AccountMove, StatementEntry, StatementPart
from guance_portal.wallet.statement_queries import Narrowed

_SIZE = 20
PURSES = ("cash", "voucher", "bonus_voucher", "card", "credit", "receivable", "hold")


class StatementSearch(Form):
    """What is looked for."""

    act: Annotated[str, Asked(label="statement.act", kind=FieldKind.CHOICE, most=LONGEST_ASKED)] = ""
    purse: Annotated[str, Asked(label="statement.purse", kind=FieldKind.CHOICE, most=LONGEST_ASKED)] = ""


@dataclass(frozen=True, slots=True)
class MoveRow:
    """What one purse gained or lost, and what stood on it afterwards."""

    look: str
    purse: Text
    number: str
    amount: str
    is_gain: bool
    rest: str


@dataclass(frozen=True, slots=True)
class LineRow:
    """One transaction."""

    number: str
    at: Text
    act: Text
    reference: str
    moves: list[MoveRow]


class StatementState(PageMixin, rx.State):
    """A page of the statement; `came` less `went` is `rest` of what is looked at."""

    typed: rx.Field[dict[str, str]] = rx.field(default_factory=blank(StatementSearch))
    serial: rx.Field[int] = rx.field(default=0)
    lines: rx.Field[list[LineRow]] = rx.field(default_factory=list)
    total: rx.Field[int] = rx.field(default=0)
    came: rx.Field[str] = rx.field(default="")
    went: rx.Field[str] = rx.field(default="")
    rest: rx.Field[str] = rx.field(default="")
    page: rx.Field[int] = rx.field(default=1)
    pages: rx.Field[int] = rx.field(default=1)
    newer: rx.Field[str] = rx.field(default="")
    older: rx.Field[str] = rx.field(default="")
    is_loaded: rx.Field[bool] = rx.field(default=False)

    @audience(Realm.FEE_CENTER)
    @rx.event
    async def load_statement(self) -> None:
        """Show what the address asks for."""
        self.is_loaded, self.lines, self.total = False, [], 0
        self.typed = {"act": self._one_of(ACTS, "act"), "purse": self._one_of(PURSES, "purse")}
        self.serial += 1
        paging = Paging(asked_page(self._asked("page")), _SIZE)
        with suppress(PasswordNeededError):
            self._show(await services().wallet_statements.read(self._actor(), Narrowed(**self.typed), paging), paging)

    @audience(Realm.FEE_CENTER, page=Exempt("It changes only the address of the page."))
    @rx.event
    def find(self, form: StatementSearch) -> rx.event.EventSpec:
        """筛选: the address keeps it."""
        return rx.redirect(routes.statement(act=form.act, purse=form.purse))

    def _one_of(self, known: tuple[str, ...], name: str) -> str:
        asked = self._asked(name)
        return asked if asked in known else ""

    def _show(self, seen: StatementPart, paging: Paging) -> None:
        sums, currency = seen.sums, seen.currency
        self.lines = [_line(line, currency) for line in seen.lines]
        self.came, self.went = amount(sums.came, currency), amount(sums.went, currency)
        self.rest = amount(sums.came - sums.went, currency)
        self.total, self.page, self.pages = sums.count, paging.page, paging.pages(sums.count)
        self.newer = routes.statement(**self.typed, page=paging.page - 1) if paging.page > 1 else ""
        self.older = routes.statement(**self.typed, page=paging.page + 1) if paging.page < self.pages else ""
        self.is_loaded = True


def _line(line: StatementEntry, currency: Currency) -> LineRow:
    return LineRow(
        number=f"#{line.number}",
        at=at(line.at, currency),
        act=text(f"statement.act_{line.act}") if line.act in ACTS else Text(zh=line.act, en=line.act),
        reference=line.reference,
        moves=[_move(move, currency) for move in line.moves],
    )


_LOOKS = {
    AccountKind.CASH: "cash",
    AccountKind.VOUCHER: "voucher",
    AccountKind.BONUS_VOUCHER: "bonus",
    AccountKind.CARD: "card",
    AccountKind.RECEIVABLE: "debt",
}


def _move(move: AccountMove, currency: Currency) -> MoveRow:
    sign = "+" if move.minor > 0 else ""
    return MoveRow(
        look=_LOOKS.get(move.kind, "other"),
        purse=text(f"statement.purse_{move.kind}"),
        number=f"#{move.key}" if move.key else "",
        amount=f"{sign}{Money(move.minor, currency)}",
        is_gain=move.minor > 0,
        rest=amount(move.rest, currency),
    )
