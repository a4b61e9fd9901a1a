"""Bank statements: imported by an operator, each serial number once, all lines of a file or none."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from guance_portal import sites
from guance_portal.core import audit, plain
from guance_portal.core.actor import Actor, Caller, Realm
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.core.money import Currency
from guance_portal.ledger.chart import Kind
from guance_portal.ledger.posting import Books
from guance_portal.ledger.rules import HOUSE
from guance_portal.payments import queries, statement_queries
from guance_portal.payments.errors import BankMissingError, BankUnknownError, StatementUnknownError
from guance_portal.payments.rules import Outcome
from guance_portal.payments.statement_rules import Columns, TransferLineRead, payers_in, read
from guance_portal.payments.statement_tables import BankFormat, BankLine, BankStatement, LineOutcome
from guance_portal.payments.tables import PaymentException
from guance_portal.wallet.acts import receipts
from guance_portal.wallet.acts.receipts import IncomingMoney

_LONGEST_BANK, _LONGEST_NAME = 100, 200
_MOST_STATEMENTS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file of a bank. `columns` and `currency` are given with the first file of a bank, and kept."""

    bank: str
    name: str
    content: bytes
    currency: Currency = Currency.CNY
    columns: Columns | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementView:
    """A file with what became of its lines; none of them where it was not taken, as `statement.unread` then says."""

    statement: BankStatement
    lines: Sequence[BankLine]


class Statements:
    """For operators alone: every method raises NotAllowedError for anybody else."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    async def take(self, actor: Actor, upload: Upload, caller: Caller | None = None) -> str:
        """Book what came in; returns the digest of the file. One that was taken before is not taken again.

        A file with a line that cannot be read is kept with these lines, and nothing of it is booked.
        Raises BankMissingError, BankUnknownError for a bank whose columns were never given, and what `read` raises.
        """
        actor.require(Realm.OPERATOR)
        digest, now = hashlib.sha256(upload.content).hexdigest(), self._clock.now()
        async with self._database.writing() as work:
            await Books.hold(work, {HOUSE})  # one file after the other
            earlier = await statement_queries.statement(work, digest)
            if earlier and earlier.is_taken:
                return digest
            bank = await self._format(work, actor, upload, now)
            found = read(upload.content, Columns(**bank.columns), sites.first_of(bank.currency).zone)
            await statement_queries.delete_statement(work, digest)
            work.session.expunge_all()
            row = BankStatement(
                digest=digest,
                name=plain.line(upload.name)[:_LONGEST_NAME],
                bank=bank.bank,
                currency=bank.currency,
                imported_by=actor.subject_id,
                imported_at=now,
                is_taken=not found.unread,
                unread=[asdict(one) for one in found.unread],
            )
            work.session.add(row)
            await work.session.flush()
            if not found.unread:
                await _Import(work, row, now).book(found.lines)
            audit.record(
                work,
                "bank_statement.imported" if row.is_taken else "bank_statement.refused",
                ("bank_statement", row.name),
                at=now,
                actor=actor,
                caller=caller,
                bank=row.bank,
                lines=str(len(found.lines) + len(found.unread)),
                digest=digest,
            )
            await work.commit()
        return digest

    async def view(self, actor: Actor, digest: str) -> StatementView:
        """One file; raises StatementUnknownError."""
        actor.require(Realm.OPERATOR)
        async with self._database.reporting() as work:
            row = await statement_queries.statement(work, digest)
            if row is None:
                raise StatementUnknownError
            return StatementView(statement=row, lines=await statement_queries.lines(work, digest))

    async def recent(self, actor: Actor) -> Sequence[BankStatement]:
        """The newest files."""
        actor.require(Realm.OPERATOR)
        async with self._database.reporting() as work:
            return await statement_queries.statements(work, _MOST_STATEMENTS)

    async def banks(self, actor: Actor) -> Sequence[BankFormat]:
        """The banks whose columns are known."""
        actor.require(Realm.OPERATOR)
        async with self._database.reporting() as work:
            return await statement_queries.formats(work)

    async def _format(self, work: UnitOfWork, actor: Actor, upload: Upload, now: datetime) -> BankFormat:
        name = plain.line(upload.bank)
        if not 0 < len(name) <= _LONGEST_BANK:
            raise BankMissingError(field="bank")
        kept = await statement_queries.bank_format(work, name)
        if upload.columns is None:
            if kept is None:
                raise BankUnknownError(field="bank")
            return kept
        columns = {key: plain.line(value) for key, value in asdict(upload.columns).items()}
        if not all(columns.values()):
            raise BankUnknownError(field="bank")
        bank = kept or BankFormat(bank=name, currency=upload.currency, columns={}, mapped_by="", mapped_at=now)
        bank.currency, bank.columns, bank.mapped_by, bank.mapped_at = upload.currency, columns, actor.subject_id, now
        work.session.add(bank)
        await work.session.flush()
        return bank


@dataclass(frozen=True, slots=True)
class _Import:
    """One file on its way into the books."""

    work: UnitOfWork
    statement: BankStatement
    now: datetime

    async def book(self, lines: Sequence[TransferLineRead]) -> None:
        """Every line of it, in their order."""
        named = {line.number: payers_in(line.memo) for line in lines}
        every = {payer for payers in named.values() for payer in payers}
        known = await statement_queries.payers_in_currency(self.work, every, self.statement.currency)
        books = await Books.hold(self.work, {HOUSE, *known})
        for line in lines:
            row = BankLine(
                statement=self.statement.digest,
                number=line.number,
                serial=line.serial,
                trade=await statement_queries.trade_of(self.work, self.statement.bank, line.serial),
                at=line.at,
                minor=line.minor,
                payer_name=line.payer,
                memo=line.memo,
                outcome=LineOutcome.OUTGOING,
            )
            if line.minor > 0:
                await self._receive(books, row, [payer for payer in named[line.number] if payer in known])
            self.work.session.add(row)
        await self.work.session.flush()

    async def _receive(self, books: Books, row: BankLine, own: Sequence[int]) -> None:
        """Book a receipt: its serial number counts once, its code says whose it is, else it waits in suspense."""
        currency, trade = self.statement.currency, row.trade or row.serial
        if earlier := await queries.receipt(self.work, Kind.BANK, trade):
            is_same = (earlier.minor, earlier.currency) == (row.minor, currency)
            row.outcome = LineOutcome.REPEATED if is_same else LineOutcome.CONTRADICTED
            if not is_same:
                await self._wait(row, Outcome.CONTRADICTED)
            return
        money = IncomingMoney(way=Kind.BANK, trade=trade, minor=row.minor, currency=currency, at=row.at)
        if len(own) == 1 and not books.stopped(own[0]):
            await receipts.credit(self.work, own[0], money, now=self.now)
            row.outcome, row.payer = LineOutcome.CREDITED, own[0]
            return
        await receipts.suspend(self.work, money)
        if len(own) == 1:
            row.outcome, row.payer = LineOutcome.HELD, own[0]
            await self._wait(row, Outcome.STOPPED)
            return
        name = row.payer_name.strip()
        company = await statement_queries.accounts_of_company(self.work, name, currency) if name else ()
        row.outcome = LineOutcome.PROPOSED if len(company) == 1 else LineOutcome.SUSPENDED
        row.proposed = company[0] if len(company) == 1 else ""

    async def _wait(self, row: BankLine, reason: Outcome) -> None:
        """An entry of 异常处理, once for each number and reason."""
        waits = PaymentException(
            way=Kind.BANK,
            trade=row.trade or row.serial,
            reason=reason,
            order_number="",
            payer=row.payer,
            minor=row.minor,
            currency=self.statement.currency,
            paid_at=row.at,
            found_at=self.now,
            is_suspended=reason is not Outcome.CONTRADICTED,
        )
        await queries.add_if_new(self.work, waits)
