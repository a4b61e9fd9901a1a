"""What a list of sessions says of a browser: device from its name, place from its address."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from functools import cache

import ua_parser
from babel import Locale
from geoip2fast import GeoIP2Fast  # pyright: ignore[reportMissingTypeStubs]

from guance_portal.core.messages import Text, text


def device(user_agent: str) -> str:
    """Such as "Chrome 130 · Windows"; empty when the browser does not say."""
    seen = ua_parser.parse(user_agent)
    browser, system = seen.user_agent, seen.os
    parts = [
        f"{browser.family} {browser.major}" if browser and browser.major else browser and browser.family,
        system and system.family,
    ]
    return " · ".join(filter(None, parts))


def place(address: str) -> Text:
    """The country of an address, or that it is near; empty when nothing is known. Loads its data at first use."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return Text()
    if ip.is_loopback:
        return text("place.local")
    if ip.is_private or ip.is_link_local:
        return text("place.private")
    code = str(_countries().lookup(address).country_code)
    zh, en = _names()
    return Text(zh=zh[code], en=en[code]) if code in zh and code in en else Text()


@cache
def _countries() -> GeoIP2Fast:
    return GeoIP2Fast(geoip2fast_data_file="geoip2fast-ipv6.dat.gz")


@cache
def _names() -> tuple[Mapping[str, str], Mapping[str, str]]:
    return Locale("zh", script="Hans").territories, Locale("en").territories
