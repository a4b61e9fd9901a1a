"""Two tabs of one browser on two workspaces: the older tab does nothing to the workspace that it does not show."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from guance_portal.accounts.rules import Role
from guance_portal.bootstrap import Services
from tests.e2e.screens.guide import GuideScreen
from tests.e2e.screens.members import MembersScreen
from tests.e2e.screens.screen import message, typed
from tests.support.companies import actor, join, owner_of, token_of
from tests.support.people import People, Session

SHOWN, NOW = "云帆-页面上的", "云帆-现在的"


@dataclass(frozen=True, slots=True, kw_only=True)
class Older:
    """The older tab, which shows the first workspace; the session looks at the second."""

    page: Page
    session: Session
    people: People
    first: str
    second: str

    @property
    def told(self) -> Locator:
        """The dialog that names both workspaces."""
        return self.page.get_by_role("alertdialog", name=message("shown.title"))

    def is_refused(self) -> None:
        """Expect the dialog, and the sentence in it."""
        expect(self.told).to_contain_text(message("shown.other_workspace", before=SHOWN, now=NOW))

    def looks_at(self, workspace_id: str) -> None:
        """Let the session look at a workspace, as another tab would."""

        async def choose(services: Services) -> None:
            await services.workspaces.choose(await actor(services, self.session), workspace_id)

        self.people.do(choose)

    def token(self, workspace_id: str) -> str:
        """The token of a workspace; the session looks at the second again afterwards."""
        self.looks_at(workspace_id)
        found = token_of(self.people, self.session)
        self.looks_at(self.second)
        return found


@pytest.fixture
def older(new_page: Callable[..., Page], people: People) -> Callable[[str], Older]:
    """An owner of two workspaces, member of a third person's: the tab is opened at a path, then another tab switches."""

    def open_at(path: str) -> Older:
        session = owner_of(people, SHOWN)
        first = people.do(lambda services: _looked_at(services, session))
        second = people.workspace(session, NOW)
        tab = Older(page=new_page(session), session=session, people=people, first=first, second=second)
        tab.page.goto(path)
        expect(tab.page.locator(".gc-workspace")).to_contain_text(SHOWN)
        expect(tab.page.locator("#gc-shown[data-mark*=console]")).to_be_attached()
        newer = tab.page.context.new_page()
        newer.goto(path)
        newer.locator(".gc-workspace").click()
        newer.get_by_role("listbox", name="切换工作空间").get_by_role("option").filter(has_text=NOW).click()
        expect(newer.locator(".gc-workspace")).to_contain_text(NOW)
        return tab

    return open_at


async def _looked_at(services: Services, session: Session) -> str:
    return (await actor(services, session)).workspace_id


def test_nobody_is_invited_into_a_workspace_that_the_page_does_not_show(
    older: Callable[[str], Older],
) -> None:
    tab = older(MembersScreen.path)
    MembersScreen(tab.page).button("邀请成员").click()
    tab.is_refused()


def test_an_invitation_that_was_being_typed_is_kept_and_sent_after_going_back(
    new_page: Callable[..., Page], people: People
) -> None:
    session = owner_of(people, SHOWN)
    first = people.do(lambda services: _looked_at(services, session))
    second = people.workspace(session, NOW)
    screen = MembersScreen(new_page(session)).open()
    tab = Older(page=screen.page, session=session, people=people, first=first, second=second)
    screen.button("邀请成员").click()
    email = f"new-{secrets.token_hex(5)}@yunfan.example"
    typed(screen.dialog, "邮箱").fill(email)
    tab.looks_at(second)
    screen.dialog.get_by_role("button", name="发送邀请").click()
    tab.is_refused()
    tab.told.get_by_role("button", name=f"切换回 {SHOWN}").click()
    expect(tab.told).to_have_count(0)
    expect(typed(screen.dialog, "邮箱")).to_have_value(email)
    screen.dialog.get_by_role("button", name="发送邀请").click()
    expect(screen.invitations.filter(has_text=email)).to_have_count(1)
    tab.looks_at(second)
    assert people.do(lambda services: _open_invitations(services, session)) == []


async def _open_invitations(services: Services, session: Session) -> list[str]:
    view = await services.members.members(await actor(services, session))
    return [one.email for one in view.invitations]


def test_the_token_of_a_workspace_that_the_page_does_not_show_is_neither_shown_nor_replaced(
    older: Callable[[str], Older],
) -> None:
    tab = older(GuideScreen.path)
    before = tab.token(tab.first), tab.token(tab.second)
    screen = GuideScreen(tab.page)
    screen.button("显示 Token").click()
    tab.is_refused()
    assert before[1] not in tab.page.content()
    tab.told.get_by_role("button", name="暂不处理").click()
    screen.button("更换 Token").click()
    tab.is_refused()
    assert (tab.token(tab.first), tab.token(tab.second)) == before


def test_nobody_leaves_a_workspace_that_the_page_does_not_show(new_page: Callable[..., Page], people: People) -> None:
    session, others = owner_of(people, NOW), owner_of(people, SHOWN)
    second = people.do(lambda services: _looked_at(services, session))
    first = people.do(lambda services: _looked_at(services, others))
    join(people, others, session, Role.STANDARD)
    tab = Older(page=new_page(session), session=session, people=people, first=first, second=second)
    tab.looks_at(first)
    screen = MembersScreen(tab.page).open()
    screen.button("退出工作空间").click()
    expect(screen.dialog.get_by_role("button", name="退出", exact=True)).to_be_visible()
    tab.looks_at(second)
    screen.dialog.get_by_role("button", name="退出", exact=True).click()
    tab.is_refused()
    mine = people.do(lambda services: _mine(services, session))
    assert mine == {first, second}


async def _mine(services: Services, session: Session) -> set[str]:
    return {one.id for one in await services.workspaces.mine(await actor(services, session))}


def test_the_page_can_be_loaded_again_for_the_workspace_that_is_looked_at_now(
    older: Callable[[str], Older],
) -> None:
    tab = older(MembersScreen.path)
    screen = MembersScreen(tab.page)
    screen.button("邀请成员").click()
    tab.told.get_by_role("button", name="刷新本页").click()
    expect(tab.page.locator(".gc-workspace")).to_contain_text(NOW)
    screen.button("邀请成员").click()
    expect(typed(screen.dialog, "邮箱")).to_be_visible()


def test_a_tab_that_goes_on_to_another_page_shows_and_acts_on_the_workspace_looked_at_now(
    older: Callable[[str], Older],
) -> None:
    tab = older(GuideScreen.path)
    tab.page.get_by_role("link", name="管理").first.click()
    expect(tab.page.locator(".gc-workspace")).to_contain_text(NOW)
    tab.page.goto(MembersScreen.path)
    MembersScreen(tab.page).button("邀请成员").click()
    expect(MembersScreen(tab.page).dialog).to_contain_text("邮箱")
