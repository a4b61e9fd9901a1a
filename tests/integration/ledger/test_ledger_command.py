"""`portal ledger check`: its exit code, and the first transaction that breaks a rule."""

from __future__ import annotations

import asyncio
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from typer.testing import CliRunner

from guance_portal.build.publish import ROOT
from guance_portal.cli import app
from guance_portal.core.db import Database, create_engine
from tests.support import by_hand
from tests.support.wallets import wallet


@pytest.fixture
def url(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """The address of the portal's own database."""
    monkeypatch.setenv("PORTAL_DATA_DIR", str(tmp_path))
    for name in ("PORTAL_DATABASE_URL", "PORTAL_SANDBOX", "PORTAL_PUBLIC_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "argv", ["portal"])
    monkeypatch.chdir(ROOT)
    return f"sqlite+aiosqlite:///{tmp_path / 'portal.sqlite3'}"


async def _recharge(url: str) -> None:
    database = Database(create_engine(url))
    await (await wallet(database)).recharge(100_00)
    await database.close()


def _write(url: str) -> None:
    assert CliRunner().invoke(app, ["ledger", "check"]).exit_code == 0  # which migrates
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, _recharge(url)).result()


def test_right_books_are_said_to_be_right(url: str) -> None:
    _write(url)
    answer = CliRunner().invoke(app, ["ledger", "check"])
    assert answer.exit_code == 0
    assert "chain" in answer.output
    assert "BROKEN" not in answer.output


def test_a_broken_rule_is_an_exit_code_and_a_line(url: str) -> None:
    _write(url)
    by_hand.run(url, ["UPDATE ledger_accounts SET balance = balance + 1 WHERE payer = 1 AND number = 1"])
    answer = CliRunner().invoke(app, ["ledger", "check"])
    assert answer.exit_code == 1
    line = "BROKEN  balances: Every balance is the sum of its entries - first: payer 1, transaction 1, alipay:"
    assert line in answer.output
