"""The forms of operators' orders, each field declared once."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from guance_portal.approvals.orders import MOST_CODES
from guance_portal.core import plain
from guance_portal.core.errors import PortalError
from guance_portal.core.forms import Asked, FieldKind, Form, Options
from guance_portal.core.messages import text
from guance_portal.core.money import Currency
from guance_portal.core.reasons import reason as checked_reason
from guance_portal.ledger.chart import Kind as Account
from guance_portal.metering.items import Item
from guance_portal.payments.amount_rules import AmountLimits, read_amount

ANY_AMOUNT = AmountLimits(1)
_FIRST_YEAR, _LAST_YEAR = 2020, 2999


class FieldMissingError(PortalError, code="errors.approval_field_missing"):
    """A field that must be filled in is empty."""


class DayUnreadableError(PortalError, code="errors.approval_day"):
    """It is no day."""


class NumberUnreadableError(PortalError, code="errors.approval_number"):
    """It is no number from 1 to the most. Parameter: most."""


class AmountTooHighError(PortalError, code="errors.approval_amount_high"):
    """More than anybody gives or takes at once. Parameter: most."""


class ChoiceUnknownError(PortalError, code="errors.approval_choice"):
    """It is none of the choices."""


def read_day(typed: str, field: str) -> date:
    """A day such as 2026-12-31; raises DayUnreadableError."""
    try:
        day = date.fromisoformat(typed.strip())
    except ValueError:
        raise DayUnreadableError(field=field) from None
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise DayUnreadableError(field=field)
    return day


def read_number(typed: str, field: str, most: int) -> int:
    """A number from 1 on; raises NumberUnreadableError."""
    written = typed.strip()
    is_number = written.isascii() and written.isdigit() and len(written) <= len(str(most))
    if not is_number or not 1 <= int(written) <= most:
        raise NumberUnreadableError(field=field, most=most)
    return int(written)


def _line(field: str) -> Asked:
    def check(typed: str) -> str:
        if not (line := plain.line(typed)):
            raise FieldMissingError(field=field)
        return line

    return Asked(label=f"money_admin.{field}", check=check, most=200)


def _day(field: str) -> Asked:
    return Asked(
        label=f"money_admin.{field}",
        kind=FieldKind.DATE,
        check=lambda typed: read_day(typed, field).isoformat(),
        most=20,
        is_narrow=True,
    )


def _purse(typed: str) -> str:
    if typed not in (Account.VOUCHER, Account.BONUS_VOUCHER):
        raise ChoiceUnknownError(field="purse")
    return typed


def _purses() -> Options:
    return {"": {str(kind): text(f"ledger.account.{kind}") for kind in (Account.VOUCHER, Account.BONUS_VOUCHER)}}


def _item(typed: str) -> str:
    if typed not in set(Item):
        raise ChoiceUnknownError(field="item")
    return typed


def _items() -> Options:
    return {"": {str(item): text(f"metering.items.{item}") for item in Item}}


def _currency(typed: str) -> str:
    if typed not in set(Currency):
        raise ChoiceUnknownError(field="currency")
    return typed


def _currencies() -> Options:
    return {"": {str(one): text(f"fee_center.currency_{one}") for one in Currency}}


def _amount(typed: str) -> str:
    if not typed.strip():
        raise FieldMissingError(field="amount")
    read_amount(typed, Currency.CNY, ANY_AMOUNT)
    return typed.strip()


def _only(typed: str) -> str:
    return plain.line(typed)


def _named(typed: str) -> str:
    if not (line := plain.line(typed)):
        raise FieldMissingError(field="which")
    return line


def _evidence(typed: str) -> str:
    if not (line := plain.line(typed)):
        raise FieldMissingError(field="evidence")
    return line


AccountName = Annotated[str, _line("account")]
Amount = Annotated[str, Asked(label="money_admin.amount", check=_amount, most=40, help="money_admin.amount_help")]
Reason = Annotated[
    str,
    Asked(label="operator.reason", kind=FieldKind.TEXT, check=checked_reason, most=2000, help="operator.reason_help"),
]


class GrantForm(Form):
    """A voucher for an account."""

    account: AccountName = ""
    purse: Annotated[str, Asked(label="money_admin.purse", kind=FieldKind.CHOICE, check=_purse, options=_purses)] = ""
    amount: Amount = ""
    since: Annotated[str, _day("since")] = ""
    until: Annotated[str, _day("until")] = ""
    workspace: Annotated[
        str,
        Asked(label="money_admin.workspace", check=_only, most=200, required=False, help="money_admin.workspace_help"),
    ] = ""
    reason: Reason = ""


class BatchForm(Form):
    """Codes for vouchers."""

    name: Annotated[str, _line("name")] = ""
    currency: Annotated[
        str, Asked(label="operator.currency", kind=FieldKind.CHOICE, check=_currency, options=_currencies)
    ] = ""
    amount: Amount = ""
    count: Annotated[
        str,
        Asked(
            label="money_admin.count",
            check=lambda typed: str(read_number(typed, "count", MOST_CODES)),
            most=40,
            help="money_admin.count_help",
        ),
    ] = ""
    until: Annotated[str, _day("until")] = ""
    reason: Reason = ""


class RevokeForm(Form):
    """What is left of a voucher."""

    account: AccountName = ""
    which: Annotated[
        str, Asked(label="money_admin.voucher", check=lambda typed: str(read_number(typed, "which", 10**12)), most=40)
    ] = ""
    amount: Amount = ""
    reason: Reason = ""


class RefundForm(Form):
    """A recharge, named by its way and the provider's number."""

    account: AccountName = ""
    which: Annotated[str, Asked(label="money_admin.recharge", check=_named, most=300)] = ""
    amount: Amount = ""
    reason: Reason = ""


class CorrectForm(Form):
    """A bill, by its reference."""

    account: AccountName = ""
    which: Annotated[str, Asked(label="money_admin.bill", check=_named, most=300)] = ""
    amount: Amount = ""
    reason: Reason = ""


class ChargeForm(Form):
    """手工扣款."""

    account: AccountName = ""
    workspace: Annotated[str, _line("workspace_id")] = ""
    day: Annotated[
        str,
        Asked(
            label="money_admin.day",
            kind=FieldKind.DATE,
            check=lambda typed: read_day(typed, "day").isoformat(),
            most=20,
            help="money_admin.day_help",
        ),
    ] = ""
    item: Annotated[str, Asked(label="money_admin.item", kind=FieldKind.CHOICE, check=_item, options=_items)] = ""
    amount: Amount = ""
    reason: Reason = ""


class SuspenseForm(Form):
    """Money in suspense, whose it is, and what shows it."""

    which: Annotated[str, Asked(label="money_admin.payment", check=_named, most=340)] = ""
    account: AccountName = ""
    evidence: Annotated[
        str, Asked(label="money_admin.evidence", check=_evidence, most=200, help="money_admin.evidence_help")
    ] = ""
    reason: Reason = ""


class SendBackForm(Form):
    """Money in suspense that no customer owns yet."""

    which: Annotated[str, Asked(label="money_admin.payment", check=_named, most=340)] = ""
    reason: Reason = ""


MoneyForm = GrantForm | BatchForm | RevokeForm | RefundForm | CorrectForm | ChargeForm | SuspenseForm | SendBackForm
FORMS: dict[str, type[Form]] = {
    "grant": GrantForm,
    "batch": BatchForm,
    "revoke": RevokeForm,
    "refund": RefundForm,
    "correct": CorrectForm,
    "charge": ChargeForm,
    "claim": SuspenseForm,
    "send_back": SendBackForm,
}
"""The forms by the kind of their order."""
