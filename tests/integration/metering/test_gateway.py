"""Data into the gateway as DataKits send it, and as nobody should."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from typing import TYPE_CHECKING

import pytest
from influxdb_client.client.write.point import Point

from guance_portal.accounts.rules import Edition
from guance_portal.api import gateway as module
from guance_portal.metering import queries
from guance_portal.metering.counting import Batch, counting
from guance_portal.metering.rules import Category, Item
from tests.integration.metering.conftest import NOON

if TYPE_CHECKING:
    from collections.abc import Generator

    import httpx

    from guance_portal.metering.queries import Traffic
    from tests.integration.metering.conftest import Company, Portal

LIMIT = 10 * 1024 * 1024


async def send(
    client: httpx.AsyncClient, company: Company, category: str, body: bytes | str, **headers: str
) -> httpx.Response:
    """One request with the workspace's token."""
    return await client.post(
        f"/v1/write/{category}",
        params={"token": company.token},
        content=body,
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )


async def used(portal: Portal, company: Company) -> dict[Item, int]:
    """Today's counts of every item that has any."""
    today = await portal.services.usage.today(company.owner)
    return {use.item: use.used for use in today.items if use.used}


async def traffic(portal: Portal, company: Company) -> dict[Category, Traffic]:
    """Today's requests and points by category."""
    today = await portal.services.usage.today(company.owner)
    async with portal.services.database.reading() as work:
        return {row.category: row for row in await queries.traffic(work, company.workspace_id, today.day)}


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
    assert taken[Category.OBJECT].points == 2


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


async def test_gzip_is_taken_in_one_part_and_in_several(portal: Portal, gateway: httpx.AsyncClient) -> None:
    company = await portal.open()
    body = gzip.compress(b"m,a=1 f=1\n") + gzip.compress(b"m,a=2 f=1\n")
    answer = await send(gateway, company, "metric", body, content_encoding="gzip")
    assert (answer.status_code, answer.json()["accepted"]) == (200, 2)


async def test_a_gzip_body_may_have_sixty_four_parts_and_no_more_are_opened(
    portal: Portal, gateway: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = await portal.open()
    body = b"".join(gzip.compress(f"m,a={n} f=1\n".encode()) for n in range(64))
    answer = await send(gateway, company, "metric", body, content_encoding="gzip")
    assert (answer.status_code, answer.json()["accepted"]) == (200, 64)

    opened = 0
    really = zlib.decompressobj

    def decompressobj(*, wbits: int) -> object:
        nonlocal opened
        opened += 1
        return really(wbits=wbits)

    monkeypatch.setattr(module.zlib, "decompressobj", decompressobj)
    answer = await send(gateway, company, "metric", gzip.compress(b"") * 400_000, content_encoding="gzip")
    assert answer.json()["message"] == "the gzip body has more than 64 parts"
    assert opened == 64


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (gzip.compress(b"#" * (LIMIT + 1)), 413, "gateway.bodyTooLarge"),
        (gzip.compress(bytes(300 * 1024 * 1024), 1), 413, "gateway.bodyTooLarge"),
        (b"".join(gzip.compress(b"#" * 1_000_000) for _ in range(12)), 413, "gateway.bodyTooLarge"),
        (gzip.compress(b"m f=1")[:-4], 400, "gateway.invalidGzip"),
        (gzip.compress(b"m f=1") + b"rubbish", 400, "gateway.invalidGzip"),
        (b"m f=1", 400, "gateway.invalidGzip"),
        (zlib.compress(b"m f=1"), 400, "gateway.invalidGzip"),
        (gzip.compress(b"") * 65, 400, "gateway.invalidGzip"),
        (gzip.compress(b"") * 400_000, 400, "gateway.invalidGzip"),
    ],
    ids=[
        "one over",
        "bomb",
        "many parts",
        "cut off",
        "rubbish behind",
        "not compressed",
        "zlib",
        "one part too many",
        "nothing but parts",
    ],
)
async def test_bad_and_bombing_gzip_is_refused(
    portal: Portal, gateway: httpx.AsyncClient, body: bytes, status: int, code: str
) -> None:
    company = await portal.open()
    answer = await send(gateway, company, "metric", body, content_encoding="gzip")
    assert (answer.status_code, answer.json()["error_code"]) == (status, code)
    assert await used(portal, company) == {}


@pytest.mark.parametrize(
    "headers",
    [
        {"content_encoding": "br"},
        {"content_encoding": "gzip, gzip"},
        {"content_encoding": "deflate"},
        {"content_type": "application/json"},
        {"content_type": "application/protobuf; proto=com.guance.Point"},
    ],
    ids=str,
)
async def test_other_encodings_and_types_are_refused(
    portal: Portal, gateway: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    company = await portal.open()
    assert (await send(gateway, company, "metric", "m f=1", **headers)).status_code == 415


async def test_bodies_up_to_the_limit_are_taken_and_larger_ones_are_not(
    portal: Portal, gateway: httpx.AsyncClient
) -> None:
    company = await portal.open(edition=Edition.COMMERCIAL)
    line = b'm,host=web-1 message="' + b"x" * 1000 + b'"\n'
    body = line * (LIMIT // len(line))
    body += b"#" * (LIMIT - len(body))
    answer = await send(gateway, company, "logging", body)
    assert (answer.status_code, answer.json()["accepted"]) == (200, LIMIT // len(line))
    answer = await send(gateway, company, "logging", body + b"#")
    assert (answer.status_code, answer.json()["error_code"]) == (413, "gateway.bodyTooLarge")


async def test_a_hundred_thousand_tiny_lines_count_each(portal: Portal, gateway: httpx.AsyncClient) -> None:
    company = await portal.open(edition=Edition.COMMERCIAL)
    traces = "\n".join(f"s trace_id={n}i" for n in range(100_000))
    for _ in range(2):
        assert (await send(gateway, company, "tracing", traces)).json()["accepted"] == 100_000
    assert await used(portal, company) == {Item.TRACES: 100_000}


_HOSTILE = "m," + ",".join(f"t{n}=1" for n in range(7_000)) + " f=1\n"


@pytest.mark.parametrize("last", ["", _HOSTILE], ids=["all well", "a hostile line at its end"])
async def test_a_large_body_leaves_the_event_loop_its_turns(
    portal: Portal, gateway: httpx.AsyncClient, last: str
) -> None:
    company = await portal.open(edition=Edition.COMMERCIAL)
    room = LIMIT - len(last)
    body = ('m,host=web-1 message="x\ny",n=1i\n' * 300_000).encode()[:room].rpartition(b"\nm,")[0]
    turns = 0
    sending = asyncio.create_task(send(gateway, company, "logging", body + b"\n" + last.encode()))
    while not sending.done():
        await asyncio.sleep(0.005)
        turns += 1
    assert (await sending).status_code == (400 if last else 200)
    assert turns > 40, "read where it is received, it leaves fewer than ten"


async def test_a_workspace_that_is_locked_sends_in_vain(portal: Portal, gateway: httpx.AsyncClient) -> None:
    company = await portal.open()
    await portal.change(company, locked_at=NOON)
    answer = await send(gateway, company, "metric", "m f=1")
    assert (answer.status_code, answer.json()["error_code"]) == (403, "gateway.workspaceLocked")
    await portal.change(company, locked_at=None)
    assert (await send(gateway, company, "metric", "m f=1")).status_code == 200


async def test_the_quota_is_used_to_its_last_point_and_not_beyond(portal: Portal, gateway: httpx.AsyncClient) -> None:
    company = await portal.open(site="us1")
    await send(gateway, company, "rum", "view f=1\n" * 9_998)
    answer = await send(gateway, company, "rum", "view f=1\n" * 3)
    assert (answer.status_code, answer.json()) == (
        429,
        {
            "error_code": "gateway.beyondDataUsage",
            "message": "RUM page views: 9998 of today's 10000 are used, and this request does not fit",
        },
    )
    assert (await send(gateway, company, "rum", "view f=1\n" * 2)).status_code == 200
    assert (await send(gateway, company, "rum", "view f=1")).status_code == 429
    assert await used(portal, company) == {Item.PAGE_VIEWS: 10_000}
    rum = (await traffic(portal, company))[Category.RUM]
    assert (rum.requests, rum.points, rum.refused_requests, rum.refused_points) == (2, 10_000, 2, 4)


async def test_over_quota_only_that_type_is_refused_until_the_midnight_of_the_site(
    portal: Portal, gateway: httpx.AsyncClient
) -> None:
    company = await portal.open(site="us1")  # 21:00 of the day before, in Oregon
    await send(gateway, company, "metric", "\n".join(f"m,n={n} f=1" for n in range(500)))
    full = await send(gateway, company, "metric", "m,n=new f=1")
    assert (full.status_code, full.headers["retry-after"]) == (429, str(3 * 3600))
    assert (await send(gateway, company, "logging", 'a message="x"')).status_code == 200
    portal.clock.move(hours=3, seconds=-1)
    assert (await send(gateway, company, "metric", "m,n=new f=1")).headers["retry-after"] == "1"
    portal.clock.move(seconds=1)
    assert (await send(gateway, company, "metric", "m,n=new f=1")).status_code == 200
    assert await used(portal, company) == {Item.TIME_SERIES: 1}


async def test_known_series_flow_on_when_the_quota_is_full(portal: Portal, gateway: httpx.AsyncClient) -> None:
    company = await portal.open(site="us1")
    await send(gateway, company, "metric", "\n".join(f"m,n={n} f=1" for n in range(500)))
    assert (await send(gateway, company, "metric", "m,n=7 f=2\nm,n=8 f=2")).status_code == 200
    assert (await send(gateway, company, "metric", "m,n=7 f=2\nm,n=501 f=2")).status_code == 429
    many = "\n".join(f"m,n={n} f=1" for n in range(501))
    assert (await send(gateway, company, "metric", many)).status_code == 429
    assert await used(portal, company) == {Item.TIME_SERIES: 500}


async def test_a_refused_request_leaves_nothing_behind_that_would_count_later(
    portal: Portal, gateway: httpx.AsyncClient
) -> None:
    company = await portal.open(site="us1")
    await send(gateway, company, "metric", "\n".join(f"m,n={n} f=1" for n in range(499)))
    refused = await send(gateway, company, "metric", "m,n=a f=1\nm,n=b f=1", x_pkg_id="p-1")
    assert refused.status_code == 429
    assert (await send(gateway, company, "metric", "m,n=b f=1")).status_code == 200
    assert await used(portal, company) == {Item.TIME_SERIES: 500}
    portal.clock.move(days=1)
    again = await send(gateway, company, "metric", "m,n=a f=1\nm,n=b f=1", x_pkg_id="p-1")
    assert again.json() == {"accepted": 2, "repeated": False}


async def test_events_and_objects_are_taken_when_their_quota_is_full(
    portal: Portal, gateway: httpx.AsyncClient
) -> None:
    company = await portal.open()
    line = b'a message="x"\n'
    full = Batch(Category.LOGGING, points=1_000_000, quantity=1_000_000)
    await portal.services.usage.record(company.workspace_id, full)
    assert (await send(gateway, company, "logging", line)).status_code == 429
    assert (await send(gateway, company, "security", line)).status_code == 429
    assert (await send(gateway, company, "keyevent", line)).status_code == 200
    assert await used(portal, company) == {Item.LOGS: 1_000_001}


async def test_the_commercial_edition_has_no_quota(portal: Portal, gateway: httpx.AsyncClient) -> None:
    company = await portal.open(site="us1", edition=Edition.COMMERCIAL)
    await send(gateway, company, "metric", "\n".join(f"m,n={n} f=1" for n in range(600)))
    assert await used(portal, company) == {Item.TIME_SERIES: 600}


@pytest.mark.parametrize("header", ["x_pkg_id", "idempotency_key"])
async def test_a_named_request_is_counted_once_however_often_it_is_sent(
    portal: Portal, gateway: httpx.AsyncClient, header: str
) -> None:
    company = await portal.open()
    body = 'a message="x"\nb message="y"'
    answers = [await send(gateway, company, "logging", body, **{header: "dkpkg_1"}) for _ in range(3)]
    assert [answer.json() for answer in answers] == [
        {"accepted": 2, "repeated": False},
        {"accepted": 2, "repeated": True},
        {"accepted": 2, "repeated": True},
    ]
    assert await used(portal, company) == {Item.LOGS: 2}


async def test_a_name_given_to_something_else_repeats_nothing(portal: Portal, gateway: httpx.AsyncClient) -> None:
    company, other = await portal.open(), await portal.open()
    await send(gateway, company, "logging", 'a message="x"', x_pkg_id="same")
    for sender, category, body in (
        (company, "logging", 'a message="y"'),
        (company, "security", 'a message="x"'),
        (other, "logging", 'a message="x"'),
    ):
        assert (await send(gateway, sender, category, body, x_pkg_id="same")).json()["repeated"] is False
    assert (await send(gateway, company, "logging", "a f=1", x_pkg_id="a b")).status_code == 400


async def test_without_a_name_the_same_request_counts_again(portal: Portal, gateway: httpx.AsyncClient) -> None:
    company = await portal.open()
    for _ in range(2):
        await send(gateway, company, "logging", 'a message="x"')
    assert await used(portal, company) == {Item.LOGS: 2}


async def test_racing_requests_lose_nothing(portal: Portal, gateway: httpx.AsyncClient) -> None:
    company = await portal.open()
    requests = [
        *(send(gateway, company, "logging", 'a message="x"\n' * 7) for _ in range(15)),
        *(send(gateway, company, "metric", f"m,n={n % 10} f=1") for n in range(15)),
    ]
    answers = await asyncio.gather(*requests)
    assert {answer.status_code for answer in answers} == {200}
    assert await used(portal, company) == {Item.LOGS: 105, Item.TIME_SERIES: 10}
    async with portal.services.database.reading() as work:
        assert await queries.versions(work, [company.workspace_id]) == {company.workspace_id: 30}


async def test_racing_requests_do_not_pass_the_quota_together(portal: Portal, gateway: httpx.AsyncClient) -> None:
    company = await portal.open(site="cn1")
    answers = await asyncio.gather(*(send(gateway, company, "rum", "view f=1\n" * 300) for _ in range(20)))
    assert sorted(answer.status_code for answer in answers) == [200] * 6 + [429] * 14
    assert await used(portal, company) == {Item.PAGE_VIEWS: 1_800}


async def test_racing_repetitions_of_one_request_count_once(portal: Portal, gateway: httpx.AsyncClient) -> None:
    company = await portal.open()
    body = 'a message="x"'
    answers = await asyncio.gather(*(send(gateway, company, "logging", body, x_pkg_id="p") for _ in range(8)))
    assert sorted(answer.json()["repeated"] for answer in answers) == [False] + [True] * 7
    assert await used(portal, company) == {Item.LOGS: 1}


async def test_more_requests_than_the_process_holds_are_told_to_come_again(
    portal: Portal, gateway: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = await portal.open()
    monkeypatch.setattr(module, "_under_way", module._UnderWay(2))
    answers = await asyncio.gather(*(send(gateway, company, "metric", "m f=1") for _ in range(5)))
    assert {answer.status_code for answer in answers} == {200, 503}
    assert {answer.headers.get("retry-after") for answer in answers if answer.status_code == 503} == {"1"}
    assert (await send(gateway, company, "metric", "m f=1")).status_code == 200


async def test_one_workspace_that_sends_slowly_leaves_the_others_their_places(
    portal: Portal, gateway: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow, quick = await portal.open(), await portal.open()
    monkeypatch.setattr(module, "_under_way", module._UnderWay(5, each=4))
    begun, go_on = asyncio.Semaphore(0), asyncio.Event()

    async def trickle():  # noqa: ANN202 - what httpx sends
        yield b"m f=1"
        begun.release()
        await go_on.wait()
        yield b"\n"

    async def send_slowly() -> int:
        answer = await gateway.post("/v1/write/metric", params={"token": slow.token}, content=trickle())
        return answer.status_code

    senders = [asyncio.create_task(send_slowly()) for _ in range(12)]
    for _ in range(4):
        await begun.acquire()
    places = module._under_way._places[slow.workspace_id]
    while len(places._waiters or ()) < 8:  # noqa: ASYNC110 - a semaphore does not tell who comes to wait
        await asyncio.sleep(0)
    assert (await send(gateway, quick, "metric", "m f=1")).status_code == 200
    monkeypatch.setattr(module, "TURN_SECONDS", 0)
    assert (await send(gateway, slow, "metric", "m f=1")).status_code == 503
    assert (await send(gateway, quick, "metric", "m f=1")).status_code == 200
    assert begun.locked(), "the others of the slow workspace are not read"
    go_on.set()
    assert await asyncio.gather(*senders) == [200] * 12


async def test_the_last_places_are_for_workspaces_that_have_none() -> None:
    places = module._UnderWay(4)
    async with places.turn("a"), places.turn("a"), places.turn("a"):
        with pytest.raises(module._RefusalError):
            async with places.turn("a"):
                pass
        async with places.turn("b"):
            with pytest.raises(module._RefusalError):
                async with places.turn("c"):
                    pass
        async with places.turn("c"):
            pass


class Endless:
    """Counting in which bodies that begin with "long" come to no end before they may."""

    def __init__(self) -> None:
        self.begun, self.may_end = list[bytes](), False

    def __call__(self, category: Category, body: bytes, precision: str) -> Generator[None, None, Batch]:
        """Stands for `counting`."""
        self.begun.append(body)
        while body.startswith(b"long") and not self.may_end:
            yield
        return (yield from counting(category, body, precision))


@pytest.fixture
def endless(monkeypatch: pytest.MonkeyPatch) -> Generator[Endless]:
    """Bodies that take as long as a test wants."""
    endless = Endless()
    monkeypatch.setattr(module, "counting", endless)
    yield endless
    endless.may_end = True


async def test_a_neighbours_line_is_answered_while_a_huge_body_is_read(
    portal: Portal, gateway: httpx.AsyncClient, endless: Endless
) -> None:
    busy, neighbour = await portal.open(), await portal.open()
    huge = [asyncio.create_task(send(gateway, busy, "logging", f"long f={n}")) for n in range(4)]
    while not endless.begun:  # noqa: ASYNC110 - another thread does it
        await asyncio.sleep(0)
    async with asyncio.timeout(30):
        assert (await send(gateway, neighbour, "logging", "m f=1")).status_code == 200
    assert len(endless.begun) == 2, "the others of the busy workspace wait for its first"
    endless.may_end = True
    assert {answer.status_code for answer in await asyncio.gather(*huge)} == {200}
    assert await used(portal, busy) == {Item.LOGS: 4}


async def test_of_large_bodies_only_so_many_are_counted_at_a_time(
    portal: Portal, gateway: httpx.AsyncClient, endless: Endless, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LARGE", 10)
    monkeypatch.setattr(module, "_large", asyncio.Semaphore(2))
    companies = [await portal.open() for _ in range(4)]
    large = [asyncio.create_task(send(gateway, company, "logging", "long f=12345")) for company in companies[:3]]
    while len(endless.begun) < 2:  # noqa: ASYNC110 - another thread does it
        await asyncio.sleep(0)
    async with asyncio.timeout(30):
        assert (await send(gateway, companies[3], "logging", "m f=1")).status_code == 200
    assert endless.begun == [b"long f=12345"] * 2 + [b"m f=1"]
    endless.may_end = True
    assert {answer.status_code for answer in await asyncio.gather(*large)} == {200}


def test_a_body_has_as_long_as_it_goes_on_coming() -> None:
    assert module.seconds_for(0) == 10
    assert module.seconds_for(32 * 1024) == 11
    assert module.seconds_for(LIMIT) == 60


async def test_a_body_that_stalls_is_given_up_long_before_the_last_moment(
    portal: Portal, gateway: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = await portal.open()
    monkeypatch.setattr(module, "BODY_GRACE", 0.05)

    async def stall():  # noqa: ANN202 - what httpx sends
        yield b"m f=1"
        await asyncio.Event().wait()

    answer = await gateway.post("/v1/write/metric", params={"token": company.token}, content=stall())
    assert (answer.status_code, answer.json()["error_code"]) == (408, "gateway.bodyTimeout")


async def test_a_body_that_does_not_come_is_waited_for_only_so_long(
    portal: Portal, gateway: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = await portal.open()
    monkeypatch.setattr(module, "BODY_SECONDS", 0.05)

    async def trickle():  # noqa: ANN202 - what httpx sends
        yield b"m f=1"
        await asyncio.sleep(5)
        yield b"\n"

    answer = await gateway.post("/v1/write/metric", params={"token": company.token}, content=trickle())
    assert answer.status_code == 408


async def test_only_post_writes(portal: Portal, gateway: httpx.AsyncClient) -> None:
    assert (await gateway.get("/v1/write/metric")).status_code == 405
