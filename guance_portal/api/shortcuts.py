"""Addresses that are no page and lead to one."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from guance_portal import routes


async def begin_commercial(request: Request) -> Response:
    """商业版 begins with its first step; what was asked for along with it goes too."""
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"{routes.REGISTER_BASIC}{query}", status_code=307)


ROUTES = tuple(Route(f"{routes.REGISTER_COMMERCIAL}{slash}", begin_commercial, methods=["GET"]) for slash in ("", "/"))
