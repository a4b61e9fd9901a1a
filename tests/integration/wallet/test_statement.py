"""收支明细 narrowed: what stood on a purse is right whatever is left out, and the file says what the page says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from guance_portal.accounts.errors import PasswordNeededError
from guance_portal.core.actor import Actor, Caller, Realm
from guance_portal.core.db import Database
from guance_portal.core.errors import NotAllowedError, TooManyAttemptsError
from guance_portal.core.exports.files import Exported, Format
from guance_portal.core.messages import Language
from guance_portal.core.money import Currency
from guance_portal.core.paging import Paging
from guance_portal.core.rate_limits import LIMITS, RateLimits
from guance_portal.payers.tables import FeeAccount
from guance_portal.wallet import statement_queries
from guance_portal.wallet.statement import StatementPart, WalletStatements
from guance_portal.wallet.statement_export import StatementExports, WantedFile
from guance_portal.wallet.statement_rules import StatementChoice
from tests.support.clocks import MovableClock
from tests.support.ledgers import NOON
from tests.support.wallets import T0, Wallet, wallet

ME = Actor(realm=Realm.FEE_CENTER, subject_id="fee_yunfan", session_id="s1")
CALLER = Caller(address="192.0.2.7", user_agent="", visitor="")
FIRST = date(2026, 1, 1)


@pytest.fixture
async def mine(database: Database) -> Wallet:
    """A wallet with 12 days of history: a recharge at noon of the first, a card, and a bill at the end of each day."""
    mine = await wallet(database)
    await mine.recharge(1_000_00, at=T0 + timedelta(hours=12))
    await mine.buy(300_00, at=T0 + timedelta(hours=13))
    for number in range(1, 13):
        await mine.spend(number, 40_00 + number)
    return mine


async def read(mine: Wallet, choice: StatementChoice, page: int = 1, size: int = 5) -> StatementPart:
    return await WalletStatements(mine.database).read(ME, choice, Paging(page, size))


def moves(seen: StatementPart) -> dict[tuple[int, str], tuple[int, int]]:
    """What every line moved and left, by number and kind of account."""
    return {(line.number, str(move.kind)): (move.minor, move.rest) for line in seen.lines for move in line.moves}


CHOICES = [
    StatementChoice(act="bill"),
    StatementChoice(act="card"),
    StatementChoice(purse="card"),
    StatementChoice(purse="cash"),
    StatementChoice(text="bill:w1:7"),
    StatementChoice(text="BILL"),
    StatementChoice(text="#3"),
    StatementChoice(since=date(2026, 1, 4)),
    StatementChoice(until=date(2026, 1, 4)),
    StatementChoice(since=date(2026, 1, 3), until=date(2026, 1, 9), act="bill", purse="cash"),
]


@pytest.mark.parametrize("choice", CHOICES)
async def test_what_stood_on_a_purse_is_the_same_whatever_is_left_out(mine: Wallet, choice: StatementChoice) -> None:
    whole = moves(await read(mine, StatementChoice(), size=100))
    seen: dict[tuple[int, str], tuple[int, int]] = {}
    page, found = 1, await read(mine, choice)
    while found.lines:
        seen |= moves(found)
        page += 1
        found = await read(mine, choice, page)
    assert seen.items() <= whole.items()
    assert len({number for number, _ in seen}) == found.sums.count > 0


async def test_the_bill_of_a_day_is_of_that_day(mine: Wallet) -> None:
    seen = await read(mine, StatementChoice(since=FIRST, until=FIRST))
    assert [line.reference.partition(":")[0] for line in seen.lines] == ["bill", "card", "pay"]
    assert (seen.lines[0].at - T0) == timedelta(days=1)


async def test_what_stood_before_came_and_went_is_what_stood_then(mine: Wallet) -> None:
    since, until = date(2026, 1, 5), date(2026, 1, 8)
    seen = (await read(mine, StatementChoice(since=since, until=until))).sums
    before = (await read(mine, StatementChoice(until=since - timedelta(days=1)))).sums
    through = (await read(mine, StatementChoice(until=until))).sums
    assert seen.before == before.came - before.went > 0
    assert seen.before + seen.came - seen.went == through.came - through.went


async def test_only_the_card_is_counted_when_the_card_is_asked_for(mine: Wallet) -> None:
    seen = (await read(mine, StatementChoice(purse="card", since=date(2026, 1, 3)))).sums
    assert seen.before == 300_00 - 40_01 - 40_02


async def test_nothing_matches_what_is_not_there(mine: Wallet) -> None:
    for choice in (
        StatementChoice(text="no such bill"),
        StatementChoice(text="%"),
        StatementChoice(text="_"),
        StatementChoice(since=date(2030, 1, 1)),
    ):
        seen = await read(mine, choice)
        assert (seen.lines, seen.sums.count) == ((), 0)


def exports(mine: Wallet, clock: MovableClock) -> StatementExports:
    return StatementExports(mine.database, RateLimits(), clock)


async def export(
    mine: Wallet, clock: MovableClock, folder: Path, choice: StatementChoice, kind: Format = Format.XLSX
) -> Exported:
    wanted = WantedFile(kind=kind, choice=choice, language=Language.ZH, asked={"act": choice.act})
    return await exports(mine, clock).make(ME, wanted, folder, CALLER)


@pytest.mark.parametrize("choice", [StatementChoice(), *CHOICES])
async def test_the_file_holds_what_the_pages_show(
    mine: Wallet, clock: MovableClock, tmp_path: Path, choice: StatementChoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statement_queries, "_PORTION", 3)
    made = await export(mine, clock, tmp_path, choice)
    book: Any = openpyxl.load_workbook(made.path)
    rows = list(book.worksheets[0].iter_rows(min_row=2, values_only=True))
    shown = await read(mine, choice, size=100)
    pages = [
        (line.number, line.reference, move.minor, move.rest) for line in reversed(shown.lines) for move in line.moves
    ]
    assert [(row[0], row[9], round(row[7] * 100), round(row[8] * 100)) for row in rows] == pages
    assert made.manifest["rows"] == len(pages)
    net = f"{(shown.sums.came - shown.sums.went) / 100:.2f}"
    assert made.manifest["sums"] == {"金额 CNY": net}


async def test_the_manifest_names_the_head_of_the_chain(mine: Wallet, clock: MovableClock, tmp_path: Path) -> None:
    made = await export(mine, clock, tmp_path, StatementChoice(act="bill"), Format.CSV)
    async with mine.database.reading() as work:
        number, chain = await statement_queries.head(work, mine.payer)
    assert (made.manifest["through"], made.manifest["chain"]) == (str(number), chain.hex())
    assert (made.manifest["account"], made.manifest["act"], made.manifest["zone"]) == ("yunfan", "bill", "UTC+8")
    assert made.name.startswith("statement-yunfan-")


async def test_two_files_of_the_same_are_the_same(mine: Wallet, clock: MovableClock, tmp_path: Path) -> None:
    found = [(await export(mine, clock, tmp_path, StatementChoice(), kind)).manifest for kind in Format]
    assert len({one["sha256"] for one in found}) == 1


async def test_an_account_without_books_gets_an_empty_file(mine: Wallet, clock: MovableClock, tmp_path: Path) -> None:
    async with mine.database.writing() as work:
        work.session.add(
            FeeAccount(
                id="fee_new",
                username="new",
                username_key="new",
                email="new@example.com",
                email_key="new@example.com",
                language=Language.ZH,
                site="cn1",
                currency=Currency.CNY,
                created_at=NOON,
            )
        )
        await work.commit()
    wanted = WantedFile(kind=Format.CSV, choice=StatementChoice(), language=Language.EN, asked={})
    made = await exports(mine, clock).make(replace(ME, subject_id="fee_new"), wanted, tmp_path, CALLER)
    assert (made.manifest["rows"], made.manifest["through"]) == (0, "0")


async def test_a_file_is_for_the_account_alone_and_not_without_end(
    mine: Wallet, clock: MovableClock, tmp_path: Path
) -> None:
    wanted = WantedFile(kind=Format.CSV, choice=StatementChoice(text="no"), language=Language.ZH, asked={})
    service = exports(mine, clock)
    limited = Actor(realm=Realm.FEE_CENTER, subject_id="fee_yunfan", session_id="s2", workspace_id="w1")
    console = Actor(realm=Realm.CONSOLE, subject_id="fee_yunfan", session_id="s3")
    for actor, problem in ((limited, PasswordNeededError), (console, NotAllowedError)):
        with pytest.raises(problem):
            await service.make(actor, wanted, tmp_path, CALLER)
    for _ in range(LIMITS["statement_exports"].amount):
        await service.make(ME, wanted, tmp_path, CALLER)
    with pytest.raises(TooManyAttemptsError):
        await service.make(ME, wanted, tmp_path, CALLER)
