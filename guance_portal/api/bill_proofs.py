"""`GET /api/bills/proof`: the proof of a bill as a file, for the browser of somebody who may see the bill."""

from __future__ import annotations

import json

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from guance_portal import routes
from guance_portal.api import cookies
from guance_portal.api.answers import refusal
from guance_portal.billing.bills.proofs import BillHiddenError
from guance_portal.bootstrap import services
from guance_portal.core.actor import Realm
from guance_portal.core.errors import NotAllowedError

_REALMS = {realm.value: realm for realm in (Realm.FEE_CENTER, Realm.CONSOLE)}
_LONGEST = 40


async def send_proof(request: Request) -> Response:
    """The proof; who is not signed in is led to the sign-in page and back to the bill."""
    code = request.query_params.get("id", "")[:_LONGEST]
    realm = _REALMS.get(request.query_params.get("realm", ""), Realm.FEE_CENTER)
    token = cookies.token_hashes(request).get(realm)
    live = await services().sessions.find(realm, token) if token else None
    if live is None:
        back = routes.fee_bill(code) if realm is Realm.FEE_CENTER else routes.workspace_bill(code)
        where = routes.sign_in(realm, back_to=back if code.isalnum() or "-" in code else "")
        return RedirectResponse(where, status_code=303, headers={"cache-control": "no-store"})
    try:
        proof = await services().bill_proofs.proof(live.actor, code)
    except (BillHiddenError, NotAllowedError):
        return refusal(404, "There is no such bill, or it is not for you to see.")
    return Response(
        json.dumps(proof, ensure_ascii=False, indent=1),
        media_type="application/json",
        headers={
            "cache-control": "no-store",
            "content-disposition": f'attachment; filename="{proof["code"]}.json"',
        },
    )


ROUTES = (Route(routes.BILL_PROOFS, send_proof, methods=["GET"]),)
