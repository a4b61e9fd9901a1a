"""注册 of 商业版, step 2: what comes into being."""

from __future__ import annotations

import pytest

from guance_portal.accounts.identity.tables import Credential
from guance_portal.accounts.tables import User, Workspace
from guance_portal.bootstrap import Services
from guance_portal.core.actor import Realm
from guance_portal.core.audit import AuditEntry
from guance_portal.core.checklist import FormProblemsError
from guance_portal.core.draft_tables import Draft
from guance_portal.core.messages import Language
from guance_portal.onboarding import agreements
from guance_portal.onboarding.agreements import Accepted, AgreementKind
from guance_portal.onboarding.tables import Consent
from guance_portal.payers.company import CompanyForm
from guance_portal.payers.tables import Company, FeeAccount
from guance_portal.sites import Currency
from tests import factories
from tests.support.clocks import MovableClock
from tests.support.sign_up import COMPANY, PASSWORD, Signer, basic_form, rows, visitor


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
    await signer.services.onboarding.drafts.save(signer.who.browser, {"company_name": "云帆", "contact": "林知夏"})
    await signer.confirm_basic()
    receipt = await signer.register()
    (draft,) = await rows(signer.services, Draft)
    assert (draft.typed, draft.found) == ({}, {"user_id": receipt.user_id})
    assert (await signer.services.onboarding.drafts.load(signer.who.browser)).form.username == ""


async def test_every_field_of_the_company_is_kept_while_it_is_typed_and_registered(signer: Signer) -> None:
    await signer.confirm_basic()
    drafts = signer.services.onboarding.drafts
    for name, value in COMPANY.typed().items():
        await drafts.save(signer.who.browser, {name: value})
    assert CompanyForm.of((await drafts.load(signer.who.browser)).form.typed()) == COMPANY
    await signer.register()
    assert [CompanyForm.of_row(row) for row in await rows(signer.services, Company)] == [COMPANY]


async def test_registering_is_in_the_audit_with_address_and_without_secrets(signer: Signer) -> None:
    await signer.confirm_basic()
    receipt = await signer.register()
    entries = await rows(signer.services, AuditEntry)
    assert {"user.opened", "fee_account.opened", "user.registered"} <= {entry.act for entry in entries}
    registered = next(entry for entry in entries if entry.act == "user.registered")
    assert (registered.subject_id, registered.address) == (receipt.user_id, signer.who.caller.address)
    assert not any("argon2" in str(entry.details) or PASSWORD in str(entry.details) for entry in entries)
