"""The fields of a form as its model declares them; nothing is declared a second time here.

`form_fields(CompanyForm, state, keep=State.keep, leave=State.leave)` shows all of them, top to bottom; `form_labels` names
them for the summary of a refused form. What only the page knows (who sends a code, whom a username is offered to, words
that depend on a var) is given by field name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import groupby
from typing import Any

import reflex as rx

from guance_portal.components.base import Words, given
from guance_portal.components.fields import InputType, text_field, textarea_field
from guance_portal.components.identity_fields import code_field, new_password_field, username_field
from guance_portal.components.page_parts import columns
from guance_portal.components.selects import Option, select_field
from guance_portal.components.sites import site_field
from guance_portal.components.words import pick, t
from guance_portal.core.forms import Asked, Form, Kind, Options

Tell = Callable[[str, rx.Var[str]], Any]
"""Makes the event that tells the server a field's name and value."""
_TYPES: dict[Kind, InputType] = {Kind.EMAIL: "email", Kind.PHONE: "tel"}
_OWN_HANDLERS = (Kind.SWITCH,)
_JUDGED_AT_ONCE = (Kind.SITE, Kind.USERNAME)


def form_labels(form: type[Form]) -> dict[str, Words]:
    """The name of each field, for the summary of a refused form."""
    return {name: t(asked.label) for name, asked in form.asked().items()}


def form_fields(
    form: type[Form], state: Any, *, keep: Tell | None = None, leave: Tell | None = None, **by_name: Mapping[str, Any]
) -> list[rx.Component]:
    """Every field but the switches, which belong to their pages.

    `state` is one with `TypedMixin` for this form. `keep` and `leave` make the events that are told what is typed, and
    that a field is left. The rest are props by the name of a field: `code={"on_send": …}`.
    """
    if unknown := set(by_name) - set(form.asked()):
        raise ValueError(f"{form.__name__} has no {', '.join(sorted(unknown))}")
    shown = {name: asked for name, asked in form.asked().items() if asked.kind not in _OWN_HANDLERS}
    built = [
        (asked.is_narrow, _field(name, asked, state, {**told(name, asked, keep, leave), **by_name.get(name, {})}))
        for name, asked in shown.items()
    ]
    return list(_rows(built))


def _rows(built: list[tuple[bool, rx.Component]]) -> Iterator[rx.Component]:
    """Narrow neighbours share a line."""
    for is_narrow, group in groupby(built, key=lambda one: one[0]):
        fields = [field for _, field in group]
        yield from [columns(*fields)] if is_narrow else fields


def told(name: str, asked: Asked, keep: Tell | None, leave: Tell | None) -> dict[str, Any]:
    """The events of a field that is no secret: what is typed, and that it is left."""
    if asked.is_secret:
        return {}
    return given(
        on_keep=_event(keep, name), on_leave=_event(leave, name) if asked.kind not in _JUDGED_AT_ONCE else None
    )


def _event(tell: Tell | None, name: str) -> Any:
    if tell is None:
        return None

    def event(value: rx.Var[str]) -> Any:
        return tell(name, value)

    return event


def _field(name: str, asked: Asked, state: Any, own: Mapping[str, Any]) -> rx.Component:
    """One field; what only the page knows wins over what is declared."""
    props: dict[str, Any] = {"problem": state.problems[name], "required": asked.required, **own}
    if callable(asked.required):
        props["required"] = own["required"]
    match asked.kind:
        case Kind.PASSWORD | Kind.CODE:
            return _secret(name, asked, state, own)
        case Kind.USERNAME:
            return username_field(state, draft=state.typed[name], **own)
        case Kind.SITE:
            return site_field(name, label=t(asked.label), value=state.typed[name], **props)
        case _:
            help_ = t(asked.help) if asked.help else None
            return _kept(name, asked, {"draft": state.typed[name], **given(help=help_), **props})


def _secret(name: str, asked: Asked, state: Any, own: Mapping[str, Any]) -> rx.Component:
    if asked.kind is Kind.CODE:
        return code_field(state, t(asked.label), name=name, **own)
    props: dict[str, Any] = {"required": asked.required, **given(help=t(asked.help) if asked.help else None), **own}
    return new_password_field(state, name, t(asked.label), **props)


def _kept(name: str, asked: Asked, props: dict[str, Any]) -> rx.Component:
    label = t(asked.label)
    if asked.kind is Kind.CHOICE:
        options: list[Option] = props.pop("options", None) or _options(asked)
        return select_field(name, label, options, **props)
    typed: dict[str, Any] = {"max_length": asked.limit, **props}
    if asked.kind is Kind.TEXT:
        return textarea_field(name, label, **typed)
    mode = "tel" if asked.kind is Kind.PHONE else None
    line: dict[str, Any] = {"auto_complete": asked.autocomplete, **given(input_mode=mode), **typed}
    return text_field(name, label, type=_TYPES.get(asked.kind, "text"), **line)


def _options(asked: Asked) -> list[Option]:
    """The choices under their headings, below the one that chooses nothing."""
    groups: Options = asked.options() if asked.options else {}
    return [Option("", t("sign_up.choose"))] + [
        Option(value, pick(words.zh, words.en), group=heading)
        for heading, options in ((t(key) if key else "", options) for key, options in groups.items())
        for value, words in options.items()
    ]
