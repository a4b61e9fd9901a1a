"""Lets a first visit be painted from the HTML alone: styles stand in it; all but the bar waits a frame, scripts two."""

from __future__ import annotations

import json
import re
from pathlib import Path

import reflex as rx
from reflex_base.plugins.base import PostBuildContext
from typing_extensions import Unpack

from guance_portal.core.prerendered import pages_in

_PRELOAD = re.compile(r'<link as="style" [^>]*/>')
_STYLES = re.compile(r'<link href="(?P<path>/assets/[^"]+\.css)" rel="stylesheet" type="text/css"/>')
_START = re.compile(r'<script type="module" async="">(?P<code>.*?)</script>', re.DOTALL)
_MODULE = re.compile(r'<link rel="modulepreload" href="(?P<path>[^"]+)"/>')
_WHOLE = re.compile(r'^import "(?P<path>[^"]+)";', re.MULTILINE)
_NAMED = re.compile(r'^import \* as (?P<name>\w+) from "(?P<path>[^"]+)";', re.MULTILINE)
_PENDING = "data-undrawn"
"""On `<html>` until the first frame of a first visit was drawn; styles keep what comes in the next frame out of it."""
# A visitor who comes back, or to a part of the page, is scrolled to it before the first frame: all of it must be there.
_BEGIN = (
    '<script>if (performance.getEntriesByType("navigation")[0]?.type === "navigate" && !location.hash)'
    f' document.documentElement.setAttribute("{_PENDING}", "");</script>'
)
# What is used before the scripts run is noted, for assets/early.js to do it once more. A press is shown as waiting; forms that
# the browser sends by itself, and what it opens by itself, need no help.
_EARLY = """<script>{
  const typed = new Map(), pressed = new Set(), kinds = ["input", "click", "submit"];
  const note = (event) => {
    const at = event.target;
    if (event.type === "input") {
      for (const other of at.type === "radio" ? typed.keys() : [])
        if (other.name === at.name && other.form === at.form) typed.delete(other);
      typed.set(at, at.type === "checkbox" || at.type === "radio" ? at.checked : at.value);
      return;
    }
    const isSent = event.type === "submit";
    if (isSent && at.hasAttribute("action")) return;
    if (isSent) event.preventDefault();
    const one = isSent ? event.submitter ?? at : at.closest?.("button[type=button]:not([popovertarget], [commandfor])");
    if (!one) return;
    pressed.add(one);
    one.setAttribute("data-waiting", "");
  };
  for (const kind of kinds) addEventListener(kind, note, true);
  window.early = { typed, pressed, stop: () => kinds.forEach((kind) => removeEventListener(kind, note, true)) };
}</script>"""
# A tab in the background has no frames: it starts at once. Two frames: the callback of the first runs before it is drawn.
_FRAME = (
    'const drawn = () => new Promise((go) => document.visibilityState === "hidden" ? go()'
    " : requestAnimationFrame(() => requestAnimationFrame(go)));\n"
)
_FIRST_FRAMES = f'await drawn();\ndocument.documentElement.removeAttribute("{_PENDING}");\nawait drawn();\n'
# As React would have them, which looks for each by its address.
_PRELOAD_ALL = (
    "for (const href of {modules})"
    ' document.head.append(Object.assign(document.createElement("link"), {{ rel: "modulepreload", href }}));\n'
)


class FirstPaint(rx.plugins.Plugin):
    """Rewrites every prerendered page of both languages; must stand before the plugin that hashes their scripts."""

    def post_build(self, **context: Unpack[PostBuildContext]) -> None:
        """Put the style sheet into the pages, and let their scripts start after the first frame."""
        build = context["static_dir"].parent
        for folder in (context["static_dir"], build / "en"):
            for page in pages_in(folder):
                page.write_text(painted_first(page.read_text("utf-8"), context["static_dir"]), "utf-8")


def painted_first(html: str, static_dir: Path) -> str:
    """The page as it is sent; raises ValueError when Reflex writes its pages in another way than expected."""
    return scripts_after_first_frame(styles_within(html, static_dir))


def styles_within(html: str, static_dir: Path) -> str:
    """The page with its style sheet inside.

    Link and preload stay, in a way that fetches nothing, because React looks for them when it takes over the page.
    """
    link = _only(_STYLES, html, "style sheet")
    sheet = static_dir.joinpath(link["path"].removeprefix("/")).read_text("utf-8")
    if "</style" in sheet:
        raise ValueError("the style sheet would end its own element")
    kept = link.group().replace("<link ", "<link disabled ")
    quiet = _PRELOAD.sub(lambda found: found.group().replace("<link ", '<link media="not all" '), html)
    return quiet.replace(link.group(), f"<style>{sheet}</style>{kept}")


def scripts_after_first_frame(html: str) -> str:
    """The page that fetches and runs its modules once a frame was drawn; all are preloaded at once then."""
    start = _only(_START, html, "starting script")
    modules = [found["path"] for found in _MODULE.finditer(html)]
    if not modules:
        raise ValueError("a prerendered page preloads no modules")
    code = _NAMED.sub(r'const \g<name> = await import("\g<path>");', start["code"])
    code = _WHOLE.sub(r'await import("\g<path>");', code)
    code = _FRAME + _FIRST_FRAMES + _PRELOAD_ALL.format(modules=json.dumps(modules)) + code
    return _MODULE.sub("", html.replace(start["code"], code)).replace("<style>", f"{_BEGIN}{_EARLY}<style>", 1)


def _only(pattern: re.Pattern[str], html: str, what: str) -> re.Match[str]:
    found = list(pattern.finditer(html))
    if len(found) != 1:
        raise ValueError(f"a prerendered page has {len(found)} of what should be its only {what}")
    return found[0]
