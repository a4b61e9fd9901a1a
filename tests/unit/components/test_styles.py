"""The style sheets: readable in both themes, and speaking of nothing but what exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
STYLES = sorted((ROOT / "assets" / "styles").glob("*.css"))
CSS = "\n".join(path.read_text("utf-8") for path in STYLES)
SOURCES = "\n".join(
    path.read_text("utf-8") for path in [*(ROOT / "guance_portal").rglob("*.py"), *(ROOT / "assets").glob("*.js")]
)
THEMES = ("light", "dark")

# Foreground, background, least contrast by WCAG 2.2: 4.5 for text, 3 for what has to be seen to be used.
PAIRS = [
    ("--t1", "--surface", 4.5),
    ("--t1", "--page", 4.5),
    ("--t2", "--surface", 4.5),
    ("--t2", "--page", 4.5),
    ("--t2", "--gray-2", 4.5),
    ("--t2", "--gray-3", 4.5),
    ("--t3", "--surface", 4.5),
    ("--accent-11", "--surface", 4.5),
    ("--accent-11", "--accent-3", 4.5),
    ("--green-11", "--surface", 4.5),
    ("--amber-11", "--surface", 4.5),
    ("--amber-12", "--amber-3", 4.5),
    ("--red-11", "--surface", 4.5),
    ("--red-11", "--red-2", 4.5),
    ("--red-11", "--red-3", 4.5),
    ("--control", "--surface", 3),
    ("--accent-9", "--surface", 3),
    ("--accent-9", "--page", 3),
    ("--red-9", "--surface", 3),
]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_every_colour_can_be_seen_on_what_it_stands_on(front: str, back: str, least: float, theme: str) -> None:
    assert contrast(colour(front, theme), colour(back, theme)) >= least


@pytest.mark.parametrize("background", ["--accent-9", "--danger", "--danger-hover"])
def test_white_can_be_read_on_the_colours_of_buttons(background: str) -> None:
    assert contrast((255, 255, 255), colour(background, "light")) >= 4.5


def test_every_class_of_a_component_is_styled() -> None:
    without_style = {"gc-console", "gc-sandbox-page", "gc-missing", "gc-shown"}
    assert set(re.findall(r"gc-[a-z][a-z-]*[a-z]", SOURCES)) - without_style <= classes_in_css()


def test_every_colour_that_is_used_is_defined() -> None:
    used, defined = set(re.findall(r"var\((--[\w-]+)\)", CSS)), set(re.findall(r"(--[\w-]+):", CSS))
    assert used <= defined


def classes_in_css() -> set[str]:
    return set(re.findall(r"\.(gc-[a-z-]+)", CSS))


def colour(name: str, theme: str) -> tuple[int, int, int]:
    """Red, green and blue of a token in one theme."""
    found = re.search(rf"^\s*{name}: ([^;]+);", CSS, re.MULTILINE)
    assert found, name
    value = found[1]
    if both := re.fullmatch(r"light-dark\(([^,]+), ([^)]+)\)", value):
        value = both[1 + THEMES.index(theme)]
    if other := re.fullmatch(r"var\((--[\w-]+)\)", value):
        return colour(other[1], theme)
    assert re.fullmatch(r"#[0-9a-f]{6}", value), f"{name} is {value}"
    red, green, blue = bytes.fromhex(value[1:])
    return red, green, blue


def contrast(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    """The contrast ratio of WCAG 2.2."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(rgb: tuple[int, int, int]) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (part / 255 for part in rgb)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
