"""The picture of the product: a latency curve, the errors under it, and the trace that explains both."""

from __future__ import annotations

from math import exp, sin

import reflex as rx

from guance_portal.components.icons import icon
from guance_portal.components.messages import text

_POINTS, _WIDTH, _HEIGHT, _BAR_HEIGHT = 60, 400, 74, 44
_PEAK, _HOT = 41.5, range(39, 45)


def picture_card() -> rx.Component:
    """A card with sample data, for the eye only."""
    curve = _line(_series(0.4, 0.52))
    bars = _bars(_series(2.1, 0.46))
    return rx.el.div(
        _row("c1", "picture.latency", "842", "ms"),
        rx.el.svg(
            rx.el.svg.path(d=f"{curve}L{_WIDTH} {_HEIGHT}L0 {_HEIGHT}Z", class_name="area"),
            rx.el.svg.path(d=curve, class_name="curve"),
            view_box=f"0 0 {_WIDTH} {_HEIGHT}",
            preserve_aspect_ratio="none",
            class_name="gc-picture-curve",
        ),
        _row("c2", "picture.errors", "1,204", text("picture.per_minute")),
        rx.el.svg(
            rx.el.svg.path(d=bars[0], class_name="calm"),
            rx.el.svg.path(d=bars[1], class_name="hot"),
            view_box=f"0 0 {_WIDTH} {_BAR_HEIGHT}",
            preserve_aspect_ratio="none",
            class_name="gc-picture-bars",
        ),
        rx.el.div(
            rx.el.span(icon("waypoints", 14), "trace 7f3a…c210", class_name="gc-picture-trace"),
            rx.el.span("checkout → payment → mysql ", rx.el.b(text("picture.timeout"))),
            class_name="gc-picture-foot",
        ),
        rx.el.span(class_name="gc-picture-cursor"),
        class_name="gc-picture",
        custom_attrs={"aria-hidden": "true"},
    )


def _row(colour: str, words: str, figure: str, unit: rx.Var[str] | str) -> rx.Component:
    return rx.el.div(
        rx.el.i(class_name=colour), text(words), rx.el.em(figure, " ", rx.el.small(unit)), class_name="gc-picture-row"
    )


def _series(seed: float, spike: float) -> list[float]:
    """A calm wave between 0 and 1 with one spike, the same at every build."""
    calm = [0.34 + 0.1 * sin(i * 0.35 + seed) + 0.06 * sin(i * 1.13 + seed * 2) for i in range(_POINTS)]
    return [v + spike * exp(-((i - _PEAK) ** 2) / 6) for i, v in enumerate(calm)]


def _line(values: list[float]) -> str:
    step = _WIDTH / (_POINTS - 1)
    points = [f"{i * step:.0f} {_HEIGHT * (1 - v):.0f}" for i, v in enumerate(values)]
    return "M" + "L".join(points)


def _bars(values: list[float]) -> tuple[str, str]:
    """The calm and the hot bars, each as one path."""
    step = _WIDTH / _POINTS
    calm, hot = "", ""
    for i, value in enumerate(values):
        bar = f"M{i * step + 1:.1f} {_BAR_HEIGHT}v-{value * _BAR_HEIGHT:.0f}h{step - 1.6:.1f}V{_BAR_HEIGHT}z"
        calm, hot = (calm, hot + bar) if i in _HOT else (calm + bar, hot)
    return calm, hot
