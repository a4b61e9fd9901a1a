"""Owners of 体验版 workspaces on their way to 商业版, through the services."""

from __future__ import annotations

from dataclasses import dataclass

from guance_portal.accounts.rules import Edition
from guance_portal.bootstrap import Services
from guance_portal.core.messages import Language
from guance_portal.onboarding.upgrade.forms import NewPayerForm
from guance_portal.onboarding.upgrade.payer import AskingOwner
from guance_portal.onboarding.upgrade.service import UpgradeOrder, UpgradeReceipt
from tests.factories import SignedIn
from tests.support.sign_up import PASSWORD, Signer, accepted, basic_form, emails


@dataclass(frozen=True, kw_only=True)
class Owner:
    """Somebody signed in at their 体验版 workspace. `has_account`: with a fee-centre account of their own."""

    services: Services
    signer: Signer
    session: SignedIn

    @property
    def who(self) -> AskingOwner:
        """As the page asks."""
        return AskingOwner(
            actor=self.session.actor,
            caller=self.session.caller,
            workspace_id=self.session.actor.workspace_id,
            language=Language.ZH,
        )

    @property
    def email(self) -> str:
        return self.signer.form.email

    @property
    def username(self) -> str:
        return self.signer.form.username

    async def upgrade(self, payer: str = "", who: AskingOwner | None = None) -> UpgradeReceipt:
        """同意并升级, with every agreement in force."""
        order = UpgradeOrder(who=who or self.who, payer=payer or self.username, accepted=accepted(Edition.COMMERCIAL))
        return await self.services.onboarding.upgrades.upgrade(order)

    async def binding_code(self, username: str, email: str) -> str:
        """Ask for a code, and read it in the account's mail."""
        await self.services.onboarding.upgrade_payers.send_binding_code(self.who, username)
        return [one for one in await emails(self.services.database, email) if one.template == "binding_code"][
            -1
        ].params["code"]

    async def new_payer(self, **changes: str) -> NewPayerForm:
        """A form of 注册新账号 with the right code."""
        form = NewPayerForm(
            username=self.username, password=PASSWORD, company_name="杭州云帆科技有限公司", email=self.email
        ).but(**changes)
        await self.services.onboarding.upgrade_new_payers.send_opening_code(self.who, form.email)
        codes = [one for one in await emails(self.services.database, form.email) if one.template == "verification_code"]
        return form.but(code=changes.get("code") or codes[-1].params["code"])


async def free_owner(services: Services, *, has_account: bool = True, site: str = "cn1") -> Owner:
    """Somebody who has signed up for 体验版, by the page."""
    signer = Signer(services, form=basic_form(site=site, opens_fee_account=has_account, phone="+8613800138000"))
    session = await signer.sign_in(await signer.register_free())
    return Owner(services=services, signer=signer, session=session)
