"""Which host names are ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from guance_portal.api.hosts import KnownHosts
from tests.unit.api.conftest import Inner, Wire, scope_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from guance_portal.core.settings import Settings

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
        ("", 421),
    ],
)
async def test_the_public_address_and_the_gateway_are_known_and_nobody_else(
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
