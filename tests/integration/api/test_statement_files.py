"""The file of 收支明细 over HTTP: for the browser of the account, whole and under its name, and left nowhere."""

from __future__ import annotations

import io
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from zipfile import ZipFile

import httpx
import pytest
from starlette.routing import Router

from guance_portal import routes
from guance_portal.api import statement_files
from guance_portal.bootstrap import Services
from guance_portal.core.actor import Realm
from tests import factories


@pytest.fixture
async def browser(
    services: Services, origin: str, prefix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[httpx.AsyncClient]:
    """The payer on a page of the portal; files are made in a folder of the test."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    await factories.fee_account(services)
    signed = await factories.sign_in(services, "yunfan", realm=Realm.FEE_CENTER)
    transport = httpx.ASGITransport(app=Router(statement_files.ROUTES), client=("192.0.2.7", 5000))
    async with httpx.AsyncClient(transport=transport, base_url=origin) as client:
        client.cookies.set(f"{prefix}gc_fee", signed.token)
        yield client


async def test_a_file_comes_under_its_name_and_nothing_stays_behind(browser: httpx.AsyncClient, tmp_path: Path) -> None:
    answer = await browser.get(routes.statement_file("csv", {"act": "bill"}))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/zip"
    assert 'filename="statement-yunfan-' in answer.headers["content-disposition"]
    assert answer.headers["cache-control"] == "no-store"
    names = ZipFile(io.BytesIO(answer.content)).namelist()
    assert [name.rpartition(".")[2] for name in names] == ["csv", "json"]
    assert not list(tmp_path.glob("portal-export-*"))


async def test_the_language_is_that_of_the_browser(browser: httpx.AsyncClient) -> None:
    for language, word in (("zh-CN", "交易号"), ("en", "Number")):
        answer = await browser.get(routes.statement_file("csv-plain", {}), headers={"accept-language": language})
        archive = ZipFile(io.BytesIO(answer.content))
        assert archive.read(archive.namelist()[0]).decode().startswith(word)


async def test_who_is_not_signed_in_is_led_to_sign_in_and_back(browser: httpx.AsyncClient) -> None:
    browser.cookies.clear()
    answer = await browser.get(routes.statement_file("xlsx", {"act": "bill"}))
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(routes.FEE_LOGIN)
    assert "act%3Dbill" in answer.headers["location"]


async def test_another_kind_of_file_does_not_exist(browser: httpx.AsyncClient) -> None:
    assert (await browser.get(routes.statement_file("exe", {}))).status_code == 400


async def test_too_many_files_are_refused_in_words(browser: httpx.AsyncClient, services: Services) -> None:
    answers = [await browser.get(routes.statement_file("csv", {})) for _ in range(61)]
    assert [answer.status_code for answer in answers].count(200) == 60
    assert answers[-1].status_code == 429
