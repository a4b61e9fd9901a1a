"""升级: one transaction, once, by the owner, with the agreement in force and a payer who agreed."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import col, update

from guance_portal.accounts.errors import WorkspaceSwitchedError
from guance_portal.accounts.rules import Edition, Role
from guance_portal.accounts.tables import Member, Workspace
from guance_portal.billing.tables import Upgrade
from guance_portal.bootstrap import Services
from guance_portal.core.audit import AuditEntry
from guance_portal.core.errors import NotAllowedError
from guance_portal.core.messages import Language
from guance_portal.mail.tables import Email
from guance_portal.metering.categories import Category
from guance_portal.metering.counting import count
from guance_portal.metering.items import Item
from guance_portal.onboarding import agreements
from guance_portal.onboarding.agreements import Accepted, AgreementKind, AgreementMissingError, AgreementOutdatedError
from guance_portal.onboarding.orders import Agreed, WorkspaceOrder
from guance_portal.onboarding.tables import Consent
from guance_portal.onboarding.upgrade.rules import (
    AlreadyCommercialError,
    NotOwnerError,
    PayerChangedError,
    PayerMissingError,
)
from guance_portal.onboarding.upgrade.service import UpgradeOrder
from guance_portal.payers.rules import SettlementMethod
from guance_portal.payers.tables import FeeAccount, WorkspacePayer
from tests import factories
from tests.support.clocks import MovableClock
from tests.support.sign_up import PASSWORD, Signer, accepted, emails, open_drafts, rows
from tests.support.upgrades import Owner, free_owner


@pytest.fixture
async def owner(services: Services) -> Owner:
    return await free_owner(services)


async def told(services: Services, template: str) -> list[str]:
    return [email.recipient for email in await rows(services, Email) if email.template == template]


async def test_an_upgrade_binds_the_account_of_the_sign_up_and_says_so(owner: Owner, clock: MovableClock) -> None:
    receipt = await owner.upgrade()
    services = owner.services
    (workspace,), (payer,) = await rows(services, Workspace), await rows(services, WorkspacePayer)
    assert workspace.edition is Edition.COMMERCIAL
    assert (payer.workspace_id, payer.method) == (workspace.id, SettlementMethod.ENTERPRISE)
    assert (receipt.fee_username, receipt.email, receipt.is_repeated) == (owner.username, owner.email, False)
    assert receipt.upgraded_at == clock.now()
    assert await told(services, "commercial_opened") == await told(services, "fee_account_bound") == [owner.email]
    acts = {entry.act: entry for entry in await rows(services, AuditEntry)}
    assert acts["workspace.upgraded"].actor_id == acts["fee_account.bound"].actor_id == owner.session.actor.subject_id
    assert acts["workspace.upgraded"].details["payer"] == owner.username


async def test_anyone_who_watches_the_paying_account_sees_that_something_was_bound(owner: Owner) -> None:
    services = owner.services
    (account,) = await rows(services, FeeAccount)
    before = (await services.settlement.versions([account.id]))[account.id]
    await owner.upgrade()
    await owner.upgrade()
    assert (await services.settlement.versions([account.id]))[account.id] == before + 1


async def test_the_agreement_is_stored_with_version_text_hash_person_time_and_workspace(
    owner: Owner, clock: MovableClock
) -> None:
    clock.move(days=1)
    session = await factories.sign_in(owner.services, owner.email, password=PASSWORD)
    again = replace(owner, session=session)
    await again.upgrade(who=replace(again.who, language=Language.EN))
    (consent,) = [one for one in await rows(owner.services, Consent) if one.agreement is AgreementKind.COMMERCIAL]
    current = agreements.current(AgreementKind.COMMERCIAL)
    assert (consent.version, consent.text_hash) == (current.version, current.text_hash(Language.EN))
    assert (consent.user_id, consent.session_id) == (session.actor.subject_id, session.actor.session_id)
    assert (consent.accepted_at, consent.workspace_id) == (clock.now(), session.actor.workspace_id)
    assert consent.address == session.caller.address


async def test_accepting_for_one_workspace_is_not_accepting_for_the_next(owner: Owner) -> None:
    await owner.upgrade()
    order = WorkspaceOrder(
        actor=owner.session.actor, caller=owner.session.caller, name="测试", language=Language.ZH, edition=Edition.FREE
    )
    second = await owner.services.onboarding.openings.open_another(
        order, Agreed(language=Language.ZH), idempotency_key="1"
    )
    session = await factories.sign_in(owner.services, owner.email, password=PASSWORD)
    await owner.services.workspaces.choose(session.actor, second.workspace_id)
    actor = replace(session.actor, workspace_id=second.workspace_id)
    who = replace(owner.who, actor=actor, workspace_id=second.workspace_id)
    with pytest.raises(AgreementMissingError):
        await owner.services.onboarding.upgrades.upgrade(UpgradeOrder(who=who, payer=owner.username, accepted=[]))
    await owner.upgrade(who=who)
    kinds = [one.agreement for one in await rows(owner.services, Consent)]
    assert kinds.count(AgreementKind.COMMERCIAL) == 2


@pytest.mark.parametrize(
    ("given", "problem"),
    [([], AgreementMissingError), ([Accepted(AgreementKind.COMMERCIAL, "0.9")], AgreementOutdatedError)],
)
async def test_without_the_agreement_in_force_nothing_happens(
    owner: Owner, given: list[Accepted], problem: type[Exception]
) -> None:
    with pytest.raises(problem):
        await owner.services.onboarding.upgrades.upgrade(
            UpgradeOrder(who=owner.who, payer=owner.username, accepted=given)
        )
    (workspace,) = await rows(owner.services, Workspace)
    assert workspace.edition is Edition.FREE
    assert await rows(owner.services, WorkspacePayer) == await told(owner.services, "commercial_opened") == []


async def test_twenty_at_once_are_one_upgrade_one_mail_one_consent(owner: Owner) -> None:
    receipts = await asyncio.gather(*(owner.upgrade() for _ in range(20)))
    assert len({receipt.upgraded_at for receipt in receipts}) == 1
    assert sum(not receipt.is_repeated for receipt in receipts) == 1
    services = owner.services
    for table in (WorkspacePayer, Upgrade):
        assert len(await rows(services, table)) == 1
    assert len(await told(services, "commercial_opened")) == len(await told(services, "fee_account_bound")) == 1
    assert [entry.act for entry in await rows(services, AuditEntry)].count("workspace.upgraded") == 1
    kinds = [one.agreement for one in await rows(services, Consent)]
    assert kinds.count(AgreementKind.COMMERCIAL) == 1


async def test_a_repeated_order_gets_the_first_answer_whatever_it_says(owner: Owner, clock: MovableClock) -> None:
    first = await owner.upgrade()
    clock.move(hours=1)
    again = await owner.services.onboarding.upgrades.upgrade(UpgradeOrder(who=owner.who, payer="", accepted=[]))
    assert replace(again, is_repeated=False) == first
    assert await owner.services.onboarding.upgrades.done(owner.session.actor) == again


async def test_a_workspace_that_was_opened_as_commercial_cannot_be_upgraded(services: Services) -> None:
    signer = Signer(services)
    await signer.complete()
    session = await factories.sign_in(services, signer.form.email, password=PASSWORD)
    commercial = Owner(services=services, signer=signer, session=session)
    with pytest.raises(AlreadyCommercialError):
        await commercial.upgrade()
    assert await services.onboarding.upgrades.done(session.actor) is None
    assert len(await told(services, "commercial_opened")) == 1


@pytest.mark.parametrize("role", [Role.ADMIN, Role.STANDARD, Role.READONLY])
async def test_only_the_owner_upgrades_and_the_others_are_told_who_that_is(owner: Owner, role: Role) -> None:
    services = owner.services
    other = await factories.console_user(services, f"{role}@yunfan.example")
    async with services.database.writing() as work:
        workspace_id = owner.session.actor.workspace_id
        work.session.add(Member(workspace_id=workspace_id, user_id=other, role=role, created_at=services.clock.now()))
        await work.commit()
    session = await factories.sign_in(services, f"{role}@yunfan.example")
    member = replace(owner, session=session)
    with pytest.raises(NotOwnerError) as refusal:
        await member.upgrade()
    assert refusal.value.params == {"owner": owner.username}
    if role is not Role.ADMIN:
        with pytest.raises(NotAllowedError):
            await services.onboarding.upgrade_views.view(session.actor)
        return
    view = await services.onboarding.upgrade_views.view(session.actor)
    assert (view.is_owner, view.owner_name, view.offer) == (False, owner.username, None)


async def test_strangers_and_other_realms_are_told_nothing(owner: Owner) -> None:
    await factories.console_user(owner.services, "stranger@yunfan.example")
    stranger = await factories.sign_in(owner.services, "stranger@yunfan.example")
    actor = replace(stranger.actor, workspace_id=owner.session.actor.workspace_id)
    with pytest.raises(NotAllowedError):
        await owner.upgrade(who=replace(owner.who, actor=actor))
    with pytest.raises(NotAllowedError):
        await owner.services.onboarding.upgrade_views.view(actor)


async def test_a_page_of_another_workspace_upgrades_nothing(owner: Owner) -> None:
    with pytest.raises(WorkspaceSwitchedError):
        await owner.upgrade(who=replace(owner.who, workspace_id="wksp_other"))


async def test_another_payer_than_the_page_named_is_not_charged(owner: Owner) -> None:
    with pytest.raises(PayerChangedError):
        await owner.upgrade("somebody")
    assert await rows(owner.services, WorkspacePayer) == []


async def test_without_a_payer_there_is_no_upgrade(services: Services) -> None:
    owner = await free_owner(services, has_account=False)
    with pytest.raises(PayerMissingError):
        await owner.upgrade()


async def test_what_was_counted_before_stays_free(owner: Owner, clock: MovableClock) -> None:
    usage, workspace_id = owner.services.usage, owner.session.actor.workspace_id
    await usage.record(workspace_id, count(Category("logging"), b"log message=1i\nlog message=2i", "n"))
    before = (await usage.versions([workspace_id]))[workspace_id]
    view = await owner.services.onboarding.upgrade_views.view(owner.session.actor)
    assert view.offer
    assert view.offer.collected == {Item.LOGS: 2}
    await owner.upgrade()
    assert (await usage.versions([workspace_id]))[workspace_id] > before
    await usage.record(workspace_id, count(Category("logging"), b"log message=3i", "n"))
    today = (await usage.today(owner.session.actor)).day
    counted = {one.edition: one.quantity for one in await usage.days(owner.session.actor, today, today)}
    assert counted == {Edition.FREE: 2, Edition.COMMERCIAL: 1}


async def test_what_is_billed_since_then_goes_by_business_time(owner: Owner, clock: MovableClock) -> None:
    owner.services.business_clock.show(clock.now() + timedelta(days=40))
    receipt = await owner.upgrade()
    (payer,) = await rows(owner.services, WorkspacePayer)
    assert receipt.upgraded_at == payer.since == clock.now() + timedelta(days=40)


async def test_an_upgrade_ends_what_was_typed(owner: Owner) -> None:
    await owner.upgrade()
    assert await open_drafts(owner.services) == []


async def test_ownership_that_moved_meanwhile_counts(owner: Owner) -> None:
    services = owner.services
    async with services.database.writing() as work:
        await work.session.exec(update(Member).where(col(Member.role) == Role.OWNER).values(role=Role.ADMIN))
        await work.commit()
    with pytest.raises(NotOwnerError):
        await owner.upgrade()


def test_the_versions_accepted_are_those_of_the_page() -> None:
    assert {one.kind for one in accepted(Edition.COMMERCIAL)} == {AgreementKind.COMMERCIAL, AgreementKind.PRIVACY}


async def test_emails_to_the_account_say_who_bound_what(owner: Owner) -> None:
    await owner.upgrade()
    (email,) = [
        one for one in await emails(owner.services.database, owner.email) if one.template == "fee_account_bound"
    ]
    assert (email.params["asker"], email.params["fee_username"]) == (owner.username, owner.username)
    assert email.params["at"].endswith("（UTC+8）")
