"""The fields of a form as its model declares them; nothing is declared a second time here.

`form_fields(CompanyForm, state, save=State.save, leave=State.leave)` shows all of them, top to bottom; `form_labels` names
them for the summary of a refused form. What only the page knows (who sends a code, whom a username is offered to, words
that depend on a var) is given by field name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import groupby
from typing import Any

import reflex as rx

from guance_portal.components.base import TextLike, given
from guance_portal.components.fields import InputType, password_field, text_field, textarea_field
from guance_portal.components.identity_fields import code_field, new_password_field, username_field
from guance_portal.components.messages import pick, text
from guance_portal.components.page_parts import columns
from guance_portal.components.selects import Option, select_field, select_of
from guance_portal.components.sites import site_field
from guance_portal.core.forms import Asked, FieldKind, Form, Options

Tell = Callable[[str, rx.Var[str]], Any]
"""Makes the event that tells the server a field's name and value."""
_TYPES: dict[FieldKind, InputType] = {
    FieldKind.EMAIL: "email",
    FieldKind.PHONE: "tel",
    FieldKind.SEARCH: "search",
    FieldKind.DATE: "date",
}
_OWN_HANDLERS = (FieldKind.SWITCH,)
_VERBATIM = {"auto_capitalize": "none", "spell_check": False}
_JUDGED_AT_ONCE = (FieldKind.SITE, FieldKind.USERNAME)


def form_labels(form: type[Form]) -> dict[str, TextLike]:
    """The name of each field, for the summary of a refused form."""
    return {name: text(asked.label) for name, asked in form.asked().items()}


def form_fields(
    form: type[Form],
    state: Any,
    *,
    save: Tell | None = None,
    leave: Tell | None = None,
    has_marks: bool = True,
    **by_name: Mapping[str, Any],
) -> list[rx.Component]:
    """Every field but the switches, which belong to their pages.

    `state` is one with `TypedMixin` for this form; one that keeps nothing is a `FormMixin`. `save` and `leave` make the
    events that are told what is typed, and that a field is left. Without marks nothing is said of what is required, as
    where everything is. The rest are props by the name of a field: `code={"on_send": …}`.
    """
    if unknown := set(by_name) - set(form.asked()):
        raise ValueError(f"{form.__name__} has no {', '.join(sorted(unknown))}")
    marks: dict[str, Any] = {} if has_marks else {"required": None}
    shown = {name: asked for name, asked in form.asked().items() if asked.kind not in _OWN_HANDLERS}
    built = [
        (
            asked.is_narrow,
            _field(
                name,
                asked,
                state,
                {**marks, **_chosen(form, name), **told(name, asked, save, leave), **by_name.get(name, {})},
            ),
        )
        for name, asked in shown.items()
    ]
    return list(_rows(built))


def _rows(built: list[tuple[bool, rx.Component]]) -> Iterator[rx.Component]:
    """Narrow neighbours share a line."""
    for is_narrow, group in groupby(built, key=lambda one: one[0]):
        fields = [field for _, field in group]
        yield from [columns(*fields)] if is_narrow else fields


def told(name: str, asked: Asked, save: Tell | None, leave: Tell | None) -> dict[str, Any]:
    """The events of a field that is no secret: what is typed, and that it is left."""
    if asked.is_secret:
        return {}
    return given(
        on_save=_event(save, name), on_leave=_event(leave, name) if asked.kind not in _JUDGED_AT_ONCE else None
    )


def _event(tell: Tell | None, name: str) -> Any:
    if tell is None:
        return None

    def event(value: rx.Var[str]) -> Any:
        return tell(name, value)

    return event


def _field(name: str, asked: Asked, state: Any, own: Mapping[str, Any]) -> rx.Component:
    """One field; what only the page knows wins over what is declared."""
    problem = state.problems[name] if "problems" in state.vars else None
    props: dict[str, Any] = {"problem": problem, "required": asked.required, **own}
    if callable(asked.required):
        props["required"] = own["required"]
    match asked.kind:
        case FieldKind.PASSWORD | FieldKind.CODE:
            return _secret(name, asked, state, own)
        case FieldKind.USERNAME:
            return username_field(state, draft=state.typed[name], **own)
        case FieldKind.SITE:
            return site_field(name, label=text(asked.label), **_typed(state, name, "value"), **props)
        case _:
            help_ = text(asked.help) if asked.help else None
            return _kept(name, asked, {**_typed(state, name, "draft"), **given(help=help_), **props})


def _chosen(form: type[Form], name: str) -> dict[str, Any]:
    """What is chosen at first, where the form says so."""
    first = form.model_fields[name].default
    return {"default_value": first} if form.asked()[name].kind is FieldKind.CHOICE and first else {}


def _typed(state: Any, name: str, prop: str) -> dict[str, Any]:
    """What was typed before, where that is known."""
    return {prop: state.typed[name]} if "typed" in state.vars else {}


def _secret(name: str, asked: Asked, state: Any, own: Mapping[str, Any]) -> rx.Component:
    if "on_send" in own:
        return code_field(state, text(asked.label), name=name, **own)
    props: dict[str, Any] = {"required": asked.required, **given(help=text(asked.help) if asked.help else None), **own}
    if asked.autocomplete == "new-password":
        return new_password_field(state, name, text(asked.label), **props)
    props["problem"] = state.problems[name]
    if asked.kind is FieldKind.PASSWORD:
        return password_field(name, text(asked.label), **props)
    typed: dict[str, Any] = {"auto_complete": asked.autocomplete, "max_length": asked.limit, **_VERBATIM, **props}
    return text_field(name, text(asked.label), **typed)


def _kept(name: str, asked: Asked, props: dict[str, Any]) -> rx.Component:
    label = props.pop("label", text(asked.label))
    if asked.kind is FieldKind.CHOICE and "rows" in props:
        return select_of(name, label, props.pop("rows"), **_of_rows(props))
    if asked.kind is FieldKind.CHOICE:
        options: list[Option] = props.pop("options", None) or _options(asked, can_be_none="default_value" not in props)
        return select_field(name, label, options, swaps=asked.swaps, **props)
    typed: dict[str, Any] = {"max_length": asked.limit, **props}
    if asked.kind is FieldKind.TEXT:
        return textarea_field(name, label, **typed)
    mode = "tel" if asked.kind is FieldKind.PHONE else None
    verbatim = _VERBATIM if asked.autocomplete == "username" else {}
    line: dict[str, Any] = {"auto_complete": asked.autocomplete, **given(input_mode=mode), **verbatim, **typed}
    return text_field(name, label, type=_TYPES.get(asked.kind, "text"), **line)


def _of_rows(props: dict[str, Any]) -> dict[str, Any]:
    """A choice of what a state knows is a search: nothing is wrong with it, and nothing said of it."""
    return {name: value for name, value in props.items() if name not in ("problem", "required") and value is not None}


def _options(asked: Asked, *, can_be_none: bool) -> list[Option]:
    """The choices under their headings, below the one that chooses nothing where nothing is chosen at first."""
    groups: Options = asked.options() if asked.options else {}
    return ([Option("", text("sign_up.choose"))] if can_be_none else []) + [
        Option(value, pick(words.zh, words.en), group=heading)
        for heading, options in ((text(key) if key else "", options) for key, options in groups.items())
        for value, words in options.items()
    ]
