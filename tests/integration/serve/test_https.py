"""The same build behind a proxy that speaks https: host, origin, cookies and headers follow the public address."""

from __future__ import annotations

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from tests.integration.serve.conftest import PUBLIC
from tests.support.portal_server import PortalServer
from tests.support.raw_socket import RawSocket

PROXIED = {"host": "portal.example", "x-forwarded-for": "198.51.100.7", "x-forwarded-proto": "https"}


def test_cookies_are_secure_and_bound_to_the_host(proxied: PortalServer) -> None:
    lines = httpx.get(proxied.base, headers={**PROXIED, "accept": "text/html"}).headers.get_list("set-cookie")
    names = {line.partition("=")[0] for line in lines}
    assert "__Host-gc_visitor" in names
    assert not {name for name in names if name.startswith("gc_")}
    assert all("Secure" in line and "Path=/" in line and "Domain" not in line for line in lines)


def test_browsers_are_told_to_stay_on_https(proxied: PortalServer) -> None:
    answer = httpx.get(f"{proxied.base}/healthz", headers=PROXIED)
    assert answer.headers["strict-transport-security"].startswith("max-age=31536000")


def test_the_log_names_the_visitors_address_and_not_the_proxys(proxied: PortalServer) -> None:
    httpx.get(f"{proxied.base}/from-the-visitor", headers={**PROXIED, "x-forwarded-for": "6.6.6.6, 198.51.100.7"})
    [line] = [line for line in proxied.wait_for_log("/from-the-visitor").splitlines() if "/from-the-visitor" in line]
    assert '"client": "198.51.100.7"' in line


def test_no_answer_redirects_to_http(proxied: PortalServer) -> None:
    for address in ("/login", "/login/", "/assets", "/sandbox/mail"):
        answer = httpx.get(proxied.base + address, headers={**PROXIED, "accept": "text/html"})
        assert not answer.is_redirect


def test_the_sandbox_does_not_exist_at_a_public_address(proxied: PortalServer) -> None:
    answer = httpx.get(f"{proxied.base}/sandbox/mail", headers=PROXIED)
    assert answer.status_code == 404


def test_metrics_are_not_for_visitors_that_the_proxy_brings(proxied: PortalServer) -> None:
    """Without a token nobody reads them: the proxy's own address is no sign of being at home."""
    for headers in (PROXIED, {"host": "portal.example"}, {"host": "127.0.0.1"}):
        assert httpx.get(f"{proxied.base}/metrics", headers=headers).status_code == 404


async def test_the_event_socket_takes_the_public_origin_alone(proxied: PortalServer) -> None:
    async with RawSocket(proxied.base, origin=PUBLIC):
        pass
    for origin in ("http://portal.example", "https://evil.example"):
        with pytest.raises(InvalidStatus):
            async with RawSocket(proxied.base, origin=origin):
                pass
