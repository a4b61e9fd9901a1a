"""What counts as one place."""

from __future__ import annotations

import pytest

from guance_portal.core.networks import network_of


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("lin@yunfan.example", "lin@yunfan.example"),
        ("", ""),
    ],
)
def test_an_ipv6_customer_is_one_place_and_anything_else_is_itself(address: str, network: str) -> None:
    assert network_of(address) == network
