"""成员管理, and the page an invitation leads to."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.e2e.screens.screen import Screen, typed


class MembersScreen(Screen):
    """Members, open invitations, and the dialogs about them."""

    path = "/workspace/members"

    @property
    def members(self) -> Locator:
        """The lines of the list of members."""
        return self.main.get_by_role("table", name="成员管理").locator("tbody tr")

    @property
    def invitations(self) -> Locator:
        """The lines of the list of open invitations."""
        return self.main.get_by_role("table", name="待接受的邀请").locator("tbody tr")

    def member(self, email: str) -> Locator:
        """The line of a member."""
        return self.members.filter(has_text=email)

    def act(self, email: str, name: str) -> Locator:
        """A button in the line of a member."""
        return self.member(email).get_by_role("button", name=name, exact=True)

    @property
    def dialog(self) -> Locator:
        """The open dialog."""
        return self.page.locator("dialog[open]")

    def invite(self, email: str, role: str) -> None:
        """Fill the dialog and send."""
        self.button("邀请成员").click()
        typed(self.dialog, "邮箱").fill(email)
        self.dialog.get_by_role("combobox", name="角色", exact=True).select_option(label=role)
        self.dialog.get_by_role("button", name="发送邀请").click()

    def change_role(self, email: str, role: str) -> None:
        """Give a member another role by the dialog."""
        self.act(email, "更改角色").click()
        self.dialog.get_by_role("combobox", name="角色", exact=True).select_option(label=role)
        self.dialog.get_by_role("button", name="保存").click()
        expect(self.dialog).to_have_count(0)

    def remove(self, email: str) -> None:
        """Remove a member, saying yes to the question."""
        self.act(email, "移除").click()
        self.dialog.get_by_role("button", name="移除成员").click()
        expect(self.dialog).to_have_count(0)


class JoinScreen(Screen):
    """What an email's link offers."""

    path = "/join"

    @property
    def offer(self) -> Locator:
        """Workspace, role, sender, address."""
        return self.main.locator(".gc-offer")

    def register(self, username: str, password: str, phone: str) -> None:
        """Fill the form of a new person and send."""
        typed(self.main, "用户名").fill(username)
        typed(self.main, "登录密码").fill(password)
        typed(self.main, "手机号").fill(phone)
        self.main.get_by_role("checkbox").check()
        self.button("注册并加入").click()

    def sign_in(self, password: str) -> None:
        """Type the password of the account and send."""
        typed(self.main, "登录密码").fill(password)
        self.button("登录并加入").click()
