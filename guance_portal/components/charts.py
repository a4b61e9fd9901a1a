"""Charts: drawn by recharts, fetched where one is shown, in the colours of the theme."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_components_core.el.elements.base import BaseHTML

from guance_portal.components.base import TextLike


class _UsageChart(BaseHTML):
    library = "$/public/usage-chart.js"
    tag = "UsageChart"
    # The version that Reflex is tested with; the browser fetches it when the first chart is drawn.
    lib_dependencies: list[str] = [str(rx.recharts.bar().library)]  # noqa: RUF012 - so Reflex declares it

    points: rx.Var[list[Any]]
    color: rx.Var[str]
    summary: rx.Var[str]


def bar_chart(points: rx.Var[Any], *, color: rx.Var[str], summary: TextLike) -> rx.Component:
    """One series of `Bar`s (label, day, value, text) ; `summary` is what it says in words."""
    return _UsageChart.create(points=points, color=color, summary=summary, class_name="gc-chart")
