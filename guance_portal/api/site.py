"""Serves the built pages and their assets, each page in the reader's language under its own policy.

Everything servable is listed when a worker starts, so a path can name nothing else.
"""

from __future__ import annotations

import hashlib
import json
import mimetypes
from dataclasses import dataclass
from pathlib import Path

from reflex.route import get_router
from starlette.datastructures import Headers
from starlette.responses import FileResponse, Response
from starlette.types import Receive, Scope, Send

from guance_portal import routes
from guance_portal.api import exchange
from guance_portal.api.answers import missing
from guance_portal.api.language import language_of
from guance_portal.api.security_headers import ENTRANCE, page_policy
from guance_portal.core.messages import Language
from guance_portal.core.prerendered import SHELL, pages_in

_ENCODINGS = {"br": ".br", "gzip": ".gz"}
_FOLDERS = {Language.ZH: "client", Language.EN: "en"}
# Not left to the machine's own tables, which differ.
_TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".vtt": "text/vtt", ".webm": "video/webm"}
_LASTING = "public, max-age=31536000, immutable"
_MONTH, _HOUR = "public, max-age=2592000", "public, max-age=3600"


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    media_type: str
    headers: dict[str, str]
    encodings: tuple[str, ...]
    digest: str


class StaticPages:
    """The static part of the portal. `web` is a published build: `build/`, and `routes.json` beside it.

    In sandbox mode the variants are served that show the strip which warns of it (build/sandbox_variants.py).
    """

    def __init__(self, web: Path, *, is_sandbox: bool) -> None:
        build = web / "build"
        scripts: dict[str, list[str]] = json.loads((build / "scripts.json").read_text())
        self._pages = {
            language: _pages(build, folder, scripts, is_sandbox=is_sandbox) for language, folder in _FOLDERS.items()
        }
        self._assets = _assets(build / "client")
        self._route = get_router(json.loads((web / "routes.json").read_text()))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with a page, an asset, or the 404 page."""
        path = scope["path"]
        if scope["method"] not in {"GET", "HEAD"}:
            await self.not_found(scope, receive, send)
        elif asset := self._assets.get(path):
            exchange.of(scope).kind = "asset"
            await _answer(asset, 200, scope)(scope, receive, send)
        elif page := self._page(path, language_of(scope)):
            exchange.of(scope).kind = "page"
            await _answer(page, 200, scope)(scope, receive, send)
        else:
            await self.not_found(scope, receive, send)

    async def not_found(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The 404 page for a reader, two words of JSON for a program."""
        exchange.of(scope).kind = "missing"
        is_reading = scope["method"] in {"GET", "HEAD"} and "text/html" in Headers(scope=scope).get("accept", "*/*")
        page = self._pages[language_of(scope)][SHELL]
        await (_answer(page, 404, scope) if is_reading else missing(scope))(scope, receive, send)

    def _page(self, path: str, language: Language) -> _File | None:
        pages, name = self._pages[language], path.strip("/")
        if page := pages.get(f"{name}/index.html" if name else "index.html"):
            return page
        # A page whose address holds a variable is not prerendered: the empty shell renders it.
        return pages[SHELL] if (self._route(path) or "404") != "404" else None


def _answer(file: _File, status: int, scope: Scope) -> Response:
    headers = Headers(scope=scope)
    encoding = _encoding(file, headers.get("accept-encoding", ""))
    tag = f'"{file.digest}{"-" + encoding if encoding else ""}"'
    extra = {**file.headers, "etag": tag}
    if status == 200 and tag in headers.get("if-none-match", ""):
        return Response(status_code=304, headers={**extra, "content-type": file.media_type})
    if encoding:
        extra["content-encoding"] = encoding
    path = file.path.with_name(file.path.name + _ENCODINGS[encoding]) if encoding else file.path
    return FileResponse(path, status_code=status, headers=extra, media_type=file.media_type)


def _encoding(file: _File, accepted: str) -> str:
    offered = {}
    for part in accepted.lower().split(","):
        name, _, weight = part.strip().partition(";q=")
        offered[name.strip()] = weight.strip() not in {"0", "0.0", "0.00", "0.000"}
    return next((name for name in file.encodings if offered.get(name)), "")


def _pages(build: Path, folder: str, scripts: dict[str, list[str]], *, is_sandbox: bool) -> dict[str, _File]:
    root = build / "sandbox" / folder if is_sandbox else build / folder
    found: dict[str, _File] = {}
    for path in pages_in(root):
        name = path.relative_to(root).as_posix()
        headers = {
            "cache-control": "private, no-cache",
            "content-security-policy": page_policy(scripts[f"{folder}/{name}"]),
            "vary": "Accept-Encoding, Accept-Language, Cookie",
        }
        if routes.normal(f"/{name.removesuffix('index.html')}") in routes.ENTRANCES:
            headers |= ENTRANCE
        found[name] = _file(path, headers)
    return found


def _assets(root: Path) -> dict[str, _File]:
    paths = (p for p in root.rglob("*") if p.is_file() and p.suffix not in {".html", *_ENCODINGS.values()})
    named = ((f"/{path.relative_to(root).as_posix()}", path) for path in paths)
    return {name: _file(path, {"cache-control": _lasts(name), "vary": "Accept-Encoding"}) for name, path in named}


def _lasts(name: str) -> str:
    if name.startswith("/assets/"):
        return _LASTING
    return _MONTH if name.endswith((".woff2", ".webm", ".webp", ".jpg")) else _HOUR


def _file(path: Path, headers: dict[str, str]) -> _File:
    media_type = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0]
    encodings = tuple(name for name, suffix in _ENCODINGS.items() if path.with_name(path.name + suffix).exists())
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:20]
    return _File(path, media_type or "application/octet-stream", headers, encodings, digest)
