"""运营后台, 银行转账: statements, and what became of their lines."""

from __future__ import annotations

from dataclasses import dataclass

import reflex as rx

from guance_portal import routes
from guance_portal.bootstrap import services
from guance_portal.core.actor import Realm
from guance_portal.core.errors import PortalError
from guance_portal.core.messages import Text, text
from guance_portal.core.money import told_amount
from guance_portal.operations.transfer_admin import StatementLine, StatementPage, TransferLine
from guance_portal.payments.statement_rules import Columns
from guance_portal.payments.statement_tables import LineOutcome
from guance_portal.state.audience import audience
from guance_portal.state.base import PageMixin
from guance_portal.state.display import moment

PROBLEMS = (
    *("bank_missing", "bank_unknown", "statement_encoding", "statement_too_long"),
    *("statement_empty", "statement_columns", "statement_unknown"),
)
"""Why a statement was not taken, as the address says it."""
TYPED = ("bank", "currency", *Columns.__dataclass_fields__)
"""What is typed beside the file: the address brings it back with a problem."""
_TONES = {
    LineOutcome.CREDITED: "green",
    LineOutcome.PROPOSED: "amber",
    LineOutcome.SUSPENDED: "amber",
    LineOutcome.HELD: "amber",
    LineOutcome.CONTRADICTED: "amber",
}


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A statement of the list."""

    name: str
    href: str
    bank: str
    by: str
    at: Text
    state: Text
    tone: str


@dataclass(frozen=True, slots=True)
class SumRow:
    """What the lines of one outcome come to, with the sign before it in the sum of all."""

    sign: str
    text: Text
    amount: str
    count: Text


@dataclass(frozen=True, slots=True)
class TransferRow:
    """A line, and what can be done about it."""

    serial: str
    at: Text
    payer: str
    memo: str
    amount: str
    account: str
    account_href: str
    state: Text
    tone: str
    see_href: str
    claim_href: str
    back_href: str
    request_href: str


@dataclass(frozen=True, slots=True)
class UnreadRow:
    """A line that cannot be read."""

    number: str
    written: str
    fault: Text


def _blank() -> dict[str, str]:
    return dict.fromkeys(TYPED, "")


class OperatorTransfersState(PageMixin, rx.State):
    """The statement that the address names, and the newest ones."""

    is_loaded: rx.Field[bool] = rx.field(default=False)
    problem: rx.Field[Text] = rx.field(default_factory=Text)
    banks: rx.Field[str] = rx.field(default="")
    typed: rx.Field[dict[str, str]] = rx.field(default_factory=_blank)
    are_columns_open: rx.Field[bool] = rx.field(default=False)
    recent: rx.Field[list[StatementRow]] = rx.field(default_factory=list)
    name: rx.Field[str] = rx.field(default="")
    about: rx.Field[Text] = rx.field(default_factory=Text)
    sums: rx.Field[list[SumRow]] = rx.field(default_factory=list)
    total: rx.Field[str] = rx.field(default="")
    lines: rx.Field[list[TransferRow]] = rx.field(default_factory=list)
    unread: rx.Field[list[UnreadRow]] = rx.field(default_factory=list)

    @audience(Realm.OPERATOR)
    @rx.event
    async def load_transfers(self) -> None:
        """Show what the address asks for."""
        admin, actor = services().transfer_admin, self._actor()
        self.problem = _problem(self._asked("problem"))
        self.typed = {name: self._asked(name, 100) for name in TYPED}
        self.are_columns_open = any(self.typed[name] for name in TYPED[1:]) or self._asked("problem") == "bank_unknown"
        self.banks = "、".join(await admin.banks(actor))
        self.recent = [_row(one) for one in await admin.recent(actor)]
        self.name, self.lines, self.unread, self.sums = "", [], [], []
        if digest := self._asked("statement"):
            try:
                self._show(await admin.view(actor, digest))
            except PortalError as error:
                self.problem = text(error.code, **error.params)
        self.is_loaded = True

    def _show(self, page: StatementPage) -> None:
        one = page.statement
        self.name = one.name or one.bank
        self.about = text("transfers.about", bank=one.bank, who=one.imported_by, at=moment(one.imported_at, ""))
        self.lines = [_line(line, page.currency) for line in page.lines]
        self.unread = [UnreadRow(str(u.number), u.text, text(f"bank_line.fault.{u.fault}")) for u in page.unread]
        self.sums, self.total = _sums(page), told_amount(sum(line.minor for line in page.lines), page.currency)


def _problem(asked: str) -> Text:
    """Why a statement was not taken, as far as the address can say it."""
    if not asked:
        return Text()
    return text(f"errors.{asked}" if asked in PROBLEMS else "transfers.failed")


def _sums(page: StatementPage) -> list[SumRow]:
    """What each outcome comes to; together they are all that stands in the file."""
    found: list[SumRow] = []
    for outcome in LineOutcome:
        minors = [line.minor for line in page.lines if line.outcome is outcome]
        if minors:
            total = sum(minors)
            found.append(
                SumRow(
                    sign="" if not found and total >= 0 else ("+" if total >= 0 else "−"),
                    text=text(f"bank_line.outcome.{outcome}"),
                    amount=told_amount(abs(total), page.currency),
                    count=text("transfers.lines", count=len(minors)),
                )
            )
    return found


def _row(line: StatementLine) -> StatementRow:
    return StatementRow(
        name=line.name or line.bank,
        href=routes.operator_transfers(line.digest),
        bank=line.bank,
        by=line.imported_by,
        at=moment(line.imported_at, ""),
        state=text("transfers.taken" if line.is_taken else "transfers.not_taken"),
        tone="green" if line.is_taken else "amber",
    )


def _line(line: TransferLine, currency: str) -> TransferRow:
    which = f"bank:{line.trade}"
    is_booked = line.outcome is not LineOutcome.OUTGOING
    return TransferRow(
        serial=line.serial,
        at=moment(line.at, ""),
        payer=line.payer_name,
        memo=line.memo,
        amount=told_amount(line.minor, currency),
        account=line.account,
        account_href=routes.operator_fee_account(line.account_id) if line.account_id else "",
        state=text(f"bank_line.outcome.{line.outcome}"),
        tone=_TONES.get(line.outcome, ""),
        see_href=routes.operator_ledger(line.trade) if is_booked and not line.can_move else "",
        claim_href=routes.operator_money("claim", account=line.account, which=which) if line.can_move else "",
        back_href=routes.operator_money("send_back", which=which) if line.can_move else "",
        request_href=routes.operator_approvals(line.request) if line.request else "",
    )
