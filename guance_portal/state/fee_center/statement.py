"""收支明细: what moved, narrowed and turned over by address; a new entry shows by itself."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, tzinfo

import reflex as rx

from guance_portal import routes
from guance_portal.accounts.errors import PasswordNeededError
from guance_portal.accounts.members.access import is_limited
from guance_portal.bootstrap import services
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.exports.files import Format
from guance_portal.core.forms import blank
from guance_portal.core.messages import Text, text
from guance_portal.core.money import Currency, Money
from guance_portal.core.paging import Paging
from guance_portal.ledger.chart import Kind as AccountKind
from guance_portal.state.addresses import asked_page
from guance_portal.state.audience import Exempt, audience
from guance_portal.state.fee_center.amounts import amount, booked_at
from guance_portal.state.fee_center.statement_search import StatementSearch, asked_of, choice_of
from guance_portal.state.live import Followed, LiveMixin
from guance_portal.wallet.statement import AccountMove, StatementEntry, StatementPart
from guance_portal.wallet.statement_export import act_name
from guance_portal.wallet.statement_rules import PERIODS, day_of, period

_SIZE = 20


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


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """A period that is offered, and the address that chooses it."""

    text: Text
    href: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class FileLinks:
    """Where the files of what is shown are."""

    csv: str = ""
    plain: str = ""
    xlsx: str = ""


class StatementState(LiveMixin, rx.State):
    """A page of the statement; `before` and `came` less `went` are `rest`, of what is looked at.

    `leads_on` where nothing that moved the balance in between is left out: otherwise `rest` is the difference alone.
    """

    typed: rx.Field[dict[str, str]] = rx.field(default_factory=blank(StatementSearch))
    serial: rx.Field[int] = rx.field(default=0)
    lines: rx.Field[list[LineRow]] = rx.field(default_factory=list)
    periods: rx.Field[list[PeriodRow]] = rx.field(default_factory=list)
    files: rx.Field[FileLinks] = rx.field(default_factory=FileLinks)
    total: rx.Field[int] = rx.field(default=0)
    before: rx.Field[str] = rx.field(default="")
    came: rx.Field[str] = rx.field(default="")
    went: rx.Field[str] = rx.field(default="")
    rest: rx.Field[str] = rx.field(default="")
    leads_on: rx.Field[bool] = rx.field(default=True)
    page: rx.Field[int] = rx.field(default=1)
    pages: rx.Field[int] = rx.field(default=1)
    newer: rx.Field[str] = rx.field(default="")
    older: rx.Field[str] = rx.field(default="")
    is_loaded: rx.Field[bool] = rx.field(default=False)

    @audience(Realm.FEE_CENTER)
    @rx.event
    async def load_statement(self) -> None:
        """Show what the address asks for."""
        self._unfollow()
        self.is_loaded, self.lines, self.total = False, [], 0
        self.typed = asked_of(self._asked)
        self.page = asked_page(self._asked("page"))
        self.serial += 1
        with suppress(PasswordNeededError):
            await self._read(self._actor())

    @audience(Realm.FEE_CENTER, page=Exempt("It changes only the address of the page."))
    @rx.event
    def find(self, form: StatementSearch) -> rx.event.EventSpec:
        """筛选: the address keeps it."""
        return rx.redirect(routes.statement(asked_of(form.texts().__getitem__)))

    async def _read(self, actor: Actor) -> None:
        paging = Paging(self.page, _SIZE)
        seen = await services().wallet_statements.read(actor, choice_of(self.typed), paging)
        self._show(seen, paging)
        self._follow(actor.subject_id, seen.version, Followed.WALLET)

    async def _arrive(self) -> bool:
        session = await self._live_session(Realm.FEE_CENTER)
        if session is None or is_limited(session.actor):
            self.is_loaded, self.lines, self.total = False, [], 0
            return False
        await self._read(session.actor)
        return True

    def _show(self, seen: StatementPart, paging: Paging) -> None:
        sums, currency, asked = seen.sums, seen.currency, self.typed
        self.lines = [line_row(line, currency, seen.zone) for line in seen.lines]
        self.leads_on = choice_of(asked).leads_on
        before = sums.before if self.leads_on else 0
        self.before, self.rest = amount(before, currency), amount(before + sums.came - sums.went, currency)
        self.came, self.went = amount(sums.came, currency), amount(sums.went, currency)
        self.total, self.page, self.pages = sums.count, paging.page, paging.pages(sums.count)
        self.newer = routes.statement(asked, page=paging.page - 1) if paging.page > 1 else ""
        self.older = routes.statement(asked, page=paging.page + 1) if paging.page < self.pages else ""
        self.periods = _periods(asked, day_of(services().business_clock.now(), seen.zone))
        self.files = FileLinks(
            csv=routes.statement_file(Format.CSV, asked),
            plain=routes.statement_file(Format.CSV_PLAIN, asked),
            xlsx=routes.statement_file(Format.XLSX, asked),
        )
        self.is_loaded = True


def _periods(asked: dict[str, str], today: date) -> list[PeriodRow]:
    """All days, then the periods that are offered; the rest of what is asked for stays."""
    offered = {"all": ("", "")}
    for name in PERIODS:
        since, until = period(name, today)
        offered[name] = (since.isoformat(), until.isoformat())
    return [
        PeriodRow(
            text=text(f"statement.period_{name}"),
            href=routes.statement({**asked, "since": since, "until": until}),
            is_chosen=(asked["since"], asked["until"]) == (since, until),
        )
        for name, (since, until) in offered.items()
    ]


def line_row(line: StatementEntry, currency: Currency, zone: tzinfo) -> LineRow:
    """A transaction as it is shown."""
    return LineRow(
        number=f"#{line.number}",
        at=booked_at(line.at, zone),
        act=act_name(line.act),
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
