"""The HTTP side of the Alibaba simulator: the OpenAPI for vendors, and the way of 免登.

The OpenAPI stands at `/`, as it does on a host of its own: an SDK can be told a host, and no path.
"""

from __future__ import annotations

import uuid

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Match, Route
from starlette.types import Scope

from guance_portal import bootstrap, routes
from guance_portal.api import exchange
from guance_portal.api.answers import missing
from guance_portal.core.errors import PortalError
from guance_portal.sandbox.aliyun import acs3
from guance_portal.sandbox.aliyun.acs3 import OpenApiError
from guance_portal.sandbox.shops import ALIYUN_CREDENTIALS


async def open_api(request: Request) -> Response:
    """One call of the OpenAPI; without its headers there is nothing here."""
    if "x-acs-action" not in request.headers:
        return missing(request.scope)
    exchange.of(request.scope).kind = "sandbox"
    asked = acs3.Request(
        method=request.method,
        path=request.url.path,
        query=request.query_params.multi_items(),
        headers={name.lower(): value for name, value in request.headers.items()},
        body=await request.body(),
    )
    keys = ALIYUN_CREDENTIALS
    try:
        body = await bootstrap.services().sandbox.openapi.answer(asked, keys.key_id, keys.secret)
    except OpenApiError as error:
        said = {"Code": error.code, "Message": error.message, "RequestId": str(uuid.uuid4()).upper()}
        return JSONResponse(said, status_code=error.status)
    return JSONResponse(body)


async def sso(request: Request) -> Response:
    """Send the buyer's browser to the vendor, as the button 免登 in 已购买的服务 does."""
    shop_id, purchase = f"aliyun-{request.path_params['market']}", request.query_params.get("purchase", "")
    try:
        where = await bootstrap.services().sandbox.aliyun.sso(shop_id, purchase)
    except PortalError:
        return missing(request.scope)
    return RedirectResponse(where, status_code=303, headers={"cache-control": "no-store"})


class _OpenApi(Route):
    """The address of the OpenAPI is `/`, as the official SDK has it; whatever else comes there belongs to the pages."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """A full match or none: the router would answer a partial one, a GET, with 405."""
        match, child = super().matches(scope)
        return (match, child) if match is Match.FULL else (Match.NONE, {})


ROUTES = (
    _OpenApi("/", open_api, methods=["POST"]),
    Route(f"{routes.SANDBOX_SSO}/{{market}}", sso, methods=["GET"]),
)
