"""运营后台, 对账: days of marketplaces by address, records that are open, and what operators see at the marketplace."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from typing import Annotated, Any

import reflex as rx
from pydantic import Field

from guance_portal import routes
from guance_portal.approvals.forms import ANY_AMOUNT, Reason
from guance_portal.billing.clouds.board import Board, BoardLine
from guance_portal.billing.clouds.rules import BoardChoice
from guance_portal.bootstrap import services
from guance_portal.core import plain
from guance_portal.core.actor import Realm
from guance_portal.core.errors import PortalError
from guance_portal.core.exports.files import Format
from guance_portal.core.forms import Asked, FieldKind, Form, Options, blank
from guance_portal.core.messages import Text, text
from guance_portal.core.money import Currency
from guance_portal.payments.amount_rules import read_amount
from guance_portal.state.addresses import LONGEST_ASKED, asked_day
from guance_portal.state.audience import DISPLAY_ONLY, Exempt, audience
from guance_portal.state.base import FormMixin
from guance_portal.state.operator.reconciliation_rows import (
    BoardRow,
    CloudRecordRow,
    SumCell,
    board_rows,
    record_row,
    total_row,
    whole,
)

_NOTHING = re.compile(r"0+(?:\.0{1,2})?", re.ASCII)
_Code = Annotated[str, Field(max_length=60)]
LISTINGS = {Currency.CNY: ("aliyun-cn", "aws-cn"), Currency.USD: ("aliyun-intl", "aws-intl")}
"""What can be chosen, by the currency that it collects."""
ONLY = "differences"
"""What the address says when days without a difference are left out."""
PARTS = ("ours", "accepted", "returned", "difference", "waiting", "unknown", "unpaid")
"""The sums of the equation, in their order."""


def _markets() -> Options:
    every = {str(currency): text(f"reconciliation.all_{currency}") for currency in LISTINGS}
    return {"": every | {one: text(f"listing.{one}") for of in LISTINGS.values() for one in of}}


def _shows() -> Options:
    return {"": {"": text("reconciliation.every"), ONLY: text("reconciliation.only")}}


class BoardSearch(Form):
    """Which days, both included, of which marketplaces."""

    since: Annotated[str, Asked(label="operator.since", kind=FieldKind.DATE, most=LONGEST_ASKED)] = ""
    until: Annotated[str, Asked(label="operator.until", kind=FieldKind.DATE, most=LONGEST_ASKED)] = ""
    market: Annotated[
        str,
        Asked(label="reconciliation.market", kind=FieldKind.CHOICE, options=_markets, most=LONGEST_ASKED),
    ] = str(Currency.CNY)
    only: Annotated[
        str, Asked(label="reconciliation.shows", kind=FieldKind.CHOICE, options=_shows, most=LONGEST_ASKED)
    ] = ""


class ShownForm(Form):
    """What the marketplace shows of a record."""

    code: _Code = ""
    attempts: Annotated[str, Field(max_length=9, pattern=r"^\d*$")] = "0"
    shown: Annotated[str, Asked(label="reconciliation.shown", most=40, help="reconciliation.shown_help")] = ""
    seen_reason: Reason = ""


class OperatorReconciliationState(FormMixin, rx.State):
    """The days that the address asks for, and every record that is open. `currency` is what all amounts are in."""

    is_loaded: rx.Field[bool] = rx.field(default=False)
    serial: rx.Field[int] = rx.field(default=0)
    typed: rx.Field[dict[str, str]] = rx.field(default_factory=blank(BoardSearch))
    about: rx.Field[Text] = rx.field(default_factory=Text)
    sums: rx.Field[dict[str, SumCell]] = rx.field(default_factory=dict)
    rows: rx.Field[list[BoardRow]] = rx.field(default_factory=list)
    total: rx.Field[BoardRow | None] = rx.field(default=None)
    records: rx.Field[list[CloudRecordRow]] = rx.field(default_factory=list)
    is_cut: rx.Field[bool] = rx.field(default=False)
    is_zero: rx.Field[bool] = rx.field(default=True)
    files: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    entering: rx.Field[str] = rx.field(default="")
    entering_attempts: rx.Field[str] = rx.field(default="0")
    entering_amount: rx.Field[str] = rx.field(default="")

    @audience(Realm.OPERATOR)
    @rx.event
    async def load_reconciliation(self) -> None:
        """Show what the address asks for."""
        self._start()
        self.entering = ""
        self.typed = {name: self._asked(name) for name in BoardSearch.asked()}
        self.typed["market"] = self.typed["market"] or str(Currency.CNY)
        self.serial += 1
        await self._read()
        self.is_loaded = True

    @audience(Realm.OPERATOR, page=Exempt("It changes only the address of the page."))
    @rx.event
    def find(self, form: BoardSearch) -> rx.event.EventSpec:
        """查找: the address keeps it."""
        asked = {name: plain.search(value) for name, value in form.texts().items()}
        return rx.redirect(routes.operator_reconciliation(**asked))

    @audience(Realm.OPERATOR)
    @rx.event
    async def ask(self, code: _Code) -> AsyncIterator[Any]:
        """立即查询, or 立即推送: the next process that looks does it."""
        self._begin()
        yield
        try:
            await services().cloud_record_resolving.ask(self._actor(), code, self._caller())
        except PortalError as error:
            await self._say_error(error)
        else:
            await self._say("reconciliation.was_asked")
        self.is_busy = False
        await self._read()

    @audience(Realm.OPERATOR)
    @rx.event
    def open_entry(self, code: _Code) -> None:
        """Open the dialog that takes what the marketplace shows."""
        self._start()
        row = next((one for one in self.records if one.code == code and one.can_enter), None)
        if row:
            self.entering, self.entering_attempts, self.entering_amount = code, str(row.attempts), row.amount

    @audience(Realm.OPERATOR, page=DISPLAY_ONLY)
    @rx.event
    def close_entry(self) -> None:
        """Close it; nothing has changed."""
        self.entering = ""

    @audience(Realm.OPERATOR)
    @rx.event
    async def enter(self, form: ShownForm) -> AsyncIterator[Any]:
        """录入: what the marketplace shows decides what becomes of the record."""
        self._begin()
        yield
        try:
            shown = _cents(form.shown)
            seen = await services().cloud_record_resolving.enter(
                self._actor(),
                form.code,
                shown,
                form.seen_reason,
                attempts=int(form.attempts or 0),
                caller=self._caller(),
            )
        except PortalError as error:
            field = {"reason": "seen_reason", "amount": "shown"}.get(error.field, "")
            self._refuse({field: text(error.code, **error.params)})
            return
        self.is_busy, self.entering = False, ""
        await self._say(f"reconciliation.entered_{seen}")
        await self._read()

    async def _read(self) -> None:
        board = await services().reconciliation.read(self._actor(), choice_of(self.typed))
        currency = board.choice.currency
        self.about = text(
            "reconciliation.about",
            since=board.choice.since,
            until=board.choice.until,
            currency=text(f"fee_center.currency_{currency}"),
        )
        self.sums = {name: whole(getattr(board.total, name), currency) for name in PARTS}
        self.is_zero = not board.total.difference.count
        self.rows = board_rows(_chosen(board, only=self.typed["only"] == ONLY), currency)
        self.total = total_row(board.total, currency) if board.lines else None
        self.records = [record_row(one, currency, is_over=one.deadline_at <= board.now) for one in board.records]
        self.is_cut = board.is_cut
        self.files = {kind.value: routes.board_file(kind.value, self.typed) for kind in Format}


def choice_of(typed: Mapping[str, str]) -> BoardChoice:
    """What an address asks for."""
    market = typed["market"]
    currency = next((one for one, of in LISTINGS.items() if market == one or market in of), Currency.CNY)
    listing = market if market in LISTINGS[currency] else ""
    since, until = asked_day(typed["since"]), asked_day(typed["until"])
    return services().reconciliation.choice(since, until, currency, listing)


def _cents(typed: str) -> int:
    """What the marketplace shows, in cents; it may show nothing."""
    if _NOTHING.fullmatch(typed.strip()):
        return 0
    return read_amount(typed, Currency.CNY, ANY_AMOUNT)


def _chosen(board: Board, *, only: bool) -> tuple[BoardLine, ...]:
    """Every line, or those with a difference."""
    return tuple(line for line in board.lines if not only or line.sums.difference.count)
