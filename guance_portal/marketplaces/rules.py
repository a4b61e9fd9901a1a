"""What marketplaces' notices do to a subscription: decisions without database or clock."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from guance_portal.payers.rules import SubscriptionState


class NoticeSource(StrEnum):
    """Where a notice came in."""

    ALIYUN_SPI = "aliyun_spi"
    AWS_LANDING = "aws_landing"
    AWS_SNS = "aws_sns"
    AWS_QUEUE = "aws_queue"


class NoticeOutcome(StrEnum):
    """What became of a notice. `REFUSED` says no to whoever sent it, `FAILED` was a bug or an outage of ours."""

    RECEIVED = "received"
    APPLIED = "applied"
    NOTHING_TO_DO = "nothing_to_do"
    REFUSED = "refused"
    FAILED = "failed"

    @property
    def is_settled(self) -> bool:
        """Whether the same notice again would be told the same."""
        return self in {NoticeOutcome.APPLIED, NoticeOutcome.NOTHING_TO_DO}


class Act(StrEnum):
    """What a notice does to a subscription that is there."""

    CONFIRM = "confirm"
    RENEW = "renew"
    EXPIRE = "expire"
    RELEASE = "release"


_FROM = {
    # A purchase that is confirmed again says nothing of one that has ended since.
    Act.CONFIRM: {SubscriptionState.PENDING: SubscriptionState.LIVE},
    Act.RENEW: {
        SubscriptionState.PENDING: SubscriptionState.LIVE,
        SubscriptionState.LIVE: SubscriptionState.LIVE,
        SubscriptionState.EXPIRED: SubscriptionState.LIVE,
    },
    Act.EXPIRE: {
        SubscriptionState.PENDING: SubscriptionState.EXPIRED,
        SubscriptionState.LIVE: SubscriptionState.EXPIRED,
    },
    Act.RELEASE: {
        SubscriptionState.PENDING: SubscriptionState.RELEASED,
        SubscriptionState.LIVE: SubscriptionState.RELEASED,
        SubscriptionState.EXPIRED: SubscriptionState.RELEASED,
    },
}


def after(state: SubscriptionState, act: Act) -> SubscriptionState | None:
    """The state after an act; None when the act says nothing new or comes too late: what is released stays so."""
    return _FROM[act].get(state)


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What a notice did. `detail` is a key of words that says why it did nothing, empty when there is nothing to say."""

    outcome: NoticeOutcome
    detail: str = ""
    subscription_id: str | None = None
