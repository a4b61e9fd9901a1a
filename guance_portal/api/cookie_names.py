"""What our cookies are called in a browser."""

from __future__ import annotations


def outside_name(name: str, *, is_https: bool) -> str:
    """The name in the browser: `__Host-` under https, so that no neighbour domain can set it."""
    return f"__Host-{name}" if is_https else name
