"""What axe-core finds wrong with a page, and texts that do not fit or are in the wrong language."""

from __future__ import annotations

import re
from typing import Any, cast

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from guance_portal.core.messages import catalogue

_CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
_KEY = re.compile(r"\b[a-z_]+(?:\.[a-z_0-9]+)+\b")

_OVERFLOWING = """() => {
  // One pixel wide is what is hidden from the eye alone, such as a table's head on phones.
  const isForEarsAlone = (element) => {
    for (let up = element; up; up = up.parentElement) {
      const { width, height } = up.getBoundingClientRect();
      if (width <= 1 || height <= 1) return true;
    }
    return false;
  };
  const scrolls = new Set(["auto", "scroll"]);
  const found = [];
  for (const element of document.body.querySelectorAll("*")) {
    if (element.closest("[aria-hidden=true], .gc-hidden, svg, select, input, textarea, [data-scrolls]")) continue;
    if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    const style = getComputedStyle(element);
    const isInline = style.display === "inline" || style.display === "contents";
    if (isInline || element.clientWidth === 0 || isForEarsAlone(element)) continue;
    const wide = element.scrollWidth - element.clientWidth;
    const cut = style.overflowY !== "visible" && !scrolls.has(style.overflowY);
    const tall = cut ? element.scrollHeight - element.clientHeight : 0;
    if (wide > 1 || tall > 1) {
      const name = element.tagName.toLowerCase() + [...element.classList].map((name) => "." + name).join("");
      found.push(`${name} is ${wide} px too wide, ${tall} px too tall: ${element.textContent.trim().slice(0, 60)}`);
    }
  }
  return found;
}"""

# Only what is wrong crosses over to here: the rest is most of what axe has to say.
_RUN_AXE = """async (within) =>
  (await axe.run(within ?? document, { resultTypes: ["violations"] })).violations
"""

_WORDS = """() => {
  const words = [document.title];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (parent.closest("script, style, template, [lang^=zh], [data-verbatim]")) continue;
    if (walker.currentNode.data.trim()) words.push(walker.currentNode.data.trim());
  }
  for (const element of document.body.querySelectorAll("*")) {
    if (element.closest("[lang^=zh], [data-verbatim]")) continue;
    for (const name of ["aria-label", "placeholder", "title", "alt", "aria-description", "aria-valuetext"]) {
      if (element.getAttribute(name)) words.push(element.getAttribute(name));
    }
  }
  return words;
}"""


def violations(page: Page, within: str | None = None) -> list[str]:
    """Every violation of axe-core's rules, best practices included, one line for each element."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(Axe().axe_script)
    rules = cast("list[dict[str, Any]]", page.evaluate(_RUN_AXE, within))
    return [
        f"{rule['id']}: {' '.join(map(str, node['target']))}: {node['failureSummary'].splitlines()[-1].strip()}"
        for rule in rules
        for node in rule["nodes"]
    ]


def overflowing(page: Page) -> list[str]:
    """Elements whose content is wider than they are, or is cut off."""
    return page.evaluate(_OVERFLOWING)


def texts_on(page: Page) -> list[str]:
    """Every text of the page, shown or spoken, except what is marked as Chinese or as written by people."""
    return page.evaluate(_WORDS)


def chinese_in(page: Page) -> list[str]:
    """The texts of an English page that are not English."""
    return [words for words in texts_on(page) if _CHINESE.search(words)]


def keys_in(page: Page) -> list[str]:
    """Keys of the catalogue that stand on the page instead of their words."""
    known = catalogue()
    return [words for words in texts_on(page) if any(key in known for key in _KEY.findall(words))]
