"""`GET /api/marketplace/aliyun`: the SPI that 阿里云云市场 calls, and where its 免登 brings a browser."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from guance_portal import bootstrap, routes
from guance_portal.api import cookies, exchange
from guance_portal.core.errors import PortalError
from guance_portal.marketplaces.aliyun.requests import Action, MalformedError, read_query
from guance_portal.marketplaces.aliyun.spi import BadTokenError

_FRESH = {"cache-control": "no-store"}
_PROBLEM = "marketplace_sso.problem."
INVALID = "invalid"


async def spi(request: Request) -> Response:
    """Do what a signed request asks; anything else changes nothing."""
    exchange.of(request.scope).kind = "marketplace"
    if request.method != "GET":
        return JSONResponse({"success": "false"}, status_code=405, headers={"allow": "GET"})
    try:
        parameters = read_query(request.scope["query_string"])
        if parameters.get("action") == Action.VERIFY:
            return await _verify(request, parameters)
        answer = await bootstrap.services().marketplaces.aliyun.answer(parameters)
    except MalformedError as problem:
        return _refuse(400, str(problem))
    except BadTokenError:
        return _refuse(403, "the token does not fit the parameters")
    return JSONResponse(answer, headers=_FRESH)


async def _verify(request: Request, parameters: Mapping[str, str]) -> Response:
    """A browser stands behind this one: whatever happens, it gets a page."""
    problem, response = "", _page("")
    visitor = cookies.caller(request).visitor or cookies.welcome(response)
    try:
        await bootstrap.services().marketplaces.aliyun.verify(parameters, visitor)
    except (MalformedError, BadTokenError):
        problem = INVALID
    except PortalError as error:
        problem = error.code.removeprefix(_PROBLEM)
    return _page(problem) if problem else response


def _page(problem: str) -> Response:
    return RedirectResponse(routes.marketplace_sso(problem), status_code=303, headers=_FRESH)


def _refuse(status: int, why: str) -> Response:
    return JSONResponse({"success": "false", "message": why}, status_code=status, headers=_FRESH)


ROUTES = (Route(routes.ALIYUN_SPI, spi), Route(f"{routes.ALIYUN_SPI}/", spi))
