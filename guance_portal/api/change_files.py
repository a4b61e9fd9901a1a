"""`GET /api/bills/change`: 为什么变了 as a file, for the browser of who may see it."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from guance_portal import routes
from guance_portal.api import cookies, files
from guance_portal.api.answers import refusal
from guance_portal.api.language import language_of
from guance_portal.billing.bills.proofs import BillHiddenError
from guance_portal.billing.exports.changes import WantedChange
from guance_portal.bootstrap import services
from guance_portal.core.actor import Realm
from guance_portal.core.errors import NotAllowedError

_REALMS = {realm.value: realm for realm in (Realm.FEE_CENTER, Realm.CONSOLE)}
_PERIOD = re.compile(r"\d{4}-\d{2}(-\d{2})?", re.ASCII)
_ID = re.compile(r"[A-Za-z0-9_-]{0,40}", re.ASCII)


async def send_change(request: Request) -> Response:
    """The comparison that the address names; who is not signed in is led to the sign-in page and back to it."""
    asked = request.query_params
    kind, workspace_id = files.format_of(request), asked.get("workspace", "")
    before, after = asked.get("from", ""), asked.get("to", "")
    if kind is None or not (_PERIOD.fullmatch(before) and _PERIOD.fullmatch(after) and _ID.fullmatch(workspace_id)):
        return refusal(400, "There is no such kind of file.")
    realm = _REALMS.get(asked.get("realm", ""), Realm.FEE_CENTER)
    actor = await files.actor_of(request, realm)
    if actor is None:
        return files.go(routes.sign_in(realm, back_to=routes.bill_change(realm, workspace_id, before, after)))
    wanted = WantedChange(
        workspace_id=workspace_id, before=before, after=after, kind=kind, language=language_of(request.scope)
    )
    exports, caller = services().change_exports, cookies.caller(request)
    try:
        return await files.send(request, kind, lambda folder: exports.make(actor, wanted, folder, caller))
    except (BillHiddenError, NotAllowedError):
        return refusal(404, "There are no such bills, or they are not for you to see.")


ROUTES = (Route(routes.CHANGE_FILES, send_change, methods=["GET"]),)
