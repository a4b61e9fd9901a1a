"""What AWS tells of a buyer, and what follows from all of it: in any order, any number of times, the same.

Nothing is decided from one message. Each is kept as a fact, and the facts of a buyer are read together: so a
renewal whose parts arrive in the wrong order is never taken for a cancellation.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from guance_portal.payers.rules import SubscriptionState

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

GRACE = timedelta(minutes=15)
"""How long a licence that was taken away without a word of its agreement may still turn out to be renewed."""


class FactKind(StrEnum):
    """What a message says; the first five are those of the legacy SNS topics."""

    SUBSCRIBED = "subscribed"
    REFUSED = "refused"
    ENDING = "ending"
    ENDED = "ended"
    ENTITLED = "entitled"
    CREATED = "created"
    CLOSED = "closed"
    AMENDED = "amended"
    LICENSED = "licensed"
    UNLICENSED = "unlicensed"
    LANDED = "landed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One message, without what does not matter. Empty is what it does not say; `key` is the same for its repeats.

    `why` is the intent of a created agreement (NEW, RENEW, REPLACE) or the status of an ended one.
    """

    key: str
    kind: FactKind
    at: datetime
    received_at: datetime
    product: str = ""
    account: str = ""
    identifier: str = ""
    licence: str = ""
    agreement: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What has become of a licence; `agreement` is empty unless it is known, and is about this licence alone."""

    agreement: str
    state: SubscriptionState


@dataclass(slots=True)
class Picture:
    """All licences of a buyer; `moves` are renewals (old licence to new), `unclear` those a person must look at."""

    licences: dict[str, Standing] = field(default_factory=dict[str, Standing])
    moves: dict[str, str] = field(default_factory=dict[str, str])
    unclear: set[str] = field(default_factory=set[str])

    def heir(self, licence: str) -> str:
        """The licence that carries this one on, however often it was renewed; itself when it was not."""
        seen = {licence}
        while (following := self.moves.get(licence)) and following not in seen:
            licence = following
            seen.add(licence)
        return licence


_LEGACY = {
    FactKind.SUBSCRIBED: (0, SubscriptionState.LIVE),
    FactKind.REFUSED: (1, SubscriptionState.RELEASED),
    FactKind.ENDING: (2, SubscriptionState.EXPIRED),
    FactKind.ENDED: (3, SubscriptionState.RELEASED),
}
_CANCELLED = frozenset({"CANCELLED", "EXPIRED", "TERMINATED"})
_CARRIED_ON = frozenset({"RENEWED", "REPLACED"})
_CARRIES_ON = frozenset({"RENEW", "REPLACE"})


def legacy_state(facts: Iterable[Fact], now: datetime) -> SubscriptionState | None:
    """What has become of a customer identifier: the latest word counts. None while AWS has said nothing of it.

    Somebody who arrives with a registration token is subscribed unless a notice says otherwise: such a token
    outlives a cancellation, so it revives nothing. Where AWS sends events too, they count while SNS is silent.
    """
    known = list(facts)
    said = [(fact.at, *_LEGACY[fact.kind]) for fact in known if fact.kind in _LEGACY]
    if said:
        return max(said)[2]
    licences = {standing.state for standing in picture(known, now).licences.values()}
    if licences:
        return min(licences, key=list(SubscriptionState).index)
    return SubscriptionState.LIVE if any(fact.kind is FactKind.LANDED for fact in known) else None


@dataclass(slots=True)
class _Agreement:
    id: str
    began: datetime
    intent: str = ""
    ends: set[str] = field(default_factory=set[str])
    licences: set[str] = field(default_factory=set[str])

    @property
    def is_cancelled(self) -> bool:
        return bool(self.ends & _CANCELLED)

    @property
    def is_carried_on(self) -> bool:
        return bool(self.ends & _CARRIED_ON) and not self.is_cancelled


def picture(facts: Collection[Fact], now: datetime) -> Picture:
    """What follows from everything known of one buyer's licences."""
    agreements = _agreements(facts)
    drawn = Picture()
    gone = {fact.licence: fact.received_at for fact in sorted(facts, key=_received) if _is_gone(fact)}
    for licence in {fact.licence for fact in facts if fact.licence}:
        ours = sorted((a for a in agreements.values() if licence in a.licences), key=_turn)
        state = _state(ours, gone.get(licence), now)
        own = ours[-1].id if ours and len(ours[-1].licences) == 1 else ""
        drawn.licences[licence] = Standing(agreement=own, state=state)
    _renew(drawn, agreements, gone.keys())
    return drawn


def _agreements(facts: Collection[Fact]) -> dict[str, _Agreement]:
    found: dict[str, _Agreement] = {}
    for fact in sorted(facts, key=lambda fact: (fact.at, fact.key)):
        if not fact.agreement:
            continue
        known = found.setdefault(fact.agreement, _Agreement(fact.agreement, fact.at))
        if fact.licence:
            known.licences.add(fact.licence)
        if fact.kind is FactKind.CREATED:
            known.intent = fact.why
        elif fact.kind is FactKind.CLOSED:
            known.ends.add(fact.why)
    return found


def _state(ours: list[_Agreement], gone: datetime | None, now: datetime) -> SubscriptionState:
    is_open = not ours or any(not a.ends for a in ours)
    if not is_open and any(a.is_cancelled for a in ours):
        return SubscriptionState.EXPIRED if gone is None else SubscriptionState.RELEASED
    if gone is not None and not _renewed(ours) and now - gone >= GRACE:
        return SubscriptionState.RELEASED
    return SubscriptionState.LIVE


def _renewed(ours: list[_Agreement]) -> bool:
    return bool(ours) and ours[-1].is_carried_on


def _renew(drawn: Picture, agreements: dict[str, _Agreement], gone: Collection[str]) -> None:
    """Find for each renewing agreement the one that it carries on: one that has ended, and none while it is unclear.

    An agreement that runs on is carried on by nothing; but as long as it is there, somebody who has several must be
    looked at by a person. So must a renewal beside which another one ended whose licence nobody has told of.
    """
    in_turn = sorted(agreements.values(), key=_turn)
    carried: set[str] = set()
    for heir in in_turn:
        if heir.intent not in _CARRIES_ON or len(heir.licences) != 1:
            continue
        earlier = [a for a in in_turn if _turn(a) < _turn(heir) and a.id not in carried and not a.is_cancelled]
        possible = [a for a in earlier if a.licences != heir.licences and (a.licences or a.is_carried_on)]
        ended = [a for a in possible if a.is_carried_on or (a.licences and a.licences <= set(gone))]
        if not ended:
            continue  # its end is still to be told
        [licence] = heir.licences
        if len(possible) > 1:
            drawn.unclear.add(licence)
        else:
            carried.add(ended[0].id)
            drawn.moves.update(dict.fromkeys(ended[0].licences, licence))


def _turn(agreement: _Agreement) -> tuple[datetime, bool, bool, str]:
    """The order in which agreements came about; AWS tells it to the second, in which more than one may begin."""
    return agreement.began, agreement.intent in _CARRIES_ON, not agreement.is_carried_on, agreement.id


def _is_gone(fact: Fact) -> bool:
    return fact.kind is FactKind.UNLICENSED and fact.licence != ""


def _received(fact: Fact) -> datetime:
    return fact.received_at
