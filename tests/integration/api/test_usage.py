"""`/api/v1/usage`: usage reported as CloudEvents."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest

from guance_portal.accounts.keys.rules import Scope
from guance_portal.accounts.keys.service import KeyOrder
from guance_portal.accounts.rules import Edition
from guance_portal.api.usage import BATCH, STRUCTURED
from guance_portal.metering.items import Item
from tests.factories import browser
from tests.integration.metering.conftest import Company, MovableClock, Portal

NOON = datetime(2022, 6, 1, 4, tzinfo=UTC)
TODAY = date(2022, 6, 1)
ALL = frozenset(Scope)


@pytest.fixture
def clock() -> MovableClock:
    """Noon of a summer's day in Hangzhou."""
    return MovableClock()


@pytest.fixture
def portal(services: Any, clock: MovableClock) -> Portal:
    """The portal on each database."""
    return Portal(services, clock)


@pytest.fixture
async def client(portal: Portal) -> AsyncGenerator[httpx.AsyncClient]:
    """A program that asks the portal."""
    async with portal.client() as client:
        yield client


async def key_of(portal: Portal, company: Company, scopes: frozenset[Scope] = ALL) -> str:
    """A new key of the workspace."""
    return await portal.services.api_keys.create(
        KeyOrder(
            actor=company.owner, caller=browser(), workspace_id=company.workspace_id, name="用量上报", scopes=scopes
        )
    )


def event(
    name: str = "1", item: str = "tasks", quantity: object = "12", at: datetime = NOON, **more: Any
) -> dict[str, Any]:
    """An event of the workspace's programs."""
    said = {"specversion": "1.0", "id": name, "source": "/jobs", "type": f"com.guance.usage.{item}"}
    return {**said, "time": at.isoformat(), "data": {"quantity": quantity}, **more}


async def send(client: httpx.AsyncClient, key: str, body: object, kind: str = "") -> httpx.Response:
    """Events as a batch, or one as it is."""
    kind = kind or (BATCH if isinstance(body, list) else STRUCTURED)
    headers = {"authorization": f"Bearer {key}", "content-type": kind}
    return await client.post("/api/v1/usage", content=json.dumps(body), headers=headers)


async def used(portal: Portal, company: Company, day: date = TODAY) -> dict[str, str]:
    """What counted on a day."""
    counted = await portal.services.usage_events.counted(company.workspace_id, day, day)
    return {one.item.value: amount for one, amount in counted}


async def test_a_structured_event_is_counted(portal: Portal, client: httpx.AsyncClient) -> None:
    company = await portal.open()
    answer = await send(client, await key_of(portal, company), event())
    assert (answer.status_code, answer.json()) == (
        200,
        {
            "accepted": 1,
            "repeated": 0,
            "refused": 0,
            "events": [{"source": "/jobs", "id": "1", "status": "accepted"}],
        },
    )
    assert await used(portal, company) == {"tasks": "12"}


async def test_a_binary_event_is_counted(portal: Portal, client: httpx.AsyncClient) -> None:
    company = await portal.open()
    said = event()
    headers = {f"ce-{name}": value for name, value in said.items() if name != "data"}
    headers |= {"authorization": f"Bearer {await key_of(portal, company)}", "content-type": "application/json"}
    answer = await client.post("/api/v1/usage", content=json.dumps(said["data"]), headers=headers)
    assert answer.json()["accepted"] == 1
    assert await used(portal, company) == {"tasks": "12"}


async def test_e4_the_same_event_counts_once_and_other_content_is_refused_and_reported(
    portal: Portal, client: httpx.AsyncClient
) -> None:
    company = await portal.open()
    key = await key_of(portal, company)
    answers = [await send(client, key, event(quantity=quantity)) for quantity in ("12", "12", "13")]
    assert [answer.status_code for answer in answers] == [200, 200, 409]
    assert answers[1].json()["repeated"] == 1
    assert answers[2].json()["events"][0]["reason"] == "otherContent"
    assert await used(portal, company) == {"tasks": "12"}
    reported = await portal.services.refusals.recent(company.owner)
    assert [(one.code, "/jobs 1" in one.detail) for one in reported] == [("otherContent", True)]


async def test_within_a_batch_a_repetition_counts_once_and_other_content_is_refused(
    portal: Portal, client: httpx.AsyncClient
) -> None:
    company = await portal.open()
    batch = [event(), event(), event(quantity="13"), event("2")]
    answer = await send(client, await key_of(portal, company), batch)
    assert answer.status_code == 207
    assert [one["status"] for one in answer.json()["events"]] == ["accepted", "repeated", "refused", "accepted"]
    assert await used(portal, company) == {"tasks": "24"}


async def test_of_twenty_at_once_one_counts(portal: Portal, client: httpx.AsyncClient) -> None:
    company = await portal.open()
    key = await key_of(portal, company)
    answers = await asyncio.gather(*(send(client, key, [event(), event("2")]) for _ in range(20)))
    assert sum(answer.json()["accepted"] for answer in answers) == 2
    assert {answer.status_code for answer in answers} == {200}
    assert await used(portal, company) == {"tasks": "24"}


async def test_two_workspaces_may_name_events_alike(portal: Portal, client: httpx.AsyncClient) -> None:
    one, other = await portal.open(), await portal.open()
    for company in (one, other):
        assert (await send(client, await key_of(portal, company), event())).json()["accepted"] == 1


async def test_an_event_counts_for_the_day_of_its_time_at_the_site(portal: Portal, client: httpx.AsyncClient) -> None:
    company = await portal.open()
    late, early = datetime(2022, 5, 31, 15, 59, tzinfo=UTC), datetime(2022, 5, 31, 16, tzinfo=UTC)
    await send(client, await key_of(portal, company), [event("1", at=late), event("2", quantity="5", at=early)])
    assert await used(portal, company, TODAY - timedelta(days=1)) == {"tasks": "12"}
    assert await used(portal, company) == {"tasks": "5"}


async def test_what_is_refused_keeps_nothing_else_from_being_counted(portal: Portal, client: httpx.AsyncClient) -> None:
    company = await portal.open(edition=Edition.COMMERCIAL)
    batch = [event("1"), event("2", "unheard"), event("3", at=NOON - timedelta(days=36)), event("4", quantity=1.5), 7]
    answer = await send(client, await key_of(portal, company), batch)
    reasons = [one.get("reason") for one in answer.json()["events"]]
    assert (answer.status_code, reasons) == (
        207,
        [None, "unknownItem", "tooOld", "invalidQuantity", "invalidEvent"],
    )
    assert await used(portal, company) == {"tasks": "12"}


async def test_the_free_quota_of_a_day_refuses_what_has_no_room(portal: Portal, client: httpx.AsyncClient) -> None:
    company = await portal.open()
    key = await key_of(portal, company)
    answer = await send(
        client, key, [event("1", quantity="100000"), event("2", quantity="1"), event("2", quantity="1")]
    )
    assert [one["status"] for one in answer.json()["events"]] == ["accepted", "refused", "refused"]
    portal.clock.move(days=1)
    tomorrow = NOON + timedelta(days=1)
    assert (await send(client, key, event("2", quantity="1", at=tomorrow))).json()["accepted"] == 1


async def test_what_the_free_edition_does_not_have_is_refused(portal: Portal, client: httpx.AsyncClient) -> None:
    company = await portal.open()
    answer = await send(client, await key_of(portal, company), event(item="pipelines", quantity="0.5"))
    assert (answer.status_code, answer.json()["events"][0]["reason"]) == (429, "beyondDataUsage")


async def test_a_locked_workspace_takes_events_of_days_before_the_lock_alone(
    portal: Portal, client: httpx.AsyncClient
) -> None:
    company = await portal.open(edition=Edition.COMMERCIAL)
    key = await key_of(portal, company)
    await portal.change(company, locked_at=NOON)
    refused = await send(client, key, event())
    assert (refused.status_code, refused.json()["events"][0]["reason"]) == (403, "workspaceLocked")
    assert (await send(client, key, event(at=NOON - timedelta(days=1)))).status_code == 200


async def test_an_hourly_item_counts_its_highest_hour(portal: Portal, client: httpx.AsyncClient) -> None:
    company = await portal.open()
    batch = [event(str(hours), "datakit", hours, NOON - timedelta(hours=hours)) for hours in (1, 3, 2)]
    await send(client, await key_of(portal, company), batch)
    assert await used(portal, company) == {"datakit": "3"}


@pytest.mark.parametrize("key", ["", "gck_wrong", "tkn_0"])
async def test_without_a_key_that_is_in_force_nothing_is_taken_or_told(client: httpx.AsyncClient, key: str) -> None:
    assert (await send(client, key, event())).status_code == 401
    assert (await client.get("/api/v1/usage", headers={"authorization": f"Bearer {key}"})).status_code == 401


@pytest.mark.parametrize(("method", "scope"), [("POST", Scope.WRITE_USAGE), ("GET", Scope.READ_USAGE)])
async def test_a_key_does_what_its_scopes_say(
    portal: Portal, client: httpx.AsyncClient, method: str, scope: Scope
) -> None:
    company = await portal.open()
    key = await key_of(portal, company, ALL - {scope})
    answer = await client.request(method, "/api/v1/usage", headers={"authorization": f"Bearer {key}"})
    assert (answer.status_code, answer.json()["error"]) == (403, "missingScope")


async def test_a_deleted_key_is_refused_at_once(portal: Portal, client: httpx.AsyncClient) -> None:
    company = await portal.open()
    key = await key_of(portal, company)
    assert (await send(client, key, event())).status_code == 200
    (view,) = await portal.services.api_keys.keys(company.owner)
    await portal.services.api_keys.delete(company.owner, view.id, browser())
    assert (await send(client, key, event("2"))).status_code == 401


@pytest.mark.parametrize(
    ("body", "kind", "status", "code"),
    [
        ("{", STRUCTURED, 400, "invalidJson"),
        ("[" * 100_000, BATCH, 400, "invalidJson"),
        ("{}", BATCH, 400, "invalidBatch"),
        ("[]", BATCH, 400, "emptyBatch"),
        (json.dumps([{}] * 1_001), BATCH, 413, "tooManyEvents"),
        ("{}", "text/plain", 415, "unsupportedContentType"),
    ],
    ids=["no JSON", "too deep", "no batch", "empty", "too many", "type"],
)
async def test_a_body_that_holds_no_events_says_why(
    portal: Portal, client: httpx.AsyncClient, body: str, kind: str, status: int, code: str
) -> None:
    key = await key_of(portal, await portal.open())
    headers = {"authorization": f"Bearer {key}", "content-type": kind}
    answer = await client.post("/api/v1/usage", content=body, headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (status, code)


async def test_usage_is_told_per_day_and_item(portal: Portal, client: httpx.AsyncClient) -> None:
    company = await portal.open()
    key = await key_of(portal, company)
    await send(client, key, [event("1"), event("2", "sms", "0")])
    answer = await client.get(
        "/api/v1/usage",
        params={"from": "2022-06-01", "to": "2022-06-02"},
        headers={"authorization": f"Bearer {key}"},
    )
    assert {"day": "2022-06-01", "item": Item.TASKS.value, "edition": "free", "quantity": "12"} in answer.json()[
        "usage"
    ]


@pytest.mark.parametrize(
    "period", [{}, {"from": "2022-06-02", "to": "2022-06-01"}, {"from": "2020-01-01", "to": "2022-06-01"}]
)
async def test_a_period_that_is_none_is_refused(
    portal: Portal, client: httpx.AsyncClient, period: dict[str, str]
) -> None:
    key = await key_of(portal, await portal.open())
    answer = await client.get("/api/v1/usage", params=period, headers={"authorization": f"Bearer {key}"})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalidPeriod")
