"""What a request says about itself: whose it is, who sent it, and of its body category, form, precision, coding and name."""

from __future__ import annotations

import re
from enum import StrEnum

from starlette.requests import Request

from guance_portal import bootstrap
from guance_portal.api.gateway.refusals import RefusalError, dissolved, unknown_token
from guance_portal.metering.categories import Category, category_named
from guance_portal.metering.counting import BodyFormat
from guance_portal.metering.line_protocol import NANOSECONDS
from guance_portal.metering.tokens import TokenHolder

_DATAKIT = re.compile(r"datakit-[^/\s]+/")
_PACKAGE_HEADERS = ("idempotency-key", "x-pkg-id")
_PACKAGE = re.compile(r"[!-~]{1,200}")


class Coding(StrEnum):
    """How a body is compressed, as `Content-Encoding` names it."""

    IDENTITY = "identity"
    GZIP = "gzip"
    DEFLATE = "deflate"


_CODINGS = {coding.value: coding for coding in Coding} | {"": Coding.IDENTITY, "x-gzip": Coding.GZIP}


async def holder(token: str, named: str = "") -> TokenHolder:
    """Whom the token belongs to; that one which was replaced is still used is told to its workspace."""
    services = bootstrap.services()
    found = await services.tokens.holder(token)
    if found is not None:
        return found
    if await services.tokens.belonged_to_dissolved(token):
        raise dissolved()
    refusal = unknown_token()
    if former := await services.tokens.former_holder(token):
        await services.refusals.note(former, refusal.code, category_named(named) or "", refusal.message)
    raise refusal


def is_datakit(request: Request) -> bool:
    """Whether a DataKit sends this: `datakit-linux-amd64/1.84.1/web-01`."""
    return bool(_DATAKIT.match(request.headers.get("user-agent", "")))


def category(request: Request) -> Category:
    """The category in the address."""
    found = category_named(request.path_params["category"])
    if found is None:
        raise RefusalError(404, "invalidCategory", f"there is no such category; there are {', '.join(Category)}")
    return found


def precision(request: Request) -> str:
    """The unit of the points' times."""
    unit = request.query_params.get("precision", "n")
    if unit not in NANOSECONDS:
        raise RefusalError(400, "invalidPrecision", f"precision must be one of {', '.join(NANOSECONDS)}")
    return unit


def form(request: Request) -> BodyFormat:
    """How the body says its points."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in {"application/json", "application/pbjson"}:
        raise RefusalError(415, "unsupportedContentType", "JSON is not taken here, only line protocol and protobuf")
    return BodyFormat.PROTOBUF if kind in {"application/protobuf", "application/x-protobuf"} else BodyFormat.LINES


def coding(request: Request) -> Coding:
    """How the body is compressed; refuses every form that is not taken.

    The browser SDK says it in the address: another header would make the browser ask for leave first.
    """
    named = request.headers.get("content-encoding", "") or request.query_params.get("encoding", "")
    found = _CODINGS.get(named.strip().lower())
    if found is None:
        raise RefusalError(
            415, "unsupportedEncoding", "only gzip and deflate are taken here", accept_encoding="gzip, deflate"
        )
    return found


def package_name(request: Request) -> str:
    """The name that the sender gave this request, by which its repetition is known; empty when it gave none."""
    name = next((value for header in _PACKAGE_HEADERS if (value := request.headers.get(header, ""))), "")
    if name and not _PACKAGE.fullmatch(name):
        raise RefusalError(400, "invalidPackageId", "a package id is 1 to 200 visible ASCII characters")
    return name


def is_retry(request: Request) -> bool:
    """Whether a DataKit says that it sent this before, and got no answer."""
    return request.headers.get("x-fail-cache-retry", "0") not in {"", "0"}
