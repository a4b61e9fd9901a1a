"""Texts on a page: both languages are compiled in and the client shows the chosen one."""

from __future__ import annotations

from typing import Any, cast

import reflex as rx
from reflex_base.utils.imports import ImportVar
from reflex_base.vars.base import VarData

from guance_portal.core.messages import Language, Text, catalogue, placeholders

_STORE = "$/public/i18n.js"
_language_data = VarData(
    imports={_STORE: [ImportVar(tag="useLanguage")]}, hooks={"const language = useLanguage();": None}
)

LANGUAGE: rx.Var[str] = rx.Var("language", _var_type=str, _var_data=_language_data)
"""The language shown now, as a client-side variable: "zh" or "en"."""


def text(key: str, **values: object) -> rx.Var[str]:
    """The message of `key` in the language of the page; values may be Vars.

    Raises KeyError at build time for an unknown key or a placeholder left unfilled.
    """
    entry = catalogue()[key]
    if missing := (placeholders(entry.zh) | placeholders(entry.en)) - set(values):
        raise KeyError(f"{key} needs {sorted(missing)}")
    return pick(_fill(entry.zh, values), _fill(entry.en, values))


def translated(text: rx.Var[Text]) -> rx.Var[str]:
    """A `Text` that the server made at run time, in the language of the page."""
    both = cast("Any", text)
    return pick(both.zh, both.en)


def pick(zh: rx.Var[str] | str, en: rx.Var[str] | str) -> rx.Var[str]:
    """One of two texts by the language of the page."""
    return cast("rx.Var[str]", rx.cond(LANGUAGE == "en", en, zh))


def choose(language: Language) -> rx.Var[Any]:
    """A client-side event that switches the language at once."""
    data = VarData(imports={_STORE: [ImportVar(tag="chooseLanguage")]})
    return rx.Var(f"() => chooseLanguage({language.value!r})", _var_data=data).to(rx.EventChain)


def _fill(sentence: str, values: dict[str, object]) -> rx.Var[str] | str:
    return sentence.format(**values) if values else sentence
