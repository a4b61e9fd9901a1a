"""Which host names are ours."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from guance_portal.api.hosts import KnownHosts
from guance_portal.core.settings import Settings
from tests.unit.api.conftest import Inner, Wire, scope_of

OURS = {"public_url": "https://portal.example", "gateway_url": "https://openway.example:9528"}


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("portal.example", 200),
        ("PORTAL.example:443", 200),
        ("openway.example:9528", 200),
        ("localhost:8000", 200),
        ("evil.example", 421),
        ("openway.example.evil.example", 421),
        ("", 400),
        ("evil.example@portal.example", 400),
        ("portal.example/evil", 400),
        ("portal.example, evil.example", 400),
        ("[", 400),
    ],
)
async def test_only_the_public_address_and_the_gateway_are_known_hosts(
    inner: Inner, make_settings: Callable[..., Settings], host: str, status: int
) -> None:
    wire = Wire()
    await KnownHosts(inner, make_settings(**OURS))(scope_of(host=host), wire.receive, wire.send)
    assert wire.status == status


async def test_a_gateway_elsewhere_does_not_close_an_open_portal(
    inner: Inner, make_settings: Callable[..., Settings]
) -> None:
    wire = Wire()
    known = KnownHosts(inner, make_settings(host="0.0.0.0", gateway_url="https://openway.example"))  # noqa: S104
    await known(scope_of(host="10.1.2.3"), wire.receive, wire.send)
    assert wire.status == 200


@pytest.mark.parametrize("hosts", [("portal.example", "portal.example"), ("portal.example", "evil.example"), ()])
@pytest.mark.parametrize("path", ["/", "/healthz"])
@pytest.mark.parametrize("kind", ["http", "websocket"])
async def test_a_request_names_exactly_one_host(
    inner: Inner, make_settings: Callable[..., Settings], hosts: tuple[str, ...], path: str, kind: str
) -> None:
    wire = Wire()
    scope = scope_of(kind, path)
    scope["headers"] = [(b"host", host.encode()) for host in hosts]
    await KnownHosts(inner, make_settings(**OURS))(scope, wire.receive, wire.send)
    assert inner.scopes == []
    assert (wire.status == 400) if kind == "http" else (wire.sent == [{"type": "websocket.close", "code": 1008}])


async def test_a_probe_of_http_1_0_needs_no_host(inner: Inner, make_settings: Callable[..., Settings]) -> None:
    wire = Wire()
    scope = {**scope_of(path="/healthz", host=""), "http_version": "1"}
    await KnownHosts(inner, make_settings(**OURS))(scope, wire.receive, wire.send)
    assert wire.status == 200


@pytest.mark.parametrize(("token", "status"), [("", 421), ("t" * 20, 200)])
async def test_metrics_are_open_to_any_host_name_only_where_a_token_guards_them(
    inner: Inner, make_settings: Callable[..., Settings], token: str, status: int
) -> None:
    wire = Wire()
    known = KnownHosts(inner, make_settings(metrics_token=token))
    await known(scope_of(path="/metrics", host="rebound.example"), wire.receive, wire.send)
    assert wire.status == status
