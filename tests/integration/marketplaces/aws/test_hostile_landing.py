"""2,000 hostile arrivals at the landing: never a 500, never a change, and AWS is asked about nothing that is no token."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, quote_from_bytes

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from sqlmodel import select
from starlette.routing import Router
from starlette.types import Message

from guance_portal import routes
from guance_portal.api import marketplace_aws
from guance_portal.api.limits import RequestLimits
from guance_portal.bootstrap import Services
from guance_portal.marketplaces.aws.client import LONGEST_TOKEN
from guance_portal.marketplaces.aws.tables import AwsFact
from guance_portal.marketplaces.claim_tables import MarketplaceClaim
from guance_portal.marketplaces.tables import MarketplaceNotice, Subscription
from tests.support.aws_peer import AwsPeer
from tests.support.sizes import LONG, size

A_BATCH = 20
FIELD = b"x-amzn-marketplace-token"
FORM = b"application/x-www-form-urlencoded"
LARGEST = 16 * 1024
ODD = ("", " ", "\0", "\ud800", "💥" * 30, "a\r\nSet-Cookie: gc_claim=x", "../../x", "' or 1=1 --", "x" * 5000, "\x7f")


def values() -> SearchStrategy[bytes]:
    """What stands behind a field's name, encoded or not."""
    text = st.one_of(st.text(max_size=60), st.sampled_from(ODD))
    encoded = text.map(lambda one: quote(one.encode("utf-8", "surrogatepass")).encode())
    return st.one_of(encoded, st.binary(max_size=60), st.sampled_from([b"%", b"%zz", b"%ff%fe", b"+"]))


def forms() -> SearchStrategy[bytes]:
    """Something like the form of AWS: its field once, several times, among others, or not at all."""
    name = st.one_of(st.just(FIELD), st.just(FIELD), st.just(FIELD.upper()), st.binary(max_size=12))
    field = st.tuples(name, st.sampled_from([b"=", b"", b"=="]), values()).map(b"".join)
    return st.tuples(st.lists(field, max_size=14), st.sampled_from([b"&", b"&&", b";", b"\r\n"])).map(
        lambda made: made[1].join(made[0])
    )


def noise() -> SearchStrategy[bytes]:
    """What is no form."""
    return st.one_of(
        st.binary(max_size=300),
        st.binary(max_size=300).map(lambda raw: quote_from_bytes(raw, safe="&=%+").encode()),
        st.integers(4_000, 20_000).map(lambda size: FIELD + b"=" + b"x" * size),
        st.integers(11, 400).map(lambda count: b"&".join(b"p%d=1" % n for n in range(count))),
        st.sampled_from([b"{}", b"[]", b'{"x-amzn-marketplace-token":"t"}', b"--x\r\n\r\n--x--"]),
    )


def kinds() -> SearchStrategy[bytes | None]:
    """The content-type; that of a form most of the time."""
    odd = st.one_of(st.none(), st.sampled_from([b"application/json", b"multipart/form-data; boundary=x", b";;;", b""]))
    return st.one_of(
        st.just(FORM), st.just(FORM), st.just(FORM.upper() + b"; charset=utf-8"), odd, st.binary(max_size=9)
    )


async def arrive(body: bytes, kind: bytes | None, address: str) -> tuple[int, dict[bytes, bytes]]:
    """One arrival, byte by byte as it is."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    scope: dict[str, Any] = {
        "type": "http",
        "method": "POST",
        "path": routes.AWS_LANDING,
        "query_string": b"",
        "headers": [(b"host", b"localhost"), *([] if kind is None else [(b"content-type", kind)])],
        "client": (address, 1),
    }
    await RequestLimits(Router(marketplace_aws.ROUTES))(scope, receive, send)
    return sent[0]["status"], dict(sent[0]["headers"])


async def everything(services: Services) -> list[dict[str, Any]]:
    tables = (MarketplaceNotice, Subscription, AwsFact, MarketplaceClaim)
    async with services.database.reading() as work:
        return [row.model_dump() for table in tables for row in (await work.session.exec(select(table))).all()]


@LONG
@settings(
    max_examples=size(2000, 20_000) // A_BATCH,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(
    batch=st.lists(st.tuples(st.one_of(forms(), forms(), noise()), kinds()), min_size=A_BATCH, max_size=A_BATCH),
    network=st.integers(0, 2**16 - 1),
)
async def test_no_arrival_breaks_it_and_none_that_aws_does_not_know_changes_anything(
    services: Services, peer: AwsPeer, batch: list[tuple[bytes, bytes | None]], network: int
) -> None:
    before, asked = await everything(services), len(peer.asked)
    for number, (body, kind) in enumerate(batch):
        status, headers = await arrive(body, kind, f"198.{18 + network % 2}.{network >> 8}.{number}")
        assert status == (413 if len(body) > LARGEST else 303)
        assert b"set-cookie" not in headers
        if status == 303:
            assert headers[b"location"].startswith(b"/marketplace/claim?provider=aws&problem=")
    assert await everything(services) == before
    for one in peer.asked[asked:]:
        token = one.parameters["RegistrationToken"]
        assert 0 < len(token) <= LONGEST_TOKEN
        assert token.isascii()
        assert token.isprintable()
