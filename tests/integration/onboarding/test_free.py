"""体验版: everything at once, with and without a fee-centre account."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from guance_portal.accounts.rules import Edition
from guance_portal.accounts.tables import User, Workspace
from guance_portal.accounts.usernames import UsernameTakenError
from guance_portal.core.actor import Realm
from guance_portal.core.checklist import FormProblemsError
from guance_portal.metering.tables import WorkspaceToken
from guance_portal.onboarding.agreements import AgreementKind
from guance_portal.onboarding.tables import Consent
from guance_portal.payers.tables import FeeAccount, WorkspacePayer
from tests import factories
from tests.support.sign_up import PASSWORD, Signer, rows


async def test_free_opens_user_workspace_and_token_at_once_and_no_fee_account(signer: Signer) -> None:
    receipt = await signer.register_free()
    services = signer.services
    (workspace,) = await rows(services, Workspace)
    assert workspace.edition is Edition.FREE
    assert workspace.name == f"{signer.form.username} 的工作空间"
    assert receipt.workspace_id == workspace.id
    assert [token.workspace_id for token in await rows(services, WorkspaceToken)] == [workspace.id]
    assert await rows(services, FeeAccount) == await rows(services, WorkspacePayer) == []
    assert {consent.agreement for consent in await rows(services, Consent)} == {
        AgreementKind.FREE,
        AgreementKind.PRIVACY,
    }
    session = await signer.sign_in(receipt)
    assert session.actor.workspace_id == workspace.id
    assert await services.onboarding.progress.pending(session.actor) is None


async def test_free_with_the_switch_opens_a_fee_account_too(signer: Signer) -> None:
    signer.form = replace(signer.form, opens_fee_account=True)
    await signer.register_free()
    (account,) = await rows(signer.services, FeeAccount)
    assert account.username == signer.form.username
    await factories.sign_in(signer.services, account.username, realm=Realm.FEE_CENTER, password=PASSWORD)


async def test_only_with_the_switch_must_the_username_be_free(signer: Signer) -> None:
    await factories.fee_account(signer.services, "yunfan")
    signer.form = replace(signer.form, username="yunfan", opens_fee_account=True, code=await signer.get_code())
    with pytest.raises(FormProblemsError) as refusal:
        await signer.register_free()
    assert [type(problem) for problem in refusal.value] == [UsernameTakenError]
    signer.form = replace(signer.form, opens_fee_account=False)
    await signer.register_free()


async def test_a_double_click_on_free_makes_one_account(signer: Signer) -> None:
    signer.form = replace(signer.form, code=await signer.get_code(), opens_fee_account=True)
    receipts = await asyncio.gather(*(signer.register_free() for _ in range(4)))
    assert len({(receipt.user_id, receipt.workspace_id) for receipt in receipts}) == 1
    assert len(await rows(signer.services, User)) == len(await rows(signer.services, Workspace)) == 1


async def test_free_repeated_after_the_answer_was_lost_gives_the_same_account(signer: Signer) -> None:
    first = await signer.register_free()
    assert (await signer.register_free()).user_id == first.user_id


async def test_free_at_another_site_right_after_is_another_account(signer: Signer) -> None:
    first = await signer.register_free()
    signer.form = replace(signer.form, site="us1", phone="", code="")
    second = await signer.register_free()
    assert first.user_id != second.user_id
    assert len(await rows(signer.services, User)) == 2


async def test_a_free_form_with_problems_opens_nothing(signer: Signer) -> None:
    with pytest.raises(FormProblemsError) as refusal:
        await signer.services.onboarding.sign_up.register_free(signer.who, signer.form, [])
    assert [problem.field for problem in refusal.value] == ["code", "agreements"]
    assert await rows(signer.services, User) == []
