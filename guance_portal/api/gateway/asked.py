"""What a request says about its body: its category, form, precision, coding and name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from guance_portal.api.gateway.refusals import RefusalError
from guance_portal.metering.counting import Form
from guance_portal.metering.line_protocol import NANOSECONDS
from guance_portal.metering.rules import Category, category_named

if TYPE_CHECKING:
    from starlette.requests import Request

_PACKAGE_HEADERS = ("idempotency-key", "x-pkg-id")
_PACKAGE = re.compile(r"[!-~]{1,200}")


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


def form(request: Request) -> Form:
    """How the body says its points."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in {"application/json", "application/pbjson"}:
        raise RefusalError(415, "unsupportedContentType", "JSON is not taken here, only line protocol and protobuf")
    return Form.PROTOBUF if kind in {"application/protobuf", "application/x-protobuf"} else Form.LINES


def is_gzip(request: Request) -> bool:
    """Whether the body is compressed."""
    coding = request.headers.get("content-encoding", "identity").strip().lower()
    if coding not in {"identity", "gzip", "x-gzip", ""}:
        raise RefusalError(415, "unsupportedEncoding", "only gzip is taken here", accept_encoding="gzip")
    return coding.endswith("gzip")


def package_name(request: Request) -> str:
    """The name that the sender gave this request, by which its repetition is known; empty when it gave none."""
    name = next((value for header in _PACKAGE_HEADERS if (value := request.headers.get(header, ""))), "")
    if name and not _PACKAGE.fullmatch(name):
        raise RefusalError(400, "invalidPackageId", "a package id is 1 to 200 visible ASCII characters")
    return name


def is_datakit(request: Request) -> bool:
    """Whether a DataKit sends it, by what it calls itself."""
    return request.headers.get("user-agent", "").lower().startswith("datakit")


def is_retry(request: Request) -> bool:
    """Whether a DataKit says that it sent this before, and got no answer."""
    return request.headers.get("x-fail-cache-retry", "0") not in {"", "0"}
