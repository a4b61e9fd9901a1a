"""What becomes of a cloud record: by what a marketplace answers, by its deadline, and when it is sent again. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from guance_portal.billing.bills.calendar import day_ending, deadline
from guance_portal.core.money import Currency
from guance_portal.sites import Provider

AT_ONCE = datetime(2000, 1, 1, tzinfo=UTC)
"""When a record is to be sent that waits for nothing."""
LATE_WITHIN = timedelta(hours=24)
"""How long a late record may wait for a free hour."""
_FIRST, _LONGEST = timedelta(seconds=5), timedelta(minutes=10)
_THROTTLED = timedelta(seconds=61)
"""A marketplace takes one call a minute for an instance."""
_HOUR, _TEN_MINUTES = timedelta(hours=1), timedelta(minutes=10)
_KEPT_CLEAR = timedelta(hours=1)
"""So long before a deadline no free hour is begun with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardChoice:
    """Days, both included, of a currency, of one listing or (empty) of all."""

    since: date
    until: date
    currency: Currency
    listing: str = ""


class CloudRecordState(StrEnum):
    """What has become of what a cloud is to collect."""

    TO_SEND = "to_send"
    SENT = "sent"
    """Under way: nothing was answered yet."""
    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    """The marketplace may have it or not."""
    TOO_LATE = "too_late"

    @property
    def is_final(self) -> bool:
        """Whether nothing that a marketplace says changes it."""
        return self in _FINAL


_FINAL = frozenset({CloudRecordState.ACCEPTED, CloudRecordState.REFUSED, CloudRecordState.TOO_LATE})


class Verdict(StrEnum):
    """What an answer of a marketplace means."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    """Refused for good."""
    LATE = "late"
    AGAIN = "again"
    """Surely not counted: it may be sent again."""
    UNKNOWN = "unknown"
    CONFLICT = "conflict"
    """The marketplace has something under the same key, which is no proof that it is this record."""


class RecordReason(StrEnum):
    """Why a record stands where it does, as people read it."""

    NOT_SUBSCRIBED = "not_subscribed"
    NO_SUBSCRIPTION = "no_subscription"
    OUT_OF_TIME = "out_of_time"
    DEADLINE = "deadline"
    THROTTLED = "throttled"
    UNREACHABLE = "unreachable"
    NOT_PROCESSED = "not_processed"
    NOT_CONFIGURED = "not_configured"
    NO_FREE_HOUR = "no_free_hour"
    SILENT = "silent"
    FAILED = "failed"
    DUPLICATE = "duplicate"
    REFUSED_LATER = "refused_later"
    INTERRUPTED = "interrupted"
    SHOWN_NOTHING = "shown_nothing"
    SHOWN_OTHER = "shown_other"
    SHOWN_OURS = "shown_ours"


@dataclass(frozen=True, slots=True, kw_only=True)
class MeteringAnswer:
    """What a marketplace answered; `said` is its own code or words, `number` its name of what it counted."""

    verdict: Verdict
    reason: RecordReason | None = None
    said: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """The state after an answer; `is_asked` tells whether the record is sent (again) by itself."""

    state: CloudRecordState
    reason: RecordReason | None
    is_asked: bool


def after(answer: MeteringAnswer, *, was_unknown: bool, is_idempotent: bool) -> NextStep:
    """What an answer makes of a record.

    Once it is unknown whether the marketplace has a record, only an acceptance, a person or the deadline settles that:
    the first attempt may have been counted although its repetition is refused. Nothing is repeated where it would count twice.
    """
    match answer.verdict:
        case Verdict.ACCEPTED:
            return NextStep(state=CloudRecordState.ACCEPTED, reason=None, is_asked=False)
        case Verdict.CONFLICT:
            return NextStep(state=CloudRecordState.UNKNOWN, reason=answer.reason, is_asked=False)
        case Verdict.UNKNOWN:
            return NextStep(state=CloudRecordState.UNKNOWN, reason=answer.reason, is_asked=is_idempotent)
        case Verdict.AGAIN:
            state = CloudRecordState.UNKNOWN if was_unknown else CloudRecordState.TO_SEND
            return NextStep(state=state, reason=answer.reason, is_asked=True)
        case _ if was_unknown:
            return NextStep(state=CloudRecordState.UNKNOWN, reason=RecordReason.REFUSED_LATER, is_asked=False)
        case Verdict.REFUSED:
            return NextStep(state=CloudRecordState.REFUSED, reason=answer.reason, is_asked=False)
        case _:
            return NextStep(state=CloudRecordState.TOO_LATE, reason=answer.reason, is_asked=False)


def pause(attempts: int, reason: RecordReason | None) -> timedelta:
    """How long to wait after so many tries: never so long that an hour would pass with fewer than five."""
    wait = min(_LONGEST, _FIRST * 2 ** min(attempts - 1, 10))
    return max(wait, _THROTTLED) if reason is RecordReason.THROTTLED else wait


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """What a marketplace is told of when use was: AWS hears the beginning alone, as the stamp."""

    begins: datetime
    ends: datetime


def natural_period(provider: Provider, begins: datetime, ends: datetime) -> Period:
    """The period of a record that is sent in time: at AWS the last hour of the day, elsewhere the day."""
    return Period(begins=ends - _HOUR if provider is Provider.AWS else begins, ends=ends)


def free_period(
    provider: Provider, now: datetime, taken: Collection[datetime], zones: Iterable[ZoneInfo]
) -> Period | None:
    """A period for a late record, the latest that is over and free; None while there is none.

    `taken` are beginnings of periods that were used for the same subscription. The last hour of any day, and at Alibaba the
    beginning of one, are left to the records that are in time.
    """
    length = _HOUR if provider is Provider.AWS else _TEN_MINUTES
    ends = _floor(now, length)
    zones = tuple(zones)
    while deadline(provider, ends) - _KEPT_CLEAR > now:
        begins = ends - length
        if begins not in taken and not _is_natural(provider, begins, ends, zones):
            return Period(begins=begins, ends=ends)
        ends = begins
    return None


def _floor(now: datetime, length: timedelta) -> datetime:
    return now - (now - AT_ONCE) % length


def _is_natural(provider: Provider, begins: datetime, ends: datetime, zones: Iterable[ZoneInfo]) -> bool:
    edge = ends if provider is Provider.AWS else begins
    return any(day_ending(edge, zone) is not None for zone in zones)
