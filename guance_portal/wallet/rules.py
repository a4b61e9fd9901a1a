"""Which purses pay a bill, in which order, how much of it, and why the others do not. Pure.

The order is that of `ORDER`: credit, 普通代金券, 满减代金券, 预购卡, then cash and debt, or the cloud in their place.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from guance_portal.core.money import Currency
from guance_portal.ledger.chart import Kind
from guance_portal.ledger.rules import Account
from guance_portal.metering.items import Item

ORDER = "2022-06"
"""The version of the order and of what is excluded: kept with each plan."""
PURSES = (Kind.VOUCHER, Kind.BONUS_VOUCHER, Kind.CARD)
"""The kinds of purses in the order in which they pay."""
WITHOUT_VOUCHERS = frozenset(str(item) for item in Item if not item.traits.takes_vouchers)
"""Items that take no voucher of either kind: 短信 and 拨测."""


class UnpaidReason(StrEnum):
    """Why a purse did not pay, or kept something while the bill was not paid yet."""

    EMPTY = "empty"
    OTHER_CURRENCY = "other_currency"
    NOT_YET = "not_yet"
    EXPIRED = "expired"
    OTHER_WORKSPACE = "other_workspace"
    KEPT_FROM_CLOUDS = "kept_from_clouds"
    ITEM_EXCLUDED = "item_excluded"
    ORDER = "order"
    """Purses before it had paid all that it could have paid."""
    NOTHING_DUE = "nothing_due"
    """The bill is one of nothing, or owes the payer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Purse:
    """A voucher or card. It is valid from `valid_from` to just before `valid_until`; without workspaces or items for all.

    A card is kept from clouds (不用于云账号结算) on days that begin from `kept_since` to before `kept_until`.
    """

    number: int
    kind: Kind
    currency: Currency
    rest: int
    valid_from: datetime
    valid_until: datetime
    granted_at: datetime
    workspaces: frozenset[str] = frozenset()
    items: frozenset[str] = frozenset()
    kept_since: datetime | None = None
    kept_until: datetime | None = None

    @property
    def account(self) -> Account:
        """Its account in the ledger."""
        return Account(self.kind, self.currency, str(self.number))

    def takes(self, item: str) -> bool:
        """Whether it pays for an item."""
        if self.kind is not Kind.CARD and item in WITHOUT_VOUCHERS:
            return False
        return not self.items or item in self.items

    def is_kept(self, begins: datetime) -> bool:
        """Whether it is kept from clouds on the day that begins then."""
        if self.kept_since is None or begins < self.kept_since:
            return False
        return self.kept_until is None or begins < self.kept_until


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What a payer had before a bill was paid, in cents; kept with the bill, so that its plan can be made again."""

    credit: int
    cash: int
    debt: int
    purses: tuple[Purse, ...]


@dataclass(frozen=True, slots=True)
class PayableLine:
    """One item of a bill, in cents; a correction of an earlier day can be negative."""

    item: str
    minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """What a workspace owes for its day from `begins` to just before `ends`; the lines stand in the order of the price list.

    `listing` is the marketplace listing that collects it, empty where the payer itself pays.
    """

    workspace: str
    currency: Currency
    begins: datetime
    ends: datetime
    lines: tuple[PayableLine, ...]
    listing: str = ""

    @property
    def total(self) -> int:
        """The sum of the lines."""
        return sum(line.minor for line in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedPayment:
    """What one account pays: of each line (by its place) so much. `kept_for` says why a purse did not pay what was left."""

    account: Account
    minor: int
    lines: tuple[tuple[int, int], ...]
    kept_for: UnpaidReason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unused:
    """A purse that pays nothing, and why; `since` is when it expired, or until when it is not valid yet."""

    purse: int
    reason: UnpaidReason
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BillPlan:
    """Who pays a bill. The payments add up to it; each purse pays or is named with its reason."""

    order: str = ORDER
    payments: tuple[PlannedPayment, ...] = ()
    unused: tuple[Unused, ...] = ()


@dataclass(slots=True)
class _Unpaid:
    """What is left of a bill."""

    bill: Bill
    rest: int
    lines: list[int] = field(default_factory=list[int])

    def pay(self, most: int, places: Sequence[int]) -> tuple[int, tuple[tuple[int, int], ...]]:
        """Pay these lines in their order, each in full before the next; what was paid, and of each line."""
        paid: list[tuple[int, int]] = []
        for place in places:
            part = min(self.lines[place], most, self.rest)
            if part:
                self.lines[place] -= part
                self.rest -= part
                most -= part
                paid.append((place, part))
        return sum(part for _, part in paid), tuple(paid)


def plan(bill: Bill, purses: Iterable[Purse], *, credit: int = 0, cash: int = 0) -> BillPlan:
    """Who pays a bill; a bill of nothing, or less, is paid by nobody.

    No purse pays more than its rest, than what is left of the bill, or than the positive cents of the lines it takes.
    """
    unpaid = _Unpaid(bill, max(bill.total, 0), [max(line.minor, 0) for line in bill.lines])
    everything = range(len(bill.lines))
    payments: list[PlannedPayment] = []
    unused: list[Unused] = []
    _pay(payments, unpaid, Account(Kind.CREDIT, bill.currency), credit, everything)
    for purse in in_order(purses):
        if refused := _refusal(bill, purse):
            unused.append(refused)
            continue
        places = [place for place in everything if purse.takes(bill.lines[place].item)]
        if bill.total <= 0:
            unused.append(Unused(purse=purse.number, reason=UnpaidReason.NOTHING_DUE))
        elif not any(bill.lines[place].minor > 0 for place in places):
            unused.append(Unused(purse=purse.number, reason=UnpaidReason.ITEM_EXCLUDED))
        elif not _pay(payments, unpaid, purse.account, purse.rest, places):
            unused.append(Unused(purse=purse.number, reason=UnpaidReason.ORDER))
    if bill.listing:
        _pay(payments, unpaid, Account(Kind.CLOUD_RECEIVABLE, bill.currency, bill.listing), unpaid.rest, everything)
    else:
        _pay(payments, unpaid, Account(Kind.CASH, bill.currency), cash, everything)
        _pay(payments, unpaid, Account(Kind.RECEIVABLE, bill.currency), unpaid.rest, everything)
    return BillPlan(payments=tuple(payments), unused=tuple(unused))


def in_order(purses: Iterable[Purse]) -> list[Purse]:
    """Purses as they pay: by kind; then what ends first, is narrower, holds less, is older, has the lower number."""
    return sorted(
        purses,
        key=lambda purse: (
            PURSES.index(purse.kind),
            purse.valid_until,
            _width(purse),
            len(purse.workspaces) + len(purse.items),
            purse.rest,
            purse.granted_at,
            purse.number,
        ),
    )


def _width(purse: Purse) -> int:
    """For workspaces and items, for workspaces, for items, for all."""
    return (0 if purse.workspaces else 2) + (0 if purse.items else 1)


def _refusal(bill: Bill, purse: Purse) -> Unused | None:
    """What keeps a purse from the bill, whatever its lines are. It counts when valid at the last instant of the bill's day."""
    if not purse.rest:
        return Unused(purse=purse.number, reason=UnpaidReason.EMPTY)
    if purse.currency is not bill.currency:
        return Unused(purse=purse.number, reason=UnpaidReason.OTHER_CURRENCY)
    if purse.valid_from >= bill.ends:
        return Unused(purse=purse.number, reason=UnpaidReason.NOT_YET, since=purse.valid_from)
    if purse.valid_until < bill.ends:
        return Unused(purse=purse.number, reason=UnpaidReason.EXPIRED, since=purse.valid_until)
    if purse.workspaces and bill.workspace not in purse.workspaces:
        return Unused(purse=purse.number, reason=UnpaidReason.OTHER_WORKSPACE)
    if bill.listing and purse.is_kept(bill.begins):
        return Unused(purse=purse.number, reason=UnpaidReason.KEPT_FROM_CLOUDS)
    return None


def _pay(payments: list[PlannedPayment], unpaid: _Unpaid, account: Account, rest: int, places: Sequence[int]) -> bool:
    paid, lines = unpaid.pay(rest, places)
    if paid:
        kept_for = UnpaidReason.ITEM_EXCLUDED if paid < rest and unpaid.rest else None
        payments.append(PlannedPayment(account=account, minor=paid, lines=lines, kept_for=kept_for))
    return bool(paid)
