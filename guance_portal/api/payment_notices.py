"""`POST /api/payments/alipay` and `/api/payments/wechat`: what the providers tell of payments.

Each answers in its provider's own way. Whatever proves something is answered as taken once it is committed, also where a
person must look at it: told again it would say nothing new. Anything else, a database that is away included, may come again.
"""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from guance_portal import routes
from guance_portal.api import cookies, exchange
from guance_portal.api.answers import missing
from guance_portal.api.limits import BODY_LIMITS
from guance_portal.bootstrap import services
from guance_portal.ledger.chart import Kind
from guance_portal.payments.errors import WayNotOfferedError
from guance_portal.payments.rules import UNPROVEN

LONGEST = 16 * 1024
BODY_LIMITS[routes.PAYMENT_NOTICES] = LONGEST


async def take_alipay(request: Request) -> Response:
    """The bare word `success`, or Alipay sends it again."""
    return await _take(request, Kind.ALIPAY, PlainTextResponse("success"), lambda: PlainTextResponse("fail"))


async def take_wechat(request: Request) -> Response:
    """204, or WeChat Pay sends it again."""

    def refuse() -> Response:
        return JSONResponse({"code": "FAIL", "message": "失败"}, status_code=401)

    return await _take(request, Kind.WECHAT, Response(status_code=204), refuse)


async def _take(request: Request, way: Kind, taken: Response, refuse: Callable[[], Response]) -> Response:
    exchange.of(request.scope).kind = "payment"
    address = cookies.caller(request).address
    try:
        outcome = await services().recharges.take(way, dict(request.headers), await request.body(), address)
    except ClientDisconnect:
        return Response(status_code=400)
    except WayNotOfferedError:
        return missing(request.scope)
    return refuse() if outcome in UNPROVEN else taken


ROUTES = (
    Route(routes.ALIPAY_NOTICES, take_alipay, methods=["POST"]),
    Route(routes.WECHAT_NOTICES, take_wechat, methods=["POST"]),
)
