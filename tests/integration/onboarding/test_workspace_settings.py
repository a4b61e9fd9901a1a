"""空间设置: every member reads them, owner and administrators change them, of the workspace that the page shows."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlmodel import select

from guance_portal.accounts.errors import WorkspaceSwitchedError
from guance_portal.accounts.rules import Role
from guance_portal.accounts.tables import Member, Workspace
from guance_portal.bootstrap import Services
from guance_portal.core.actor import Actor
from guance_portal.core.audit import AuditEntry
from guance_portal.core.messages import Language
from guance_portal.onboarding.rules import WorkspaceNameMissingError, WorkspaceNameTooLongError
from guance_portal.onboarding.workspace_settings import SettingsNotManagerError, SettingsOrder
from tests import factories
from tests.support.settlers import Settler, settler
from tests.support.sign_up import rows


@pytest.fixture
async def here(services: Services) -> Settler:
    return await settler(services)


async def change(here: Settler, actor: Actor | None = None, **changes: object) -> None:
    order = SettingsOrder(
        actor=actor or here.owner,
        caller=factories.browser(),
        workspace_id=here.workspace_id,
        name="云帆-预发环境",
        language=Language.EN,
    )
    await here.services.onboarding.settings.change(replace(order, **changes))


async def member(here: Settler, role: Role) -> Actor:
    user_id = await factories.console_user(here.services, "chen@yunfan.example", username="chenyu")
    async with here.services.database.writing() as work:
        now = here.services.clock.now()
        work.session.add(Member(workspace_id=here.workspace_id, user_id=user_id, role=role, created_at=now))
        await work.commit()
    return (await factories.sign_in(here.services, "chen@yunfan.example")).actor


async def workspace(here: Settler) -> Workspace:
    async with here.services.database.reading() as work:
        return (await work.session.exec(select(Workspace).where(Workspace.id == here.workspace_id))).one()


async def test_name_and_language_are_changed_audited_and_followed_by_the_fee_centre(here: Settler) -> None:
    services, payer = here.services, here.payer.subject_id
    before = (await services.settlement.versions([payer]))[payer]
    await change(here, name="  云帆-预发环境 ")
    found = await workspace(here)
    assert (found.name, found.language) == ("云帆-预发环境", Language.EN)
    (entry,) = [one for one in await rows(services, AuditEntry) if one.act == "workspace.changed"]
    assert (entry.details["before"], entry.details["after"]) == ("云帆-生产环境 · zh-CN", "云帆-预发环境 · en")
    assert (await services.settlement.versions([payer]))[payer] == before + 1


async def test_saving_what_stands_there_changes_and_audits_nothing(here: Settler) -> None:
    await change(here)
    await change(here)
    assert [one.act for one in await rows(here.services, AuditEntry)].count("workspace.changed") == 1


@pytest.mark.parametrize(
    ("name", "problem"), [(" ", WorkspaceNameMissingError), ("云" * 257, WorkspaceNameTooLongError)]
)
async def test_a_name_that_cannot_be_one_changes_nothing(here: Settler, name: str, problem: type[Exception]) -> None:
    with pytest.raises(problem):
        await change(here, name=name)
    assert (await workspace(here)).name == "云帆-生产环境"


async def test_administrators_change_them_and_other_members_read_them(here: Settler) -> None:
    admin = await member(here, Role.ADMIN)
    await change(here, admin)
    view = await here.services.onboarding.settings.view(admin)
    assert (view.name, view.role, view.ending) == ("云帆-预发环境", Role.ADMIN, None)


@pytest.mark.parametrize("role", [Role.STANDARD, Role.READONLY])
async def test_other_members_read_them_and_learn_whom_to_ask(here: Settler, role: Role) -> None:
    other = await member(here, role)
    view = await here.services.onboarding.settings.view(other)
    assert (view.name, view.role, view.ending) == ("云帆-生产环境", role, None)
    with pytest.raises(SettingsNotManagerError) as refused:
        await change(here, other)
    assert refused.value.params == {"owner": view.owner}


async def test_the_owner_reads_what_dissolving_would_end(here: Settler) -> None:
    await member(here, Role.STANDARD)
    await here.services.invitations.invite(
        here.owner, "wang@yunfan.example", Role.STANDARD, Language.ZH, factories.browser()
    )
    ending = (await here.services.onboarding.settings.view(here.owner)).ending
    assert ending
    assert (ending.other_members, ending.invitations) == (1, 1)
    assert ending.payer
    assert (ending.payer.account, ending.payer.pending_day) == ("yunfan", None)


async def test_a_page_of_another_workspace_than_the_sessions_changes_neither(here: Settler) -> None:
    other = await here.services.workspaces.create(here.owner, "测试", Language.ZH)
    with pytest.raises(WorkspaceSwitchedError):
        await change(here, replace(here.owner, workspace_id=other))
    assert {one.name for one in await rows(here.services, Workspace)} == {"云帆-生产环境", "测试"}
