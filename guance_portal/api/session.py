"""Where a browser gets and gives back its session: native forms posted by our own pages."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from guance_portal import routes
from guance_portal.accounts.errors import TicketSpentError
from guance_portal.api import cookies
from guance_portal.api.answers import refusal
from guance_portal.api.hosts import is_same_origin
from guance_portal.bootstrap import services
from guance_portal.core.actor import Realm
from guance_portal.core.errors import PortalError, TooManyAttemptsError
from guance_portal.core.limit_keys import of_network
from guance_portal.core.settings import settings

_FOREIGN = "This form was not sent by a page of the portal."
_MOST_FIELDS = 10


async def open_session(request: Request) -> Response:
    """Turn the ticket of a finished sign-in into a session cookie and go where the person was going.

    Anyone who stopped in their sign-up after the account existed goes to its last step first, unless they are taking up
    the subscription that is to pay.
    """
    if not is_same_origin(request.scope, settings()):
        return refusal(403, _FOREIGN)
    form = await _form(request)
    wanted = form.get("next", "")
    if (too_many := await _too_many(request)) is not None:
        return too_many
    try:
        opened = await services().sessions.open(
            form.get("ticket", ""), cookies.caller(request), cookies.token_hashes(request)
        )
    except TicketSpentError:
        back_to = routes.safe_next(wanted)
        return _go(routes.sign_in(routes.realm_of(back_to), back_to=back_to, problem=routes.TICKET_SPENT))
    is_waiting = await services().onboarding.progress.pending(opened.actor) is not None
    is_claiming = wanted == routes.MARKETPLACE_CLAIM
    is_stopped = is_waiting and not is_claiming
    where = routes.REGISTER_SETTLEMENT if is_stopped else routes.safe_next(wanted, opened.realm)
    response = _go(where)
    cookies.put(response, opened.realm, opened.token, opened.keep_for)
    return response


async def sso_handoff(request: Request) -> Response:
    """Turn the ticket of an SSO handoff from the console into a fee-centre session; the sign-in page explains a failure."""
    if not is_same_origin(request.scope, settings()):
        return refusal(403, _FOREIGN)
    form = await _form(request)
    try:
        arrival = await services().sso_handoff.enter(
            form.get("ticket", ""), cookies.caller(request), cookies.token_hashes(request)
        )
    except PortalError as error:
        return _go(routes.sign_in(Realm.FEE_CENTER, problem=error.code.removeprefix("errors.")))
    response = _go(arrival.target)
    if arrival.opened:
        cookies.put(response, Realm.FEE_CENTER, arrival.opened.token, arrival.opened.keep_for)
    return response


async def close_session(request: Request) -> Response:
    """Sign out of one realm: the session ends and its cookie goes."""
    if not is_same_origin(request.scope, settings()):
        return refusal(403, _FOREIGN)
    try:
        realm = Realm((await _form(request)).get("realm", ""))
    except ValueError:
        return refusal(400, "The form names no realm.")
    if (too_many := await _too_many(request)) is not None:
        return too_many
    if token_hash := cookies.token_hashes(request).get(realm):
        await services().sessions.close(realm, token_hash, cookies.caller(request))
    response = _go(routes.sign_in(realm))
    cookies.drop(response, realm)
    return response


async def _too_many(request: Request) -> Response | None:
    """The refusal for an address that has posted too often; None while it has not."""
    try:
        await services().rate_limits.hit("session_posts_per_address", of_network(cookies.caller(request).address))
    except TooManyAttemptsError:
        return refusal(429, "Too many of these forms came from this address. Try again in a minute.", retry_after="60")
    return None


async def _form(request: Request) -> dict[str, str]:
    try:
        return dict(parse_qsl((await request.body()).decode(), max_num_fields=_MOST_FIELDS))
    except ValueError:
        return {}


def _go(path: str) -> RedirectResponse:
    return RedirectResponse(path, status_code=303, headers={"cache-control": "no-store"})


ROUTES = (
    Route(routes.SESSION_OPEN, open_session, methods=["POST"]),
    Route(routes.SESSION_SSO_HANDOFF, sso_handoff, methods=["POST"]),
    Route(routes.SESSION_CLOSE, close_session, methods=["POST"]),
)
