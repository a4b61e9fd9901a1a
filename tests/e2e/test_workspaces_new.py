"""新建工作空间: a commercial one needs the agreement, which is kept as proof; upgraded or opened, it comes to the same."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from guance_portal.accounts.rules import Edition
from guance_portal.bootstrap import Services
from guance_portal.core.messages import Language
from guance_portal.onboarding.agreements import AgreementKind, current
from tests.e2e.screens.guide import NewWorkspaceScreen
from tests.e2e.screens.screen import message
from tests.e2e.screens.upgrade import UpgradeScreen
from tests.support.newcomers import outcome, owner_in, with_free_workspace
from tests.support.people import People


def test_an_agreement_accepted_here_is_stored_with_version_hash_and_actor(
    new_page: Callable[..., Page], people: People
) -> None:
    who = with_free_workspace(people)
    form = NewWorkspaceScreen(new_page(who)).open()
    form.name.fill("yunfan-second")
    form.edition("商业版").check()
    form.button("新建").click()
    expect(form.summary).to_contain_text(message("errors.agreement_missing"))
    form.main.get_by_role("checkbox").check()
    form.button("新建").click()
    form.stands_at("/onboarding")

    async def session(services: Services) -> str:
        return (await owner_in(services, who)).session.actor.session_id

    made, law = outcome(people, who.email), current(AgreementKind.COMMERCIAL)
    (consent,) = [one for one in made.consents if one.agreement is AgreementKind.COMMERCIAL]
    assert (consent.version, consent.text_hash) == (law.version, law.text_hash(Language.ZH))
    assert consent.user_id == made.users[0].id
    assert consent.session_id == people.do(session)
    assert sorted(one.edition for one in made.workspaces) == [Edition.COMMERCIAL, Edition.FREE]


def test_a_workspace_opened_as_commercial_has_nothing_to_upgrade(new_page: Callable[..., Page], people: People) -> None:
    who = with_free_workspace(people)
    form = NewWorkspaceScreen(new_page(who)).open()
    form.name.fill("yunfan-second")
    form.edition("商业版").check()
    form.main.get_by_role("checkbox").check()
    form.button("新建").click()
    form.stands_at("/onboarding")
    form.page.goto(UpgradeScreen.path)
    form.stands_at("/workspace/billing")
    form.page.goto(f"{UpgradeScreen.path}/done")
    form.stands_at("/workspace/billing")


def test_without_an_account_of_ones_own_a_commercial_one_cannot_be_opened_until_an_upgrade_made_one(
    new_page: Callable[..., Page], people: People
) -> None:
    who = with_free_workspace(people, opens_fee_account=False)
    page = new_page(who)
    form = NewWorkspaceScreen(page).open()
    expect(form.edition("商业版")).to_be_disabled()

    async def register(services: Services) -> None:
        owner = await owner_in(services, who)
        await services.onboarding.upgrade_new_payers.register(owner.who, await owner.new_payer())

    people.do(register)
    form.open()
    expect(form.edition("商业版")).to_be_enabled()
    expect(form.main).to_contain_text(who.username)
