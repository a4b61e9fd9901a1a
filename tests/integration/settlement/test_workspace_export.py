"""工作空间管理 as a file: what the page shows, for the account's own browser."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pytest

from guance_portal.core.errors import NotAllowedError
from guance_portal.core.exports.files import Format
from guance_portal.core.messages import Language
from guance_portal.onboarding.dissolution import DissolveOrder
from tests import factories
from tests.support.settlers import Settler, open_paid


async def lines(here: Settler, folder: Path) -> list[str]:
    made = await here.services.workspace_exports.make(
        here.payer, Format.CSV_PLAIN, Language.ZH, folder, factories.browser()
    )
    archive = ZipFile(io.BytesIO(made.path.read_bytes()))
    (name,) = [one for one in archive.namelist() if one.endswith(".csv")]
    return archive.read(name).decode().splitlines()


async def test_each_workspace_is_a_row_with_owner_method_and_what_waits(here: Settler, tmp_path: Path) -> None:
    user = await factories.console_user(here.services, "second@yunfan.example", username="zhou")
    account = here.payer.subject_id
    await open_paid(here.services, user, account, name="=云帆-预发环境")
    await here.change(await here.register())
    head, *rows = await lines(here, tmp_path)
    first, second = sorted(rows, key=lambda row: here.workspace_id not in row)
    assert head.split(",")[:4] == ["工作空间", "工作空间 ID", "站点", "状态"]
    assert [
        here.workspace_id in first,
        "观测云企业账号" in first,
        "2026-07-02 起：阿里云账号 1827 **** **** 4093" in first,
    ] == [True] * 3
    assert second.startswith("'=云帆-预发环境,")
    assert "second@yunfan.example" in second


async def test_a_dissolved_workspace_has_no_owner_and_no_next_change(here: Settler, tmp_path: Path) -> None:
    order = DissolveOrder(
        actor=here.owner, caller=factories.browser(), workspace_id=here.workspace_id, name="云帆-生产环境"
    )
    await here.services.onboarding.dissolution.dissolve(order)
    _, row = await lines(here, tmp_path)
    assert row.split(",")[3:] == ["已解散", "", "", "观测云企业账号", "yunfan", "2026-07-01", "", ""]


async def test_a_session_of_one_workspace_gets_that_one_alone(here: Settler, tmp_path: Path) -> None:
    user = await factories.console_user(here.services, "second@yunfan.example", username="zhou")
    other = await open_paid(here.services, user, here.payer.subject_id, name="云帆-预发环境")
    here.payer = replace(here.payer, workspace_id=here.workspace_id)
    found = await lines(here, tmp_path)
    assert (len(found), other in "".join(found)) == (2, False)


async def test_it_is_the_accounts_alone(here: Settler, tmp_path: Path) -> None:
    with pytest.raises(NotAllowedError):
        await here.services.workspace_exports.make(here.owner, Format.CSV, Language.ZH, tmp_path, factories.browser())
