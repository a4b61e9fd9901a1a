"""`GET /api/v1/bills`: the bills of a workspace for its own programs."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import httpx
import jsonschema
import pytest

from guance_portal.accounts.keys.rules import Scope
from guance_portal.api.front import front
from guance_portal.bootstrap import Services
from guance_portal.core.actor import Actor, Realm
from guance_portal.metering.items import Item
from tests.factories import browser
from tests.integration.metering.conftest import no_reflex
from tests.support.api_keys import ALL, api_key
from tests.support.closes import FIRST, Billed, billed, end_day
from tests.unit.api.test_usage_description import schema

LAST = FIRST + timedelta(days=4)
PERIOD = {"from": FIRST.isoformat(), "to": LAST.isoformat()}


@pytest.fixture
async def here(services: Services) -> Billed:
    """A company with 20.00 in cash, and bills of five days: 15.00, 4.50 with 6.00 that came late, then nothing."""
    company = await billed(services, recharge=20_00)
    await company.use({Item.LOGS: 10_000_000})
    await end_day(services)
    await company.use({Item.LOGS: 4_000_000})
    await company.use({Item.LOGS: 3_000_000}, FIRST + timedelta(days=1))
    await end_day(services, LAST)
    return company


@pytest.fixture
async def client() -> AsyncGenerator[httpx.AsyncClient]:
    """A program that asks the portal."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(front(no_reflex)), base_url="http://localhost") as found:
        yield found


async def ask(client: httpx.AsyncClient, key: str, **asked: str) -> httpx.Response:
    """Bills of a time."""
    return await client.get("/api/v1/bills", params={**PERIOD, **asked}, headers={"authorization": f"Bearer {key}"})


async def key_of(company: Billed, workspace_id: str = "", scopes: frozenset[Scope] = ALL) -> str:
    """A key of the company's workspace, or of another one of it."""
    return await api_key(company.services, company.owner_id, workspace_id or company.workspace_id, scopes)


async def test_a_bill_is_told_with_every_step_and_what_paid(here: Billed, client: httpx.AsyncClient) -> None:
    answer = await ask(client, await key_of(here, scopes=frozenset({Scope.READ_BILLS})))
    told = answer.json()
    jsonschema.validate(told, schema("Bills"))
    first, second = told["bills"][:2]
    assert [one["amount"] for one in told["bills"]] == ["15.00", "10.50", "0.00", "0.00", "0.00"]
    assert (first["paid"], second["paid"]) == ({"cash": "15.00"}, {"cash": "5.00", "receivable": "5.50"})
    assert [
        (line["day"], line["quotient"], line["billed_before"], line["exact"], line["amount"])
        for line in second["lines"]
    ] == [("2026-07-02", "3.00", None, "4.5", "4.50"), ("2026-07-01", "14.00", "10.00", "6", "6.00")]
    assert (first["day"], first["hours"], first["method"], told["next"]) == ("2026-07-01", 24, "enterprise", None)


async def test_the_steps_of_a_line_and_the_sum_of_lines_can_be_computed_from_what_is_told(
    here: Billed, client: httpx.AsyncClient
) -> None:
    for bill in (await ask(client, await key_of(here))).json()["bills"]:
        for line in bill["lines"]:
            quotient = Decimal(line["quotient"]) - Decimal(line["billed_before"] or 0)
            assert quotient * Decimal(line["price"]) == Decimal(line["exact"])
        assert sum(Decimal(line["amount"]) for line in bill["lines"]) == Decimal(bill["amount"])
        if bill["paid"]:
            assert sum(map(Decimal, bill["paid"].values())) == Decimal(bill["amount"])


async def test_pages_together_are_all_bills_once(here: Billed, client: httpx.AsyncClient) -> None:
    key, found, asked = await key_of(here), list[dict[str, Any]](), {"limit": "2"}
    pages = 0
    while pages < 5:
        page = (await ask(client, key, **asked)).json()
        pages += 1
        found += page["bills"]
        if not page["next"]:
            break
        asked["after"] = page["next"]
    assert (pages, found) == (3, (await ask(client, key)).json()["bills"])


async def test_a_bill_that_waits_says_that_nothing_is_paid_yet(here: Billed, client: httpx.AsyncClient) -> None:
    await here.wallet.stop()
    day = LAST + timedelta(days=1)
    await here.use({Item.LOGS: 1_000_000}, day)
    await end_day(here.services, day)
    (bill,) = (await ask(client, await key_of(here), **{"from": day.isoformat(), "to": day.isoformat()})).json()[
        "bills"
    ]
    assert (bill["state"], bill["amount"], bill["paid"]) == ("waiting", "1.50", None)


async def test_a_key_reads_the_bills_of_its_workspace_alone(here: Billed, client: httpx.AsyncClient) -> None:
    other = await here.workspace()
    foreign = (await ask(client, await key_of(here))).json()["bills"][0]["code"]
    key = await key_of(here, other)
    assert (await ask(client, key)).json()["bills"] == []
    answer = await ask(client, key, after=foreign)
    assert (answer.status_code, answer.json()["error"]) == (400, "unknownBill")


async def test_without_the_scope_or_with_a_deleted_key_nothing_is_told(here: Billed, client: httpx.AsyncClient) -> None:
    refused = await ask(client, await key_of(here, scopes=ALL - {Scope.READ_BILLS}))
    assert (refused.status_code, refused.json()["error"]) == (403, "missingScope")
    key = await key_of(here)
    assert (await ask(client, key)).status_code == 200
    actor = _owner(here)
    for view in await here.services.api_keys.keys(actor):
        await here.services.api_keys.delete(actor, view.id, browser())
    gone = await ask(client, key)
    assert (gone.status_code, json.loads(gone.text)["error"]) == (401, "invalidKey")


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"from": ""}, "invalidPeriod"),
        ({"from": "2026-07-09", "to": "2026-07-01"}, "invalidPeriod"),
        ({"from": "2024-01-01"}, "invalidPeriod"),
        ({"limit": "0"}, "invalidLimit"),
        ({"limit": "201"}, "invalidLimit"),
        ({"limit": "ten"}, "invalidLimit"),
        ({"limit": "9" * 500}, "invalidLimit"),
        ({"limit": "0000000001999"}, "invalidLimit"),
        ({"after": "B20260701-" + "0" * 500}, "unknownBill"),
    ],
    ids=["no day", "backwards", "too long", "none", "too many", "no number", "huge", "many digits", "no bill"],
)
async def test_what_cannot_be_asked_is_refused_by_name(
    here: Billed, client: httpx.AsyncClient, asked: dict[str, str], code: str
) -> None:
    answer = await ask(client, await key_of(here), **asked)
    assert (answer.status_code, answer.json()["error"]) == (400, code)


def _owner(company: Billed) -> Actor:
    return Actor(
        realm=Realm.CONSOLE, subject_id=company.owner_id, session_id="sess_1", workspace_id=company.workspace_id
    )
