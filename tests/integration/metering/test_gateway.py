"""Data into the gateway as DataKits send it, and as nobody should."""

from __future__ import annotations

import httpx
import pytest
from influxdb_client.client.write.point import Point

from guance_portal.accounts.rules import Edition
from guance_portal.metering.categories import Category
from guance_portal.metering.items import Item
from tests.integration.metering.conftest import NOON, Portal
from tests.integration.metering.sending import LIMIT, send, traffic, used


async def test_points_written_by_another_client_are_taken_and_counted(
    portal: Portal, gateway: httpx.AsyncClient
) -> None:
    company = await portal.open()
    awkward = (
        Point("disk usage,total")
        .tag("path", "C:\\Program Files, x=1")
        .tag("host", "web 1")
        .field("free", 12)
        .field("label", 'say "hi"\nthere, \\ a=b')
        .field("ok", value=True)
        .time(1_654_056_000_000_000_000)
    )
    plain = [Point("cpu").tag("host", f"web-{n}").field("usage", n / 7) for n in range(5)]
    body = "\n".join(point.to_line_protocol() for point in [awkward, *plain, awkward])
    answer = await send(gateway, company, "metric", body)
    assert (answer.status_code, answer.json()) == (200, {"accepted": 7, "repeated": False})
    assert await used(portal, company) == {Item.TIME_SERIES: 6}


async def test_each_category_counts_for_its_item(portal: Portal, gateway: httpx.AsyncClient) -> None:
    company = await portal.open()
    bodies = {
        "metric": "cpu,host=a f=1\ncpu,host=b f=1\ncpu,host=a f=2",
        "logging": 'nginx message="x\ny"\nnginx message="z"',
        "keyevent": 'monitor title="cpu"',
        "security": 'scheck rule="1"',
        "tracing": 'ddtrace trace_id="a"\nddtrace trace_id="b"\nddtrace trace_id="a"',
        "rum": "view f=1\nresource f=1",
        "object": "HOST,host=a f=1\ndocker,host=b f=1",
        "dialtesting": "http_dial_testing f=1",
        "network": "netflow f=1",
        "profiling": "profile f=1",
        "custom_object": "shop f=1",
    }
    for category, body in bodies.items():
        answer = await send(gateway, company, category, body)
        assert answer.status_code == 200, category
    assert await used(portal, company) == {
        Item.TIME_SERIES: 2,
        Item.LOGS: 4,
        Item.TRACES: 2,
        Item.PAGE_VIEWS: 1,
        Item.DATAKIT: 1,
        Item.DIAL_TESTS: 1,
    }
    taken = await traffic(portal, company)
    assert {category.value for category in taken} == set(bodies)
    assert taken[Category("object")].points == 2


async def test_dial_tests_of_a_customers_own_nodes_are_logs(portal: Portal, gateway: httpx.AsyncClient) -> None:
    company = await portal.open()
    body = 'http_dial_testing,name=shop,status=OK message="{}",response_time=31i 1654056000000000000'
    answer = await send(
        gateway, company, "logging", body, x_sub_category="dialtesting", user_agent="datakit-linux-amd64/1"
    )
    assert answer.status_code == 200
    assert await used(portal, company) == {Item.LOGS: 1}


async def test_a_view_that_is_sent_again_while_it_changes_is_one_page_view(
    portal: Portal, gateway: httpx.AsyncClient
) -> None:
    company = await portal.open()
    for seconds in (1, 31, 61):
        body = (
            f'view,app_id=a,view_id=v1 time_spent={seconds}i\nresource,view_id=v1 d=1\nview view_id="v2",d={seconds}i'
        )
        await send(gateway, company, "rum", body)
    assert await used(portal, company) == {Item.PAGE_VIEWS: 2}
    await send(gateway, company, "rum", "view d=1\nview d=1\nview,view_id=v1 d=2")
    assert await used(portal, company) == {Item.PAGE_VIEWS: 4}
    portal.clock.move(days=1)
    await send(gateway, company, "rum", "view,view_id=v1 d=2")
    assert await used(portal, company) == {Item.PAGE_VIEWS: 1}


async def test_an_address_with_a_slash_at_its_end_is_the_same(portal: Portal, gateway: httpx.AsyncClient) -> None:
    company = await portal.open()
    assert (await send(gateway, company, "metric/", "m f=1")).status_code == 200


async def test_distinct_things_are_told_apart_across_requests(portal: Portal, gateway: httpx.AsyncClient) -> None:
    company = await portal.open()
    for body in ("m,a=1 f=1\nm,a=2 f=1", "m,a=2 f=1\nm,a=3 f=1", "m,a=1 f=1"):
        await send(gateway, company, "metric", body)
    assert await used(portal, company) == {Item.TIME_SERIES: 3}


async def test_two_workspaces_do_not_share_counts(portal: Portal, gateway: httpx.AsyncClient) -> None:
    first, second = await portal.open(), await portal.open()
    await send(gateway, first, "metric", "m f=1")
    await send(gateway, second, "metric", "m f=1\nn f=1")
    assert await used(portal, first) == {Item.TIME_SERIES: 1}
    assert await used(portal, second) == {Item.TIME_SERIES: 2}


@pytest.mark.parametrize("token", [None, "", "tkn_0", "tkn_" + "0" * 32, "' or 1=1 --", "\u4e91", "x" * 4000])
async def test_a_missing_and_a_wrong_token_get_the_same_answer(
    portal: Portal, gateway: httpx.AsyncClient, token: str | None
) -> None:
    await portal.open()
    params = {} if token is None else {"token": token}
    answer = await gateway.post("/v1/write/metric", params=params, content="m f=1")
    assert (answer.status_code, answer.json()) == (
        403,
        {
            "error_code": "gateway.tokenNotFound",
            "message": "the token is missing, wrong, or has been replaced",
        },
    )


async def test_a_wrong_token_is_refused_before_anything_else_is_looked_at(
    portal: Portal, gateway: httpx.AsyncClient
) -> None:
    for path in ("/v1/write/nonsense", "/v1/write/metric?precision=x"):
        assert (await gateway.post(path, content=b"\xff")).status_code == 403


async def test_the_token_reaches_no_log(
    portal: Portal, gateway: httpx.AsyncClient, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    company = await portal.open()
    await send(gateway, company, "metric", "m f=1")
    await send(gateway, company, "metric", "nonsense")
    await gateway.post("/v1/write/metric", params={"token": "tkn_wrong"}, content="m f=1")
    written = "".join(capsys.readouterr()) + "".join(
        record.getMessage() for record in caplog.records if not record.name.startswith("httpx")
    )
    assert "/v1/write/metric" in written
    assert company.token not in written
    assert "tkn_wrong" not in written


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("m f=1\n\nm f=\nm f=2", "line 3: failed to parse value of field"),
        ("m f=1\nm,a=1,a=2 f=1", "line 2: failed to parse key of tag"),
        ("m f=NaN", "line 1: failed to parse type of field value"),
        ("m f=-Inf", "line 1: failed to parse type of field value"),
        ("m f=9223372036854775808i", "line 1: failed to parse type of field value"),
        ('m f=1\nm f="x', "line 2: a quoted value is not closed"),
        ("m f=1\nm\0 f=1", "line 2: embedded NUL bytes are not supported"),
        (b"m f=1\nm f=1\xff", "line 2: not valid UTF-8"),
        ("x" * 2_000_000, "line 1: longer than 1048576 characters"),
        ('m f="' + "x" * (LIMIT - 6) + '"', "line 1: longer than 1048576 characters"),
    ],
    ids=lambda value: str(value)[:20] if isinstance(value, (str, bytes)) else None,
)
async def test_a_bad_line_is_named_and_nothing_of_the_request_counts(
    portal: Portal, gateway: httpx.AsyncClient, body: str | bytes, message: str
) -> None:
    company = await portal.open()
    answer = await send(gateway, company, "metric", body)
    assert (answer.status_code, answer.json()) == (
        400,
        {"error_code": "gateway.invalidLine", "message": message},
    )
    assert await used(portal, company) == {}
    assert await portal.services.usage.arrival(company.owner) is None


@pytest.mark.parametrize("body", ["", "\n\n", "# only a comment\n"])
async def test_a_body_without_a_point_is_refused(portal: Portal, gateway: httpx.AsyncClient, body: str) -> None:
    company = await portal.open()
    answer = await send(gateway, company, "metric", body)
    assert (answer.status_code, answer.json()["error_code"]) == (400, "gateway.emptyBody")
    assert await portal.services.usage.arrival(company.owner) is None


async def test_an_unknown_category_or_precision_is_refused(portal: Portal, gateway: httpx.AsyncClient) -> None:
    company = await portal.open()
    answer = await send(gateway, company, "nonsense", "m f=1")
    assert (answer.status_code, answer.json()["error_code"]) == (404, "gateway.invalidCategory")
    for precision, status in (("ms", 200), ("s", 200), ("n", 200), ("u", 200), ("fortnight", 400), ("", 400)):
        answer = await gateway.post(
            "/v1/write/metric", params={"token": company.token, "precision": precision}, content="m f=1 1654056000"
        )
        assert answer.status_code == status, precision


async def test_a_hundred_thousand_tiny_lines_count_each(portal: Portal, gateway: httpx.AsyncClient) -> None:
    company = await portal.open(edition=Edition.COMMERCIAL)
    traces = "\n".join(f"s trace_id={n}i" for n in range(100_000))
    for _ in range(2):
        assert (await send(gateway, company, "tracing", traces)).json()["accepted"] == 100_000
    assert await used(portal, company) == {Item.TRACES: 100_000}


async def test_a_workspace_that_is_locked_sends_in_vain(portal: Portal, gateway: httpx.AsyncClient) -> None:
    company = await portal.open()
    await portal.change(company, locked_at=NOON)
    answer = await send(gateway, company, "metric", "m f=1")
    assert (answer.status_code, answer.json()["error_code"]) == (403, "gateway.workspaceLocked")
    await portal.change(company, locked_at=None)
    assert (await send(gateway, company, "metric", "m f=1")).status_code == 200


async def test_a_workspace_that_was_dissolved_says_so_with_its_old_token(
    portal: Portal, gateway: httpx.AsyncClient
) -> None:
    company = await portal.open()
    await portal.change(company, dissolved_at=NOON)
    racing = await send(gateway, company, "metric", "m f=1")
    async with portal.services.database.writing() as work:
        await portal.services.tokens.retire(work, company.workspace_id)
        await work.commit()
    answer = await send(gateway, company, "metric", "m f=1")
    for one in (racing, answer):
        assert (one.status_code, one.json()["error_code"]) == (403, "gateway.workspaceDissolved")
        assert "dissolved" in one.json()["message"]


async def test_only_post_writes(portal: Portal, gateway: httpx.AsyncClient) -> None:
    assert (await gateway.get("/v1/write/metric")).status_code == 405
