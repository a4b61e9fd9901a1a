"""What the film of the welcome page and the picture of the README show: the words of their pages when they were recorded.

`tools/make_video.py` writes them beside the picture; a test compares them with the pages of today
(docs/decisions/0024-pictures-may-lag-a-little.md).
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from guance_portal.pages import guide, register, register_basic, register_settlement
from guance_portal.pages.page import Page

RECORD = Path(__file__).parents[1] / "docs" / "images" / "shown.json"
PAGES = (register.PAGE, register_basic.PAGE, register_settlement.PAGE, guide.PAGE)
MOST = 0.1
"""The part of a page's words that may have changed since it was recorded."""
_LITERAL = re.compile(r'"(?:[^"\\]|\\.)*"')
_CHINESE = re.compile(r"[\u3400-\u9fff]")


def words(page: Page) -> list[str]:
    """The Chinese texts that a page is compiled with, each once; so not a change of layout, style or code."""
    literals = (json.loads(found) for found in _LITERAL.findall(str(page.build())))
    return sorted({literal for literal in literals if _CHINESE.search(literal)})


def record() -> None:
    """Note what the pages say now."""
    said = {page.route: words(page) for page in PAGES}
    RECORD.write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n", "utf-8")


def lag(recorded: list[str], present: list[str]) -> float:
    """The part of all words that only one of the two has, from 0 (the same) to 1."""
    both, either = set(recorded) & set(present), set(recorded) | set(present)
    return 1 - len(both) / len(either) if either else 0.0
