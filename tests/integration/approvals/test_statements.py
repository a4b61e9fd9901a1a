"""Bank statements on both databases: whose each line is, each number once, all of a file or nothing."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from guance_portal.approvals import orders
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.errors import NotAllowedError
from guance_portal.core.money import Currency
from guance_portal.ledger.chart import Kind
from guance_portal.payers.tables import Company
from guance_portal.payments.errors import BankMissingError, BankUnknownError, StatementUnknownError
from guance_portal.payments.remittance_rules import remittance_code
from guance_portal.payments.statement_rules import Columns, ColumnsMissingError
from guance_portal.payments.statement_tables import BankLine
from guance_portal.payments.statements import Upload
from guance_portal.wallet.acts import receipts
from guance_portal.wallet.acts.receipts import IncomingMoney
from tests.support.operators import ACCOUNT, XU, ZHOU, Scene
from tests.support.wallets import T0, Wallet, wallet

COLUMNS = Columns(serial="流水号", paid_at="交易时间", amount="贷方金额", payer="对方户名", memo="附言")
HEAD = "流水号,交易时间,贷方金额,对方户名,附言\n"


def statement(*lines: str, encoding: str = "gb18030", bank: str = "示例银行", known: bool = False) -> Upload:
    content = (HEAD + "\n".join(lines)).encode(encoding)
    return Upload(bank=bank, name="bank.csv", content=content, columns=None if known else COLUMNS)


def line(serial: str, amount: str, payer: str = "某人", memo: str = "") -> str:
    return f'{serial},2026-06-30 09:12,"{amount}",{payer},{memo}'


async def outcomes(scene: Scene, digest: str) -> dict[str, str]:
    view = await scene.services.statements.view(XU, digest)
    return {one.serial: str(one.outcome) for one in view.lines}


async def company(mine: Wallet, account: str, name: str) -> None:
    async with mine.database.writing() as work:
        row = Company(
            fee_account_id=account,
            name=name,
            uscc="",
            industry="",
            region="",
            contact="",
            introduction="",
            updated_at=T0,
        )
        work.session.add(row)
        await work.commit()


async def test_a_line_is_whose_code_it_names_else_proposed_by_name_else_of_nobody(scene: Scene, mine: Wallet) -> None:
    await company(mine, ACCOUNT, "杭州云帆科技有限公司")
    code = remittance_code(mine.payer)
    digest = await scene.services.statements.take(
        XU,
        statement(
            line("S1", "15,000.00", memo=f"{code} 充值"),
            line("S2", "800.00", "杭州云帆科技有限公司", "观测云 7 月"),
            line("S3", "200.00", "沈某"),
            line("S4", "-120.00", "示例银行", "账户管理费"),
        ),
    )
    assert await outcomes(scene, digest) == {
        "S1": "credited",
        "S2": "proposed",
        "S3": "suspended",
        "S4": "outgoing",
    }
    assert await mine.held() == {"bank": 15_000_00, "cash": -15_000_00}
    assert await mine.entries("transfer:示例银行:S2", payer=0) == {"bank": 800_00, "suspense": -800_00}
    [proposed] = [one for one in (await scene.services.statements.view(XU, digest)).lines if one.proposed]
    assert (proposed.serial, proposed.proposed) == ("S2", ACCOUNT)
    waiting = [one.matter.trade for one in await scene.services.money_admin.matters(XU)]
    assert waiting == ["示例银行:S2", "示例银行:S3"]
    claim = orders.ClaimOrder(
        fee_account=ACCOUNT, way=Kind.BANK, trade="示例银行:S2", minor=800_00, currency=Currency.CNY
    )
    await scene.approve(await scene.ask(claim))
    assert await mine.held() == {"bank": 15_000_00, "suspense": 800_00, "cash": -15_800_00}
    assert all(not one.breaches for one in await scene.services.ledger_check.look())


async def test_a_name_proposes_only_where_it_is_one_companys(scene: Scene, mine: Wallet) -> None:
    other = await wallet(mine.database, "branch")
    assert other.payer != mine.payer
    await company(mine, ACCOUNT, "云帆科技")
    await company(mine, "fee_branch", "云帆科技")
    nameless = await wallet(mine.database, "nameless")
    assert nameless.payer
    await company(mine, "fee_nameless", "")
    digest = await scene.services.statements.take(
        XU, statement(line("S1", "1.00", "云帆科技"), line("S2", "1.00", ""), line("S3", "1.00", "别家"))
    )
    assert set((await outcomes(scene, digest)).values()) == {"suspended"}


async def test_a_number_counts_once_in_whatever_file_it_comes(scene: Scene, mine: Wallet) -> None:
    code = remittance_code(mine.payer)
    first = statement(line("S1", "100.00", memo=code), line("S1", "100.00", memo=code))
    ends = await asyncio.gather(*(scene.services.statements.take(XU, first) for _ in range(5)))
    assert len(set(ends)) == 1
    assert [str(one.outcome) for one in (await scene.services.statements.view(XU, ends[0])).lines] == [
        "credited",
        "repeated",
    ]
    second = statement(line("S1", "100.00", memo=code), line("S2", "5.00", memo=code), known=True)
    assert await outcomes(scene, await scene.services.statements.take(ZHOU, second)) == {
        "S1": "repeated",
        "S2": "credited",
    }
    other = statement(line("S2", "6.00", memo=code), known=True)
    assert await outcomes(scene, await scene.services.statements.take(XU, other)) == {"S2": "contradicted"}
    assert await mine.held() == {"bank": 105_00, "cash": -105_00}
    [matter] = await scene.services.money_admin.matters(XU)
    assert (matter.matter.trade, str(matter.matter.reason)) == ("示例银行:S2", "contradicted")


async def test_two_banks_may_number_their_transfers_alike(scene: Scene, mine: Wallet) -> None:
    code = remittance_code(mine.payer)
    await scene.services.statements.take(XU, statement(line("S1", "100.00", memo=code)))
    other = await scene.services.statements.take(XU, statement(line("S1", "30.00", memo=code), bank="另一银行"))
    assert await outcomes(scene, other) == {"S1": "credited"}
    assert await mine.held() == {"bank": 130_00, "cash": -130_00}
    assert all(not one.breaches for one in await scene.services.ledger_check.look())


async def test_a_line_from_before_banks_were_told_apart_keeps_its_number(scene: Scene, mine: Wallet) -> None:
    code = remittance_code(mine.payer)
    first = await scene.services.statements.take(XU, statement(line("S1", "100.00", memo="")))
    async with mine.database.writing() as work:
        [row] = (await work.session.exec(select(BankLine).where(col(BankLine.statement) == first))).all()
        row.trade = "S1"
        await work.commit()
    await mine.do(
        receipts.credit,
        mine.payer,
        IncomingMoney(way=Kind.BANK, trade="S1", minor=100_00, currency=Currency.CNY, at=T0),
        now=T0,
    )
    again = statement(line("S1", "100.00", memo=code), line("S2", "5.00", memo=code), known=True)
    assert await outcomes(scene, await scene.services.statements.take(XU, again)) == {
        "S1": "repeated",
        "S2": "credited",
    }


async def test_nothing_of_a_file_is_taken_while_a_line_cannot_be_read(scene: Scene, mine: Wallet) -> None:
    good, bad = line("S1", "100.00", memo=remittance_code(mine.payer)), line("S2", "一百元")
    digest = await scene.services.statements.take(XU, statement(good, bad))
    view = await scene.services.statements.view(XU, digest)
    assert (view.statement.is_taken, list(view.lines)) == (False, [])
    assert [(one["number"], one["fault"]) for one in view.statement.unread] == [(3, "amount")]
    assert "一百元" in view.statement.unread[0]["text"]
    assert await mine.held() == {}
    assert await scene.services.statements.take(XU, statement(good, bad)) == digest
    await scene.services.statements.take(XU, statement(good, known=True))
    assert await mine.held() == {"bank": 100_00, "cash": -100_00}


async def test_the_columns_of_a_bank_are_given_once_and_kept(scene: Scene, mine: Wallet) -> None:
    take = scene.services.statements.take
    with pytest.raises(BankUnknownError):
        await take(XU, statement(line("S1", "1.00"), known=True))
    with pytest.raises(BankMissingError):
        await take(XU, statement(line("S1", "1.00"), bank=" "))
    await take(XU, statement(line("S1", "1.00")))
    await take(ZHOU, statement(line("S2", "1.00"), known=True))
    with pytest.raises(ColumnsMissingError):
        await take(XU, Upload(bank="示例银行", name="x", content=b"a,b\n1,2\n"))
    [kept] = await scene.services.statements.banks(XU)
    assert (kept.bank, kept.columns["serial"], kept.mapped_by) == ("示例银行", "流水号", XU.subject_id)


async def test_money_for_stopped_books_and_for_accounts_in_other_currencies_waits(scene: Scene, mine: Wallet) -> None:
    dollars = await wallet(mine.database, "dollars", Currency.USD)
    async with mine.database.writing() as work:
        await (await work.session.connection()).execute(
            text("UPDATE ledger_heads SET stopped_by = 'balances' WHERE payer = :payer"), {"payer": mine.payer}
        )
        await work.commit()
    digest = await scene.services.statements.take(
        XU,
        statement(
            line("S1", "10.00", memo=remittance_code(mine.payer)),
            line("S2", "10.00", memo=remittance_code(dollars.payer)),
            line("S3", "10.00", memo=remittance_code(4711)),
        ),
    )
    assert await outcomes(scene, digest) == {"S1": "held", "S2": "suspended", "S3": "suspended"}
    assert sorted(one.matter.trade for one in await scene.services.money_admin.matters(XU)) == [
        "示例银行:S1",
        "示例银行:S2",
        "示例银行:S3",
    ]


async def test_only_operators_import_and_it_is_audited(scene: Scene, mine: Wallet) -> None:
    other = Actor(realm=Realm.FEE_CENTER, subject_id=ACCOUNT, session_id="s")
    service = scene.services.statements
    for attempt in (
        service.take(other, statement(line("S1", "1.00"))),
        service.view(other, "x"),
        service.recent(other),
        service.banks(other),
    ):
        with pytest.raises(NotAllowedError):
            await attempt
    with pytest.raises(StatementUnknownError):
        await service.view(XU, "x")
    await service.take(XU, statement(line("S1", "1.00")))
    await service.take(XU, statement(line("S1", "eins"), known=True))
    async with mine.database.reading() as work:
        rows = await work.rows(text("SELECT act, actor_id FROM audit_entries ORDER BY act"))  # pyright: ignore[reportArgumentType]
    assert [tuple(row) for row in rows] == [
        ("bank_statement.imported", XU.subject_id),
        ("bank_statement.refused", XU.subject_id),
    ]
