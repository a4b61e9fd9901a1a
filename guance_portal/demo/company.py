"""The company: its owner signs up for 商业版, opens a 体验版 workspace beside it, and invites the others."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from guance_portal import routes
from guance_portal.accounts.codes.rules import CodeTooSoonError
from guance_portal.accounts.errors import WrongLoginError
from guance_portal.accounts.rules import Edition, Role
from guance_portal.core.actor import Actor
from guance_portal.core.messages import Language
from guance_portal.core.tokens import digest, new_token
from guance_portal.demo.book import SignIn
from guance_portal.demo.stage import PASSWORD, SITE, Stage
from guance_portal.onboarding import agreements
from guance_portal.onboarding.agreements import Accepted
from guance_portal.onboarding.basic import BasicForm
from guance_portal.onboarding.forms import JoinForm
from guance_portal.onboarding.orders import Agreed, WorkspaceOrder
from guance_portal.onboarding.tools import Visitor
from guance_portal.payers.company import CompanyForm

OWNER, USERNAME = "lin@yunfan.example", "yunfan"
PRODUCTION, TRIAL = "云帆-生产环境", "云帆-试用空间"
MEMBERS = {
    Role.ADMIN: ("zhou@yunfan.example", "周明"),
    Role.STANDARD: ("chen@yunfan.example", "陈晓"),
    Role.READONLY: ("wang@yunfan.example", "王磊"),
}
_COMPANY = CompanyForm(
    company_name="杭州云帆科技有限公司",
    uscc="91350100M000100Y43",
    industry="internet",
    region="CN-ZJ",
    contact="林知夏",
    introduction="做船帆，也做云。",
)
_ROLES = {Role.ADMIN: "管理员", Role.STANDARD: "标准成员", Role.READONLY: "只读成员"}


class CompanyChapter:
    """People and workspaces; afterwards `book.secrets` holds id and token of each workspace."""

    name = "company"

    async def begin(self, stage: Stage) -> None:
        """Everybody signs up, by the same services as the pages; those who have already are left alone."""
        owner = await _open_production(stage, await _owner(stage))
        await _note_token(stage, owner, PRODUCTION)
        for role in MEMBERS:
            await _let_join(stage, owner, role)
        await _note_token(stage, await _open_trial(stage, owner), TRIAL)
        stage.book.sign_ins += _sign_ins()

    async def live(self, stage: Stage) -> None:
        """People do nothing of themselves."""

    async def arrive(self, stage: Stage) -> None:
        """Nothing either."""


async def _owner(stage: Stage) -> Actor:
    try:
        return await stage.sign_in(OWNER)
    except WrongLoginError:
        return await _sign_up(stage)


async def _sign_up(stage: Stage) -> Actor:
    services, caller = stage.services.onboarding, stage.caller()
    visitor = Visitor(browser=digest(new_token()), language=Language.ZH, caller=caller)
    form = BasicForm(site=SITE, username=USERNAME, password=PASSWORD, email=OWNER, phone="13800138000")
    try:
        await services.step_one.send_code(visitor, SITE, OWNER)
    except CodeTooSoonError as soon:
        stage.clock.moment += timedelta(seconds=soon.seconds)
        await services.step_one.send_code(visitor, SITE, OWNER)
    await services.step_one.confirm(visitor, form.but(code=await stage.code_for(OWNER)))
    receipt = await services.sign_up.register_commercial(visitor, _COMPANY, _accepted(Edition.COMMERCIAL))
    return (await stage.services.sessions.open(receipt.ticket, caller, {})).actor


async def _open_production(stage: Stage, owner: Actor) -> Actor:
    workspaces = {one.name: one.id for one in await stage.services.workspaces.mine(owner)}
    if PRODUCTION not in workspaces:
        order = WorkspaceOrder(actor=owner, caller=stage.caller(), name=PRODUCTION, language=Language.ZH)
        opened = await stage.services.onboarding.openings.choose_settlement(order)
        workspaces[PRODUCTION] = opened.workspace_id
    return replace(owner, workspace_id=workspaces[PRODUCTION])


async def _open_trial(stage: Stage, owner: Actor) -> Actor:
    stage.clock.moment += timedelta(minutes=9)
    order = WorkspaceOrder(actor=owner, caller=stage.caller(), name=TRIAL, language=Language.ZH, edition=Edition.FREE)
    opened = await stage.services.onboarding.openings.open_another(
        order, Agreed(language=Language.ZH), idempotency_key="demo"
    )
    return replace(owner, workspace_id=opened.workspace_id)


async def _let_join(stage: Stage, owner: Actor, role: Role) -> None:
    """Invite the person with this role, and let them register by the email's link."""
    email, username = MEMBERS[role]
    here = await stage.services.members.members(owner)
    if any(member.email == email for member in here.members):
        return
    for waiting in [one for one in here.invitations if one.email == email]:
        await stage.services.invitations.revoke(owner, waiting.id, stage.caller())
    stage.clock.moment += timedelta(minutes=11)
    await stage.services.invitations.invite(owner, email, role, Language.ZH, stage.caller())
    stage.clock.moment += timedelta(minutes=4)
    token = (await stage.link_for(email)).partition("#")[2]
    form = JoinForm(username=username, password=PASSWORD, phone="13900139000")
    await stage.services.joining.register(token, form, _accepted(Edition.COMMERCIAL), Language.ZH, stage.caller())


async def _note_token(stage: Stage, owner: Actor, workspace: str) -> None:
    stage.book.secrets[f"id:{workspace}"] = owner.workspace_id
    stage.book.secrets[f"token:{workspace}"] = await stage.services.tokens.show(owner)


def _accepted(edition: Edition) -> list[Accepted]:
    return [Accepted(one.kind, one.version) for one in agreements.required_for(edition)]


def _sign_ins() -> list[SignIn]:
    console = [SignIn(who=f"拥有者 {USERNAME}", path=routes.LOGIN, login=OWNER, password=PASSWORD)]
    console += [
        SignIn(who=f"{_ROLES[role]} {username}", path=routes.LOGIN, login=email, password=PASSWORD)
        for role, (email, username) in MEMBERS.items()
    ]
    return [*console, SignIn(who="费用中心", path=routes.FEE_LOGIN, login=USERNAME, password=PASSWORD)]
