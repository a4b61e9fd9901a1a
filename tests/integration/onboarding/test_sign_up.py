"""注册: what comes into being, once, whatever happens at the same time."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlmodel import SQLModel, select

from guance_portal.accounts.errors import EmailTakenError
from guance_portal.accounts.identity_tables import Credential
from guance_portal.accounts.rules import Edition, Role
from guance_portal.accounts.tables import Member, User, Workspace
from guance_portal.accounts.usernames import UsernameTakenError
from guance_portal.core.actor import Realm
from guance_portal.core.audit import AuditEntry
from guance_portal.core.checklist import FormProblemsError
from guance_portal.core.errors import NotAllowedError, TooManyAttemptsError
from guance_portal.core.words import Language
from guance_portal.mail.tables import Letter
from guance_portal.metering.tables import WorkspaceToken
from guance_portal.onboarding import agreements
from guance_portal.onboarding.agreements import Accepted, AgreementKind
from guance_portal.onboarding.drafts import DraftChanges
from guance_portal.onboarding.opening import Agreed, WorkspaceOrder
from guance_portal.onboarding.rules import (
    FeeAccountMissingError,
    SignUpFinishedError,
    Step,
    StepNotReachedError,
    WorkspaceNameMissingError,
    WorkspaceNameTooLongError,
)
from guance_portal.onboarding.tables import Consent, Draft, Opening
from guance_portal.payers.company import CompanyForm
from guance_portal.payers.rules import SettlementMethod
from guance_portal.payers.tables import Company, FeeAccount, WorkspacePayer
from guance_portal.settlement.errors import MethodNotChoosableError
from guance_portal.sites import Currency, Provider
from tests import factories
from tests.support.sign_up import COMPANY, PASSWORD, Signer, accepted, basic_form, complete_many, letters, visitor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from guance_portal.bootstrap import Services
    from tests.support.clocks import MovableClock


@pytest.fixture
def signer(services: Services) -> Signer:
    return Signer(services)


async def rows(services: Services, table: type[SQLModel]) -> Sequence[Any]:
    async with services.database.reading() as work:
        return (await work.session.exec(select(table))).all()


# --- 商业版, step 2 ---


async def test_user_and_fee_account_exist_after_step_two_with_one_password(signer: Signer) -> None:
    await signer.confirm_basic()
    assert await rows(signer.services, User) == []
    receipt = await signer.register()
    (user,) = await rows(signer.services, User)
    (account,) = await rows(signer.services, FeeAccount)
    assert (user.id, user.site, user.phone) == (receipt.user_id, "cn1", "+8613800138000")
    assert user.username == account.username == signer.form.username
    assert account.currency is Currency.CNY
    console, fee = await rows(signer.services, Credential)
    assert {console.realm, fee.realm} == {Realm.CONSOLE, Realm.FEE_CENTER}
    assert console.password_hash == fee.password_hash
    await factories.sign_in(signer.services, signer.form.username, realm=Realm.FEE_CENTER, password=PASSWORD)
    assert await rows(signer.services, Workspace) == []


@pytest.mark.parametrize(("site", "currency"), [("cn2", Currency.CNY), ("cn6", Currency.USD), ("us1", Currency.USD)])
async def test_a_fee_account_has_the_currency_of_its_site(services: Services, site: str, currency: Currency) -> None:
    signer = Signer(services, form=basic_form(site=site, phone="+8613800138000"))
    await signer.confirm_basic()
    await signer.register()
    (account,) = await rows(services, FeeAccount)
    assert account.currency is currency


async def test_the_company_is_kept_with_the_fee_account(signer: Signer) -> None:
    await signer.confirm_basic()
    await signer.register()
    (company,) = await rows(signer.services, Company)
    assert (company.name, company.uscc, company.region) == ("杭州云帆科技有限公司", "91350100M000100Y43", "CN-ZJ")


async def test_each_agreement_is_stored_with_version_text_hash_time_person_and_address(
    services: Services, clock: MovableClock
) -> None:
    signer = Signer(services, visitor(Language.EN))
    await signer.confirm_basic()
    receipt = await signer.register()
    consents = {consent.agreement: consent for consent in await rows(services, Consent)}
    assert set(consents) == {AgreementKind.COMMERCIAL, AgreementKind.PRIVACY}
    for kind, consent in consents.items():
        current = agreements.current(kind)
        assert (consent.version, consent.language) == (current.version, Language.EN)
        assert consent.text_hash == current.text_hash(Language.EN)
        assert (consent.user_id, consent.accepted_at) == (receipt.user_id, clock.now())
        assert consent.address == signer.who.caller.address


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ([], "errors.agreement_missing"),
        ([Accepted(AgreementKind.COMMERCIAL, "1.0")], "errors.agreement_missing"),
        (
            [Accepted(AgreementKind.COMMERCIAL, "0.9"), Accepted(AgreementKind.PRIVACY, "1.0")],
            "errors.agreement_outdated",
        ),
    ],
)
async def test_without_the_agreements_in_force_nothing_is_opened(
    signer: Signer, given: list[Accepted], problem: str
) -> None:
    await signer.confirm_basic()
    with pytest.raises(FormProblemsError) as refusal:
        await signer.services.onboarding.sign_up.register_commercial(signer.who, COMPANY, given)
    assert [(one.field, one.code) for one in refusal.value] == [("agreements", problem)]
    assert await rows(signer.services, User) == []


async def test_a_bad_company_form_is_told_everything_at_once(signer: Signer) -> None:
    await signer.confirm_basic()
    with pytest.raises(FormProblemsError) as refusal:
        await signer.services.onboarding.sign_up.register_commercial(signer.who, CompanyForm(uscc="1"), [])
    assert [one.field for one in refusal.value] == [
        "company_name",
        "uscc",
        "industry",
        "region",
        "contact",
        "agreements",
    ]


async def test_the_ticket_opens_a_session_in_this_browser(signer: Signer) -> None:
    await signer.confirm_basic()
    receipt = await signer.register()
    assert (await signer.sign_in(receipt)).actor.subject_id == receipt.user_id


async def test_a_finished_draft_keeps_nothing_of_the_person(signer: Signer) -> None:
    await signer.services.onboarding.drafts.save(
        signer.who.browser, DraftChanges(company_name="云帆", contact="林知夏")
    )
    await signer.confirm_basic()
    receipt = await signer.register()
    (draft,) = await rows(signer.services, Draft)
    kept = draft.model_dump(
        exclude={"id", "browser", "created_at", "expires_at", "finished_at", "confirmed_at", "opens_fee_account"}
    )
    assert {name for name, value in kept.items() if value} == {"user_id"}
    assert draft.user_id == receipt.user_id
    assert (await signer.services.onboarding.drafts.load(signer.who.browser)).username == ""


async def test_registering_is_in_the_audit_with_address_and_without_secrets(signer: Signer) -> None:
    await signer.confirm_basic()
    receipt = await signer.register()
    entries = await rows(signer.services, AuditEntry)
    assert {"user.opened", "fee_account.opened", "user.registered"} <= {entry.act for entry in entries}
    registered = next(entry for entry in entries if entry.act == "user.registered")
    assert (registered.subject_id, registered.address) == (receipt.user_id, signer.who.caller.address)
    assert not any("argon2" in str(entry.details) or PASSWORD in str(entry.details) for entry in entries)


# --- once ---


async def test_a_double_click_makes_one_account(signer: Signer) -> None:
    await signer.confirm_basic()
    receipts = await asyncio.gather(*(signer.register() for _ in range(4)))
    assert len({receipt.user_id for receipt in receipts}) == 1
    assert len(await rows(signer.services, User)) == len(await rows(signer.services, FeeAccount)) == 1
    assert len(await rows(signer.services, Consent)) == 2
    for receipt in receipts:
        await signer.sign_in(receipt)


async def test_a_lost_answer_can_be_asked_for_again_for_a_minute(signer: Signer, clock: MovableClock) -> None:
    await signer.confirm_basic()
    first = await signer.register()
    clock.move(seconds=59)
    again = await signer.register()
    assert again.user_id == first.user_id
    await signer.sign_in(again)
    clock.move(seconds=1)
    with pytest.raises(SignUpFinishedError):
        await signer.register()


async def test_of_two_people_with_one_username_the_later_is_told_with_suggestions_and_loses_nothing_else(
    services: Services,
) -> None:
    first, second = Signer(services), Signer(services)
    second.form = replace(second.form, username=first.form.username.upper())
    await first.confirm_basic()
    await second.confirm_basic()
    outcomes = await asyncio.gather(first.register(), second.register(), return_exceptions=True)
    (lost,) = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
    assert isinstance(lost, UsernameTakenError)
    assert len(lost.suggestions) == 3
    assert len(await rows(services, User)) == 1
    loser = first if isinstance(outcomes[0], BaseException) else second
    view = await services.onboarding.drafts.load(loser.who.browser)
    assert (view.is_confirmed, view.has_password, view.is_email_proven) == (False, True, True)
    assert (view.username, view.email) == (loser.form.username, loser.form.email)
    with pytest.raises(StepNotReachedError):
        await loser.register()
    loser.form = replace(loser.form, username=lost.suggestions[0], password="", code="")
    await services.onboarding.step_one.confirm(loser.who, loser.form)
    await loser.register()
    assert len(await rows(services, FeeAccount)) == 2


async def test_of_two_browsers_with_one_address_the_later_is_told_to_sign_in(
    services: Services, clock: MovableClock
) -> None:
    first, second = Signer(services), Signer(services)
    second.form = replace(second.form, email=first.form.email)
    await first.confirm_basic()
    clock.move(seconds=60)
    await second.confirm_basic()
    outcomes = await asyncio.gather(first.register(), second.register(), return_exceptions=True)
    assert Counter(type(outcome) for outcome in outcomes)[EmailTakenError] == 1
    assert len(await rows(services, User)) == len(await rows(services, FeeAccount)) == 1


async def test_the_same_person_registers_at_another_site_in_the_same_browser(services: Services) -> None:
    here = Signer(services)
    await here.complete()
    there = Signer(
        services, here.who, replace(here.form, site="us1", username=f"{here.form.username}_us", phone="", code="")
    )
    opened = await there.complete()
    assert opened.site.code == "us1"
    users = await rows(services, User)
    assert {(user.site, user.email) for user in users} == {("cn1", here.form.email), ("us1", here.form.email)}


async def test_one_network_address_cannot_register_without_end(services: Services) -> None:
    signer = Signer(services)
    await signer.confirm_basic()
    for _ in range(120):
        await signer.register()
    with pytest.raises(TooManyAttemptsError):
        await signer.register()


# --- step 3 ---


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
        letter
        for letter in await letters(services.database, signer.form.email)
        if letter.template == "commercial_opened"
    ]
    assert [letter.params["workspace"] for letter in told] == ["云帆-生产环境"]


async def test_step_three_repeated_opens_one_workspace_and_sends_one_mail(signer: Signer) -> None:
    await signer.confirm_basic()
    session = await signer.sign_in(await signer.register())
    opened = await asyncio.gather(*(signer.choose_settlement(session, name=f"空间 {n}") for n in range(4)))
    assert len({receipt.workspace_id for receipt in opened}) == 1
    assert len({receipt.workspace_name for receipt in opened}) == 1
    assert len(await rows(signer.services, Workspace)) == 1
    told = [
        letter
        for letter in await letters(signer.services.database, signer.form.email)
        if letter.template == "commercial_opened"
    ]
    assert len(told) == 1


async def test_whoever_stops_after_step_two_finds_step_three_at_the_next_sign_in(
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
    for wanted in (Step.BASIC, Step.ENTERPRISE, Step.SETTLEMENT, Step.DONE):
        assert await progress.step_for(wanted, "", session.actor) is Step.SETTLEMENT
    opened = await signer.choose_settlement(session)
    assert await progress.pending(session.actor) is None
    assert await progress.done(session.actor) == opened
    assert await progress.step_for(Step.SETTLEMENT, "", session.actor) is Step.DONE


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


# --- 体验版 ---


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


# --- further workspaces ---


async def another(signer: Signer, once: str, edition: Edition, **changes: Any) -> Any:
    session = await factories.sign_in(signer.services, signer.form.email, password=PASSWORD, site=signer.form.site)
    order = WorkspaceOrder(
        actor=session.actor, caller=session.caller, name="测试环境", language=Language.EN, edition=edition
    )
    agreed = Agreed(language=Language.ZH, accepted=changes.pop("accepted", []))
    return await signer.services.onboarding.openings.open_another(replace(order, **changes), agreed, once=once)


async def test_a_second_commercial_workspace_is_paid_by_the_same_account_and_announced(signer: Signer) -> None:
    first = await signer.complete()
    second = await another(signer, "page-1", Edition.COMMERCIAL)
    assert first.workspace_id != second.workspace_id
    assert len({payer.fee_account_id for payer in await rows(signer.services, WorkspacePayer)}) == 1
    told = [
        letter
        for letter in await letters(signer.services.database, signer.form.email)
        if letter.template == "commercial_opened"
    ]
    assert len(told) == 2


async def test_every_binding_after_the_sign_up_is_mailed_to_the_account_and_audited(signer: Signer) -> None:
    await signer.complete()
    second = await another(signer, "page-1", Edition.COMMERCIAL)
    told = [
        letter
        for letter in await letters(signer.services.database, signer.form.email)
        if letter.template == "fee_account_bound"
    ]
    assert [letter.params["workspace"] for letter in told] == [second.workspace_name]
    bound = [entry for entry in await rows(signer.services, AuditEntry) if entry.act == "fee_account.bound"]
    assert len(bound) == 2


async def test_an_account_whose_address_changed_since_the_sign_up_is_told_of_the_binding_there(signer: Signer) -> None:
    await signer.confirm_basic()
    session = await signer.sign_in(await signer.register())
    async with signer.services.database.writing() as work:
        account = (await work.session.exec(select(FeeAccount))).one()
        account.email = account.email_key = "pay@yunfan.example"
        await work.commit()
    await signer.choose_settlement(session)
    (told,) = await letters(signer.services.database, "pay@yunfan.example")
    assert told.template == "fee_account_bound"


async def test_one_page_opens_one_workspace_however_often_it_is_sent(signer: Signer) -> None:
    await signer.complete()
    first = await another(signer, "page-1", Edition.FREE)
    again = await another(signer, "page-1", Edition.FREE)
    other = await another(signer, "page-2", Edition.FREE)
    assert first.workspace_id == again.workspace_id != other.workspace_id
    assert len(await rows(signer.services, Opening)) == 3


async def test_a_commercial_workspace_needs_a_fee_account_and_its_agreement(signer: Signer) -> None:
    await signer.register_free()
    with pytest.raises(agreements.AgreementMissingError):
        await another(signer, "page-1", Edition.COMMERCIAL)
    with pytest.raises(FeeAccountMissingError):
        await another(signer, "page-1", Edition.COMMERCIAL, accepted=accepted(Edition.COMMERCIAL))
    assert len(await rows(signer.services, Workspace)) == 1


async def test_a_free_user_with_a_fee_account_may_open_a_commercial_one(signer: Signer) -> None:
    signer.form = replace(signer.form, opens_fee_account=True)
    await signer.register_free()
    opened = await another(signer, "page-1", Edition.COMMERCIAL, accepted=accepted(Edition.COMMERCIAL))
    assert opened.fee_username == signer.form.username
    kinds = Counter(consent.agreement for consent in await rows(signer.services, Consent))
    assert kinds == {AgreementKind.FREE: 1, AgreementKind.PRIVACY: 1, AgreementKind.COMMERCIAL: 1}


# --- many ---


@pytest.mark.timeout(600)
async def test_many_people_twenty_at_a_time_get_what_is_theirs_and_nothing_twice(services: Services) -> None:
    count = 200 if services.database.engine.dialect.name == "postgresql" else 60
    await complete_many(services, count, at_once=20)
    for table in (User, FeeAccount, Company, Workspace, Member, WorkspacePayer, WorkspaceToken, Opening):
        assert len(await rows(services, table)) == count, table
    assert len(await rows(services, Credential)) == len(await rows(services, Consent)) == 2 * count
    told = [letter for letter in await rows(services, Letter) if letter.template == "commercial_opened"]
    assert len({letter.recipient for letter in told}) == len(told) == count
    assert len({account.username for account in await rows(services, FeeAccount)}) == count
