"""A bank statement over HTTP: only from our own page, only by an operator, and what cannot be taken says why."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.routing import Router

from guance_portal import routes
from guance_portal.api import operator_statements
from guance_portal.api.limits import body_limit
from guance_portal.bootstrap import Services
from guance_portal.core.actor import Actor, Realm
from guance_portal.payments.statement_rules import MOST_BYTES
from tests import factories
from tests.support.clocks import MovableClock

OPERATOR = Actor(realm=Realm.OPERATOR, subject_id="oper_1", session_id="sess_1")
HEAD = "流水号,时间,金额,付款人,附言"
COLUMNS = {"serial": "流水号", "paid_at": "时间", "amount": "金额", "payer": "付款人", "memo": "附言"}


@pytest.fixture
async def browser(
    services: Services, origin: str, prefix: str, clock: MovableClock
) -> AsyncIterator[httpx.AsyncClient]:
    """An operator on a page of the portal."""
    account = await factories.operator(services)
    clock.move(minutes=1)
    signed = await factories.sign_in_operator(services, account)
    transport = httpx.ASGITransport(app=Router(operator_statements.ROUTES), client=("192.0.2.7", 5000))
    async with httpx.AsyncClient(transport=transport, base_url=origin, headers={"origin": origin}) as client:
        client.cookies.set(f"{prefix}gc_operator", signed.token)
        yield client


async def send(browser: httpx.AsyncClient, content: bytes, **others: str) -> httpx.Response:
    return await browser.post(
        routes.OPERATOR_STATEMENTS,
        data={"bank": "示例银行", "currency": "CNY", **others},
        files={"file": ("七月.csv", content, "text/csv")},
    )


def went_to(response: httpx.Response) -> str:
    assert response.status_code == 303
    return response.headers["location"]


async def test_a_statement_is_taken_and_shown(services: Services, browser: httpx.AsyncClient) -> None:
    response = await send(browser, f"{HEAD}\nS1,2026-06-30,5.00,甲,\n".encode(), **COLUMNS)
    assert went_to(response).startswith(f"{routes.OPERATOR_TRANSFERS}?statement=")
    digest = went_to(response).partition("=")[2]
    view = await services.statements.view(OPERATOR, digest)
    assert (view.statement.name, [line.serial for line in view.lines]) == ("七月.csv", ["S1"])
    again = await send(browser, f"{HEAD}\nS2,2026-06-30,5.00,甲,\n".encode())
    assert "statement=" in went_to(again)


@pytest.mark.parametrize(
    ("content", "columns", "problem"),
    [
        (f"{HEAD}\n".encode(), {}, "bank_unknown"),
        (b"\xff\xff\xff", COLUMNS, "statement_encoding"),
        (b"a,b\n", COLUMNS, "statement_columns"),
        (f"{HEAD}\n".encode(), COLUMNS, "statement_empty"),
    ],
)
async def test_what_cannot_be_taken_says_why(
    browser: httpx.AsyncClient, content: bytes, columns: dict[str, str], problem: str
) -> None:
    response = await send(browser, content, **columns)
    typed = {"bank": "示例银行", "currency": "CNY" if columns else "", **columns}
    assert went_to(response) == routes.operator_transfers(problem=problem, **typed)


async def test_without_a_session_one_signs_in(browser: httpx.AsyncClient) -> None:
    browser.cookies.clear()
    assert went_to(await send(browser, b"")).startswith(routes.OPERATOR_LOGIN)


async def test_other_sites_cannot_send_one(browser: httpx.AsyncClient) -> None:
    browser.headers["origin"] = "https://evil.example"
    assert (await send(browser, b"")).status_code == 403


@pytest.mark.parametrize("body", [b"", b"bank=x", b"--x\r\n"])
async def test_a_form_that_is_not_ours_is_refused(browser: httpx.AsyncClient, body: bytes) -> None:
    headers = {"content-type": "multipart/form-data; boundary=x"}
    response = await browser.post(routes.OPERATOR_STATEMENTS, content=body, headers=headers)
    assert response.status_code == 400
    assert (await browser.post(routes.OPERATOR_STATEMENTS, data={"bank": "x"})).status_code == 400
    assert (await send(browser, b"", currency="EUR")).status_code == 400


def test_a_file_of_the_longest_has_room() -> None:
    assert body_limit(routes.OPERATOR_STATEMENTS) > MOST_BYTES
