"""How a file that was made for somebody is sent: whole, under its name, and left nowhere."""

from __future__ import annotations

import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from guance_portal.api import cookies
from guance_portal.api.answers import refusal
from guance_portal.api.language import language_of
from guance_portal.bootstrap import services
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.errors import TooManyAttemptsError
from guance_portal.core.exports.files import Exported, Format
from guance_portal.core.messages import text


class _ReadFile(FileResponse):
    """A file that is read here.

    Handed over by its path (http.response.pathsend), it is opened by the server after the background task has removed
    it, and the answer is a 404 now and then.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        extensions = {name: of for name, of in scope.get("extensions", {}).items() if name != "http.response.pathsend"}
        await super().__call__({**scope, "extensions": extensions}, receive, send)


def format_of(request: Request) -> Format | None:
    """The format that the address asks for; None for one that does not exist."""
    said = request.query_params.get("kind", "")
    return Format(said) if said in set(Format) else None


async def actor_of(request: Request, realm: Realm) -> Actor | None:
    """Who is signed in to a realm in this browser."""
    token = cookies.token_hashes(request).get(realm)
    live = await services().sessions.find(realm, token) if token else None
    return live.actor if live else None


async def send(request: Request, kind: Format, make: Callable[[Path], Awaitable[Exported]]) -> Response:
    """Have a file made in a folder of its own, which is removed once the file is sent; too many are refused in words."""
    folder = tempfile.TemporaryDirectory(prefix="portal-export-")
    try:
        made = await make(Path(folder.name))
    except TooManyAttemptsError as error:
        folder.cleanup()
        return too_many(request, error)
    except BaseException:
        folder.cleanup()
        raise
    return _ReadFile(
        made.path,
        filename=made.name,
        media_type=kind.media_type,
        headers={"cache-control": "no-store"},
        background=BackgroundTask(folder.cleanup),
    )


def too_many(request: Request, error: TooManyAttemptsError) -> Response:
    """A refusal in words."""
    return refusal(429, text(error.code, **error.params).in_(language_of(request.scope)), retry_after="60")


def go(path: str) -> RedirectResponse:
    """Lead to a page instead."""
    return RedirectResponse(path, status_code=303, headers={"cache-control": "no-store"})
