"""The HTTP side of the AWS simulator: its metering and entitlement services, and the certificate of its notices."""

from __future__ import annotations

import uuid

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from guance_portal import bootstrap, routes
from guance_portal.api import exchange
from guance_portal.core.errors import PortalError
from guance_portal.sandbox.aws import wire
from guance_portal.sandbox.aws.signature import Call
from guance_portal.sandbox.aws.wire import AwsError
from guance_portal.sandbox.shops import AWS_CREDENTIALS

log = structlog.get_logger(__name__)


async def call(request: Request) -> Response:
    """One call of JSON 1.1, answered as the service would; what its model does not allow is our bug, and answered so."""
    exchange.of(request.scope).kind = "sandbox"
    asked = Call(
        path=str(request.scope.get("raw_path", b"").partition(b"?")[0], "ascii", "replace"),
        headers={name.lower(): value for name, value in request.headers.items()},
        body=await request.body(),
    )
    try:
        body = await bootstrap.services().sandbox.aws_api.answer(
            f"aws-{request.path_params['market']}", asked, AWS_CREDENTIALS
        )
    except AwsError as error:
        return _answer(error.body(), error.status)
    except PortalError:
        return _answer(AwsError("UnknownOperationException", "There is no such marketplace.").body(), 400)
    except Exception:
        log.exception("sandbox_aws_failed")
        return _answer(AwsError("InternalServiceErrorException", "An internal error has occurred.").body(), 500)
    return _answer(body, 200)


async def certificate(_request: Request) -> Response:
    """The certificate that the notices are signed with."""
    pem = await bootstrap.services().sandbox.sns.certificate()
    return Response(pem, media_type="application/x-pem-file")


def _answer(body: bytes, status: int) -> Response:
    headers = {"x-amzn-requestid": str(uuid.uuid4()), "cache-control": "no-store"}
    return Response(body, status_code=status, media_type=wire.CONTENT_TYPE, headers=headers)


ROUTES = (
    Route(f"{routes.SANDBOX_AWS_API}/{{market}}", call, methods=["POST"]),
    Route(f"{routes.SANDBOX_AWS_API}/{{market}}/", call, methods=["POST"]),
    Route(routes.SANDBOX_AWS_CERTIFICATE, certificate, methods=["GET"]),
)
