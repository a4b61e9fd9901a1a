"""Bills are computed again from their proofs, by the portal and by a program that shares no code with it."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from typer.testing import CliRunner

from guance_portal.accounts.rules import Edition
from guance_portal.billing import price_lists
from guance_portal.billing.bills.frozen_text import canonical, day_text, digest, list_digest, list_text, moment
from guance_portal.billing.bills.making import made_digests, result_text
from guance_portal.billing.bills.recompute import FORMAT, UnreadableProofError, recompute
from guance_portal.billing.bills.rules import ROUNDING, FrozenDay, compute, usual_tiers
from guance_portal.billing.rules import Mode
from guance_portal.cli import app
from guance_portal.core.money import Currency
from guance_portal.ledger.chart import Kind
from guance_portal.metering.items import Item
from guance_portal.wallet import plan_text
from guance_portal.wallet.rules import ORDER, Bill, Means, PayableLine, Purse, plan
from tests.support.sizes import seeded, size
from tools import verify_bill

COUNT = size(120, 1_000)
BEGINS = datetime(2026, 7, 16, 16, tzinfo=UTC)
LISTS = [one for one in price_lists.all_lists() if one.currency is Currency.CNY]


def proof(chance: Random) -> dict[str, Any]:
    """The proof of a bill that might be."""
    prices = chance.choice(LISTS)
    items = chance.sample(list(prices.prices), chance.randint(0, min(6, len(prices.prices))))
    mode = chance.choice(list(Mode))
    day = FrozenDay(
        day=BEGINS.date() + timedelta(days=1),
        hours=24,
        edition=Edition.COMMERCIAL,
        mode=mode,
        prices=prices,
        tiers=usual_tiers(prices),
        usage={item: chance.randint(0, 90_000_000) for item in items},
    )
    before = replace(day, day=BEGINS.date())
    later = {item: before.usage.get(item, 0) + chance.randint(0, 10_000_000) for item in [*items, Item.LOGS]}
    late = before.with_late(later, dict.fromkeys(later, BEGINS))
    days = [day, *([late] if chance.random() < 0.5 else [])]
    computed = compute(days, Currency.CNY)
    inputs = {
        "workspace": "wksp_1",
        "day": "2026-07-17",
        "begins": moment(BEGINS),
        "ends": moment(BEGINS + timedelta(days=1)),
        "currency": "CNY",
        "listing": chance.choice(("", "aliyun-cn")),
        "rounding": ROUNDING,
        "order": ORDER,
        "days": [day_text(one) for one in days],
    }
    means = Means(
        credit=chance.choice((0, 0, 77)),
        cash=chance.randint(0, 50_000),
        debt=0,
        purses=tuple(_purse(number, chance) for number in range(1, chance.randint(1, 7))),
    )
    bill = Bill(
        workspace="wksp_1",
        currency=Currency.CNY,
        begins=BEGINS,
        ends=BEGINS + timedelta(days=1),
        lines=tuple(PayableLine(line.item.value, line.minor) for line in computed.lines),
        listing=str(inputs["listing"]),
    )
    result, had = result_text(computed), plan_text.kept_means(means)
    made = plan_text.kept(plan(bill, means.purses, credit=means.credit, cash=means.cash))
    said = {
        "format": FORMAT,
        "code": "B20260717-0",
        "inputs": inputs,
        "price_lists": {list_digest(prices): list_text(prices)},
        "result": result,
        "digests": {**made_digests(inputs, result), "had": digest(had), "plan": digest(made)},
        "had": had,
        "plan": made,
    }
    return json.loads(canonical(said))


def _purse(number: int, chance: Random) -> Purse:
    return Purse(
        number=number,
        kind=chance.choice((Kind.VOUCHER, Kind.BONUS_VOUCHER, Kind.CARD)),
        currency=Currency.CNY,
        rest=chance.choice((0, 1_00, 35_71, 100_00)),
        valid_from=BEGINS - timedelta(days=chance.choice((30, 3, -2))),
        valid_until=BEGINS + timedelta(days=chance.choice((0, 1, 1, 200))),
        granted_at=BEGINS - timedelta(days=30),
        workspaces=frozenset(chance.choice(((), (), ("wksp_1",), ("wksp_2",)))),
        items=frozenset(chance.choice(((), (), ("logs",), ("sms", "logs")))),
        kept_since=chance.choice((None, BEGINS)),
    )


def test_bills_come_out_equal_by_the_portal_and_by_the_other_program() -> None:
    chance = seeded("proofs")
    for _ in range(COUNT):
        one = proof(chance)
        assert str(recompute(one)).count("DIFFERENT") == 0
        assert verify_bill.differences(one) == []


def test_one_changed_digit_is_found_wherever_it_is() -> None:
    chance = seeded("digits")
    for _ in range(COUNT):
        one = proof(chance)
        places = list(
            _numbers({name: one[name] for name in ("inputs", "price_lists", "result", "digests", "had", "plan")})
        )
        if not places:
            continue
        changed = copy.deepcopy(one)
        path = chance.choice(places)
        _change(changed, path, chance)
        assert _is_found(changed), path


def test_the_first_difference_is_named_by_its_line_and_part() -> None:
    chance = seeded("named")
    one = next(found for found in iter(lambda: proof(chance), None) if len(found["result"]["lines"]) > 1)
    one["result"]["lines"][1]["quantity"] += "0"
    outcome = recompute(one)
    assert outcome.first
    assert (outcome.first.place, outcome.first.field) == (1, "quantity")
    item = one["result"]["lines"][1]["item"]
    assert verify_bill.differences(one)[0].startswith(f"line 2 ({item}), quantity: ")


@pytest.mark.parametrize("broken", [{}, {"format": "other"}, {"format": FORMAT}, {"format": FORMAT, "inputs": []}])
def test_what_is_no_proof_is_refused(broken: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(UnreadableProofError):
        recompute(broken)
    file = tmp_path / "bill.json"
    file.write_text(json.dumps(broken))
    assert CliRunner().invoke(app, ["bill", "verify", str(file)]).exit_code == 2


def test_the_command_and_the_program_say_equal_or_different(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, one = tmp_path / "bill.json", proof(seeded("command"))
    file.write_text(json.dumps(one))
    assert CliRunner().invoke(app, ["bill", "verify", str(file)]).output.endswith("\nequal\n")
    assert verify_bill.main(str(file)) == 0
    one["result"]["minor"] += 15
    file.write_text(json.dumps(one))
    said = CliRunner().invoke(app, ["bill", "verify", str(file)])
    assert (said.exit_code, "DIFFERENT  total" in said.output) == (1, True)
    assert verify_bill.main(str(file)) == 1
    assert "minor:" in capsys.readouterr().out


def _is_found(changed: dict[str, Any]) -> bool:
    """Whether both say that something is wrong; a proof that cannot be read any more is wrong too."""
    try:
        by_portal = not recompute(changed).is_equal
    except UnreadableProofError:
        by_portal = True
    try:
        by_program = bool(verify_bill.differences(changed))
    except (KeyError, ValueError, StopIteration, TypeError):
        by_program = True
    return by_portal and by_program


def _numbers(said: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where numbers stand, or texts that hold one."""
    if isinstance(said, dict):
        for name, value in said.items():  # pyright: ignore[reportUnknownVariableType]
            yield from _numbers(value, (*path, name))  # pyright: ignore[reportUnknownArgumentType]
    elif isinstance(said, list):
        for place, value in enumerate(said):  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
            yield from _numbers(value, (*path, place))
    elif (isinstance(said, int) and not isinstance(said, bool)) or (isinstance(said, str) and said[:1].isdigit()):
        yield path


def _change(said: Any, path: tuple[Any, ...], chance: Random) -> None:
    for step in path[:-1]:
        said = said[step]
    value = said[path[-1]]
    if isinstance(value, int):
        said[path[-1]] = value + chance.randint(1, 9)
        return
    places = [place for place, character in enumerate(value) if character.isdigit()]
    place = chance.choice(places)
    other = str((int(value[place]) + chance.randint(1, 9)) % 10)
    said[path[-1]] = value[:place] + other + value[place + 1 :]
