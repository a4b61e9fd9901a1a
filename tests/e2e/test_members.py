"""Members: what each role sees and does, the ways in by invitation, out, and over to another owner."""

from __future__ import annotations

import secrets
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from guance_portal.accounts.rules import Edition, Role
from guance_portal.onboarding.agreements import required_for
from tests import factories
from tests.e2e.screens.members import JoinScreen, MembersScreen
from tests.e2e.screens.screen import message, runs, typed
from tests.support.axe import overflowing, violations
from tests.support.browsers import hold
from tests.support.companies import invitation_to, join, member_of, owner_of
from tests.support.mailbox import Mailbox, text_of
from tests.support.people import NEW_PASSWORD, People, Session
from tests.support.settled_companies import company

OTHERS = [role for role in Role if role is not Role.OWNER]


def an_address() -> str:
    return f"chen-{secrets.token_hex(5)}@yunfan.example"


def link(mailbox: Mailbox, email: str) -> str:
    return "/join" + mailbox.link_for(email).partition("/join")[2]


def a_team(people: People) -> dict[Role, Session]:
    owner = owner_of(people)
    return {Role.OWNER: owner, **{role: member_of(people, owner, role) for role in OTHERS}}


@pytest.mark.parametrize("role", Role)
def test_every_role_sees_the_members_and_what_it_may_do(
    new_page: Callable[..., Page], people: People, role: Role
) -> None:
    team = a_team(people)
    screen = MembersScreen(new_page(team[role])).open()
    expect(screen.members).to_have_count(4)
    is_manager = role in (Role.OWNER, Role.ADMIN)
    expect(screen.button("邀请成员")).to_have_count(int(is_manager))
    expect(screen.button("退出工作空间")).to_have_count(int(role is not Role.OWNER))
    for other, session in team.items():
        is_below = other in {Role.OWNER: OTHERS, Role.ADMIN: OTHERS[1:]}.get(role, [])
        expect(screen.act(session.person.email, "更改角色")).to_have_count(int(is_below))
        expect(screen.act(session.person.email, "移除")).to_have_count(int(is_below))
        may_own = role is Role.OWNER and other is not Role.OWNER
        expect(screen.act(session.person.email, "转移所有权")).to_have_count(int(may_own))
    rail = screen.page.get_by_role("navigation", name="主导航")
    expect(rail.get_by_role("link", name="管理")).to_have_count(int(is_manager))
    expect(rail.get_by_role("link", name="成员", exact=True)).to_have_count(int(not is_manager))


def test_a_new_person_is_invited_registers_and_is_a_member(
    new_page: Callable[..., Page], people: People, mailbox: Mailbox
) -> None:
    owner, email = owner_of(people), an_address()
    screen = MembersScreen(new_page(owner)).open()
    screen.invite(email, "管理员")
    expect(screen.notice).to_contain_text(message("members.invited", email=email))
    expect(screen.invitations.filter(has_text=email)).to_contain_text("管理员")
    guest = JoinScreen(new_page())
    guest.page.goto(link(mailbox, email))
    expect(guest.offer).to_contain_text("云帆-生产环境")
    expect(guest.offer).to_contain_text(email)
    guest.register("陈默", "short", "123")
    expect(guest.summary).to_be_focused()
    expect(typed(guest.main, "用户名")).to_have_value("陈默")
    guest.register("陈默", NEW_PASSWORD, "13800138000")
    arrived = MembersScreen(guest.page)
    arrived.stands_at(arrived.path)
    expect(arrived.member(email)).to_contain_text("我")
    screen.open()
    expect(screen.member(email)).to_contain_text("管理员")
    expect(screen.invitations).to_have_count(0)
    assert email in text_of(mailbox.wait_for(owner.person.email))
    again = JoinScreen(new_page())
    again.page.goto(link(mailbox, email))
    expect(again.main).to_contain_text(message("errors.invitation_spent"))


@pytest.mark.parametrize("edition", list(Edition))
def test_a_new_person_accepts_the_agreement_of_the_workspaces_edition(
    new_page: Callable[..., Page], people: People, edition: Edition
) -> None:
    owner = company(people).owner if edition is Edition.COMMERCIAL else owner_of(people)
    guest = JoinScreen(new_page())
    guest.page.goto(invitation_to(people, owner, an_address()))
    first, other = (required_for(one)[0].title.zh for one in (edition, *(one for one in Edition if one is not edition)))
    expect(guest.main.get_by_role("button", name=f"《{first}》")).to_be_visible()
    expect(guest.main.get_by_role("button", name=f"《{other}》")).to_have_count(0)
    phone = typed(guest.main, "手机号")
    expect(phone.locator("xpath=..")).to_contain_text("+86")
    expect(phone).to_have_attribute("inputmode", "tel")
    guest.register("陈默", NEW_PASSWORD, "13800138000")
    MembersScreen(guest.page).stands_at("/workspace/members")


def test_somebody_with_an_account_joins_with_its_password(new_page: Callable[..., Page], people: People) -> None:
    owner, guest = owner_of(people), people.user()
    screen = JoinScreen(new_page())
    screen.page.goto(invitation_to(people, owner, guest.email))
    screen.sign_in("not this password")
    expect(screen.summary).to_contain_text(message("join.wrong_password"))
    screen.sign_in(guest.password)
    members = MembersScreen(screen.page)
    members.stands_at(members.path)
    expect(members.member(guest.email)).to_contain_text("标准成员")


def test_only_the_person_signed_in_joins_with_one_click(new_page: Callable[..., Page], people: People) -> None:
    owner, guest, other = owner_of(people), people.user(), people.user()
    path = invitation_to(people, owner, guest.email)
    wrong = JoinScreen(new_page(people.sign_in(other)))
    wrong.page.goto(path)
    expect(wrong.main).to_contain_text(message("join.others_lead", others=other.email, email=guest.email))
    expect(wrong.button("加入工作空间")).to_have_count(0)
    right = JoinScreen(new_page(people.sign_in(guest)))
    right.page.goto(path)
    right.button("加入工作空间").click()
    members = MembersScreen(right.page)
    members.stands_at(members.path)
    expect(members.member(guest.email)).to_be_visible()


def test_an_invitation_is_sent_again_only_after_a_while_and_revoked_at_once(
    new_page: Callable[..., Page], people: People
) -> None:
    owner, email = owner_of(people), an_address()
    path = invitation_to(people, owner, email)
    screen = MembersScreen(new_page(owner)).open()
    line = screen.invitations.filter(has_text=email)
    line.get_by_role("button", name="重新发送").click()
    expect(screen.notice).to_contain_text("秒后再试")
    line.get_by_role("button", name="撤销").click()
    expect(screen.notice).to_contain_text(message("members.revoked"))
    expect(line).to_have_count(0)
    guest = JoinScreen(new_page())
    guest.page.goto(path)
    expect(guest.main).to_contain_text(message("errors.invitation_spent"))


def test_who_cannot_be_invited_is_told_at_the_field(new_page: Callable[..., Page], people: People) -> None:
    owner = owner_of(people)
    screen = MembersScreen(new_page(owner)).open()
    screen.invite(owner.person.email, "标准成员")
    expect(screen.dialog.locator("[data-summary]")).to_contain_text(message("errors.already_member"))
    expect(typed(screen.dialog, "邮箱")).to_have_value(owner.person.email)


def test_a_role_is_changed_and_its_page_follows(
    new_page: Callable[..., Page], people: People, mailbox: Mailbox
) -> None:
    owner = owner_of(people)
    member = member_of(people, owner, Role.STANDARD)
    screen = MembersScreen(new_page(owner)).open()
    screen.change_role(member.person.email, "管理员")
    expect(screen.member(member.person.email)).to_contain_text("管理员")
    assert "管理员" in text_of(mailbox.wait_for(member.person.email))
    theirs = MembersScreen(new_page(member)).open()
    expect(theirs.button("邀请成员")).to_be_visible()


def test_a_removed_members_open_page_loses_the_workspace_at_the_next_click(
    new_page: Callable[..., Page], people: People, mailbox: Mailbox
) -> None:
    owner = owner_of(people)
    admin, other = member_of(people, owner, Role.ADMIN), member_of(people, owner, Role.STANDARD)
    theirs = MembersScreen(new_page(admin)).open()
    expect(theirs.members).to_have_count(3)
    screen = MembersScreen(new_page(owner)).open()
    screen.remove(admin.person.email)
    expect(screen.member(admin.person.email)).to_have_count(0)
    theirs.act(other.person.email, "移除").click()
    told = theirs.page.get_by_role("alertdialog", name=message("shown.title"))
    told.get_by_role("button", name=message("shown.reload")).click()
    theirs.stands_at("/account")
    screen.open()
    expect(screen.member(other.person.email)).to_be_visible()
    assert mailbox.wait_for(admin.person.email)


def test_leaving_asks_first(new_page: Callable[..., Page], people: People) -> None:
    owner = owner_of(people)
    member = member_of(people, owner, Role.READONLY)
    screen = MembersScreen(new_page(member)).open()
    screen.button("退出工作空间").click()
    screen.dialog.get_by_role("button", name="取消").click()
    expect(screen.dialog).to_have_count(0)
    screen.button("退出工作空间").click()
    screen.dialog.get_by_role("button", name="退出", exact=True).click()
    screen.stands_at("/account")
    expect(screen.notice).to_contain_text(message("members.left"))


def test_ownership_is_handed_over_with_the_password_and_everybody_is_told(
    new_page: Callable[..., Page], people: People, mailbox: Mailbox
) -> None:
    paid, heir = company(people), people.user()
    joined = people.sign_in(heir)
    join(people, paid.owner, joined, Role.STANDARD)
    screen = MembersScreen(new_page(paid.owner)).open()
    screen.act(heir.email, "转移所有权").click()
    screen.dialog.get_by_label("您的登录密码", exact=True).fill("not this password")
    screen.dialog.get_by_role("button", name="转移所有权").click()
    expect(screen.dialog.locator("[data-summary]")).to_contain_text(message("errors.wrong_password"))
    screen.dialog.get_by_label("您的登录密码", exact=True).fill(factories.PASSWORD)
    screen.dialog.get_by_role("button", name="转移所有权").click()
    expect(screen.notice).to_contain_text(message("members.transferred", name=heir.name))
    expect(screen.member(heir.email)).to_contain_text("拥有者")
    expect(screen.member(paid.owner.person.email)).to_contain_text("管理员")
    expect(screen.act(heir.email, "转移所有权")).to_have_count(0)
    for email in (heir.email, paid.owner.person.email, paid.payer.person.email):
        assert heir.email in text_of(mailbox.wait_for(email))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("locale", ["zh-CN", "en-US"])
def test_members_fit_a_phone_in_both_languages_and_themes(
    new_page: Callable[..., Page], people: People, locale: str, scheme: str
) -> None:
    team = a_team(people)
    invitation_to(people, team[Role.OWNER], f"a.very.long.address.of.{secrets.token_hex(12)}@subdomain.yunfan.example")
    page = new_page(viewport={"width": 390, "height": 844}, locale=locale, color_scheme=scheme)
    hold(page.context, team[Role.OWNER])
    page.goto("/workspace/members")
    runs(page)
    expect(page.locator("main .gc-loading")).to_have_count(0)
    assert violations(page) == []
    assert overflowing(page) == []
