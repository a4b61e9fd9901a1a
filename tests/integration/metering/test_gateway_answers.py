"""Answers by which each kind of sender knows what to do, and what a workspace's people are told of refusals."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from guance_portal.accounts.rules import Edition, Role
from guance_portal.api.cross_origin import OPEN_TO_BROWSERS
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.errors import NotAllowedError
from guance_portal.core.metrics import exposition
from guance_portal.metering import refusals
from guance_portal.metering.categories import Category
from guance_portal.metering.items import Item
from guance_portal.metering.refusals import RECENT, LastRefusal, RefusalService
from guance_portal.metering.tokens import Grace
from tests.integration.metering.conftest import NOON, Company, Portal
from tests.integration.metering.sending import send, used

DATAKIT = "datakit-linux-amd64/1.84.1/yunfan-web-01"
BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36"
TOO_MANY = "\n".join(f"m,n={n} f=1" for n in range(3_001))


@pytest.fixture
async def company(portal: Portal) -> Company:
    """A free workspace."""
    return await portal.open()


async def told(portal: Portal, company: Company, role: Role = Role.READONLY) -> list[tuple[str, str]]:
    """Category and reason of the recent refusals, as a member sees them."""
    return [(one.category, one.code) for one in await portal.services.refusals.recent(company.people[role])]


@pytest.mark.parametrize(
    ("sender", "status"),
    [
        (DATAKIT, 403),
        ("datakit-windows-amd64/1.32.0/WIN-7", 403),
        ("datakit-darwin-arm64/1.84.1/mac datakit/1", 403),
        (BROWSER, 429),
        ("python-httpx/0.28", 429),
        ("telegraf/1.30 datakit-linux-amd64/1.84.1", 429),
        ("datakit", 429),
        ("", 429),
    ],
)
async def test_over_quota_a_datakit_gets_403_and_everybody_else_429(
    gateway: httpx.AsyncClient, company: Company, sender: str, status: int
) -> None:
    answer = await send(gateway, company, "metric", TOO_MANY, user_agent=sender)
    assert answer.status_code == status
    assert "beyondDataUsage" in answer.text
    assert int(answer.headers["retry-after"]) == 12 * 3600


async def test_the_newer_categories_of_datakit_are_taken_and_counted_as_decided(
    portal: Portal, gateway: httpx.AsyncClient, company: Company
) -> None:
    for name in ("siem_logging", "langfuse-v2", "agent_llm", "object_change"):
        answer = await send(gateway, company, name, "a f=1\nb f=1", user_agent=DATAKIT)
        assert (answer.status_code, answer.json()["accepted"]) == (200, 2), name
    assert (await send(gateway, company, "metrics", "cpu,host=a f=1")).status_code == 200
    assert (await send(gateway, company, "metric", "cpu,host=a f=2")).status_code == 200
    # Security logs are 日志类; the price list knows nothing of language models or changes of objects.
    assert await used(portal, company) == {Item.LOGS: 2, Item.TIME_SERIES: 1}


async def test_dial_tests_of_a_customers_own_nodes_count_as_logs(
    portal: Portal, gateway: httpx.AsyncClient, company: Company
) -> None:
    answer = await send(
        gateway, company, "logging", 'http_dial_testing status="OK"', user_agent=DATAKIT, x_sub_category="dialtesting"
    )
    assert answer.status_code == 200
    assert await used(portal, company) == {Item.LOGS: 1}


@pytest.mark.parametrize(
    ("category", "body", "headers", "expected"),
    [
        ("metric", TOO_MANY, {}, ("metric", "beyondDataUsage")),
        ("logging", "a f=1\nb f=", {}, ("logging", "invalidLine")),
        ("logging", "", {}, ("logging", "emptyBody")),
        ("logging", "a f=1", {"content_encoding": "gzip"}, ("logging", "invalidGzip")),
        ("logging", "a f=1", {"content_type": "application/json"}, ("logging", "unsupportedContentType")),
        ("logging", "a f=1", {"content_encoding": "br"}, ("logging", "unsupportedEncoding")),
        ("logging", "a f=1", {"x_pkg_id": "x" * 201}, ("logging", "invalidPackageId")),
        ("logging", "#" * 11_000_000, {}, ("logging", "bodyTooLarge")),
        ("nonsense-of-mine", "a f=1", {}, ("", "invalidCategory")),
        ("metrics", "m f=", {}, ("metric", "invalidLine")),
    ],
    ids=lambda value: str(value)[:20],
)
async def test_permanent_refusals_are_shown_to_the_workspaces_members(
    portal: Portal,
    gateway: httpx.AsyncClient,
    company: Company,
    category: str,
    body: str,
    headers: dict[str, str],
    expected: tuple[str, str],
) -> None:
    other = await portal.open()
    before = (await portal.services.usage.versions([company.workspace_id]))[company.workspace_id]
    answer = await send(gateway, company, category, body, **headers)
    assert 400 <= answer.status_code < 500
    for role in Role:
        assert await told(portal, company, role) == [expected]
    assert await told(portal, other) == []
    # Those who watch the meter are woken.
    assert (await portal.services.usage.versions([company.workspace_id]))[company.workspace_id] > before


async def test_a_refusal_says_when_and_what_was_wrong(
    portal: Portal, gateway: httpx.AsyncClient, company: Company
) -> None:
    await send(gateway, company, "logging", "a f=1\nb f=")
    assert await portal.services.refusals.recent(company.owner) == [
        LastRefusal("invalidLine", "logging", "line 2: failed to parse value of field", NOON)
    ]


async def test_data_of_a_token_that_was_replaced_is_told_to_its_workspace(
    portal: Portal, gateway: httpx.AsyncClient, company: Company
) -> None:
    await portal.services.tokens.replace(company.owner, Grace.NONE)
    answer = await send(gateway, company, "metric", "m f=1")
    unknown = await gateway.post("/v1/write/metric", params={"token": "tkn_unknown"}, content="m f=1")
    assert (answer.status_code, answer.content) == (unknown.status_code, unknown.content)
    assert await told(portal, company) == [("metric", "tokenNotFound")]


async def test_what_will_be_sent_again_is_not_told(
    portal: Portal, gateway: httpx.AsyncClient, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("guance_portal.api.pace.BODY_GRACE", 0.05)

    async def stall():  # noqa: ANN202 - what httpx sends
        yield b"m f=1"
        await asyncio.Event().wait()

    answer = await gateway.post("/v1/write/metric", params={"token": company.token}, content=stall())
    assert (answer.status_code, answer.json()["error_code"]) == (503, "gateway.bodyTimeout")
    assert await told(portal, company) == []


async def test_a_sender_refused_at_every_request_is_noted_every_ten_seconds(
    portal: Portal, gateway: httpx.AsyncClient, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    await send(gateway, company, "logging", "first f=")
    portal.clock.move(minutes=1)
    await send(gateway, company, "logging", "second f=")
    [noted] = await portal.services.refusals.recent(company.owner)
    assert noted.refused_at == NOON
    await send(gateway, company, "tracing", "another f=")  # of another category
    assert len(await portal.services.refusals.recent(company.owner)) == 2
    monkeypatch.setattr(refusals, "WRITE_EVERY", 0.0)
    await send(gateway, company, "logging", "third f=")
    newest, _ = await portal.services.refusals.recent(company.owner)
    assert (newest.category, newest.refused_at) == ("logging", portal.clock.now())


async def test_many_senders_do_not_make_the_notes_of_a_process_grow_without_end(portal: Portal) -> None:
    company = await portal.open()
    service = RefusalService(portal.services.database, portal.clock)
    for number in range(refusals._MOST_KEYS):
        service._noted[(str(number), "", "")] = 0.0
    await service.note(company.workspace_id, "invalidLine", "metric", "x" * 5_000)
    assert len(service._noted) == 1
    [noted] = await service.recent(company.owner)
    assert len(noted.detail) == refusals.LONGEST_DETAIL


async def test_a_refusal_is_told_for_an_hour(portal: Portal, gateway: httpx.AsyncClient, company: Company) -> None:
    await send(gateway, company, "logging", "a f=")
    portal.clock.moment = NOON + RECENT
    assert await told(portal, company) == []
    await portal.services.refusals.delete_old()
    portal.clock.moment = NOON
    assert len(await told(portal, company)) == 1
    portal.clock.move(days=3)
    await portal.services.refusals.delete_old()
    portal.clock.moment = NOON
    assert await told(portal, company) == []


async def test_a_lock_is_told_until_it_is_taken_off(
    portal: Portal, gateway: httpx.AsyncClient, company: Company
) -> None:
    await portal.change(company, locked_at=NOON)
    assert (await send(gateway, company, "metric", "m f=1")).status_code == 403
    assert await told(portal, company) == [("metric", "workspaceLocked")]
    await portal.change(company, locked_at=None)
    assert await told(portal, company) == []


async def test_a_full_quota_is_told_until_midnight_or_the_upgrade(
    portal: Portal, gateway: httpx.AsyncClient, company: Company
) -> None:
    portal.clock.move(hours=11, minutes=30)  # 23:30 in Hangzhou
    await send(gateway, company, "metric", TOO_MANY)
    assert await told(portal, company) == [("metric", "beyondDataUsage")]
    portal.clock.move(minutes=30)
    assert await told(portal, company) == []
    portal.clock.move(minutes=-1)
    await portal.change(company, edition=Edition.COMMERCIAL)
    assert await told(portal, company) == []


async def test_somebody_else_is_told_nothing(portal: Portal, company: Company) -> None:
    stranger = Actor(realm=Realm.CONSOLE, subject_id="user_x", session_id="sess", workspace_id=company.workspace_id)
    with pytest.raises(NotAllowedError):
        await portal.services.refusals.recent(stranger)


async def test_every_answer_at_an_open_address_may_be_read_by_other_sites(
    portal: Portal, gateway: httpx.AsyncClient, company: Company
) -> None:
    params = {"token": company.token}
    for path in sorted(OPEN_TO_BROWSERS - {"/v1/write/rum/replay"}):
        for answer in (
            await gateway.post(path, params=params, content="view f=1"),
            await gateway.post(f"{path}/", params=params, content="view f=1"),
            await gateway.post(path, params=params, content="view f="),
            await gateway.post(path, content="view f=1"),
            await gateway.post(path, params=params, content=b"#" * 21_000_000),
            await gateway.get(path, params=params),
            await gateway.put(path, params=params),
            await gateway.post(path, params=params, content="view f=1", headers={"host": "elsewhere.example"}),
        ):
            assert answer.headers["access-control-allow-origin"] == "*", answer
            assert answer.headers["cross-origin-resource-policy"] == "cross-origin", answer
    missing = await gateway.post("/v1/write/rum/replay", params=params, content="x")
    assert (missing.status_code, missing.headers["access-control-allow-origin"]) == (404, "*")


@pytest.mark.parametrize(
    "path", ["/v1/write/metric", "/v1/write/tracing", "/v1/workspace", "/v1/write/rum2", "/healthz"]
)
async def test_nothing_else_may_be_read_by_other_sites(gateway: httpx.AsyncClient, company: Company, path: str) -> None:
    origin = {"origin": "https://shop.example"}
    answers = (
        await gateway.post(path, params={"token": company.token}, content="m f=1", headers=origin),
        await gateway.options(path, headers={**origin, "access-control-request-method": "POST"}),
    )
    for answer in answers:
        assert not [name for name in answer.headers if name.startswith("access-control-")]


async def test_a_preflight_of_an_open_address_is_granted_and_touches_nothing(
    portal: Portal, gateway: httpx.AsyncClient, company: Company
) -> None:
    asked = {
        "origin": "https://shop.example",
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-encoding,x-anything",
    }
    for path in OPEN_TO_BROWSERS:
        answer = await gateway.options(path, headers=asked)
        assert (answer.status_code, answer.content) == (204, b"")
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["access-control-allow-headers"] == "*"
        assert answer.headers["access-control-allow-methods"] == "POST"
        assert "access-control-allow-credentials" not in answer.headers
        assert (await gateway.options(path)).status_code == 405  # no browser asks without an origin
    assert await told(portal, company) == []


async def test_no_figure_has_a_token_as_its_label(gateway: httpx.AsyncClient, company: Company) -> None:
    await gateway.get(f"/v1/check/token/{company.token}")
    await send(gateway, company, "metric", "m f=1")
    assert company.token not in (await exposition()).decode()


def test_every_category_has_an_item_or_is_free_on_purpose() -> None:
    free = {category for category in Category if category.item is None}
    assert free == {
        Category("object_change"),
        Category("custom_object"),
        Category("network"),
        Category("profiling"),
        Category("langfuse-v2"),
        Category("agent_llm"),
    }
