"""Selects, native on every device; with two lines and a tile where an option has more to say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import reflex as rx
from reflex_components_core.el.elements.forms import Select

from guance_portal.components.base import Child, Problem, TextLike
from guance_portal.components.field_frame import SAVED, Required, control, field, field_id, saving, wiring
from guance_portal.components.icons import icon
from guance_portal.components.messages import LANGUAGE, translated


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a select; `detail` is its second line, `mark` the kind of a provider tile.

    `language` is that of the title when it is not the page's (WCAG 2.2, 3.1.2).
    """

    value: str
    title: TextLike
    detail: TextLike = ""
    mark: str = ""
    group: TextLike = ""
    language: str = ""


class _RichSelect(Select):
    library = "$/public/fields.js"
    tag = "RichSelect"

    options: rx.Var[list[dict[str, str]]]
    chevron: rx.Var[rx.Component]
    ready: rx.Var[bool]
    on_save: rx.EventHandler[SAVED]


def select_field(
    name: str,
    label: TextLike,
    options: Sequence[Option],
    *,
    problem: Problem | None = None,
    help: Child | None = None,  # noqa: A002 - the word for it
    required: Required = None,
    asks: TextLike | None = None,
    swaps: bool = False,
    **props: Any,
) -> rx.Component:
    """A native select; with two lines and a tile when its options have a detail. `value` presets it.

    `asks` is what stands first in English, where nothing is preselected. With `swaps` the groups stand the other way
    round in English.

    `on_save`, beside a `value` or a `draft`, gets what is chosen.
    """
    wired = wiring(name, problem, help, required, props)
    if any(isinstance(option.detail, rx.Var) or option.detail for option in options):
        box = _RichSelect.create(
            id=field_id(name),
            name=name,
            options=_asked([_plain(option) for option in options], asks),
            chevron=icon("chevron-down", class_name="gc-chevron"),
            **saving(wired),
        )
    else:
        box = rx.el.span(
            control(
                "select",
                *_grouped(options),
                id=field_id(name),
                name=name,
                **({"flip": LANGUAGE == "en"} if swaps else {}),
                **wired,
            ),
            icon("chevron-down", class_name="gc-chevron"),
            class_name="gc-select",
        )
    return field(name, label, box, problem=problem, help=help, required=required)


def select_of(name: str, label: TextLike, rows: rx.Var[Any], *, anything: TextLike, **props: Any) -> rx.Component:
    """A native select of what a state knows: rows with `text` and `value`; `anything` is the choice of none."""
    box = rx.el.span(
        control(
            "select",
            rx.el.option(anything, value=""),
            rx.foreach(rows, _row_option),
            id=field_id(name),
            name=name,
            **wiring(name, None, None, None, props),
        ),
        icon("chevron-down", class_name="gc-chevron"),
        class_name="gc-select",
    )
    return field(name, label, box, problem=None, help=None, required=None)


def _asked(options: list[dict[str, Any]], asks: TextLike | None) -> Any:
    if asks is None:
        return options
    return rx.cond(LANGUAGE == "en", [_plain(Option("", asks)), *options], options)


def _row_option(row: Any) -> rx.Component:
    return rx.el.option(translated(row.text), value=row.value)


def _grouped(options: Sequence[Option]) -> list[rx.Component]:
    """Options under the headings of their groups, in the order given."""
    found: list[rx.Component] = []
    for _, members in groupby(options, key=lambda option: id(option.group)):
        listed = list(members)
        entries = [rx.el.option(option.title, value=option.value, lang=option.language or None) for option in listed]
        heading = listed[0].group
        found += [rx.el.optgroup(*entries, label=heading)] if isinstance(heading, rx.Var) or heading else entries
    return found


def _plain(option: Option) -> dict[str, Any]:
    return {
        "value": option.value,
        "title": option.title,
        "detail": option.detail,
        "mark": option.mark,
        "group": option.group,
    }
