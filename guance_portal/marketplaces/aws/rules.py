"""What AWS tells of a buyer, and what follows from all of it: in any order, any number of times, the same.

Nothing is decided from one message. Each is kept as a fact, and the facts of a buyer are read together: so a
renewal whose parts arrive in the wrong order is never taken for a cancellation.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from guance_portal.marketplaces.aws.agreements import AwsAgreement, agreements, renewed
from guance_portal.marketplaces.aws.facts import Fact, FactKind
from guance_portal.payers.rules import SubscriptionState

GRACE = timedelta(minutes=15)
"""How long a licence that was taken away without a word of its agreement may still turn out to be renewed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceStanding:
    """What has become of a licence; `agreement` is empty unless it is known, and is about this licence alone."""

    agreement: str
    state: SubscriptionState


@dataclass(slots=True)
class Picture:
    """All licences of a buyer; `moves` are renewals (old licence to new), `unclear` those a person must look at.

    `open` are the agreements of which AWS could say more, and make clear what is not.
    """

    licences: dict[str, LicenceStanding] = field(default_factory=dict[str, LicenceStanding])
    moves: dict[str, str] = field(default_factory=dict[str, str])
    unclear: set[str] = field(default_factory=set[str])
    open: set[str] = field(default_factory=set[str])

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


def legacy_state(facts: Iterable[Fact], now: datetime, product: str) -> SubscriptionState | None:
    """What has become of a customer identifier: the latest word counts. None while AWS has said nothing of it.

    Somebody who arrives with a registration token is subscribed unless a notice says otherwise: such a token
    outlives a cancellation, so it revives nothing. Where AWS sends events too, they count while SNS is silent.
    """
    known = list(facts)
    said = [(fact.at, *_LEGACY[fact.kind]) for fact in known if fact.kind in _LEGACY]
    if said:
        return max(said)[2]
    licences = {standing.state for standing in picture(known, now, product).licences.values()}
    if licences:
        return min(licences, key=list(SubscriptionState).index)
    return SubscriptionState.LIVE if any(fact.kind is FactKind.LANDED for fact in known) else None


def picture(facts: Collection[Fact], now: datetime, product: str) -> Picture:
    """What follows from everything known of one buyer's licences of the product with this code."""
    known = agreements(facts, product)
    drawn = Picture()
    gone = {fact.licence: fact.received_at for fact in sorted(facts, key=_received) if _is_gone(fact)}
    foreign = {fact.licence for fact in facts if fact.product not in {"", product}}
    foreign.update(*(one.licences for one in known.values() if one.is_foreign))
    for licence in {fact.licence for fact in facts} - foreign - {""}:
        ours = sorted((one for one in known.values() if licence in one.licences), key=lambda one: one.turn)
        state = _state(ours, gone.get(licence), now)
        own = ours[-1].id if ours and len(ours[-1].licences) == 1 else ""
        drawn.licences[licence] = LicenceStanding(agreement=own, state=state)
    found = renewed(known.values(), gone.keys())
    drawn.moves, drawn.unclear, drawn.open = found.moves, found.unclear, found.open
    return drawn


def _state(ours: list[AwsAgreement], gone: datetime | None, now: datetime) -> SubscriptionState:
    is_open = not ours or any(not a.ends for a in ours)
    if not is_open and any(a.is_cancelled for a in ours):
        return SubscriptionState.EXPIRED if gone is None else SubscriptionState.RELEASED
    if gone is not None and not _renewed(ours) and now - gone >= GRACE:
        return SubscriptionState.RELEASED
    return SubscriptionState.LIVE


def _renewed(ours: list[AwsAgreement]) -> bool:
    return bool(ours) and ours[-1].is_carried_on


def _is_gone(fact: Fact) -> bool:
    return fact.kind is FactKind.UNLICENSED and fact.licence != ""


def _received(fact: Fact) -> datetime:
    return fact.received_at
