"""`GET /api/fee-center/statement`: 收支明细 as a file, for the browser of the account's own session."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from guance_portal import routes
from guance_portal.accounts.errors import PasswordNeededError
from guance_portal.api import cookies, files
from guance_portal.api.answers import refusal
from guance_portal.api.language import language_of
from guance_portal.bootstrap import services
from guance_portal.core.actor import Realm
from guance_portal.state.fee_center.statement_search import ASKED, asked_of, choice_of
from guance_portal.wallet.statement_export import WantedFile


async def send_file(request: Request) -> Response:
    """What the address asks for, whole; who is not signed in is led to the sign-in page and back to the statement."""
    kind = files.format_of(request)
    if kind is None:
        return refusal(400, "There is no such kind of file.")
    asked = asked_of(lambda name: request.query_params.get(name, ""))
    actor = await files.actor_of(request, Realm.FEE_CENTER)
    if actor is None:
        return files.go(routes.sign_in(Realm.FEE_CENTER, back_to=routes.statement(asked)))
    wanted = WantedFile(
        kind=kind,
        choice=choice_of(asked),
        language=language_of(request.scope),
        asked={name: asked[name] for name in ASKED if asked[name]},
    )
    exports, caller = services().statement_exports, cookies.caller(request)
    try:
        return await files.send(request, kind, lambda folder: exports.make(actor, wanted, folder, caller))
    except PasswordNeededError:
        return files.go(routes.WALLET)


ROUTES = (Route(routes.STATEMENT_FILES, send_file, methods=["GET"]),)
