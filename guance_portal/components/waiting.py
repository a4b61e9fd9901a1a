"""How long a page has been waiting, and what it offers after a long wait."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal.components.base import Handler, TextLike, given


class _Elapsed(rx.Component):
    library = "$/public/waiting.js"
    tag = "Elapsed"

    template: rx.Var[str]
    start: rx.Var[int]


class _Remaining(rx.Component):
    library = "$/public/waiting.js"
    tag = "Remaining"

    template: rx.Var[str]
    seconds: rx.Var[int]
    serial: rx.Var[int]

    on_end: rx.EventHandler[rx.event.no_args_event_spec]


class _After(rx.Component):
    library = "$/public/waiting.js"
    tag = "After"

    seconds: rx.Var[int]


class _Every(rx.Component):
    library = "$/public/waiting.js"
    tag = "Every"

    seconds: rx.Var[int]

    on_time: rx.EventHandler[rx.event.no_args_event_spec]


def elapsed(template: TextLike, *, start: rx.Var[int] | int = 0, **props: Any) -> rx.Component:
    """A timer; `template` holds the placeholder {time}, `start` is for how many seconds it has been waiting already."""
    return _Elapsed.create(template=template, start=start, **props)


def remaining(
    template: TextLike, *, seconds: rx.Var[int], serial: rx.Var[int] | int = 0, on_end: Handler = None, **props: Any
) -> rx.Component:
    """How long there is still time; `template` holds the placeholder {time}. A new `serial` starts it again."""
    return _Remaining.create(
        template=template, seconds=seconds, serial=serial, **given(on_end=on_end), class_name="gc-num", **props
    )


def after(seconds: int, child: rx.Component, **props: Any) -> rx.Component:
    """The child once this many seconds have passed, read aloud then."""
    return _After.create(child, seconds=seconds, **props)


def every(seconds: int, on_time: Handler) -> rx.Component:
    """Nothing to see: `on_time` happens each time so many seconds have passed, while the page is looked at."""
    return _Every.create(seconds=seconds, on_time=on_time)
