"""DataKit's protobuf into the gateway."""

from __future__ import annotations

import gzip

import httpx
import pytest

from guance_portal.metering.items import Item
from tests.integration.metering.conftest import Portal
from tests.integration.metering.sending import send, used
from tests.support.points import PROTOBUF, body_of, datakit_field, message


def cpu(host: str) -> bytes:
    """A point as DataKit writes it."""
    return message(
        "cpu", [datakit_field("host", host, is_tag=True), datakit_field("usage", 1.5)], 1_654_056_000_000_000_000
    )


@pytest.mark.parametrize("coding", ["gzip", "identity"])
async def test_points_in_protobuf_are_taken_and_counted_with_those_in_lines(
    portal: Portal, gateway: httpx.AsyncClient, coding: str
) -> None:
    company = await portal.open()
    body = body_of([cpu("a"), cpu("b"), cpu("a")])
    sent = gzip.compress(body) if coding == "gzip" else body
    answer = await send(gateway, company, "metric", sent, content_type=PROTOBUF, content_encoding=coding)
    assert (answer.status_code, answer.json()) == (200, {"accepted": 3, "repeated": False})
    await send(gateway, company, "metric", "cpu,host=b usage=2\ncpu,host=c usage=2")
    assert await used(portal, company) == {Item.TIME_SERIES: 3}
    arrival = await portal.services.usage.arrival(company.owner)
    assert arrival is not None
    assert arrival.host == "b"


async def test_a_bad_point_is_named_and_nothing_of_the_request_counts(
    portal: Portal, gateway: httpx.AsyncClient
) -> None:
    company = await portal.open()
    answer = await send(gateway, company, "metric", body_of([cpu("a"), message("", [])]), content_type=PROTOBUF)
    assert (answer.status_code, answer.json()) == (
        400,
        {"error_code": "gateway.invalidPoint", "message": "point 2: no measurement"},
    )
    assert await used(portal, company) == {}


async def test_an_empty_body_is_refused_in_protobuf_too(portal: Portal, gateway: httpx.AsyncClient) -> None:
    answer = await send(gateway, await portal.open(), "metric", b"", content_type=PROTOBUF)
    assert (answer.status_code, answer.json()["error_code"]) == (400, "gateway.emptyBody")


async def test_json_is_refused_with_what_is_taken_instead(portal: Portal, gateway: httpx.AsyncClient) -> None:
    answer = await send(gateway, await portal.open(), "metric", b"[]", content_type="application/json")
    assert (answer.status_code, answer.json()["message"]) == (
        415,
        "JSON is not taken here, only line protocol and protobuf",
    )
