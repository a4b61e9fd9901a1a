"""What our cookies are called in a browser, and the one way they are set."""

from __future__ import annotations

from http.cookies import SimpleCookie


def outside_name(name: str, *, is_https: bool) -> str:
    """The name in the browser: `__Host-` under https, so that no neighbour domain can set it."""
    return f"__Host-{name}" if is_https else name


def cookie_line(name: str, value: str, *, is_https: bool, max_age: int | None, is_for_scripts: bool = False) -> str:
    """The value of a Set-Cookie header; `name` is the one in the browser.

    `max_age` in seconds; None lets the cookie go with the browser, 0 takes it away.
    """
    cookie = SimpleCookie({name: value})[name]
    cookie.update({"path": "/", "samesite": "Lax"})
    if max_age is not None:
        cookie["max-age"] = str(max_age)
    cookie["secure"], cookie["httponly"] = is_https, not is_for_scripts
    return cookie.OutputString()
