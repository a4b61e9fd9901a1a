"""The style guide shows the whole kit, and pages are put together from it."""

from __future__ import annotations

import ast
import inspect
import sys
from importlib import import_module
from pathlib import Path
from types import CodeType, FrameType, FunctionType

import pytest

from guance_portal.pages.style_guide import style_guide

PACKAGE = Path(style_guide.__code__.co_filename).parents[2]
KIT = (
    "badges",
    "buttons",
    "charts",
    "choices",
    "countdown",
    "dialog",
    "feedback",
    "fields",
    "forms",
    "icons",
    "identity_fields",
    "menu",
    "meter",
    "money",
    "billing.price_table",
    "selects",
    "sites",
    "stepper",
    "table",
    "tabs",
    "vertical_steps",
    "waiting",
    "workspaces",
)
"""The modules of components that stand for no page of their own."""
UNSEEN = {
    "toast_region",  # empty until a notice comes: the style guide has buttons for that, and every frame the region
    "reconnect_bar",  # the application wraps every page with it; the style guide shows how it looks
    "plain_form",  # forms that look like their fields: nothing of their own to see
    "handover_form",
    "native_form",
    "upload_form",
    "fragment_field",
    "loading",  # it fades in; the style guide shows it still
    "form_title",  # the heads of public pages, which pictures show
    "every",  # a clock: nothing to see
    "select_of",  # looks like select_field
    "theme_choices",
    "language_choices",
}
CONTROLS = {"a", "button", "details", "dialog", "form", "input", "label", "option", "select", "table", "textarea"}
PAGES = sorted((PACKAGE / "pages").rglob("*.py"))


def public_functions(module: str) -> dict[str, FunctionType]:
    """The components that a module gives to others."""
    found = import_module(f"guance_portal.components.{module}")
    return {
        name: fn
        for name, fn in inspect.getmembers(found, inspect.isfunction)
        if fn.__module__ == found.__name__ and not name.startswith("_")
    }


@pytest.fixture(scope="module")
def built() -> set[CodeType]:
    """The code of everything that was called while the style guide was put together."""
    called: set[CodeType] = set()

    def note(frame: FrameType, event: str, _argument: object) -> None:
        if event == "call":
            called.add(frame.f_code)

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        style_guide()
    finally:
        sys.setprofile(before)
    return called


@pytest.mark.parametrize("module", KIT)
def test_the_sheet_shows_every_component(built: set[CodeType], module: str) -> None:
    missing = {name for name, fn in public_functions(module).items() if fn.__code__ not in built}
    assert missing <= UNSEEN


def test_what_is_excused_exists() -> None:
    assert {name for module in KIT for name in public_functions(module)} >= UNSEEN


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(PACKAGE / "pages").as_posix())
def test_a_page_builds_no_control_itself(path: Path) -> None:
    built = {
        node.attr
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Attribute)
        and node.value.attr == "el"
        and node.attr in CONTROLS
    }
    assert built == set()
