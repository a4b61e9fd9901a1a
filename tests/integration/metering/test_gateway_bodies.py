"""Bodies as they come: compressed, cut off, too large, too slow."""

from __future__ import annotations

import asyncio
import gzip
import zlib

import httpx
import pytest

from guance_portal.accounts.rules import Edition
from guance_portal.api import pace
from guance_portal.api.gateway import bodies
from tests.integration.metering.conftest import Portal
from tests.integration.metering.sending import LIMIT, send, used


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

    monkeypatch.setattr(bodies.zlib, "decompressobj", decompressobj)
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
        {"content_encoding": "deflate, gzip"},
        {"content_type": "application/json"},
        {"content_type": "application/pbjson; charset=utf-8"},
    ],
    ids=str,
)
async def test_other_encodings_and_types_are_refused(
    portal: Portal, gateway: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    company = await portal.open()
    assert (await send(gateway, company, "metric", "m f=1", **headers)).status_code == 415


async def test_deflate_is_taken_as_the_address_or_the_header_says(portal: Portal, gateway: httpx.AsyncClient) -> None:
    company = await portal.open()
    body = zlib.compress("view,page=首页 f=1\n".encode())
    by_address = await gateway.post(
        "/v1/write/rum", params={"token": company.token, "precision": "ms", "encoding": "deflate"}, content=body
    )
    assert (by_address.status_code, by_address.json()["accepted"]) == (200, 1)
    assert (await send(gateway, company, "rum", body, content_encoding="deflate")).status_code == 200
    # What is behind a proxy that packed it again, or names a coding in both places: the header is about the body.
    packed = await gateway.post(
        "/v1/write/rum",
        params={"token": company.token, "encoding": "deflate"},
        content=gzip.compress(b"view f=1"),
        headers={"content-encoding": "gzip"},
    )
    assert packed.status_code == 200
    unknown = await gateway.post("/v1/write/rum", params={"token": company.token, "encoding": "br"}, content=body)
    assert (unknown.status_code, unknown.headers["accept-encoding"]) == (415, "gzip, deflate")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (zlib.compress(b"#" * (LIMIT + 1)), 413, "gateway.bodyTooLarge"),
        (zlib.compress(bytes(300 * 1024 * 1024), 1), 413, "gateway.bodyTooLarge"),
        (zlib.compress(b"m f=1")[:-1], 400, "gateway.invalidDeflate"),
        (zlib.compress(b"m f=1") + zlib.compress(b"m f=1"), 400, "gateway.invalidDeflate"),
        (zlib.compress(b"m f=1", wbits=-15), 400, "gateway.invalidDeflate"),
        (gzip.compress(b"m f=1"), 400, "gateway.invalidDeflate"),
        (b"m f=1", 400, "gateway.invalidDeflate"),
        (b"", 400, "gateway.invalidDeflate"),
    ],
    ids=["one over", "bomb", "cut off", "two streams", "raw", "gzip", "not compressed", "nothing"],
)
async def test_bad_and_bombing_deflate_is_refused(
    portal: Portal, gateway: httpx.AsyncClient, body: bytes, status: int, code: str
) -> None:
    company = await portal.open()
    answer = await gateway.post(
        "/v1/write/metric", params={"token": company.token, "encoding": "deflate"}, content=body
    )
    assert (answer.status_code, answer.json()["error_code"]) == (status, code)
    assert await used(portal, company) == {}


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


def test_a_body_has_as_long_as_it_goes_on_coming() -> None:
    assert pace.seconds_for(0) == 10
    assert pace.seconds_for(32 * 1024) == 11
    assert pace.seconds_for(LIMIT) == 60


async def test_a_body_that_stalls_is_given_up_long_before_the_last_moment(
    portal: Portal, gateway: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = await portal.open()
    monkeypatch.setattr(pace, "BODY_GRACE", 0.05)

    async def stall():  # noqa: ANN202 - what httpx sends
        yield b"m f=1"
        await asyncio.Event().wait()

    answer = await gateway.post("/v1/write/metric", params={"token": company.token}, content=stall())
    assert (answer.status_code, answer.json()["error_code"]) == (503, "gateway.bodyTimeout")


async def test_a_body_that_does_not_come_is_waited_for_only_so_long(
    portal: Portal, gateway: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = await portal.open()
    monkeypatch.setattr(pace, "BODY_SECONDS", 0.05)

    async def trickle():  # noqa: ANN202 - what httpx sends
        yield b"m f=1"
        await asyncio.sleep(5)
        yield b"\n"

    answer = await gateway.post("/v1/write/metric", params={"token": company.token}, content=trickle())
    assert answer.status_code == 503
