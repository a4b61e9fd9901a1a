"""Network addresses as limits count them."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

_ONE_CUSTOMER = 64


def plain_address(address: str) -> IPv4Address | IPv6Address:
    """The address; IPv4 in the clothes of IPv6 (`::ffff:192.0.2.1`) as IPv4. Raises ValueError for anything else."""
    found = ip_address(address)
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found


def network_of(address: str) -> str:
    """What counts as one place: an IPv4 address, or the /64 that an IPv6 customer has at least (RFC 6177).

    Within a /64 a single machine has more addresses than could ever be counted. What is no address stays as it is.
    """
    try:
        found = plain_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv4Address):
        return str(found)
    return str(IPv6Network((int(found), _ONE_CUSTOMER), strict=False))
