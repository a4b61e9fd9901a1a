"""A form that an operator has filled in becomes an order, or every problem that it has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from guance_portal import sites
from guance_portal.approvals import orders
from guance_portal.approvals.errors import AccountUnknownError, WorkspaceUnpaidError
from guance_portal.approvals.forms import (
    ANY_AMOUNT,
    AmountTooHighError,
    BatchForm,
    ChargeForm,
    CorrectForm,
    GrantForm,
    MoneyForm,
    RefundForm,
    RevokeForm,
    SendBackForm,
    SuspenseForm,
    read_day,
    read_number,
)
from guance_portal.approvals.orders import MOST_CODES, Order
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.checklist import Checklist
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.core.money import Currency
from guance_portal.ledger.chart import Kind
from guance_portal.metering.items import Item
from guance_portal.payers import queries as payers
from guance_portal.payers.tables import FeeAccount
from guance_portal.payments import queries as payments
from guance_portal.payments.amount_rules import read_amount
from guance_portal.wallet.acts.receipts import WAYS
from guance_portal.wallet.errors import PurseUnknownError, ReceiptTakenError
from guance_portal.wallet.tables import ReceiptState

MOST = 10**13
"""Above this many cents nothing is believed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered:
    """An order as a form means it: the reason, and the account with its company where it is about one."""

    order: Order
    why: str
    username: str = ""
    company: str = ""


class OrderReader:
    """For operators alone: raises NotAllowedError for anybody else."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def read(self, actor: Actor, form: MoneyForm) -> Ordered:
        """What is ordered; raises FormProblemsError."""
        actor.require(Realm.OPERATOR)
        checks = Checklist(*type(form).asked())
        clean = form.read(checks)
        async with self._database.reading() as work:
            account = await self._account(work, clean, checks)
            checks.finish()
            order = await _order(work, clean, account)
            company = await payers.company(work, account.id) if account else None
        return Ordered(
            order=order,
            why=clean.reason,
            username=account.username if account else "",
            company=company.name if company else "",
        )

    async def _account(self, work: UnitOfWork, form: MoneyForm, checks: Checklist) -> FeeAccount | None:
        if isinstance(form, BatchForm | SendBackForm) or not form.account:
            return None
        found = await payers.account_by_username(work, form.account)
        account = await payers.account(work, found) if found else None
        if account is None:
            checks.refuse(AccountUnknownError(field="account"))
        return account


async def _order(work: UnitOfWork, form: MoneyForm, account: FeeAccount | None) -> Order:
    if isinstance(form, BatchForm):
        currency = Currency(form.currency)
        return orders.BatchOrder(
            name=form.name,
            count=read_number(form.count, "count", MOST_CODES),
            minor=_minor(form.amount, currency),
            currency=currency,
            valid_until=_end(form.until, sites.first_of(currency).zone),
        )
    if isinstance(form, SendBackForm):
        return orders.SendBack.model_validate(await _suspended(work, form.which))
    if account is None:
        raise AccountUnknownError(field="account")
    if isinstance(form, SuspenseForm):
        return orders.ClaimOrder.model_validate(
            {**await _suspended(work, form.which), "fee_account": account.id, "evidence": form.evidence}
        )
    said: dict[str, Any] = {
        "fee_account": account.id,
        "minor": _minor(form.amount, account.currency),
        "currency": account.currency,
    }
    match form:
        case GrantForm():
            return await _grant(work, form, account, said)
        case RevokeForm():
            return orders.Revoke(**said, purse=int(form.which))
        case RefundForm():
            way, trade = _payment(form.which)
            return orders.RefundOrder.model_validate({**said, "way": way, "trade": trade})
        case CorrectForm():
            return orders.Correct(**said, bill=form.which)
        case ChargeForm():
            day = read_day(form.day, "day")
            return orders.Charge(**said, workspace=form.workspace, day=day, item=Item(form.item))


def _payment(which: str) -> tuple[Kind, str]:
    """The way and the number of a payment, written way:number."""
    way, _, trade = which.partition(":")
    if way not in WAYS or not trade:
        raise ReceiptTakenError(field="which")
    return Kind(way), trade


async def _suspended(work: UnitOfWork, which: str) -> dict[str, Any]:
    way, trade = _payment(which)
    money = await payments.receipt(work, way, trade)
    if money is None or money.state is not ReceiptState.SUSPENDED:
        raise ReceiptTakenError(field="which")
    return {"way": way, "trade": trade, "minor": money.minor, "currency": money.currency}


async def _grant(work: UnitOfWork, form: GrantForm, account: FeeAccount, said: dict[str, Any]) -> Order:
    if form.workspace and not await payers.workspaces_of(work, account.id, form.workspace):
        raise WorkspaceUnpaidError(field="workspace")
    if form.purse not in (Kind.VOUCHER, Kind.BONUS_VOUCHER):
        raise PurseUnknownError(field="purse")
    zone = account.zone
    return orders.Grant.model_validate(
        {
            **said,
            "purse": Kind(form.purse),
            "valid_from": datetime.combine(read_day(form.since, "since"), time(), zone),
            "valid_until": _end(form.until, zone),
            "workspaces": (form.workspace,) if form.workspace else (),
        }
    )


def _minor(typed: str, currency: Currency) -> int:
    if (minor := read_amount(typed, currency, ANY_AMOUNT)) > MOST:
        raise AmountTooHighError(field="amount", most=f"{MOST // 100:,}")
    return minor


def _end(day: str, zone: ZoneInfo) -> datetime:
    """The instant before which something is valid that is valid through a day."""
    return datetime.combine(read_day(day, "until") + timedelta(days=1), time(), zone)
