"""The emails about a debt: all of them to the payer, those about the lock to the owners of the workspaces as well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from guance_portal import routes
from guance_portal.accounts.members import workspace_queries
from guance_portal.accounts.tables import Workspace
from guance_portal.core.datetime_formatting import zoned
from guance_portal.core.db import UnitOfWork
from guance_portal.core.messages import Language, Text
from guance_portal.core.money import Money
from guance_portal.mail import outbox
from guance_portal.payers.tables import FeeAccount
from guance_portal.wallet.debt.rules import LOCK_DAY, DebtStep
from guance_portal.wallet.debt.tables import WalletDebt

_TEMPLATES = {
    DebtStep.BEGUN: "debt_begun",
    DebtStep.SECOND: "debt_reminder",
    DebtStep.LAST: "debt_reminder",
    DebtStep.LOCK: "debt_locked",
    DebtStep.UNLOCKED: "debt_unlocked",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtFacts:
    """What the emails of a step tell of: the debt, its payer, what is owed now, and the workspaces concerned."""

    debt: WalletDebt
    account: FeeAccount
    owed: int
    workspaces: Sequence[Workspace]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    email: str
    language: Language
    place: str
    workspaces: list[Workspace]


async def say(work: UnitOfWork, step: DebtStep, told: DebtFacts, *, public_url: str) -> None:
    """Tell of a step, once to each address; an owner hears of their own workspaces alone."""
    for number, reader in enumerate(await _readers(work, step, told)):
        await outbox.queue(
            work,
            reader,
            _TEMPLATES[step],
            _values(step, told, reader, public_url),
            idempotency_key=f"debt:{told.debt.payer}:{told.debt.number}:{step}:{number}",
        )


async def _readers(work: UnitOfWork, step: DebtStep, told: DebtFacts) -> Sequence[_Reader]:
    account = told.account
    payer = _Reader(
        email=account.email, language=account.language, place=routes.FEE_CENTER, workspaces=list(told.workspaces)
    )
    readers = {account.email.casefold(): payer}
    if step in (DebtStep.LOCK, DebtStep.UNLOCKED):
        for workspace in told.workspaces:
            owner = await workspace_queries.owner(work, workspace.id)
            if owner and owner.email.casefold() != account.email.casefold():
                new = _Reader(email=owner.email, language=owner.language, place=routes.BILLING, workspaces=[])
                readers.setdefault(owner.email.casefold(), new).workspaces.append(workspace)
    return list(readers.values())


def _values(step: DebtStep, told: DebtFacts, reader: _Reader, public_url: str) -> dict[str, str | Text]:
    countdown = told.debt.countdown
    values: dict[str, str | Text] = {
        "fee_username": told.account.username,
        "workspaces": "\n".join(one.name for one in reader.workspaces) or "–",
        "link": public_url + reader.place,
    }
    if step is DebtStep.UNLOCKED:
        paid_at = told.debt.ended_at or told.debt.began_at
        return values | {"at": zoned(paid_at, countdown.zone)}
    values |= {
        "amount": str(Money(told.owed, told.account.currency)),
        "began": zoned(countdown.began_at, countdown.zone),
        "locks": zoned(countdown.locks_at, countdown.zone),
    }
    if step in (DebtStep.SECOND, DebtStep.LAST):
        day = countdown.day(countdown.at(step))
        values |= {"day": str(day), "left": str(LOCK_DAY - day)}
    return values
