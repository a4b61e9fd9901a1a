"""The agreements of one buyer: which are of our product, and which carries on which.

A seller is told of the agreements of all its products, and most messages about an agreement name no product. What tells:
a licence of the agreement names the product code; some messages name the product's id, and AWS, when asked about an
agreement, always does; and an agreement of a chain of renewals is of the product that the chain is of.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from guance_portal.marketplaces.aws.facts import Fact, FactKind

TOGETHER = timedelta(minutes=15)
"""How far apart AWS dates the end of an agreement and the beginning of the one that carries it on, at most."""

_CANCELLED = frozenset({"CANCELLED", "EXPIRED", "TERMINATED"})
_CARRIED_ON = frozenset({"RENEWED", "REPLACED"})
_CARRIES_ON = frozenset({"RENEW", "REPLACE"})


@dataclass(slots=True)
class AwsAgreement:
    """Everything told of one agreement. `is_foreign`: it is of another product."""

    id: str
    began: datetime
    intent: str = ""
    ended: datetime | None = None
    ends: set[str] = field(default_factory=set[str])
    licences: set[str] = field(default_factory=set[str])
    products: set[str] = field(default_factory=set[str])
    product_ids: set[str] = field(default_factory=set[str])
    previous: str = ""
    root: str = ""
    is_described: bool = False
    is_foreign: bool = False

    @property
    def is_cancelled(self) -> bool:
        """Whether it ended and nothing carries it on."""
        return bool(self.ends & _CANCELLED)

    @property
    def is_carried_on(self) -> bool:
        """Whether it ended by a renewal or a replacement."""
        return bool(self.ends & _CARRIED_ON) and not self.is_cancelled

    @property
    def carries_on(self) -> bool:
        """Whether it renews or replaces another."""
        return self.intent in _CARRIES_ON or bool(self.previous)

    @property
    def turn(self) -> tuple[datetime, bool, bool, str]:
        """The order in which agreements came about; AWS tells it to the second, in which more than one may begin."""
        return self.began, self.carries_on, not self.is_carried_on, self.id


@dataclass(slots=True)
class Renewed:
    """Which licence carries on which (`moves`, old to new), and which new ones a person must look at (`unclear`).

    `open`: the agreements of which AWS could say more.
    """

    moves: dict[str, str] = field(default_factory=dict[str, str])
    unclear: set[str] = field(default_factory=set[str])
    open: set[str] = field(default_factory=set[str])


def agreements(facts: Iterable[Fact], product: str) -> dict[str, AwsAgreement]:
    """The agreements that facts tell of, by id; `product` is the code of ours."""
    ordered = sorted(facts, key=lambda fact: (fact.at, fact.key))
    found: dict[str, AwsAgreement] = {}
    for fact in ordered:
        if fact.agreement:
            # What AWS answers to a question is dated by the question: it says nothing of when an agreement began.
            known = found.setdefault(fact.agreement, AwsAgreement(fact.agreement, fact.at))
            _learn(known, fact)
    ours = {fact.product_id for fact in ordered if fact.product == product} - {""}
    ours |= {name for one in found.values() if product in one.products for name in one.product_ids}
    for chain in _chains(found):
        names_ours = any(product in one.products for one in chain)
        is_foreign = not names_ours and any(_names_another(one, ours) for one in chain)
        for one in chain:
            one.is_foreign = is_foreign
    return found


def renewed(found: Collection[AwsAgreement], gone: Collection[str]) -> Renewed:
    """Find for each renewing agreement of ours the one that it carries on; `gone` are the licences taken away.

    It is one that has ended: an agreement that runs on is carried on by nothing; but as long as it is there, and AWS
    has not said which chain the renewal is of, a person must look at a buyer who has several. So must they at a renewal
    beside which another one ended of which nobody knows the product.
    """
    drawn = Renewed()
    in_turn = sorted(found, key=lambda one: one.turn)
    carried = {one.previous for one in in_turn if one.previous} | _carried_elsewhere(in_turn)
    for heir in in_turn:
        if heir.is_foreign or not heir.carries_on or len(heir.licences) != 1:
            continue
        [licence] = heir.licences
        earlier = [one for one in in_turn if one.turn < heir.turn and _may_be_carried(one, heir)]
        possible = _possible(earlier, heir, carried)
        ended = [one for one in possible if one.is_carried_on or (one.licences and one.licences <= set(gone))]
        if not ended:
            continue  # its end is still to be told
        if len(possible) > 1:
            drawn.unclear.add(licence)
            drawn.open |= {one.id for one in (heir, *possible) if not one.is_described}
        else:
            carried.add(ended[0].id)
            drawn.moves.update(dict.fromkeys(ended[0].licences, licence))
    return drawn


def _learn(known: AwsAgreement, fact: Fact) -> None:
    if fact.licence:
        known.licences.add(fact.licence)
    if fact.kind is FactKind.CREATED:
        known.intent, known.began = fact.why, fact.at
    elif fact.kind is FactKind.CLOSED:
        known.ends.add(fact.why)
        known.ended = fact.at
    known.is_described = known.is_described or fact.kind is FactKind.DESCRIBED
    known.products |= {fact.product} - {""}
    known.product_ids |= {fact.product_id} - {""}
    known.previous, known.root = fact.previous or known.previous, fact.root or known.root


def _names_another(one: AwsAgreement, ours: set[str]) -> bool:
    """Whether it names a product, and not ours: by a code, or by an id where ours is known."""
    return bool(one.products) or bool(ours and one.product_ids and not one.product_ids & ours)


def _chains(found: dict[str, AwsAgreement]) -> list[list[AwsAgreement]]:
    """The agreements, together those that AWS says belong to one chain."""
    parts: dict[str, set[str]] = {}
    for one in found.values():
        part = set[str]().union(*(parts.get(name, {name}) for name in (one.id, one.previous, one.root) if name))
        parts.update(dict.fromkeys(part, part))
    distinct = {id(part): part for part in parts.values()}
    return [[found[name] for name in sorted(part) if name in found] for part in distinct.values()]


def _may_be_carried(one: AwsAgreement, heir: AwsAgreement) -> bool:
    is_one = not one.is_foreign and not one.is_cancelled and one.licences != heir.licences
    return is_one and (bool(one.licences) or one.is_carried_on)


def _possible(earlier: list[AwsAgreement], heir: AwsAgreement, carried: Collection[str]) -> list[AwsAgreement]:
    """Which of the earlier ones the heir may carry on: the one that AWS names, else all that nothing else carries on."""
    if heir.previous:
        return [one for one in earlier if one.id == heir.previous]
    free = [one for one in earlier if one.id not in carried]
    if not heir.root:
        return free
    chain = [one for one in earlier if heir.root in {one.id, one.root}]
    return chain[-1:] + [one for one in free if one not in chain and not one.root and not one.is_described]


def _carried_elsewhere(in_turn: list[AwsAgreement]) -> set[str]:
    """Agreements of unknown product that ended just when one of another product was renewed: they are of that.

    As many as there are such renewals, and only when that is enough for all of them.
    """
    unknown = [one for one in in_turn if one.is_carried_on and not one.licences and not one.is_foreign]
    foreign = [one for one in in_turn if one.is_foreign and one.carries_on and not one.previous]
    known = [one for one in in_turn if one.is_foreign and one.is_carried_on]
    taken: set[str] = set()
    elsewhere: set[str] = set()
    for one in (*known, *unknown):
        heirs = (heir.id for heir in foreign if heir.id not in taken and _at_once(one, heir))
        if heir := next(heirs, None):
            taken.add(heir)
            elsewhere.add(one.id)
    names = {one.id for one in unknown}
    return names if names <= elsewhere else set()


def _at_once(one: AwsAgreement, heir: AwsAgreement) -> bool:
    return one.id != heir.id and one.ended is not None and abs(heir.began - one.ended) <= TOGETHER
