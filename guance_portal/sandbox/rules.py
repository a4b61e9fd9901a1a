"""What a simulated marketplace decides by itself: states, terms, and when it calls again."""

from __future__ import annotations

import calendar
import re
from datetime import datetime, timedelta
from enum import StrEnum

from guance_portal.core import plain
from guance_portal.core.errors import PortalError

MOST_CALLS = 120
"""How often createInstance is called at most while the answer is 0, and anything while nobody answers."""
LATE = timedelta(seconds=20)
"""How much later a notice leaves that is to be late."""
HELD = timedelta(seconds=15)
"""How long a notice waits for a later one to overtake it."""
SLOW_SECONDS = 12.0
"""How long a slow marketplace takes for everything."""
TOKEN_LIFE = timedelta(hours=1)
"""How long a registration token can be redeemed."""
TOKEN_AGAIN = timedelta(minutes=2)
"""How long after its first redemption a token resolves again, so that a client may repeat what timed out."""

_ALIYUN_ACCOUNT = re.compile(r"[0-9]{16}")
_AWS_ACCOUNT = re.compile(r"[0-9]{12}")


class PurchaseState(StrEnum):
    """ORDERED until the vendor has answered (Alibaba alone); CANCELLED and RELEASED are final."""

    ORDERED = "ordered"
    LIVE = "live"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    RELEASED = "released"


class DeliveryState(StrEnum):
    """WAITING for its time or another try; FAILED when it was refused or tried too often."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


class Channel(StrEnum):
    """How a notice reaches the portal: a GET of the Alibaba SPI, a POST of SNS, or a message of a queue."""

    SPI = "spi"
    SNS = "sns"
    QUEUE = "queue"


class Whim(StrEnum):
    """In which ways a marketplace misbehaves on request."""

    DUPLICATE = "duplicate"
    LATE = "late"
    OUT_OF_ORDER = "out_of_order"
    CANCEL_BETWEEN = "cancel_between"
    SLOW = "slow"
    UNREACHABLE = "unreachable"
    REFUSES_USAGE = "refuses_usage"
    UNSURE_OF_USAGE = "unsure_of_usage"
    """Every second call, by chance, ends by an internal error, after the usage was counted or before."""
    SILENT_ON_USAGE = "silent_on_usage"
    """Usage is counted, and nothing is answered in time."""
    THROTTLES_USAGE = "throttles_usage"


class Chance(StrEnum):
    """How a call for usage ends at a marketplace that is unsure: well, or by an error before or after the counting."""

    WELL = "well"
    LOST = "lost"
    COUNTED = "counted"


class Sku(StrEnum):
    """What is sold."""

    STANDARD = "standard"
    PREMIUM = "premium"


class Term(StrEnum):
    """For how long; pay-as-you-go never expires."""

    OPEN = "open"
    TRIAL = "trial"
    MONTH = "month"
    YEAR = "year"


class MarketAct(StrEnum):
    """What a buyer, or time, does to a purchase. RELEASE deletes what has expired."""

    RENEW = "renew"
    UPGRADE = "upgrade"
    EXPIRE = "expire"
    CANCEL = "cancel"
    RELEASE = "release"


class AccountMalformedError(PortalError, code="errors.sandbox_account_malformed"):
    """The account id has not the digits that the cloud's have. Parameter: digits."""


def aliyun_account(written: str) -> str:
    """An Alibaba account id as written; raises AccountMalformedError."""
    if not _ALIYUN_ACCOUNT.fullmatch(account := plain.code(written)):
        raise AccountMalformedError(field="account", digits=16)
    return account


def aws_account(written: str) -> str:
    """An AWS account id as written; raises AccountMalformedError."""
    if not _AWS_ACCOUNT.fullmatch(account := plain.code(written)):
        raise AccountMalformedError(field="account", digits=12)
    return account


def possible(state: PurchaseState, *, is_premium: bool, is_aliyun: bool) -> frozenset[MarketAct]:
    """What can be done in a state. AWS has no end that can be renewed: there one subscribes again."""
    if state is PurchaseState.LIVE:
        acts = {MarketAct.RENEW, MarketAct.EXPIRE, MarketAct.CANCEL}
        return frozenset(acts if is_premium else {*acts, MarketAct.UPGRADE})
    if state is PurchaseState.EXPIRED and is_aliyun:
        return frozenset({MarketAct.RENEW, MarketAct.RELEASE})
    return frozenset()


def ends_after(start: datetime, term: Term) -> datetime | None:
    """When a term that begins now ends; None when it never does."""
    if term is Term.OPEN:
        return None
    if term is Term.TRIAL:
        return start + timedelta(days=14)
    return months_later(start, 12 if term is Term.YEAR else 1)


def months_later(start: datetime, months: int) -> datetime:
    """The same day so many months later, the last of its month where there is none."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return start.replace(year=year, month=month + 1, day=min(start.day, calendar.monthrange(year, month + 1)[1]))


def pause(attempts: int) -> timedelta:
    """How long to wait before the next try, after so many."""
    return timedelta(seconds=min(60, 2 ** max(0, attempts - 1)))
