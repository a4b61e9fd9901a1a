"""选择结算方式, the last step of 商业版: the workspace, its token and its payer."""

from __future__ import annotations

import asyncio

import pytest

from guance_portal.accounts.rules import Edition, Role
from guance_portal.accounts.tables import Member, Workspace
from guance_portal.bootstrap import Services
from guance_portal.core.actor import Realm
from guance_portal.core.errors import NotAllowedError
from guance_portal.core.messages import Language
from guance_portal.metering.tables import WorkspaceToken
from guance_portal.onboarding.dissolution import DissolveOrder
from guance_portal.onboarding.rules import (
    SignUpStep,
    WorkspaceNameMissingError,
    WorkspaceNameTooLongError,
)
from guance_portal.payers.rules import SettlementMethod
from guance_portal.payers.tables import FeeAccount, WorkspacePayer
from guance_portal.settlement.errors import MethodNotChoosableError
from guance_portal.sites import Provider
from tests import factories
from tests.support.clocks import MovableClock
from tests.support.sign_up import PASSWORD, Signer, emails, rows


async def test_step_three_opens_the_workspace_with_owner_token_binding_and_one_mail(signer: Signer) -> None:
    opened = await signer.complete()
    services = signer.services
    (workspace,) = await rows(services, Workspace)
    (member,) = await rows(services, Member)
    (payer,) = await rows(services, WorkspacePayer)
    (account,) = await rows(services, FeeAccount)
    (token,) = await rows(services, WorkspaceToken)
    assert (workspace.name, workspace.language, workspace.site) == ("云帆-生产环境", Language.ZH, "cn1")
    assert workspace.edition is Edition.COMMERCIAL
    assert (member.role, member.workspace_id) == (Role.OWNER, workspace.id)
    assert (payer.workspace_id, payer.fee_account_id, payer.method) == (
        workspace.id,
        account.id,
        SettlementMethod.ENTERPRISE,
    )
    assert token.workspace_id == workspace.id
    assert (opened.workspace_id, opened.fee_username) == (workspace.id, signer.form.username)
    told = [
        email for email in await emails(services.database, signer.form.email) if email.template == "commercial_opened"
    ]
    assert [email.params["workspace"] for email in told] == ["云帆-生产环境"]


async def test_step_three_repeated_opens_one_workspace_and_sends_one_mail(signer: Signer) -> None:
    await signer.confirm_basic()
    session = await signer.sign_in(await signer.register())
    opened = await asyncio.gather(*(signer.choose_settlement(session, name=f"空间 {n}") for n in range(4)))
    assert len({receipt.workspace_id for receipt in opened}) == 1
    assert len({receipt.workspace_name for receipt in opened}) == 1
    assert len(await rows(signer.services, Workspace)) == 1
    told = [
        email
        for email in await emails(signer.services.database, signer.form.email)
        if email.template == "commercial_opened"
    ]
    assert len(told) == 1


async def test_anyone_who_stops_after_step_two_finds_step_three_at_the_next_sign_in(
    signer: Signer, clock: MovableClock
) -> None:
    await signer.confirm_basic()
    await signer.register()
    clock.move(days=40)
    session = await factories.sign_in(signer.services, signer.form.email, password=PASSWORD)
    progress = signer.services.onboarding.progress
    pending = await progress.pending(session.actor)
    assert pending
    assert (pending.username, pending.site.code, pending.suggested_name) == (
        signer.form.username,
        "cn1",
        "杭州云帆科技有限公司",
    )
    for wanted in (SignUpStep.BASIC, SignUpStep.ENTERPRISE, SignUpStep.SETTLEMENT, SignUpStep.DONE):
        assert await progress.step_for(wanted, "", session.actor) is SignUpStep.SETTLEMENT
    opened = await signer.choose_settlement(session)
    assert await progress.pending(session.actor) is None
    assert await progress.done(session.actor) == opened
    assert await progress.step_for(SignUpStep.SETTLEMENT, "", session.actor) is SignUpStep.DONE


async def test_what_was_opened_is_not_shown_once_the_workspace_is_dissolved(signer: Signer) -> None:
    opened = await signer.complete()
    session = await factories.sign_in(signer.services, signer.form.email, password=PASSWORD)
    onboarding = signer.services.onboarding
    assert await onboarding.progress.done(session.actor) == opened
    order = DissolveOrder(
        actor=session.actor,
        caller=session.caller,
        workspace_id=opened.workspace_id,
        name=opened.workspace_name,
    )
    await onboarding.dissolution.dissolve(order)
    assert await onboarding.progress.done(session.actor) is None


async def test_the_session_looks_at_the_new_workspace(signer: Signer) -> None:
    opened = await signer.complete()
    session = await factories.sign_in(signer.services, signer.form.email, password=PASSWORD)
    (mine,) = await signer.services.workspaces.mine(session.actor)
    assert (mine.id, mine.is_current) == (opened.workspace_id, True)


@pytest.mark.parametrize("method", [SettlementMethod(Provider.ALIYUN), SettlementMethod(Provider.AWS)])
async def test_a_cloud_account_cannot_be_chosen_before_its_marketplace_is_connected(
    signer: Signer, method: SettlementMethod
) -> None:
    await signer.confirm_basic()
    session = await signer.sign_in(await signer.register())
    with pytest.raises(MethodNotChoosableError):
        await signer.choose_settlement(session, method=method)
    assert await rows(signer.services, Workspace) == []


@pytest.mark.parametrize(
    ("name", "problem"), [(" ", WorkspaceNameMissingError), ("云" * 257, WorkspaceNameTooLongError)]
)
async def test_a_workspace_needs_a_proper_name(signer: Signer, name: str, problem: type[Exception]) -> None:
    await signer.confirm_basic()
    session = await signer.sign_in(await signer.register())
    with pytest.raises(problem):
        await signer.choose_settlement(session, name=name)


async def test_step_three_is_for_those_who_signed_up_for_it(services: Services) -> None:
    await factories.console_user(services)
    stranger = await factories.sign_in(services)
    with pytest.raises(NotAllowedError):
        await Signer(services).choose_settlement(stranger)
    assert await services.onboarding.progress.pending(stranger.actor) is None


async def test_a_fee_centre_session_opens_nothing(signer: Signer) -> None:
    await signer.confirm_basic()
    await signer.register()
    session = await factories.sign_in(signer.services, signer.form.username, realm=Realm.FEE_CENTER, password=PASSWORD)
    with pytest.raises(NotAllowedError):
        await signer.choose_settlement(session)
    assert await signer.services.onboarding.progress.pending(session.actor) is None
