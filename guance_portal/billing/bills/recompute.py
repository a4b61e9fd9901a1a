"""A bill computed again from its proof, and compared with what is archived of it. Pure: reads no use and no balance of today."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from guance_portal.billing.bills.frozen_text import Json, canonical, digest, read_day, read_list
from guance_portal.billing.bills.making import made_digests, result_text
from guance_portal.billing.bills.rules import compute
from guance_portal.core.errors import PortalError
from guance_portal.core.money import Currency
from guance_portal.wallet import plan_text
from guance_portal.wallet.rules import Bill, PayableLine, plan

FORMAT = "guance-portal-bill-proof/1"
FIELDS = (
    "item",
    "of_day",
    "days",
    "list",
    "quantity",
    "billable",
    "unit",
    "quotient",
    "billed",
    "price",
    "amount",
    "minor",
)
"""The parts of a line, in the order in which they are compared."""


class UnreadableProofError(PortalError, code="errors.bill_proof_unreadable"):
    """The file is no proof of a bill, or of another format."""


@dataclass(frozen=True, slots=True)
class ComparedPart:
    """One thing that is compared: what is archived and what comes out now, both as text."""

    name: str
    archived: str
    recomputed: str

    @property
    def is_equal(self) -> bool:
        """Whether they are the same."""
        return self.archived == self.recomputed


@dataclass(frozen=True, slots=True, kw_only=True)
class LineDifference:
    """The first line that differs, and its first part that does."""

    place: int
    field: str
    archived: Json
    recomputed: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Recomputation:
    """Every check, and where the lines first differ."""

    checks: tuple[ComparedPart, ...]
    first: LineDifference | None

    @property
    def is_equal(self) -> bool:
        """Whether the bill is what its inputs say."""
        return all(check.is_equal for check in self.checks)

    def of(self, name: str) -> ComparedPart:
        """The check of this name."""
        return next(check for check in self.checks if check.name == name)

    def __str__(self) -> str:
        """One line for each check; of lines that differ also where."""
        lines = [
            f"{'equal' if one.is_equal else 'DIFFERENT'}  {one.name}: {one.archived}"
            + ("" if one.is_equal else f" archived, {one.recomputed} recomputed")
            for one in self.checks
        ]
        if self.first:
            field = self.first.field
            said = f"{self.first.archived.get(field)} archived, {self.first.recomputed.get(field)} recomputed"
            lines.append(f"first difference: line {self.first.place + 1}, {field}: {said}")
        return "\n".join(lines)


def recompute(proof: Json) -> Recomputation:
    """Compute the bill of a proof again; raises UnreadableProofError for what is none."""
    if proof.get("format") != FORMAT:
        raise UnreadableProofError
    try:
        return _recompute(proof)
    except (KeyError, TypeError, ValueError, ArithmeticError, PortalError) as problem:
        raise UnreadableProofError from problem


def _recompute(proof: Json) -> Recomputation:
    inputs, archived, digests = proof["inputs"], proof["result"], proof["digests"]
    currency = Currency(inputs["currency"])
    lists = {key: read_list(text) for key, text in proof["price_lists"].items()}
    result = result_text(compute([read_day(day, lists) for day in inputs["days"]], currency))
    contents = sorted(digest(text) for text in proof["price_lists"].values())
    made = made_digests(inputs, result)
    checks = [
        ComparedPart("lines", str(len(archived["lines"])), _count(archived["lines"], result["lines"])),
        ComparedPart("exact", archived["exact"], result["exact"]),
        ComparedPart("total", _amount(archived["minor"]), _amount(result["minor"])),
        ComparedPart("usage", digests["usage"], made["usage"]),
        ComparedPart("lists", digests["lists"], digest(contents)),
        ComparedPart("bill", digests["bill"], made["bill"]),
    ]
    if proof["had"] is not None:
        planned = _plan(inputs, result, proof["had"], currency)
        checks += [
            ComparedPart("payments", _payments(proof["plan"]), _paid_now(proof["plan"], planned)),
            ComparedPart("had", digests["had"], digest(proof["had"])),
            ComparedPart("plan", digests["plan"], digest(planned)),
        ]
    return Recomputation(checks=tuple(checks), first=_first(archived["lines"], result["lines"]))


def _plan(inputs: Json, result: Json, had: Json, currency: Currency) -> Json:
    """Who pays what comes out now, by what the payer had."""
    means = plan_text.read_means(had)
    bill = Bill(
        workspace=inputs["workspace"],
        currency=currency,
        begins=datetime.fromisoformat(inputs["begins"]),
        ends=datetime.fromisoformat(inputs["ends"]),
        lines=tuple(PayableLine(line["item"], line["minor"]) for line in result["lines"]),
        listing=inputs["listing"],
    )
    kept: Json = plan_text.kept(plan(bill, means.purses, credit=means.credit, cash=means.cash))
    return json.loads(canonical(kept))


def _payments(kept: Json) -> str:
    parts = [
        f"{one['kind']}{':' + one['key'] if one['key'] else ''} {_amount(one['minor'])}" for one in kept["payments"]
    ]
    return ", ".join(parts) or "none"


def _paid_now(archived: Json, now: Json) -> str:
    said = _payments(now)
    return said if archived == now or said != _payments(archived) else f"{said}, of other lines or for other reasons"


def _count(archived: Sequence[Json], now: Sequence[Json]) -> str:
    """How many lines, and how many of them differ."""
    differ = sum(old != new for old, new in zip(archived, now, strict=False))
    return f"{len(now)}, {differ} different" if differ else str(len(now))


def _first(archived: Sequence[Json], now: Sequence[Json]) -> LineDifference | None:
    missing: dict[str, Any] = {}
    for place in range(max(len(archived), len(now))):
        old = archived[place] if place < len(archived) else missing
        new = now[place] if place < len(now) else missing
        if old != new:
            field = next((name for name in FIELDS if old.get(name) != new.get(name)), FIELDS[0])
            return LineDifference(place=place, field=field, archived=old, recomputed=new)
    return None


def _amount(minor: int) -> str:
    sign = "-" if minor < 0 else ""
    return f"{sign}{abs(minor) // 100}.{abs(minor) % 100:02}"
