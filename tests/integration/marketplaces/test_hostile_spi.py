"""2,000 hostile requests to the SPI: never a 500, never a change without a valid signature."""

from __future__ import annotations

import hashlib
import json
from typing import Any
from urllib.parse import parse_qsl, quote_from_bytes, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from sqlmodel import select
from starlette.routing import Router
from starlette.types import Message

from guance_portal.api import marketplace_aliyun
from guance_portal.bootstrap import Services
from guance_portal.marketplaces.aliyun.requests import Action
from guance_portal.marketplaces.tables import MarketplaceNotice, MarketplaceSso, Subscription
from tests.support.aliyun import SPI, Market
from tests.support.sizes import LONG, size

# What an attacker knows: the shape of everything, and the ids that are in the database. Not the key.
A_BATCH = 20
ACCOUNT, ORDER, GUESS = "1827000000004093", "biz-1", "guessed-key"
NAMES = ("action", "aliUid", "orderBizId", "orderId", "productCode", "skuId", "trial", "expiredOn", "instanceId")
ODD = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "",
            "0",
            "-1",
            "true",
            "１８２７",
            "💥" * 30,
            "x" * 500,
            "a&b=c",
            "' OR 1=1 --",
            "%00",
            "\0",
            "../../etc/passwd",
            "2026-02-30 00:00:00",
            "0001-01-01 00:00:00",
            "9999-12-31 23:59:59",
            "2026-12-31 23:59:60",
            "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
            "{{7*7}}",
            "nan",
        ]
    ),
)
KNOWN = {
    "aliUid": ACCOUNT,
    "orderBizId": ORDER,
    "orderId": "order-biz-1",
    "skuId": "payg",
    "trial": "false",
    "expiredOn": "2030-01-01 00:00:00",
    "timeStamp": "2026-07-01 16:00:00",
}


def encode(pairs: list[tuple[str, str]]) -> bytes:
    return urlencode(pairs, errors="surrogatepass").encode()


@st.composite
def requests(draw: st.DrawFn, key: str, code: str, instance: str) -> bytes:
    """A request that looks right, bent in some way; signed with the real key in one of five."""
    said = {**KNOWN, "productCode": code, "instanceId": instance, "action": draw(st.sampled_from(list(Action)))}
    for name in draw(st.lists(st.sampled_from([*NAMES, "timeStamp"]), max_size=4)):
        said[name] = draw(ODD)
    for name in draw(st.lists(st.sampled_from([*NAMES, "timeStamp"]), max_size=3)):
        said.pop(name, None)
    said |= draw(st.dictionaries(st.text(max_size=8), ODD, max_size=3))
    said.pop("token", None)
    with_key = draw(st.sampled_from([key, GUESS, "", GUESS, GUESS]))
    joined = "&".join(f"{name}={said[name]}" for name in sorted(said)) + f"&key={with_key}"
    token = hashlib.md5(joined.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()
    token = draw(st.sampled_from([token, token, token.upper(), "", token[:-1], "0" * 32]))
    pairs = [*said.items(), ("token", token)]
    if draw(st.integers(0, 5)) == 0:
        pairs.append(draw(st.sampled_from(pairs)))
    return encode(pairs)


def noise() -> SearchStrategy[bytes]:
    """What is no request at all."""
    return st.one_of(
        st.binary(max_size=300),
        st.binary(max_size=300).map(lambda raw: quote_from_bytes(raw, safe="&=%+").encode()),
        st.integers(90, 400).map(lambda count: "&".join(f"p{n}=1" for n in range(count)).encode()),
        st.integers(8_000, 70_000).map(lambda size: b"action=verify&a=" + b"1" * size),
    )


def is_signed(query: bytes, keys: list[str]) -> bool:
    """The published rule, once more and in another way."""
    try:
        pairs = parse_qsl(query.decode(), keep_blank_values=True, errors="strict")
    except ValueError:
        return False
    token = [value for name, value in pairs if name == "token"]
    said = "&".join(f"{name}={value}" for name, value in sorted(pairs) if name != "token")
    return len(token) == 1 and any(
        hashlib.md5(f"{said}&key={key}".encode(), usedforsecurity=False).hexdigest() == token[0] for key in keys
    )


async def ask(query: bytes, method: str) -> tuple[int, bytes]:
    """One request, byte by byte as it is."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    scope: dict[str, Any] = {
        "type": "http",
        "method": method,
        "path": SPI,
        "query_string": query,
        "headers": [(b"host", b"localhost")],
        "client": ("192.0.2.7", 1),
    }
    await Router(marketplace_aliyun.ROUTES)(scope, receive, send)
    return sent[0]["status"], b"".join(one.get("body", b"") for one in sent[1:])


async def everything(services: Services) -> list[dict[str, Any]]:
    async with services.database.reading() as work:
        tables = (Subscription, MarketplaceNotice, MarketplaceSso)
        return [row.model_dump() for table in tables for row in (await work.session.exec(select(table))).all()]


@pytest.fixture
async def instance(market: Market) -> str:
    """The instance of a live subscription."""
    return (await market.sell(ORDER, ACCOUNT)).instance


@LONG
@settings(
    max_examples=size(2000, 20_000) // A_BATCH,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(data=st.data())
async def test_no_request_breaks_it_and_none_without_a_signature_changes_anything(
    services: Services, market: Market, instance: str, data: st.DataObject
) -> None:
    shaped = requests(market.key, market.product_code, instance)
    asked = st.tuples(st.one_of(shaped, shaped, noise()), st.sampled_from(["GET", "GET", "GET", "HEAD"]))
    batch = data.draw(st.lists(asked, min_size=A_BATCH, max_size=A_BATCH))
    keys = [listing.spi_key for listing in services.marketplaces.listings.aliyun()]
    powerless = [(query, method) for query, method in batch if method != "GET" or not is_signed(query, keys)]
    before = await everything(services)
    for query, method in powerless:
        status, _ = await ask(query, method)
        # A browser that comes by a bad 免登 is sent to the page that says so.
        assert status in {303, 400, 403, 405}
    assert await everything(services) == before
    for query, method in batch:
        if (query, method) not in powerless:
            status, body = await ask(query, method)
            assert status in {200, 303, 400}
            assert status != 200 or isinstance(json.loads(body), dict)
