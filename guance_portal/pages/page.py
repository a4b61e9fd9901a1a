"""What the application knows of a page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import reflex as rx

from guance_portal.core.actor import Realm


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page: its route, who it is for, its title (key of words) and what loads it.

    `realm` is None for a page anybody may see; `is_sandbox` pages exist in sandbox mode only.
    """

    route: str
    build: Callable[[], rx.Component]
    title: str
    on_load: Any = None
    realm: Realm | None = None
    is_sandbox: bool = False
