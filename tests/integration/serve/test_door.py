"""What the front door lets in, and with which headers it answers."""

from __future__ import annotations

import asyncio
import re
import socket

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.support.portal_server import PortalServer
from tests.support.raw_socket import RawSocket


@pytest.mark.parametrize(
    "address",
    [
        "/_upload",
        "/_upload/x",
        "/_health",
        "/_all_routes",
        "/auth-codespace",
        "/_event",
        "/_event/?EIO=4&transport=polling",
    ],
)
def test_reflexs_other_routes_do_not_exist(client: httpx.Client, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    "address", ["/account", "/nope", "/assets/nope.js", "/healthz", "/readyz", "/metrics", "/ping"]
)
def test_every_answer_carries_the_protecting_headers(client: httpx.Client, address: str) -> None:
    headers = client.get(address).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "permissions-policy" in headers
    assert "strict-transport-security" not in headers


@pytest.mark.parametrize("address", ["//sandbox/mail", "/sandbox//mail", "//login", "/login//"])
def test_an_address_with_an_empty_part_leads_nowhere(client: httpx.Client, address: str) -> None:
    """Else one wrapper would take it for another address than the next."""
    assert client.get(str(client.base_url) + address).status_code == 404


@pytest.mark.parametrize("slash", ["", "/"])
def test_the_commercial_edition_begins_with_its_first_step(client: httpx.Client, slash: str) -> None:
    answer = client.get(f"/register/commercial{slash}?lang=en", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (307, "/register/commercial/basic?lang=en")


def test_no_answer_may_be_read_by_another_origin(client: httpx.Client) -> None:
    for address in ("/", "/ping", "/healthz"):
        assert (
            "access-control-allow-origin" not in client.get(address, headers={"origin": "https://evil.example"}).headers
        )


def test_a_request_id_is_made_here_and_never_taken_from_outside(client: httpx.Client) -> None:
    first, second = (client.get("/", headers={"x-request-id": "mine"}).headers["x-request-id"] for _ in range(2))
    assert re.fullmatch("[0-9a-f]{16}", first)
    assert first != second


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "OPTIONS"])
def test_methods_we_do_not_use_are_refused(client: httpx.Client, method: str) -> None:
    assert client.request(method, "/").status_code == 405


@pytest.mark.parametrize("path", ["/session/open", "/session/sso-handoff", "/session/close", "/v1/write/metric"])
def test_an_address_that_is_only_posted_to_refuses_everything_else(client: httpx.Client, path: str) -> None:
    assert client.get(path).status_code == 405


def test_a_body_over_a_megabyte_is_refused_announced_or_not(client: httpx.Client) -> None:
    too_much = b"x" * (1024 * 1024 + 1)
    assert client.post("/", content=too_much).status_code == 413


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "169.254.169.254", "[", ""])
def test_a_foreign_host_name_is_not_served(client: httpx.Client, portal: PortalServer, host: str) -> None:
    assert client.get("/", headers={"host": host}).status_code in {400, 421}
    assert client.get("/", headers={"host": f"127.0.0.1:{portal.port}"}).status_code == 200


def exchange(portal: PortalServer, *lines: str) -> str:
    """The first line of the answer to a request sent as it stands."""
    with socket.create_connection(("127.0.0.1", portal.port), timeout=10) as wire:
        wire.sendall("\r\n".join((*lines, "Connection: close", "", "")).encode())
        return wire.makefile("rb").readline().decode()


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        (("GET /healthz HTTP/1.1", "Host: localhost"), 200),
        (("GET /healthz HTTP/1.1", "Host: localhost", "Host: localhost"), 400),
        (("GET / HTTP/1.1", "Host: localhost", "Host: evil.example"), 400),
        (("GET / HTTP/1.1",), 400),
        (("GET http://evil.example/ HTTP/1.1",), 421),
        (("GET /healthz HTTP/1.0",), 200),
        (("GET / HTTP/1.1", "Host: evil.example@localhost"), 400),
        (("GET /metrics HTTP/1.1", "Host: evil.example"), 421),
    ],
)
def test_a_request_names_one_host_of_ours(portal: PortalServer, lines: tuple[str, ...], status: int) -> None:
    assert exchange(portal, *lines).split()[1] == str(status)


@pytest.mark.parametrize("origin", ["https://evil.example", "http://localhost:1", "null", None])
async def test_the_event_socket_opens_for_our_own_pages_alone(portal: PortalServer, origin: str | None) -> None:
    async with RawSocket(portal.base):
        pass
    with pytest.raises(InvalidStatus):
        async with RawSocket(portal.base, origin=origin):
            pass


async def test_no_other_socket_exists(portal: PortalServer) -> None:
    other = RawSocket(portal.base)
    other._base = f"{other._base}/other"
    with pytest.raises(InvalidStatus):
        async with other:
            pass


def test_the_log_has_no_token_of_an_address_or_a_cookie(client: httpx.Client, portal: PortalServer) -> None:
    client.get(
        "/?token=needle-in-query",
        headers={"cookie": "gc_console=needle-in-cookie", "authorization": "Bearer needle-here"},
    )
    client.get("/nope?ticket=needle-too")
    assert "needle" not in portal.wait_for_log('"path": "/nope"')


def test_metrics_count_requests_by_kind_and_never_by_path(client: httpx.Client) -> None:
    client.get("/nope-for-metrics")
    metrics = client.get("/metrics").text
    assert re.search(r'portal_requests_total\{kind="missing",method="GET",status="404"\} [1-9]', metrics)
    assert "nope-for-metrics" not in metrics


async def test_metrics_time_our_handlers_and_count_refusals_but_keep_no_invented_name(
    client: httpx.Client, portal: PortalServer
) -> None:
    async with RawSocket(portal.base) as tab:
        await tab.boot("/")
        await tab.call("reflex___state____state.setvar", {"var_name": "a", "value": "b"})
        await tab.answers()
    async with RawSocket(portal.base) as stranger:
        await stranger.call("reflex___state____state.no_such_handler")
        with pytest.raises(ConnectionClosed):
            await stranger.answers()
    metrics = (await asyncio.to_thread(client.get, "/metrics")).text
    assert 'portal_event_seconds_count{handler="state.hydrate_and_load"}' in metrics
    assert re.search(r'portal_event_refusals_total\{reason="unknown"\} [1-9]', metrics)
    assert "no_such_handler" not in metrics
    assert re.search(r'portal_sessions\{realm="console"\} \d', metrics)
    assert re.search(r'portal_emails\{status="queued"\} 0', metrics)


def test_the_sandbox_and_metrics_are_closed_when_they_should_be(serious: PortalServer) -> None:
    reader = {"accept": "text/html"}
    for place in ("style-guide", "mail", "aliyun/cn", "aliyun/intl", "aws/cn", "aws/intl", "aws/sns.pem"):
        assert httpx.get(f"{serious.base}/sandbox/{place}", headers=reader).status_code == 404
    asked = {"x-amz-target": "AWSMPMeteringService.ResolveCustomer", "x-acs-action": "DescribeInstanceForIsv"}
    for place in ("/", "/sandbox/aws/api/cn", "/sandbox/aws/api/intl/", "/sandbox/aliyun/sso/cn"):
        assert httpx.post(serious.base + place, headers=asked).status_code == 404
    assert httpx.get(f"{serious.base}/metrics").status_code == 404
    friend = {"authorization": "Bearer a-token-for-metrics"}
    assert httpx.get(f"{serious.base}/metrics", headers=friend).status_code == 200
