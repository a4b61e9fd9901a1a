"""`GET /api/v1/bills`: the bills of a workspace with every step of their lines, for programs with an API key."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from guance_portal import routes
from guance_portal.accounts.keys.rules import Scope
from guance_portal.api import api_keys, exchange
from guance_portal.api.api_keys import ApiRefusalError
from guance_portal.billing.bills.feed import MOST_BILLS, FedBill, UnknownBillError
from guance_portal.billing.bills.frozen_text import moment
from guance_portal.billing.bills.proofs import line_text
from guance_portal.bootstrap import services
from guance_portal.core.money import Currency, Money

USUAL = 100
_DIGITS = len(str(MOST_BILLS))


async def tell_bills(request: Request) -> Response:
    """The bills of some days, page by page."""
    exchange.of(request.scope).kind = "bills"
    try:
        holder = await api_keys.holder(request, Scope.READ_BILLS)
        first, last = api_keys.period(request)
        page = await services().bill_feed.page(
            holder.workspace_id, first, last, after=request.query_params.get("after", ""), most=_limit(request)
        )
    except ApiRefusalError as refusal:
        return refusal.answer()
    except UnknownBillError:
        return ApiRefusalError(400, "unknownBill", "after is the code of a bill of this workspace").answer()
    return JSONResponse(
        {
            "workspace": holder.workspace_id,
            "from": first.isoformat(),
            "to": last.isoformat(),
            "bills": [_bill(one) for one in page.bills],
            "next": page.next_after or None,
        }
    )


def _limit(request: Request) -> int:
    said = request.query_params.get("limit", str(USUAL))
    if not (said.isascii() and said.isdigit() and len(said) <= _DIGITS and 1 <= int(said) <= MOST_BILLS):
        raise ApiRefusalError(400, "invalidLimit", f"limit is a whole number from 1 to {MOST_BILLS}")
    return int(said)


def _bill(one: FedBill) -> dict[str, Any]:
    row, inputs = one.bill, one.bill.inputs
    return {
        "code": row.code,
        "kind": row.kind.value,
        "state": row.state.value,
        "day": row.day.isoformat(),
        "begins": moment(row.begins),
        "ends": moment(row.ends),
        "hours": inputs["hours"],
        "site": row.site,
        "currency": row.currency.value,
        "method": row.method.value,
        "exact": row.exact,
        "amount": _amount(row.minor, row.currency),
        "rounding": inputs["rounding"],
        "order": inputs["order"],
        "paid": None
        if one.paid is None
        else {kind.value: _amount(minor, row.currency) for kind, minor in one.paid.items()},
        "digest": row.digests["bill"],
        "lines": [_line(line_text(line), row.currency) for line in one.lines],
    }


def _line(said: dict[str, Any], currency: Currency) -> dict[str, Any]:
    """A line in the words of the API: amounts are texts in the main unit of the currency."""
    return {
        "item": said["item"],
        "day": said["of_day"],
        "kept_days": said["days"],
        "price_list": said["list"],
        "quantity": said["quantity"],
        "billable": said["billable"],
        "unit": said["unit"],
        "quotient": said["quotient"],
        "billed_before": said["billed"],
        "price": said["price"],
        "exact": said["amount"],
        "amount": _amount(said["minor"], currency),
    }


def _amount(minor: int, currency: Currency) -> str:
    return f"{Money(minor, currency).amount:f}"


ROUTES = (Route(routes.API_BILLS, tell_bills, methods=["GET"]),)
