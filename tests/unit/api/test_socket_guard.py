"""The event socket learns hashes, never tokens, and a tab's token alone addresses nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs

import pytest

from guance_portal.api.socket_guard import SocketGuard
from guance_portal.core.errors import TooManyAttemptsError
from guance_portal.core.settings import Settings
from tests.unit.api.conftest import Inner, Wire, scope_of

HOST = "localhost:8000"


async def let_all_in(_address: str) -> None:
    """A limit that nobody reaches."""


async def turn_all_away(_address: str) -> None:
    """A limit that everybody has reached."""
    raise TooManyAttemptsError(minutes=1)


async def knock(
    inner: Inner,
    settings: Settings,
    *,
    query: str = "EIO=4&transport=websocket&token=tab-1",
    origin: str = "http://localhost:8000",
    host: str = HOST,
    count: Callable[[str], Awaitable[None]] = let_all_in,
    **headers: str,
) -> bool:
    """Whether the socket got through."""
    before = len(inner.scopes)
    wire = Wire({"type": "websocket.connect"})
    scope = scope_of("websocket", "/_event", query, origin=origin, host=host, **headers)
    await SocketGuard(inner, settings, count)(scope, wire.receive, wire.send)
    return len(inner.scopes) > before


def seen_token(inner: Inner) -> str:
    return parameters(inner)["token"][0]


def parameters(inner: Inner) -> dict[str, list[str]]:
    query: bytes = inner.scopes[-1]["query_string"]
    return parse_qs(query.decode())


def sha256(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()


async def test_our_cookies_arrive_hashed_and_all_others_not_at_all(
    inner: Inner, make_settings: Callable[..., Settings]
) -> None:
    cookie = "gc_console=a; gc_fee=b; gc_operator=c; gc_visitor=d; lang=en; other=secret"
    assert await knock(inner, make_settings(), cookie=cookie, authorization="Bearer x", x_anything="y", user_agent="ua")
    assert inner.headers["cookie"] == (
        f"gc_console={sha256('a')}; gc_fee={sha256('b')}; gc_operator={sha256('c')}; gc_visitor={sha256('d')}; lang=en"
    )
    assert set(inner.headers) == {"origin", "host", "user-agent", "cookie"}


async def test_a_hash_sent_as_a_cookie_is_hashed_again(inner: Inner, make_settings: Callable[..., Settings]) -> None:
    await knock(inner, make_settings(), cookie=f"gc_console={sha256('a')}")
    assert inner.headers["cookie"] == f"gc_console={sha256(sha256('a'))}"


async def test_under_https_only_host_bound_cookies_count(inner: Inner, make_settings: Callable[..., Settings]) -> None:
    settings = make_settings(public_url="https://portal.example")
    knocked = await knock(
        inner,
        settings,
        host="portal.example",
        origin="https://portal.example",
        cookie="gc_console=planted; __Host-gc_console=real",
    )
    assert knocked
    assert inner.headers["cookie"] == f"gc_console={sha256('real')}"


async def test_who_opens_too_many_sockets_is_turned_away_by_address(
    inner: Inner, make_settings: Callable[..., Settings]
) -> None:
    counted: list[str] = []

    async def count(address: str) -> None:
        counted.append(address)

    assert await knock(inner, make_settings(), count=count)
    assert counted == ["10.0.0.9"]
    assert not await knock(inner, make_settings(), count=turn_all_away)


async def test_a_language_that_is_none_of_ours_is_dropped(inner: Inner, make_settings: Callable[..., Settings]) -> None:
    await knock(inner, make_settings(), cookie="lang=en'; DROP")
    assert "cookie" not in inner.headers


async def test_the_tabs_token_is_bound_to_the_cookies_and_to_the_key(
    inner: Inner, make_settings: Callable[..., Settings]
) -> None:
    tokens: list[str] = []
    for cookie in ("", "gc_visitor=d", "gc_visitor=e", "gc_console=a; gc_visitor=d", "gc_fee=a; gc_visitor=d"):
        await knock(inner, make_settings(), cookie=cookie)
        tokens.append(seen_token(inner))
    assert len(set(tokens)) == len(tokens)
    assert "tab-1" not in tokens
    await knock(inner, make_settings(), cookie="gc_visitor=d; lang=en; other=x")
    assert seen_token(inner) == tokens[1]
    await knock(inner, make_settings(), query="token=tab-2", cookie="gc_visitor=d")
    assert seen_token(inner) not in tokens


@pytest.mark.parametrize("query", ["", "token=", "token=a&token=b", f"token={'x' * 101}"])
async def test_a_socket_without_one_token_is_refused(
    inner: Inner, make_settings: Callable[..., Settings], query: str
) -> None:
    assert not await knock(inner, make_settings(), query=query)


async def test_nothing_but_the_engines_own_parameters_passes(
    inner: Inner, make_settings: Callable[..., Settings]
) -> None:
    await knock(inner, make_settings(), query="token=t&EIO=4&transport=websocket&sid=stolen&b64=1")
    assert set(parameters(inner)) == {"token", "EIO", "transport"}


@pytest.mark.parametrize(
    ("public_url", "origin", "host", "is_ours"),
    [
        ("", "http://localhost:8000", HOST, True),
        ("", "http://LOCALHOST:8000", HOST, True),
        ("", "https://localhost:8000", HOST, False),
        ("", "http://localhost:8001", HOST, False),
        ("", "http://evil.example", HOST, False),
        ("", "null", HOST, False),
        ("", "", HOST, False),
        ("", "http://", "", False),
        ("https://portal.example", "https://portal.example", "portal.example", True),
        ("https://portal.example", "https://portal.example", "10.1.1.1:8000", True),
        ("https://portal.example", "http://portal.example", "portal.example", False),
        ("https://portal.example", "https://evil.example", "evil.example", False),
        ("https://portal.example/", "https://portal.example", "portal.example", True),
    ],
)
async def test_only_our_own_pages_may_open_it(
    inner: Inner, make_settings: Callable[..., Settings], public_url: str, origin: str, host: str, *, is_ours: bool
) -> None:
    assert await knock(inner, make_settings(public_url=public_url), origin=origin, host=host) == is_ours
