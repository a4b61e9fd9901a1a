"""What the components share: the types of their arguments and small helpers."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal.core.messages import Text

TextLike = str | rx.Var[Any]
"""Words on screen: the result of `t()` or `said()`, or a text that is the same in both languages."""
Child = rx.Component | str | rx.Var[Any]
Handler = Any
"""What an event trigger of Reflex takes: a handler, an event, a list of them, or a client-side chain."""
Problem = rx.Var[Text]
"""What is wrong with a field, as the server said it; empty or absent when nothing is."""


VERBATIM: dict[str, Any] = {"custom_attrs": {"data-verbatim": ""}}
"""Props of an element whose text people wrote: neither language of the portal, and never translated."""


def loose(var: rx.Var[Any]) -> Any:
    """The same Var for a type checker that cannot know what Vars of its kind can do."""
    return var


def is_set(problem: Problem) -> Any:
    """Whether there is a problem to show."""
    return loose(problem).zh.bool()


def classes(*names: str | None) -> str:
    """The CSS classes that are not empty, joined."""
    return " ".join(name for name in names if name)


def attributes(**values: object) -> dict[str, Any]:
    """HTML attributes; underscores become hyphens, None is left out, True and False become words."""
    spelt = {True: "true", False: "false"}
    return {
        name.replace("_", "-"): spelt[value] if isinstance(value, bool) else value
        for name, value in values.items()
        if value is not None
    }


def given(**values: object) -> dict[str, Any]:
    """The arguments that are not None."""
    return {name: value for name, value in values.items() if value is not None}
