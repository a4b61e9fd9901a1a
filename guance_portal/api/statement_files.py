"""`GET /api/fee-center/statement`: 收支明细 as a file, for the browser of the account's own session."""

from __future__ import annotations

import tempfile
from pathlib import Path

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Route

from guance_portal import routes
from guance_portal.accounts.errors import PasswordNeededError
from guance_portal.api import cookies
from guance_portal.api.answers import refusal
from guance_portal.api.language import language_of
from guance_portal.bootstrap import services
from guance_portal.core.actor import Realm
from guance_portal.core.errors import TooManyAttemptsError
from guance_portal.core.exports.files import Format
from guance_portal.core.messages import text
from guance_portal.state.fee_center.statement_search import ASKED, asked_of, choice_of
from guance_portal.wallet.statement_export import WantedFile


async def send_file(request: Request) -> Response:
    """What the address asks for, whole; who is not signed in is led to the sign-in page and back to the statement."""
    try:
        kind = Format(request.query_params.get("kind", ""))
    except ValueError:
        return refusal(400, "There is no such kind of file.")
    asked = asked_of(lambda name: request.query_params.get(name, ""))
    token = cookies.token_hashes(request).get(Realm.FEE_CENTER)
    live = await services().sessions.find(Realm.FEE_CENTER, token) if token else None
    if live is None:
        return _go(routes.sign_in(Realm.FEE_CENTER, back_to=routes.statement(asked)))
    language = language_of(request.scope)
    wanted = WantedFile(
        kind=kind,
        choice=choice_of(asked),
        language=language,
        asked={name: asked[name] for name in ASKED if asked[name]},
    )
    folder = tempfile.TemporaryDirectory(prefix="portal-export-")
    try:
        made = await services().statement_exports.make(live.actor, wanted, Path(folder.name), cookies.caller(request))
    except PasswordNeededError:
        folder.cleanup()
        return _go(routes.WALLET)
    except TooManyAttemptsError as error:
        folder.cleanup()
        return refusal(429, text(error.code, **error.params).in_(language), retry_after="60")
    except BaseException:
        folder.cleanup()
        raise
    return FileResponse(
        made.path,
        filename=made.name,
        media_type=kind.media_type,
        headers={"cache-control": "no-store"},
        background=BackgroundTask(folder.cleanup),
    )


def _go(path: str) -> RedirectResponse:
    return RedirectResponse(path, status_code=303, headers={"cache-control": "no-store"})


ROUTES = (Route(routes.STATEMENT_FILES, send_file, methods=["GET"]),)
