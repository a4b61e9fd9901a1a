"""Every refusal of sign-up has its words, with exactly the placeholders it fills."""

from __future__ import annotations

import ast
import importlib
import inspect
from pathlib import Path

import pytest

import guance_portal
from guance_portal.core.errors import PortalError
from guance_portal.core.messages import catalogue, placeholders

ROOT = Path(guance_portal.__file__).parent
MODULES = [
    "accounts.identity.usernames",
    "accounts.identity.contact",
    "accounts.codes.rules",
    "payers.binding",
    "payers.company",
    "payers.email_change",
    "payers.errors",
    "payers.uscc",
    "accounts.members.rules",
    "core.checklist",
    *(
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in sorted((ROOT / "onboarding").rglob("[!_]*.py"))
    ),
]


def errors() -> list[type[PortalError]]:
    modules = [importlib.import_module(f"guance_portal.{name}") for name in MODULES]
    return [
        error
        for module in modules
        for error in vars(module).values()
        if inspect.isclass(error) and issubclass(error, PortalError) and error.__module__ == module.__name__
    ]


def name(error: type[PortalError]) -> str:
    return error.__name__


EVERY = pytest.mark.parametrize("error", errors(), ids=name)


def given(error: type[PortalError]) -> set[frozenset[str]]:
    """The names of the parameters at every place where the error is made."""
    found: set[frozenset[str]] = set()
    for module in MODULES:
        tree = ast.parse((ROOT / module.replace(".", "/")).with_suffix(".py").read_text("utf-8"))
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            made = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            if made == error.__name__ and "__init__" not in vars(error):
                found.add(frozenset(word.arg or "" for word in call.keywords) - {"field"})
    return found


def test_the_errors_are_found() -> None:
    assert len(errors()) > 35


@EVERY
def test_a_refusal_has_words_that_fit_its_parameters(error: type[PortalError]) -> None:
    words = catalogue()[error.code]
    assert placeholders(words.zh) == placeholders(words.en)
    for names in given(error):
        assert names == placeholders(words.zh)


@EVERY
def test_a_refusal_speaks_as_the_product_does(error: type[PortalError]) -> None:
    words = catalogue()[error.code]
    assert words.zh.endswith("。")
    assert words.en.endswith(".")
    assert not any(banned in words.zh for banned in ("非法", "失败", "！", "无效的"))
    assert "please" not in words.en.lower()
