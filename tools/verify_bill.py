#!/usr/bin/env python3
"""Compute a bill again from its proof file: `python verify_bill.py FILE`. Needs nothing but Python.

It shares no code with the portal. It says "equal", or names what differs and ends with code 1; 2 for a file that is no proof.
"""

from __future__ import annotations

import hashlib
import json
import math
import sys
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

FORMAT = "guance-portal-bill-proof/1"
ORDER = ("voucher", "bonus_voucher", "card")
WITHOUT_VOUCHERS = ("dial_tests", "sms")
Json = dict[str, Any]


def canonical(said: Any) -> str:
    """JSON with sorted names and without spaces."""
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def digest(said: Any) -> str:
    """SHA-256 of the canonical text."""
    return hashlib.sha256(canonical(said).encode()).hexdigest()


def plain(number: Fraction) -> str:
    """A finite decimal without zeros at the end."""
    digits = 0
    while (number * 10**digits).denominator != 1:
        digits += 1
    whole = abs(int(number * 10**digits))
    text = f"{whole // 10**digits}" + (f".{whole % 10**digits:0{digits}}" if digits else "")
    return ("-" if number < 0 else "") + text


def half_away(number: Fraction) -> int:
    """To a whole number; a half goes away from zero."""
    rounded = math.floor(abs(number) + Fraction(1, 2))
    return -rounded if number < 0 else rounded


def rate(prices: Json, day: Json, usage: dict[str, str], also: tuple[str, ...] = ()) -> list[Json]:
    """The lines of a day, in the order of its price list."""
    priced: dict[str, Json] = {one["item"]: one for one in prices["items"]}
    no_datakit = day["mode"] == "time_series"
    used: dict[str, Fraction] = {item: Fraction(quantity) for item, quantity in usage.items()}
    unpriced = [item for item in used if item not in priced]
    lines: list[Json] = []
    charged: list[str] = []
    for item in [*priced, *unpriced]:
        if not (used.get(item) or item in also):
            continue
        if item in prices["free"] or (item == "datakit" and no_datakit):
            continue
        if item not in priced:
            raise ValueError(f"the price list has no {item}")
        charged.append(item)
    included: int = int(used.get("datakit", Fraction(0))) * prices["allowance"] if "datakit" in charged else 0
    for item in charged:
        price, quantity = priced[item], used.get(item, Fraction(0))
        spared = min(Fraction(included), quantity) if item == "time_series" else Fraction(0)
        wanted = day["tiers"].get(item, price["usual_days"])
        tier: list[Any] = next(tier for tier in price["tiers"] if tier[0] is None or tier[0] == wanted)
        days, amount = tier
        exact: Fraction = (quantity - spared) * 100 / Fraction(price["unit"])
        quotient = Fraction(math.floor(exact + Fraction(1, 2)), 100)
        lines.append(
            {
                "item": item,
                "of_day": day["day"],
                "days": days,
                "list": prices["version"],
                "quantity": quantity,
                "billable": quantity - spared,
                "unit": price["unit"],
                "quotient": quotient,
                "billed": None,
                "price": Fraction(amount),
                "amount": quotient * Fraction(amount),
                "added": Fraction(0),
            }
        )
    return lines


def late(prices: Json, day: Json) -> list[Json]:
    """What the whole day costs less what was billed of it."""
    before = {line["item"]: line for line in rate(prices, day, day["billed"])}
    usage = {**dict.fromkeys(before, "0"), **day["usage"]}
    lines: list[Json] = []
    for line in rate(prices, day, usage, tuple(before)):
        old = before.get(line["item"])
        if old and (old["quantity"], old["billable"]) == (line["quantity"], line["billable"]):
            continue
        line["billed"] = old["quotient"] if old else Fraction(0)
        line["amount"] = (line["quotient"] - line["billed"]) * line["price"]
        line["added"] = line["quantity"] - (old["quantity"] if old else 0)
        lines.append(line)
    return lines


def compute(inputs: Json, lists: Json) -> Json:
    """Lines, exact sum and cents."""
    lines: list[Json] = []
    for day in inputs["days"]:
        prices = lists[day["list"]["digest"]]
        lines += rate(prices, day, day["usage"]) if day["billed"] is None else late(prices, day)
    exact = sum((line["amount"] for line in lines), Fraction(0))
    total = half_away(exact * 100)
    cents = [math.floor(line["amount"] * 100) for line in lines]
    by_loss = sorted(range(len(lines)), key=lambda place: cents[place] - lines[place]["amount"] * 100)
    for place in by_loss[: total - sum(cents)]:
        cents[place] += 1
    for line, minor in zip(lines, cents, strict=True):
        line["minor"] = minor
        for name in ("quantity", "billable", "price", "amount", "added"):
            line[name] = plain(line[name])
        for name in ("quotient", "billed"):
            if line[name] is not None:
                line[name] = f"{int(line[name] * 100) // 100}.{int(line[name] * 100) % 100:02}"
    return {"lines": lines, "exact": plain(exact), "minor": total}


def at(said: str) -> datetime:
    """An instant."""
    return datetime.fromisoformat(said.replace("Z", "+00:00"))


def takes(purse: Json, item: str) -> bool:
    """Whether a purse pays for an item."""
    if purse["kind"] != "card" and item in WITHOUT_VOUCHERS:
        return False
    return not purse["items"] or item in purse["items"]


def refusal(inputs: Json, purse: Json) -> tuple[str, str | None] | None:
    """What keeps a purse from the bill, and since or until when."""
    begins, ends = at(inputs["begins"]), at(inputs["ends"])
    if not purse["rest"]:
        return "empty", None
    if purse["currency"] != inputs["currency"]:
        return "other_currency", None
    if at(purse["valid_from"]) >= ends:
        return "not_yet", purse["valid_from"]
    if at(purse["valid_until"]) < ends:
        return "expired", purse["valid_until"]
    if purse["workspaces"] and inputs["workspace"] not in purse["workspaces"]:
        return "other_workspace", None
    is_kept = purse["kept_since"] and begins >= at(purse["kept_since"])
    if inputs["listing"] and is_kept and not (purse["kept_until"] and begins >= at(purse["kept_until"])):
        return "kept_from_clouds", None
    return None


def width(purse: Json) -> tuple[int, int]:
    """How narrow a purse is: for workspaces and items, for workspaces, for items, for all; then for how many."""
    return (0 if purse["workspaces"] else 2) + (0 if purse["items"] else 1), len(purse["workspaces"]) + len(
        purse["items"]
    )


class Payers:
    """Pays a bill, one after the other."""

    def __init__(self, result: Json) -> None:
        self.rest = max(result["minor"], 0)
        self.lines = [max(line["minor"], 0) for line in result["lines"]]
        self.payments: list[Json] = []

    def pay(self, kind: str, key: str, most: int, places: list[int]) -> bool:
        """Pay these lines in their order, each in full before the next; whether anything was paid."""
        parts: list[list[int]] = []
        left = most
        for place in places:
            part = min(self.lines[place], left, self.rest)
            if part:
                self.lines[place] -= part
                self.rest -= part
                left -= part
                parts.append([place, part])
        paid = most - left
        if paid:
            kept_for = "item_excluded" if paid < most and self.rest else None
            self.payments.append({"kind": kind, "key": key, "minor": paid, "lines": parts, "kept_for": kept_for})
        return bool(paid)


def order_of(purse: Json) -> tuple[Any, ...]:
    """Where a purse stands among others."""
    ends, granted = at(purse["valid_until"]), at(purse["granted_at"])
    return ORDER.index(purse["kind"]), ends, *width(purse), purse["rest"], granted, purse["number"]


def plan(inputs: Json, result: Json, had: Json) -> Json:
    """Who pays, in the order in force."""
    payers = Payers(result)
    everything = list(range(len(result["lines"])))
    unused: list[Json] = []
    payers.pay("credit", "", had["credit"], everything)
    for purse in sorted(had["purses"], key=order_of):
        reason, since = refusal(inputs, purse) or ("", None)
        places = [place for place in everything if takes(purse, result["lines"][place]["item"])]
        if not reason and result["minor"] <= 0:
            reason = "nothing_due"
        if not reason and not any(result["lines"][place]["minor"] > 0 for place in places):
            reason = "item_excluded"
        if not reason and not payers.pay(purse["kind"], str(purse["number"]), purse["rest"], places):
            reason = "order"
        if reason:
            unused.append({"purse": purse["number"], "reason": reason, "since": since})
    if inputs["listing"]:
        payers.pay("cloud_receivable", inputs["listing"], payers.rest, everything)
    else:
        payers.pay("cash", "", had["cash"], everything)
        payers.pay("receivable", "", payers.rest, everything)
    return {"order": inputs["order"], "payments": payers.payments, "unused": unused}


def differences(proof: Json) -> list[str]:
    """What of a proof does not follow from its inputs; nothing where all does."""
    inputs, archived, digests = proof["inputs"], proof["result"], proof["digests"]
    result = compute(inputs, proof["price_lists"])
    found: list[str] = []
    for place in range(max(len(archived["lines"]), len(result["lines"]))):
        old: Json = archived["lines"][place] if place < len(archived["lines"]) else {}
        new: Json = result["lines"][place] if place < len(result["lines"]) else {}
        found += [
            f"line {place + 1} ({new.get('item', old.get('item'))}), {name}: {old.get(name)} archived, {new.get(name)} recomputed"
            for name in sorted({*old, *new})
            if old.get(name) != new.get(name)
        ]
    found += [
        f"{name}: {archived[name]} archived, {result[name]} recomputed"
        for name in ("exact", "minor")
        if archived[name] != result[name]
    ]
    made = {
        "usage": digest([[day["day"], day["usage"], day["billed"]] for day in inputs["days"]]),
        "lists": digest(sorted(digest(text) for text in proof["price_lists"].values())),
        "bill": digest({"inputs": inputs, "result": result}),
    }
    if proof["had"] is not None:
        planned = plan(inputs, result, proof["had"])
        if planned != proof["plan"]:
            found.append("plan: who paid is not who had to")
        made |= {"had": digest(proof["had"]), "plan": digest(planned)}
    found += [
        f"digest of {name}: {digests[name]} archived, {of} recomputed"
        for name, of in made.items()
        if digests[name] != of
    ]
    return found


def main(path: str) -> int:
    """Check one file."""
    try:
        proof = json.loads(Path(path).read_text("utf-8"))
        found = differences(proof) if proof["format"] == FORMAT else ["format"]
    except (OSError, KeyError, TypeError, ValueError, StopIteration, AttributeError) as problem:
        print(f"{path} is no proof of a bill: {problem!r}", file=sys.stderr)
        return 2
    bill = f"{proof['code']} of {proof['inputs']['day']}: {proof['result']['minor'] / 100:.2f} {proof['inputs']['currency']}"
    print(f"{bill}\n" + ("equal" if not found else "DIFFERENT\n" + "\n".join(found)))
    return 1 if found else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    sys.exit(main(sys.argv[1]))
