"""What an operator can order, typed and versioned, as it is kept with the request until somebody decides. Pure."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, PositiveInt, TypeAdapter

from guance_portal.core.money import Currency
from guance_portal.ledger.chart import Kind
from guance_portal.metering.items import Item

MOST_CODES = 1000
"""So many codes a batch has at most."""
Name = Annotated[str, Field(min_length=1, max_length=120)]
_Trade = Annotated[str, Field(min_length=1, max_length=320)]
_Way = Literal[Kind.ALIPAY, Kind.WECHAT, Kind.BANK]


class _Order(BaseModel):
    """Amounts are in the currency's smallest unit. A field that changes its meaning raises the version."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = 1

    @property
    def total(self) -> int:
        """The amount that counts for the limit."""
        return getattr(self, "minor", 0)

    @property
    def account(self) -> str:
        """The fee-centre account that it is about; empty for none."""
        return getattr(self, "fee_account", "")

    @property
    def said_currency(self) -> str:
        """The currency of the amount; empty where there is none."""
        return getattr(self, "currency", "")


class Grant(_Order):
    """A voucher is given, valid from `valid_from` to just before `valid_until`; without workspaces or items for all."""

    kind: Literal["grant"] = "grant"
    fee_account: Name
    purse: Literal[Kind.VOUCHER, Kind.BONUS_VOUCHER] = Kind.VOUCHER
    minor: PositiveInt
    currency: Currency
    valid_from: AwareDatetime
    valid_until: AwareDatetime
    workspaces: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()


class BatchOrder(_Order):
    """So many codes are made, each of which gives a voucher of `minor` once."""

    kind: Literal["batch"] = "batch"
    name: Name
    count: Annotated[int, Field(ge=1, le=MOST_CODES)]
    minor: PositiveInt
    currency: Currency
    valid_until: AwareDatetime
    items: tuple[Item, ...] = ()

    @property
    def total(self) -> int:
        """Face times count."""
        return self.minor * self.count


class Revoke(_Order):
    """So much of a voucher is taken away."""

    kind: Literal["revoke"] = "revoke"
    fee_account: Name
    purse: PositiveInt
    minor: PositiveInt
    currency: Currency


class RefundOrder(_Order):
    """So much of a recharge goes back to where it came from; it is on hold while the request waits.

    `number` counts the refunds of the recharge and is set when it is asked for.
    """

    kind: Literal["refund"] = "refund"
    fee_account: Name
    way: _Way
    trade: _Trade
    minor: PositiveInt
    currency: Currency
    number: int = 0


class Correct(_Order):
    """So much of a bill goes back to those who paid it."""

    kind: Literal["correct"] = "correct"
    fee_account: Name
    bill: Name
    minor: PositiveInt
    currency: Currency


class Charge(_Order):
    """手工扣款: a bill of one item for a day of a workspace that has ended."""

    kind: Literal["charge"] = "charge"
    fee_account: Name
    workspace: Name
    day: date
    item: Item
    minor: PositiveInt
    currency: Currency


class ClaimOrder(_Order):
    """Money in suspense is assigned to an account; `evidence` is what shows that it is theirs.

    Requests from before evidence was asked for have none.
    """

    kind: Literal["claim"] = "claim"
    fee_account: Name
    way: _Way
    trade: _Trade
    minor: PositiveInt
    currency: Currency
    evidence: Annotated[str, Field(max_length=200)] = ""


class SendBack(_Order):
    """Money in suspense goes back where it came from."""

    kind: Literal["send_back"] = "send_back"
    way: _Way
    trade: _Trade
    minor: PositiveInt
    currency: Currency


class Rebuild(_Order):
    """The balances of a payer's books are made from their entries."""

    kind: Literal["rebuild"] = "rebuild"
    payer: Annotated[int, Field(ge=0)]


class Lift(_Order):
    """Books that were stopped go on."""

    kind: Literal["lift"] = "lift"
    payer: Annotated[int, Field(ge=0)]


Order = Grant | BatchOrder | Revoke | RefundOrder | Correct | Charge | ClaimOrder | SendBack | Rebuild | Lift
_ANY: TypeAdapter[Order] = TypeAdapter(Annotated[Order, Field(discriminator="kind")])


def kept(order: Order) -> dict[str, Any]:
    """An order as JSON."""
    return order.model_dump(mode="json")


def read(said: dict[str, Any]) -> Order:
    """An order that was kept; raises ValueError for one of a version that this program does not know."""
    return _ANY.validate_python(said)
