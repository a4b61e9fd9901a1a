"""体验版: everything at once, with and without a fee-centre account."""

from __future__ import annotations

import asyncio

import pytest

from guance_portal import sites
from guance_portal.accounts.errors import WrongLoginError
from guance_portal.accounts.identity.usernames import UsernameTakenError
from guance_portal.accounts.rules import Edition
from guance_portal.accounts.tables import User, Workspace
from guance_portal.bootstrap import Services
from guance_portal.core.actor import Realm
from guance_portal.core.checklist import FormProblemsError
from guance_portal.core.messages import Language
from guance_portal.metering.tables import WorkspaceToken
from guance_portal.onboarding.agreements import AgreementKind
from guance_portal.onboarding.tables import Consent
from guance_portal.payers.tables import FeeAccount, WorkspacePayer
from tests import factories
from tests.support.sign_up import PASSWORD, Signer, emails, rows, visitor


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
    signer.form = signer.form.but(opens_fee_account=True)
    await signer.register_free()
    (account,) = await rows(signer.services, FeeAccount)
    assert account.username == signer.form.username
    await factories.sign_in(signer.services, account.username, realm=Realm.FEE_CENTER, password=PASSWORD)


@pytest.mark.parametrize("has_switch", [False, True])
@pytest.mark.parametrize("language", list(Language))
async def test_free_is_told_by_one_email_with_the_way_in(
    services: Services,
    language: Language,
    has_switch: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    signer = Signer(services, visitor(language))
    signer.form = signer.form.but(opens_fee_account=has_switch, code=await signer.get_code())
    await asyncio.gather(signer.register_free(), signer.register_free())
    (email,) = [one for one in await emails(services.database, signer.form.email) if one.template == "free_opened"]
    none = "未开通" if language is Language.ZH else "None"
    assert email.language == language
    assert email.params["email"] == signer.form.email
    assert email.params["site"] == sites.get("cn1").name.in_(language)
    assert email.params["fee_username"] == (signer.form.username if has_switch else none)
    assert email.params["link"].endswith("/login")
    assert signer.form.username in email.params["workspace"]


async def test_after_sign_up_each_of_the_two_accounts_keeps_its_own_password(signer: Signer) -> None:
    signer.form = signer.form.but(opens_fee_account=True)
    session = await signer.sign_in(await signer.register_free())
    services, new = signer.services, "another kettle marches south"
    await services.passwords.change(session.actor, PASSWORD, new, session.caller)
    await factories.sign_in(services, signer.form.email, password=new)
    account = await factories.sign_in(services, signer.form.username, realm=Realm.FEE_CENTER, password=PASSWORD)
    with pytest.raises(WrongLoginError):
        await factories.sign_in(services, signer.form.username, realm=Realm.FEE_CENTER, password=new)
    third = "a third kettle marches west"
    await services.passwords.change(account.actor, PASSWORD, third, account.caller)
    await factories.sign_in(services, signer.form.username, realm=Realm.FEE_CENTER, password=third)
    await factories.sign_in(services, signer.form.email, password=new)
    with pytest.raises(WrongLoginError):
        await factories.sign_in(services, signer.form.email, password=third)


async def test_only_with_the_switch_must_the_username_be_free(signer: Signer) -> None:
    await factories.fee_account(signer.services, "yunfan")
    signer.form = signer.form.but(username="yunfan", opens_fee_account=True, code=await signer.get_code())
    with pytest.raises(FormProblemsError) as refusal:
        await signer.register_free()
    assert [type(problem) for problem in refusal.value] == [UsernameTakenError]
    signer.form = signer.form.but(opens_fee_account=False)
    await signer.register_free()


async def test_a_double_click_on_free_makes_one_account(signer: Signer) -> None:
    signer.form = signer.form.but(code=await signer.get_code(), opens_fee_account=True)
    receipts = await asyncio.gather(*(signer.register_free() for _ in range(4)))
    assert len({(receipt.user_id, receipt.workspace_id) for receipt in receipts}) == 1
    assert len(await rows(signer.services, User)) == len(await rows(signer.services, Workspace)) == 1


async def test_free_repeated_after_the_answer_was_lost_gives_the_same_account(signer: Signer) -> None:
    first = await signer.register_free()
    assert (await signer.register_free()).user_id == first.user_id


async def test_free_at_another_site_right_after_is_another_account(signer: Signer) -> None:
    first = await signer.register_free()
    signer.form = signer.form.but(site="us1", phone="", code="")
    second = await signer.register_free()
    assert first.user_id != second.user_id
    assert len(await rows(signer.services, User)) == 2


async def test_a_free_form_with_problems_opens_nothing(signer: Signer) -> None:
    with pytest.raises(FormProblemsError) as refusal:
        await signer.services.onboarding.sign_up.register_free(signer.who, signer.form, [])
    assert [problem.field for problem in refusal.value] == ["code", "agreements"]
    assert await rows(signer.services, User) == []
