"""Addresses in settings, brought to the one form in which browsers write them."""

from __future__ import annotations

import re
from ipaddress import IPv6Address
from urllib.parse import urlsplit

import idna

_DEFAULT_PORTS = {"http": 80, "https": 443}
_PLAIN_NAME = re.compile(r"[a-z0-9._-]+")


def web_address(url: str, *, is_origin: bool = False) -> str:
    """An http(s) address as a browser writes it: small letters, ASCII host, no default port, no trailing slash.

    Whatever is compared with it (an Origin header, a Host header) comes in that form. With `is_origin` it may have no
    path. Raises ValueError for what is no such address, and for one with user and password, a query or a fragment.
    """
    parts = urlsplit(url.strip())
    path = parts.path.rstrip("/")
    is_plain = "@" not in parts.netloc and not parts.query and not parts.fragment and not (is_origin and path)
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname or not is_plain:
        raise ValueError(url)
    port = "" if parts.port in {None, _DEFAULT_PORTS[parts.scheme]} else f":{parts.port}"
    if parts.port == 0:
        raise ValueError(url)
    return f"{parts.scheme}://{_host(parts.hostname)}{port}{path}"


def _host(name: str) -> str:
    if ":" in name:
        return f"[{IPv6Address(name).compressed}]"
    name = name.lower()
    # Names inside a company may have what IDNA does not allow, such as an underscore.
    return name if _PLAIN_NAME.fullmatch(name) else idna.encode(name, uts46=True).decode()
