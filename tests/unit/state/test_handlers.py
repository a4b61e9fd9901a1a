"""Every event handler of the application, collected by itself, declares who may call it and with what."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

import pytest
from annotated_types import MaxLen
from pydantic import BaseModel, Field
from pydantic.fields import FieldInfo
from typing_extensions import is_typeddict

import guance_portal.state
from guance_portal.core.actor import Realm
from guance_portal.core.forms import Asked
from guance_portal.guance_portal import app
from guance_portal.state.audience import (
    SAME_PERSON,
    SAME_WORKSPACE,
    Declared,
    Exempt,
    audience,
    audience_of,
    declared_of,
)
from guance_portal.state.gate import FRAMEWORK, handlers

OURS = {name: fn for name, fn in handlers().items() if name not in FRAMEWORK and not fn.__module__.startswith("reflex")}


def test_the_collection_finds_handlers() -> None:
    assert app._middlewares
    assert len(OURS) > 0


@pytest.mark.parametrize("name", sorted(OURS))
def test_a_handler_declares_its_audience(name: str) -> None:
    assert audience_of(OURS[name]) is not None


@pytest.mark.parametrize("name", sorted(OURS))
def test_a_handler_bounds_every_text_it_takes(name: str) -> None:
    hints = get_type_hints(getattr(OURS[name], "func", OURS[name]), include_extras=True)
    arguments = list(inspect.signature(OURS[name]).parameters)[1:]
    unbounded = [argument for argument in arguments if not _is_bounded(hints[argument])]
    assert not unbounded


def test_what_the_framework_registers_is_known() -> None:
    """A Reflex upgrade that adds a handler of its own must be looked at before it is let through."""
    foreign = {name for name in handlers() if name not in OURS and not name.endswith(".setvar")}
    assert foreign - FRAMEWORK == {
        "reflex___state____state.reflex___state____update_vars_internal_state.update_vars_internal"
    }


def _is_bounded(hint: Any) -> bool:
    if get_origin(hint) is Annotated:
        base, *marks = get_args(hint)
        return base is not str or any(_limits_length(mark) for mark in marks)
    if inspect.isclass(hint) and issubclass(hint, BaseModel):
        form: type[BaseModel] = hint
        fields = form.model_fields.values()
        return all(
            field.annotation is bool
            or get_origin(field.annotation) is Literal
            or any(map(_limits_length, field.metadata))
            for field in fields
        )
    if is_typeddict(hint):
        return all(_is_bounded(field) for field in get_type_hints(hint, include_extras=True).values())
    if get_args(hint):
        return all(_is_bounded(part) for part in get_args(hint)) if get_origin(hint).__module__ != "typing" else True
    return hint in (int, bool)


def _limits_length(mark: object) -> bool:
    if isinstance(mark, FieldInfo):
        return any(isinstance(rule, MaxLen) or getattr(rule, "pattern", None) for rule in mark.metadata)
    return isinstance(mark, MaxLen | Asked)


def test_the_check_for_bounds_notices_an_unbounded_text() -> None:
    assert not _is_bounded(str)
    assert not _is_bounded(Annotated[str, Field(min_length=1)])
    assert _is_bounded(Annotated[str, Field(max_length=9)])


def test_a_handler_that_asks_nothing_of_its_page_says_why() -> None:
    exempt = [declared.page.why for fn in OURS.values() if isinstance((declared := _declared(fn)).page, Exempt)]
    assert exempt
    assert all(why.endswith(".") and len(why.split()) > 5 for why in exempt)


@pytest.mark.parametrize("name", sorted(OURS))
def test_a_handler_behind_a_sign_in_is_compared_with_its_page_unless_it_says_otherwise(name: str) -> None:
    """Anyone who writes one and declares nothing gets the strictest rule."""
    declared = _declared(OURS[name])
    assert declared.page in (SAME_WORKSPACE, SAME_PERSON) or isinstance(declared.page, Exempt)
    assert _declared(_undeclared).page is SAME_WORKSPACE


def test_only_the_gate_and_what_runs_without_it_look_sessions_up() -> None:
    """A state that looked a session up by itself would act for somebody whom no page was compared with."""
    folder = Path(guance_portal.state.__file__).parent
    looking = {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*.py")
        if "session_hash" in path.read_text("utf-8")
    }
    assert looking == {
        "connection.py",  # where it is read
        "gate.py",
        "live.py",  # a page that is told by the server acts on nothing
        "sign_in.py",  # only whether there is one, to say why a person has to sign in again
    }


@audience(Realm.CONSOLE)
def _undeclared() -> None: ...


def _declared(handler: object) -> Declared:
    declared = declared_of(handler)
    assert declared
    return declared
