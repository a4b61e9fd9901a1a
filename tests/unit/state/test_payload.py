"""Arguments from the browser are held to the handler's hints, whatever is sent."""

from __future__ import annotations

from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field
from typing_extensions import TypedDict

from guance_portal.core.forms import Asked, Form
from guance_portal.state import payload


class _Form(TypedDict):
    email: Annotated[str, Field(max_length=10)]
    keep: bool


class _Declared(Form):
    email: Annotated[str, Asked(label="x", most=10)] = ""
    keep: bool = False


class _Handlers:
    async def declare(self, form: _Declared) -> None: ...

    async def submit(self, form: _Form, count: Annotated[int, Field(ge=0)] = 3) -> None: ...

    async def press(self) -> None: ...


def test_a_submitted_form_arrives_as_its_fields() -> None:
    sent = {"form": {"__reflex_form_data__": [["email", "a@b"], ["keep", "on"]]}}
    assert payload.check(_Handlers.submit, sent) == {"form": {"email": "a@b", "keep": True}}


def test_a_declared_form_arrives_as_its_model() -> None:
    sent = {"form": {"__reflex_form_data__": [["email", "a@b"], ["keep", "on"], ["other", "x"]]}}
    assert payload.check(_Handlers.declare, sent) == {"form": _Declared(email="a@b", keep=True)}
    unticked = {"form": {"__reflex_form_data__": [["email", "a@b"]]}}
    assert payload.check(_Handlers.declare, unticked) == {"form": _Declared(email="a@b", keep=False)}


@pytest.mark.parametrize(
    "entries", [[["keep", "on"]], [["email", "longer than ten"]], [["email", 5]], [["email", None]]]
)
def test_a_declared_form_that_lacks_a_field_or_does_not_fit_is_refused(entries: list[Any]) -> None:
    with pytest.raises(payload.PayloadError):
        payload.check(_Handlers.declare, {"form": {"__reflex_form_data__": entries}})


def test_an_unchecked_box_arrives_as_false() -> None:
    sent = {"form": {"__reflex_form_data__": [["email", "a@b"]]}}
    assert payload.check(_Handlers.submit, sent) == {"form": {"email": "a@b", "keep": False}}


def test_a_field_that_the_form_has_not_is_dropped() -> None:
    sent = {"form": {"email": "a", "keep": True, "role": "owner"}}
    assert payload.check(_Handlers.submit, sent) == {"form": {"email": "a", "keep": True}}


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"form": None},
        {"form": []},
        {"form": {"email": "a"}},
        {"form": {"email": "longer than ten", "keep": True}},
        {"form": {"email": 5, "keep": True}},
        {"form": {"email": {"a": 1}, "keep": True}},
        {"form": {"email": "a", "keep": "yes"}},
        {"form": {"email": "a\0", "keep": True}},
        {"form": {"email": "\ud800", "keep": True}},
        {"form": {"email": "a", "keep": True}, "count": "5"},
        {"form": {"email": "a", "keep": True}, "count": -1},
        {"form": {"email": "a", "keep": True}, "self": 1},
        {"form": {"email": "a", "keep": True}, "other": 1},
        {"form": {"__reflex_form_data__": "x"}},
    ],
)
def test_anything_else_is_refused(sent: dict[str, Any]) -> None:
    with pytest.raises(payload.PayloadError):
        payload.check(_Handlers.submit, sent)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text(min_size=1), _JSON, min_size=1, max_size=4))
def test_a_handler_without_arguments_takes_none(sent: dict[str, Any]) -> None:
    with pytest.raises(payload.PayloadError):
        payload.check(_Handlers.press, sent)


@given(st.dictionaries(st.sampled_from(["form", "count", "x"]), _JSON, max_size=3))
def test_garbage_is_refused_or_fits(sent: dict[str, Any]) -> None:
    try:
        accepted = payload.check(_Handlers.submit, sent)
    except payload.PayloadError:
        return
    assert isinstance(accepted["form"]["email"], str)
    assert isinstance(accepted["form"]["keep"], bool)
