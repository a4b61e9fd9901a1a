"""The migration that brings the drafts of four tables into one loses none of them."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from guance_portal.core import migrate
from guance_portal.core.db import Database, create_engine
from guance_portal.core.draft_tables import Draft
from guance_portal.core.drafts import of_browser
from guance_portal.onboarding.drafts import SIGN_UP, SignUpForm
from guance_portal.onboarding.settlement_drafts import SETTLEMENT, SettlementForm
from guance_portal.onboarding.upgrade.forms import PAYER, PayerForm
from guance_portal.payers.cloud_drafts import CLOUD
from guance_portal.payers.cloud_ids import CloudForm
from guance_portal.sites import Provider
from tests.integration.db.test_migrations import empty_url

__all__ = ["empty_url"]
BEFORE, AFTER = "0122", "0110"
NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
COMPANY = {
    "company_name": "杭州云帆科技有限公司",
    "uscc": "91350100M000100Y43",
    "industry": "internet",
    "region": "CN-ZJ",
    "contact": "林知夏",
    "introduction": "做船帆，\n也做云。",
}
BASIC = {"site": "cn1", "username": "yunfan", "email": "lin@@yunfan", "phone": "138"}
NOTHING = dict.fromkeys([*BASIC, *COMPANY], "")
OPEN: dict[str, Any] = {
    "id": "drft_open",
    "browser": "b1",
    **BASIC,
    **COMPANY,
    "opens_fee_account": True,
    "password_hash": "$argon2id$kept",
    "proven": "cn1:lin@yunfan.example",
    "confirmed_at": NOW,
    "created_at": NOW - timedelta(days=1),
    "expires_at": NOW + timedelta(days=29),
    "finished_at": None,
    "user_id": None,
}
FINISHED: dict[str, Any] = {
    **OPEN,
    **NOTHING,
    "id": "drft_finished",
    "password_hash": "",
    "proven": "",
    "finished_at": NOW,
    "user_id": "user_1",
}
UPGRADE: dict[str, Any] = {
    "workspace_id": "wksp_1",
    "user_id": "user_1",
    "payer_username": "finance",
    "username": "yunfan_new",
    "email": "new@yunfan.example",
    "company_name": "云帆",
    "proven_email": "new@yunfan.example",
    "proven_account_id": "acnt_1",
    "proven_at": NOW,
    "updated_at": NOW,
}
CLOUDS: dict[str, Any] = {
    "person": "fee_center:acnt_1",
    "workspace_id": "",
    "provider": "aliyun",
    "account": "1827",
    "instance": "abc",
    "began_at": NOW - timedelta(minutes=5),
    "updated_at": NOW,
}
STEP_THREE: dict[str, Any] = {"user_id": "user_1", "name": "云帆-生产", "language": "en", "method": "aws"}
OLD = {
    "sign_up_drafts": [OPEN, FINISHED],
    "upgrade_drafts": [UPGRADE],
    "cloud_drafts": [CLOUDS],
    "settlement_drafts": [STEP_THREE],
}


@pytest.fixture
async def database(empty_url: str) -> AsyncGenerator[Database]:
    """A database whose drafts stood in four tables, brought up to date."""
    engine = create_engine(empty_url)
    await migrate.upgrade(engine, BEFORE)
    async with engine.connect() as connection:
        await connection.run_sync(_fill)
        await connection.commit()
    await migrate.upgrade(engine, AFTER)
    yield Database(engine)
    await engine.dispose()


def _fill(connection: sa.Connection) -> None:
    # Whose drafts they are does not matter here: the rows that they point to are left out.
    is_sqlite = connection.dialect.name == "sqlite"
    connection.exec_driver_sql("PRAGMA foreign_keys=OFF" if is_sqlite else "SET session_replication_role = replica")
    for name, rows in OLD.items():
        table = sa.Table(name, sa.MetaData(), autoload_with=connection)
        for row in rows:
            connection.execute(table.insert(), naive(row) if is_sqlite else row)


def naive(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value.replace(tzinfo=None) if isinstance(value, datetime) else value for name, value in row.items()}


async def test_a_sign_up_goes_on_where_it_was(database: Database) -> None:
    async with database.reading() as work:
        draft = await SIGN_UP.find(work, of_browser("b1"), NOW, lock=False)
    assert draft
    assert draft.typed == SignUpForm(**BASIC, **COMPANY, opens_fee_account=True)
    assert (draft.id, draft.row.expires_at) == ("drft_open", OPEN["expires_at"])
    found = draft.found
    assert (found.password_hash, found.proven, found.confirmed_at) == (OPEN["password_hash"], OPEN["proven"], NOW)


async def test_a_sign_up_that_was_finished_still_knows_whose_account_it_became(database: Database) -> None:
    async with database.reading() as work:
        draft = await SIGN_UP.last_finished(work, of_browser("b1"))
    assert draft
    assert (draft.finished_at, draft.found.user_id, draft.row.typed) == (NOW, "user_1", {})


async def test_what_an_owner_has_typed_and_proven_stays(database: Database) -> None:
    async with database.reading() as work:
        draft = await PAYER.find(work, "console:user_1", NOW, about="wksp_1", lock=False)
    assert draft
    assert draft.typed == PayerForm(
        payer="finance", username="yunfan_new", email="new@yunfan.example", company_name="云帆"
    )
    found = draft.found
    assert (found.proven_email, found.proven_account_id, found.proven_at) == ("new@yunfan.example", "acnt_1", NOW)
    assert draft.row.expires_at == NOW + timedelta(days=30)


async def test_the_ids_of_a_cloud_account_stay_and_it_waits_since_then(database: Database) -> None:
    async with database.reading() as work:
        draft = await CLOUD.find(work, "fee_center:acnt_1", NOW, lock=False)
    assert draft
    assert draft.typed == CloudForm(account="1827", instance="abc")
    assert (draft.found.provider, draft.found.began_at) == (Provider.ALIYUN, CLOUDS["began_at"])


async def test_what_was_chosen_at_step_three_stays(database: Database) -> None:
    async with database.reading() as work:
        draft = await SETTLEMENT.find(work, "console:user_1", NOW, lock=False)
    assert draft
    assert draft.typed == SettlementForm(name="云帆-生产", workspace_language="en", method="aws")


async def test_every_row_is_taken_over_and_the_old_tables_are_gone(database: Database) -> None:
    async with database.engine.connect() as connection:
        count = (await connection.execute(sa.select(sa.func.count()).select_from(Draft))).scalar_one()
        tables = set(await connection.run_sync(lambda one: sa.inspect(one).get_table_names()))
    assert count == sum(map(len, OLD.values()))
    assert not tables & set(OLD)
