"""What is open on a page, kept in its address."""

from __future__ import annotations

import reflex as rx


class _Address(rx.Component):
    library = "$/public/address.js"
    tag = "Address"

    hydrated: rx.Var[bool]
    name: rx.Var[str]
    value: rx.Var[str]


def in_address(name: str, value: rx.Var[str]) -> rx.Component:
    """Keep `?name=value` in the address while the value is not empty; the page's loader reads it after a reload."""
    return _Address.create(hydrated=rx.State.is_hydrated, name=name, value=value)
