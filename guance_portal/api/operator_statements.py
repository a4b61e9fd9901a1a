"""`POST /api/operator/statements`: an operator's browser sends a bank statement by a native form of our own page."""

from __future__ import annotations

from dataclasses import asdict

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from guance_portal import routes
from guance_portal.api import cookies
from guance_portal.api.answers import refusal
from guance_portal.api.hosts import is_same_origin
from guance_portal.api.limits import BODY_LIMITS
from guance_portal.bootstrap import services
from guance_portal.core.actor import Realm
from guance_portal.core.errors import PortalError
from guance_portal.core.money import Currency
from guance_portal.core.settings import settings
from guance_portal.payments.statement_rules import MOST_BYTES, Columns
from guance_portal.payments.statements import Upload

_FOREIGN = "This form was not sent by a page of the portal."
_UNREADABLE = "The form cannot be read."
_AROUND = 64 * 1024
"""What a form is longer than its file."""
_MOST_FIELDS = 10
_LONGEST = 100
_COLUMNS = ("serial", "paid_at", "amount", "payer", "memo")
BODY_LIMITS[routes.OPERATOR_STATEMENTS] = MOST_BYTES + _AROUND


class NoFileError(ValueError):
    """The form holds no file."""


async def take_statement(request: Request) -> Response:
    """Book the statement, then show what became of its lines; the page says why one was not taken."""
    if not is_same_origin(request.scope, settings()):
        return refusal(403, _FOREIGN)
    token = cookies.token_hashes(request).get(Realm.OPERATOR)
    live = await services().sessions.find(Realm.OPERATOR, token) if token else None
    if live is None:
        return _go(routes.sign_in(Realm.OPERATOR, back_to=routes.OPERATOR_TRANSFERS))
    try:
        upload = await _upload(request)
    except (ClientDisconnect, MultiPartException, ValueError):
        return refusal(400, _UNREADABLE)
    try:
        digest = await services().statements.take(live.actor, upload, cookies.caller(request))
    except PortalError as error:
        return _go(routes.operator_transfers(problem=error.code.removeprefix("errors."), **_typed(upload)))
    return _go(routes.operator_transfers(digest))


async def _upload(request: Request) -> Upload:
    """What the form holds; the columns only where any was typed. Raises NoFileError, ValueError for a form that is not ours."""
    async with request.form(max_files=1, max_fields=_MOST_FIELDS) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise NoFileError
        texts = {name: value for name, value in form.items() if isinstance(value, str)}
        content = await file.read()
        name = file.filename or ""
    columns = {key: texts.get(key, "").strip() for key in _COLUMNS}
    return Upload(
        bank=texts.get("bank", ""),
        name="".join(char for char in name if char.isprintable()),
        content=content,
        currency=Currency(texts.get("currency", Currency.CNY)),
        columns=Columns(**columns) if any(columns.values()) else None,
    )


def _typed(upload: Upload) -> dict[str, str]:
    """What was typed beside the file, for the page to show again."""
    columns = asdict(upload.columns) if upload.columns else {}
    typed = {"bank": upload.bank, "currency": str(upload.currency) if columns else "", **columns}
    return {name: value[:_LONGEST] for name, value in typed.items() if value.isprintable()}


def _go(path: str) -> RedirectResponse:
    return RedirectResponse(path, status_code=303, headers={"cache-control": "no-store"})


ROUTES = (Route(routes.OPERATOR_STATEMENTS, take_statement, methods=["POST"]),)
