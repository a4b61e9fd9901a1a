"""What marketplaces' notices do to a subscription: decisions without database or clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from guance_portal.payers.rules import SubscriptionState


class NoticeSource(StrEnum):
    """Where a notice came in."""

    ALIYUN_SPI = "aliyun_spi"
    AWS_LANDING = "aws_landing"
    AWS_SNS = "aws_sns"
    AWS_QUEUE = "aws_queue"


class NoticeOutcome(StrEnum):
    """What became of a notice. `REFUSED` was answered with a refusal, `FAILED` was a bug or an outage of the portal."""

    RECEIVED = "received"
    APPLIED = "applied"
    NOTHING_TO_DO = "nothing_to_do"
    REFUSED = "refused"
    FAILED = "failed"

    @property
    def is_settled(self) -> bool:
        """Whether the same notice again would be told the same."""
        return self in {NoticeOutcome.APPLIED, NoticeOutcome.NOTHING_TO_DO}


SILENT = "notice_detail.aws_silent"
"""Why a notice failed that another try may help: AWS did not answer."""
UNCLEAR = "notice_detail.unclear_renewal"
"""Why a notice failed that another may make clear: it is not known which subscription was renewed."""
UNREAD = "notice_detail.malformed"
"""Why a notice failed that is genuine and cannot be read: a person looks at what was said."""
_TRIED_AGAIN = frozenset({"", SILENT, UNCLEAR})
SOON, AT_MOST = timedelta(minutes=2), timedelta(days=3)
"""How long a notice may be under way before it is taken for left behind, and how long it is tried again."""


def is_due(outcome: NoticeOutcome, detail: str, said_at: datetime, tried_at: datetime | None, now: datetime) -> bool:
    """Whether a notice that was left behind is to be tried now: each time after twice as long as before.

    `said_at` is when the marketplace said it last, `tried_at` when it was tried (None: it never came so far). What
    failed for a reason of its own waits for a person.
    """
    if outcome not in {NoticeOutcome.RECEIVED, NoticeOutcome.FAILED} or detail not in _TRIED_AGAIN:
        return False
    since = tried_at or said_at
    return now - since >= max(SOON, since - said_at) and now - said_at < AT_MOST


@dataclass(frozen=True, slots=True, kw_only=True)
class Overtaking:
    """What makes a notice that is said or tried again a late one: another of `kind` that was applied since `at`."""

    notice_id: str
    at: datetime
    kind: str


class SubscriptionAct(StrEnum):
    """What a notice does to a subscription that is there."""

    CONFIRM = "confirm"
    RENEW = "renew"
    EXPIRE = "expire"
    RELEASE = "release"


_FROM = {
    # A purchase that is confirmed again says nothing of one that has ended since.
    SubscriptionAct.CONFIRM: {SubscriptionState.PENDING: SubscriptionState.LIVE},
    SubscriptionAct.RENEW: {
        SubscriptionState.PENDING: SubscriptionState.LIVE,
        SubscriptionState.LIVE: SubscriptionState.LIVE,
        SubscriptionState.EXPIRED: SubscriptionState.LIVE,
    },
    SubscriptionAct.EXPIRE: {
        SubscriptionState.PENDING: SubscriptionState.EXPIRED,
        SubscriptionState.LIVE: SubscriptionState.EXPIRED,
    },
    SubscriptionAct.RELEASE: {
        SubscriptionState.PENDING: SubscriptionState.RELEASED,
        SubscriptionState.LIVE: SubscriptionState.RELEASED,
        SubscriptionState.EXPIRED: SubscriptionState.RELEASED,
    },
}


def after(state: SubscriptionState, act: SubscriptionAct) -> SubscriptionState | None:
    """The state after an act; None when the act says nothing new or comes too late: what is released stays so."""
    return _FROM[act].get(state)


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What a notice did. `detail` is a key of words that says why it did nothing, empty when there is nothing to say.

    `about` names the part of the notice that `detail` means, empty where that is all of it.
    """

    outcome: NoticeOutcome
    detail: str = ""
    about: str = ""
    subscription_id: str | None = None
