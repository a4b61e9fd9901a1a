"""`GET /api/fee-center/workspaces`: 工作空间管理 as a file, for the browser of the account's own session."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from guance_portal import routes
from guance_portal.api import cookies, files
from guance_portal.api.answers import refusal
from guance_portal.api.language import language_of
from guance_portal.bootstrap import services
from guance_portal.core.actor import Realm


async def send_workspaces(request: Request) -> Response:
    """All workspaces of the account; who is not signed in is led to the sign-in page and back to them."""
    kind = files.format_of(request)
    if kind is None:
        return refusal(400, "There is no such kind of file.")
    actor = await files.actor_of(request, Realm.FEE_CENTER)
    if actor is None:
        return files.go(routes.sign_in(Realm.FEE_CENTER, back_to=routes.FEE_WORKSPACES))
    exports, language, caller = services().workspace_exports, language_of(request.scope), cookies.caller(request)
    return await files.send(request, kind, lambda folder: exports.make(actor, kind, language, folder, caller))


ROUTES = (Route(routes.WORKSPACE_FILES, send_workspaces, methods=["GET"]),)
