"""`GET /api/bills/file`, `/api/bills/paper`, `/api/operator/reconciliation`: files for the browser of who may see them."""

from __future__ import annotations

import re
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from guance_portal import routes
from guance_portal.accounts.errors import PasswordNeededError
from guance_portal.api import cookies, files
from guance_portal.api.answers import refusal
from guance_portal.api.language import language_of
from guance_portal.billing.bills.proofs import BillHiddenError
from guance_portal.billing.clouds.board_export import WantedBoard
from guance_portal.billing.exports.columns import BillContent
from guance_portal.billing.exports.making import WantedBills
from guance_portal.billing.paper.making import NoPaperError
from guance_portal.bootstrap import services
from guance_portal.core.actor import Realm
from guance_portal.core.errors import NotAllowedError, TooManyAttemptsError
from guance_portal.core.messages import Language, text
from guance_portal.state.operator.reconciliation import ONLY, BoardSearch, choice_of

_REALMS = {realm.value: realm for realm in (Realm.FEE_CENTER, Realm.CONSOLE)}
_OF = re.compile(r"(\d{4}-(0[1-9]|1[0-2]))?", re.ASCII)
_CODE = re.compile(r"[A-Za-z0-9-]{0,40}", re.ASCII)


async def send_bills(request: Request) -> Response:
    """The bills that the address names; who is not signed in is led to the sign-in page and back to them."""
    asked = request.query_params
    kind, content = files.format_of(request), asked.get("content", "")
    month, code = asked.get("month", ""), asked.get("id", "")
    if kind is None or content not in set(BillContent) or not (_OF.fullmatch(month) and _CODE.fullmatch(code)):
        return refusal(400, "There is no such kind of file.")
    realm = _REALMS.get(asked.get("realm", ""), Realm.FEE_CENTER)
    actor = await files.actor_of(request, realm)
    if actor is None:
        return files.go(routes.sign_in(realm, back_to=_page(realm, month, code)))
    wanted = WantedBills(
        content=BillContent(content), kind=kind, language=language_of(request.scope), code=code, month=month
    )
    exports, caller = services().bill_exports, cookies.caller(request)
    try:
        return await files.send(request, kind, lambda folder: exports.make(actor, wanted, folder, caller))
    except (BillHiddenError, NotAllowedError):
        return refusal(404, "There are no such bills, or they are not for you to see.")


async def send_board(request: Request) -> Response:
    """The days that the address asks for, for an operator."""
    kind = files.format_of(request)
    if kind is None:
        return refusal(400, "There is no such kind of file.")
    typed = {name: request.query_params.get(name, "") for name in BoardSearch.asked()}
    actor = await files.actor_of(request, Realm.OPERATOR)
    if actor is None:
        return files.go(routes.sign_in(Realm.OPERATOR, back_to=routes.operator_reconciliation(**typed)))
    wanted = WantedBoard(
        choice=choice_of(typed), only=typed["only"] == ONLY, kind=kind, language=language_of(request.scope)
    )
    exports, caller = services().board_exports, cookies.caller(request)
    return await files.send(request, kind, lambda folder: exports.make(actor, wanted, folder, caller))


async def send_paper(request: Request) -> Response:
    """The bill of a month as a PDF, in the language that is asked for, else in that of the browser."""
    month, language = request.query_params.get("month", ""), request.query_params.get("language", "")
    if not (month and _OF.fullmatch(month)) or language not in {"", *Language}:
        return refusal(400, "There is no such file.")
    actor = await files.actor_of(request, Realm.FEE_CENTER)
    if actor is None:
        return files.go(routes.sign_in(Realm.FEE_CENTER, back_to=routes.bill_month(month)))
    chosen = Language(language) if language else language_of(request.scope)
    try:
        paper = await services().month_papers.make(actor, month, chosen, cookies.caller(request))
    except PasswordNeededError:
        return files.go(routes.bill_month(month))
    except NoPaperError as error:
        return refusal(404, text(error.code).in_(language_of(request.scope)))
    except TooManyAttemptsError as error:
        return files.too_many(request, error)
    named = f"attachment; filename*=UTF-8''{quote(paper.name)}"
    return Response(
        paper.pdf, media_type="application/pdf", headers={"cache-control": "no-store", "content-disposition": named}
    )


def _page(realm: Realm, month: str, code: str) -> str:
    """The page that offers the file."""
    if realm is Realm.CONSOLE:
        return routes.workspace_bill(code) if code else routes.billing(month)
    if code:
        return routes.fee_bill(code)
    return routes.bill_month(month) if month else routes.FEE_BILLS


ROUTES = (
    Route(routes.BILL_FILES, send_bills, methods=["GET"]),
    Route(routes.BILL_PAPERS, send_paper, methods=["GET"]),
    Route(routes.BOARD_FILES, send_board, methods=["GET"]),
)
