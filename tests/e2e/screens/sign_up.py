"""Signing up: the choice of an edition, 体验版 in one page, the three steps of 商业版 and what follows."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from guance_portal.core.messages import text
from tests.e2e.screens.screen import Screen, runs
from tests.support.mailbox import Mailbox, text_of
from tests.support.newcomers import Newcomer

_DIGITS = re.compile(r"(?<!\w)\d{6}(?!\w)")
COMPANY = "杭州云帆科技有限公司"


def code_in(mailbox: Mailbox, email: str, count: int = 1) -> str:
    """The code of the newest email to an address, once there are `count`."""
    return _DIGITS.findall(text_of(mailbox.wait_for(email, count)))[0]


def other_than(code: str) -> str:
    """Six digits that are not this code."""
    return f"{(int(code) + 1) % 10**6:06}"


def hold(page: Page, who: Newcomer) -> None:
    """Let a browser be the newcomer's."""
    for name, value in who.cookies.items():
        page.context.add_cookies([{"name": name, "value": value, "domain": "localhost", "path": "/"}])


class SignUpScreen(Screen):
    """What the pages of sign-up share: fields by the key of their label, problems, the way on."""

    def __init__(self, page: Page, *, english: bool = False) -> None:
        super().__init__(page)
        self.english = english

    def message(self, key: str, **params: object) -> str:
        """The catalogue in the language of the page."""
        return text(key, **params).en if self.english else text(key, **params).zh

    def box(self, key: str) -> Locator:
        """A text field by its label."""
        return self.main.get_by_role("textbox", name=self.message(f"sign_up.{key}"), exact=True)

    def choice(self, key: str) -> Locator:
        """A select by its label."""
        return self.main.get_by_role("combobox", name=self.message(f"sign_up.{key}"), exact=True)

    def press(self, key: str) -> None:
        """Press the button with these words."""
        self.button(self.message(f"sign_up.{key}")).click()

    def refuses(self, problems: list[tuple[Locator, str, str]]) -> None:
        """Expect the summary to list exactly these (field, label key, words), each said at its field too."""
        colon = self.message("form.colon")
        lines = [f"{self.message(label)}{colon}{said}" if label else said for _, label, said in problems]
        expect(self.summary.get_by_role("listitem")).to_have_text(lines)
        expect(self.summary).to_be_focused()
        for field, _, said in problems:
            expect(field).to_have_accessible_description(re.compile(f"^{re.escape(said)}"))
            expect(field).to_have_attribute("aria-invalid", "true")
        expect(self.main.locator("[aria-invalid=true]")).to_have_count(len(problems))

    @property
    def agreement(self) -> Locator:
        """The checkbox of the agreements."""
        return self.main.get_by_role("checkbox", name=self.message("sign_up.agree"))


class EditionScreen(SignUpScreen):
    """The comparison and the choice."""

    path = "/register"

    def choose(self, edition: str) -> None:
        """Take "free" or "commercial"."""
        self.main.get_by_role("radio", name=self.message(f"register.{edition}"), exact=True).check()
        self.button(self.message("register.go")).click()


class BasicScreen(SignUpScreen):
    """Step 1."""

    path = "/register/commercial/basic"

    @property
    def password(self) -> Locator:
        """The password."""
        return self.box("password")

    @property
    def send_code(self) -> Locator:
        """The button that sends a code, whatever it says now."""
        again = re.escape(self.message("sign_up.resend_in")).replace(re.escape("{seconds}"), r"\d+")
        return self.main.get_by_role("button", name=re.compile(f"^({self.message('sign_up.get_code')}|{again})$"))

    @property
    def suggestions(self) -> Locator:
        """The usernames that could be taken instead."""
        return self.main.locator(".gc-suggestions").get_by_role("button")

    def describe(self, who: Newcomer) -> None:
        """Type everything but the code."""
        self.choice("site").select_option(who.site)
        self.box("username").fill(who.username)
        self.password.fill(who.password)
        self.box("email").fill(who.email)
        self.box("phone").fill(who.phone)

    def get_code(self, email: str) -> None:
        """Ask for a code, and wait until the page says that it is on its way."""
        self.send_code.click()
        expect(self.box("code")).to_have_accessible_description(self.message("sign_up.code_sent", email=email))

    def complete(self, who: Newcomer, mailbox: Mailbox) -> None:
        """Type everything, with the code of the mail."""
        self.describe(who)
        self.get_code(who.email)
        self.box("code").fill(code_in(mailbox, who.email))

    def keeps(self, who: Newcomer) -> None:
        """Expect everything of a newcomer to be here, except the password."""
        expect(self.choice("site")).to_have_value(who.site)
        for name, value in (("username", who.username), ("email", who.email), ("phone", who.phone)):
            expect(self.box(name)).to_have_value(value)
        expect(self.password).to_have_value("")

    def is_accepted(self) -> None:
        """Expect the page to say that password and address are already taken in."""
        expect(self.password).to_have_attribute("placeholder", self.message("sign_up.password_set"))
        expect(self.box("code")).to_have_accessible_description(self.message("sign_up.email_proven"))


class FreeScreen(BasicScreen):
    """体验版."""

    path = "/register/free"

    @property
    def switch(self) -> Locator:
        """Whether a fee-centre account is opened too."""
        return self.main.get_by_role("switch", name=self.message("sign_up.switch_fee"))


class CompanyScreen(SignUpScreen):
    """Step 2."""

    path = "/register/commercial/enterprise"

    def describe(self) -> None:
        """Type the company, without agreeing yet."""
        self.box("company_name").fill(COMPANY)
        self.choice("industry").select_option("software")
        self.choice("region").select_option("CN-ZJ")
        self.box("contact").fill("林知夏")

    def keeps(self) -> None:
        """Expect the described company to be here, and nobody to have agreed."""
        expect(self.box("company_name")).to_have_value(COMPANY)
        expect(self.choice("industry")).to_have_value("software")
        expect(self.choice("region")).to_have_value("CN-ZJ")
        expect(self.box("contact")).to_have_value("林知夏")
        expect(self.agreement).not_to_be_checked()

    def complete(self) -> None:
        """Type the company and agree."""
        self.describe()
        self.agreement.check()


class SettlementScreen(SignUpScreen):
    """Step 3."""

    path = "/register/commercial/settlement"

    def shows(self) -> None:
        """Expect to have arrived, and the page to offer what it has: it was loaded again, with the session."""
        self.stands_at(self.path)
        runs(self.page)
        expect(self.box("workspace_name")).not_to_have_value("")
        expect(self.method("enterprise")).to_be_checked()

    @property
    def methods(self) -> Locator:
        """The radios of the settlement methods."""
        return self.main.get_by_role("group").get_by_role("radio")

    def method(self, name: str) -> Locator:
        """One of them."""
        return self.methods.and_(
            self.main.get_by_role("radio", name=self.message(f"settlement_option.{name}.title"), exact=True)
        )


class DoneScreen(SignUpScreen):
    """开通成功."""

    path = "/register/commercial/done"

    def says(self, *facts: str) -> None:
        """Expect the receipt to hold these."""
        expect(self.title).to_have_text(self.message("sign_up.done_title"))
        for fact in facts:
            expect(self.main.get_by_role("definition").filter(has_text=fact)).to_have_count(1)
