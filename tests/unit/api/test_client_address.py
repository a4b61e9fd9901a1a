"""A client's address is what trusted proxies vouch for, never what the client says."""

from __future__ import annotations

import pytest

from guance_portal.api.client_address import ClientAddress, client_of
from tests.unit.api.conftest import Inner, Wire, scope_of

PEER = "10.0.0.9"


@pytest.mark.parametrize(
    ("forwarded", "hops", "client"),
    [
        ("", 0, PEER),
        ("1.2.3.4", 0, PEER),
        ("1.2.3.4", 1, "1.2.3.4"),
        ("6.6.6.6, 1.2.3.4", 1, "1.2.3.4"),
        ("6.6.6.6, 1.2.3.4, 10.0.0.8", 2, "1.2.3.4"),
        ("1.2.3.4", 2, PEER),
        ("", 1, PEER),
        ("not an address", 1, PEER),
        ("1.2.3.4, <script>", 1, PEER),
        ("2001:DB8::1", 1, "2001:db8::1"),
        ("[2001:db8::1]", 1, "2001:db8::1"),
        ("::ffff:192.0.2.1", 1, "192.0.2.1"),
    ],
)
def test_only_as_many_entries_are_believed_as_there_are_proxies(forwarded: str, hops: int, client: str) -> None:
    assert client_of(PEER, forwarded, hops) == client


@pytest.mark.parametrize(("peer", "client"), [("::ffff:127.0.0.1", "127.0.0.1"), ("::1", "::1"), ("", "")])
async def test_the_peer_is_known_by_its_plain_address(inner: Inner, peer: str, client: str) -> None:
    scope = {**scope_of(), "client": (peer, 1)}
    await ClientAddress(inner, 0)(scope, Wire().receive, Wire().send)
    assert inner.scopes[0]["client"][0] == client


async def test_forwarding_headers_are_not_passed_on(inner: Inner) -> None:
    scope = scope_of(x_forwarded_for="1.2.3.4", x_forwarded_host="evil.example", forwarded="for=6.6.6.6", accept="a/b")
    await ClientAddress(inner, 1)(scope, Wire().receive, Wire().send)
    assert inner.scopes[0]["client"] == ("1.2.3.4", 1)
    assert inner.headers == {"accept": "a/b"}
