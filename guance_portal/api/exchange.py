"""What the wrappers note of one request or socket, for each other and for the log."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import cast

from starlette.types import Scope

_KEY = "portal.exchange"


@dataclass(slots=True)
class Exchange:
    """One request: an id made here (never taken from outside), and the kind of thing that answered it."""

    request_id: str = field(default_factory=lambda: secrets.token_hex(8))
    kind: str = "other"


def begin(scope: Scope) -> Exchange:
    """Note a new exchange in the scope."""
    scope[_KEY] = exchange = Exchange()
    return exchange


def of(scope: Scope) -> Exchange:
    """The exchange of a scope that came through `begin`; a fresh one otherwise."""
    return cast("Exchange", scope.get(_KEY) or begin(scope))
