"""What a DataKit asks beside sending data, answered as its client reads it."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from typing import Any

import httpx
import pytest

from guance_portal.accounts.rules import Edition
from guance_portal.api.gateway.calls import ROUTES
from guance_portal.core.limit_keys import of_workspace
from guance_portal.core.rate_limits import LIMITS
from guance_portal.metering.elections import INTERVAL, LEASE, MAX_NAMESPACES, ElectionService
from tests.integration.metering.conftest import NOON, Company, MovableClock, Portal
from tests.integration.metering.sending import send

CALLS = [
    ("POST", "/v1/election?namespace=default&id=web-01"),
    ("POST", "/v1/election/heartbeat?namespace=default&id=web-01"),
    ("POST", "/v1/workspace"),
    ("GET", "/v1/workspace"),
    ("POST", "/v1/datakit/usage_trace"),
    ("GET", "/v1/datakit/pull?filters=true"),
    ("GET", "/v1/ntp"),
    ("GET", "/v1/check/token/{token}"),
]


async def call(gateway: httpx.AsyncClient, method: str, address: str, token: str) -> httpx.Response:
    """One call with a token, where that call has it."""
    if "{token}" not in address:
        address += ("&" if "?" in address else "?") + "token={token}"
    return await gateway.request(method, address.replace("{token}", token))


async def stand(gateway: httpx.AsyncClient, company: Company, name: str, namespace: str = "default") -> dict[str, Any]:
    answer = await call(gateway, "POST", f"/v1/election?namespace={namespace}&id={name}", company.token)
    assert answer.status_code == 200
    return answer.json()["content"]


async def beat(gateway: httpx.AsyncClient, company: Company, name: str, namespace: str = "default") -> dict[str, Any]:
    answer = await call(gateway, "POST", f"/v1/election/heartbeat?namespace={namespace}&id={name}", company.token)
    assert answer.status_code == 200
    return answer.json()["content"]


def test_every_call_is_tried_below() -> None:
    tried = {address.partition("?")[0].replace("{token}", "{token:path}") for _, address in CALLS}
    assert {route.path for route in ROUTES} == tried


@pytest.mark.parametrize(("method", "address"), CALLS)
async def test_every_call_needs_a_token_that_is_in_force(
    portal: Portal, gateway: httpx.AsyncClient, method: str, address: str
) -> None:
    company = await portal.open()
    assert (await call(gateway, method, address, company.token)).status_code == 200
    for wrong in ("tkn_" + "0" * 32, "x", "a/b"):
        answer = await call(gateway, method, address, wrong)
        assert (answer.status_code, answer.json()["error_code"]) == (403, "gateway.tokenNotFound")


@pytest.mark.parametrize(("method", "address"), CALLS)
async def test_a_workspace_that_asks_too_often_is_told_to_come_again(
    portal: Portal, gateway: httpx.AsyncClient, method: str, address: str
) -> None:
    company, other = await portal.open(), await portal.open()
    for _ in range(LIMITS["datakit_calls_per_workspace"].amount):
        await portal.services.rate_limits.hit("datakit_calls_per_workspace", of_workspace(company.workspace_id))
    answer = await call(gateway, method, address, company.token)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert (await call(gateway, method, address, other.token)).status_code == 200


async def test_a_dial_test_reads_whether_its_token_is_in_force(portal: Portal, gateway: httpx.AsyncClient) -> None:
    company = await portal.open()
    right = await gateway.get(f"/v1/check/token/{company.token}")
    assert (right.status_code, right.json()["code"], right.json()["errorCode"]) == (200, 200, "")
    wrong = await gateway.get("/v1/check/token/tkn_wrong")
    assert (wrong.status_code, wrong.json()["code"], wrong.json()["errorCode"]) == (403, 403, "tokenNotFound")


async def test_the_time_is_the_machines(portal: Portal, gateway: httpx.AsyncClient) -> None:
    company = await portal.open()
    answer = await call(gateway, "GET", "/v1/ntp", company.token)
    assert abs(answer.json()["timestamp_sec"] - time.time()) < 5


async def test_a_pull_changes_nothing_and_is_asked_for_every_minute(portal: Portal, gateway: httpx.AsyncClient) -> None:
    company = await portal.open()
    for asked in ("filters=true", "remote_pipelines=true&ts=0&relation_ts=0", "kv=true&&version=0"):
        pulled = (await call(gateway, "GET", f"/v1/datakit/pull?{asked}", company.token)).json()
        assert (pulled["filters"], pulled["pull_interval"]) == ({}, 60 * 10**9)
        assert pulled["remote_pipelines"]["update_time"] == 0
        assert pulled["remote_pipelines"]["relation_update_time"] == -1
        assert pulled["kv"]["version"] == 0


async def test_a_datakit_learns_its_workspace_and_what_it_sent_today(
    portal: Portal, gateway: httpx.AsyncClient
) -> None:
    company = await portal.open()
    await send(gateway, company, "metric", "\n".join(f"m,n={n} f=1" for n in range(3_000)))
    await send(gateway, company, "logging", "a f=1\nb f=1")
    [told] = (await call(gateway, "POST", "/v1/workspace", company.token)).json()["content"]
    assert told["token"]["ws_uuid"] == company.workspace_id
    assert (told["token"]["ver_type"], told["token"]["bill_state"]) == ("free", "normal")
    assert told["data_usage"] == {
        "data_metric": 3_000,
        "data_logging": 2,
        "data_tracing": 0,
        "data_rum": 0,
        "is_over_usage": True,
    }
    await portal.change(company, edition=Edition.COMMERCIAL, locked_at=NOON)
    [told] = (await call(gateway, "POST", "/v1/workspace", company.token)).json()["content"]
    assert (told["token"]["ver_type"], told["token"]["bill_state"]) == ("pay", "locked")
    assert told["data_usage"]["is_over_usage"] is False


async def test_one_datakit_of_a_namespace_is_elected_and_the_others_are_told_which(
    portal: Portal, gateway: httpx.AsyncClient
) -> None:
    company, other = await portal.open(), await portal.open()
    assert await stand(gateway, company, "web-01") == {
        "status": "success",
        "namespace": "default",
        "id": "web-01",
        "incumbency_id": "web-01",
        "interval": INTERVAL.seconds,
    }
    second = await stand(gateway, company, "web-02")
    assert (second["status"], second["incumbency_id"]) == ("defeat", "web-01")
    assert (await stand(gateway, company, "web-01"))["status"] == "success"
    assert (await stand(gateway, company, "web-02", "db"))["status"] == "success"
    assert (await stand(gateway, other, "web-02"))["status"] == "success"
    assert (await beat(gateway, company, "web-01"))["status"] == "success"
    assert (await beat(gateway, company, "web-02"))["status"] == "defeat"
    assert (await beat(gateway, company, "web-01", "cache"))["incumbency_id"] == ""


async def test_a_lease_ends_without_heartbeats_and_is_taken_over(portal: Portal) -> None:
    company, clock = await portal.open(), MovableClock()
    elections = ElectionService(portal.services.database, clock)
    assert (await elections.stand(company.workspace_id, "default", "web-01")).is_elected
    for _ in range(5):
        clock.moment += LEASE - timedelta(seconds=1)
        assert (await elections.heartbeat(company.workspace_id, "default", "web-01")).is_elected
        assert not (await elections.stand(company.workspace_id, "default", "web-02")).is_elected
    clock.moment += LEASE
    assert (await elections.stand(company.workspace_id, "default", "web-02")).is_elected
    old = await elections.heartbeat(company.workspace_id, "default", "web-01")
    assert (old.is_elected, old.holder) == (False, "web-02")


async def test_of_many_that_stand_at_once_one_is_elected_by_all_processes(portal: Portal) -> None:
    company = await portal.open()
    processes = [ElectionService(portal.services.database, MovableClock()) for _ in range(4)]
    for moment in (NOON, NOON + 2 * LEASE):  # for the first time, and when a lease has ended
        for process in processes:
            process._clock.moment = moment  # pyright: ignore[reportAttributeAccessIssue, reportPrivateUsage]
        results = await asyncio.gather(
            *(processes[n % 4].stand(company.workspace_id, "default", f"web-{n}-{moment}") for n in range(16))
        )
        assert sum(result.is_elected for result in results) == 1
        assert len({result.holder for result in results}) == 1


async def test_a_workspace_has_so_many_namespaces_and_no_more(portal: Portal, gateway: httpx.AsyncClient) -> None:
    company = await portal.open()
    for number in range(MAX_NAMESPACES):
        await portal.services.elections.stand(company.workspace_id, f"n{number}", "web-01")
    answer = await call(gateway, "POST", "/v1/election?namespace=new&id=web-01", company.token)
    assert (answer.status_code, answer.json()["error_code"]) == (403, "gateway.tooManyNamespaces")
    assert (await stand(gateway, company, "web-01", "n0"))["status"] == "success"


@pytest.mark.parametrize("query", ["namespace=default", "namespace=default&id=", "id=" + "x" * 129, "id=x%00"])
async def test_an_election_needs_a_name_that_can_be_kept(
    portal: Portal, gateway: httpx.AsyncClient, query: str
) -> None:
    company = await portal.open()
    answer = await call(gateway, "POST", f"/v1/election?{query}", company.token)
    assert (answer.status_code, answer.json()["error_code"]) == (400, "gateway.invalidElection")


async def test_leases_that_ended_long_ago_are_forgotten(portal: Portal) -> None:
    company, clock = await portal.open(), MovableClock()
    elections = ElectionService(portal.services.database, clock)
    await elections.stand(company.workspace_id, "default", "web-01")
    clock.move(hours=25)
    await elections.delete_old()
    assert (await elections.heartbeat(company.workspace_id, "default", "web-01")).holder == ""


@pytest.mark.parametrize(("method", "address"), CALLS)
async def test_the_token_reaches_no_log(
    portal: Portal,
    gateway: httpx.AsyncClient,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    method: str,
    address: str,
) -> None:
    company = await portal.open()
    for token in (company.token, "guessed-by-somebody"):
        await call(gateway, method, address, token)
    written = "".join(capsys.readouterr()) + "".join(
        record.getMessage() for record in caplog.records if not record.name.startswith("httpx")
    )
    assert address.partition("?")[0].partition("{")[0] in written
    assert company.token not in written
    assert "guessed-by-somebody" not in written
