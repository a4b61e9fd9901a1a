"""Links to pages of the portal, without a reload."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_components_core.react_router.dom import ReactRouterLink

from guance_portal.components.base import Child


def link(*children: Child, href: str | rx.Var[str], class_name: str = "", **props: Any) -> rx.Component:
    """A link to a page of the portal."""
    return ReactRouterLink.create(*children, to=href, class_name=class_name, **props)
