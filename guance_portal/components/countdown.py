"""A button that cannot be pressed again for some seconds, and says for how many."""

from __future__ import annotations

import reflex as rx

from guance_portal.components.base import Handler, TextLike


class _CountdownButton(rx.Component):
    library = "$/public/countdown.js"
    tag = "CountdownButton"

    seconds: rx.Var[int]
    serial: rx.Var[int]
    label: rx.Var[str]
    waiting: rx.Var[str]
    busy: rx.Var[bool]
    answers: rx.Var[int]

    on_click: rx.EventHandler[rx.event.no_args_event_spec]


def countdown_button(
    label: TextLike,
    waiting: TextLike,
    *,
    seconds: rx.Var[int],
    serial: rx.Var[int],
    busy: rx.Var[bool],
    answers: rx.Var[int],
    on_click: Handler,
) -> rx.Component:
    """Rests for `seconds` whenever that or `serial` changes; `waiting` holds the placeholder {seconds}.

    Not pressed again while `busy`, nor before `answers` grows: that is how a press is answered.
    """
    return _CountdownButton.create(
        label=label,
        waiting=waiting,
        seconds=seconds,
        serial=serial,
        busy=busy,
        answers=answers,
        on_click=on_click,
        class_name="gc-button secondary large",
    )
