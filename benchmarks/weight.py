"""Bytes of JavaScript and CSS over the wire on the first visit of a page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser

from benchmarks.figure import Figure, at_most_times_reference
from benchmarks.support import blank_app, portal_app
from benchmarks.support.browser import chromium, fresh_page, open_until_quiet
from benchmarks.support.served import Visit
from guance_portal import routes

PUBLIC = at_most_times_reference(0.55)
SIGNED_IN = at_most_times_reference(0.85)


def measure() -> Iterator[Figure]:
    """Sign-in, sign-up and a signed-in page, each beside the blank template's only page."""
    with blank_app.serve() as blank, portal_app.serve(signed_in=1) as portal, chromium() as browser:
        template = weigh(browser, Visit(blank.base, "/"))
        visits = (
            (portal.visit(routes.LOGIN), PUBLIC),
            (portal.visit(routes.REGISTER_BASIC), PUBLIC),
            (portal.visit(routes.ACCOUNT, person=0), SIGNED_IN),
        )
        for visit, aim in visits:
            page = weigh(browser, visit)
            name = f"weight{visit.path.replace('/', '.')}"
            yield _figure(f"{name}.code", page.code, template.code, "JS and CSS", aim)
            yield _figure(f"{name}.all", page.all, template.all, "everything", None)


@dataclass(slots=True)
class Weight:
    """Bytes on the wire, headers included, by kind of content."""

    by_kind: dict[str, float] = field(default_factory=dict[str, float])

    @property
    def code(self) -> float:
        """Scripts and style sheets."""
        return self.by_kind.get("js", 0) + self.by_kind.get("css", 0)

    @property
    def all(self) -> float:
        """With the document, fonts and pictures."""
        return sum(self.by_kind.values())


def weigh(browser: Browser, visit: Visit) -> Weight:
    """Load a page into a fresh profile and count what the network delivered."""
    weight, kinds = Weight(), dict[str, str]()

    def note_kind(event: dict[str, Any]) -> None:
        kinds[event["requestId"]] = _kind(event["response"]["mimeType"])

    def add_bytes(event: dict[str, Any]) -> None:
        kind = kinds.get(event["requestId"], "other")
        weight.by_kind[kind] = weight.by_kind.get(kind, 0) + event["encodedDataLength"]

    with fresh_page(browser, visit) as page:
        wire = page.context.new_cdp_session(page)
        wire.on("Network.responseReceived", note_kind)
        wire.on("Network.loadingFinished", add_bytes)
        wire.send("Network.enable")
        open_until_quiet(page, visit)
    return weight


def _kind(mime: str) -> str:
    return "js" if "javascript" in mime else "css" if mime == "text/css" else mime


def _figure(name: str, value: float, reference: float, what: str, aim: Any) -> Figure:
    of = f"blank template, {what}, first visit"
    return Figure(figure=name, value=value / 1000, unit="kB", reference=reference / 1000, reference_of=of, aim=aim)
