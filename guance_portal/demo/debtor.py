"""Another company, which has come into debt lately: a manual charge that two operators agreed on, and nothing to pay it with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from guance_portal import routes, sites
from guance_portal.accounts.codes.rules import CodeTooSoonError
from guance_portal.accounts.errors import WrongLoginError
from guance_portal.accounts.rules import Edition
from guance_portal.approvals.orders import Charge
from guance_portal.approvals.service import Asking
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.messages import Language
from guance_portal.core.money import Currency
from guance_portal.core.tokens import digest, new_token
from guance_portal.demo.book import SignIn
from guance_portal.demo.operators import operator, second_operator
from guance_portal.demo.stage import PASSWORD, SITE, Stage
from guance_portal.metering.items import Item
from guance_portal.onboarding import agreements
from guance_portal.onboarding.agreements import Accepted
from guance_portal.onboarding.basic import BasicForm
from guance_portal.onboarding.orders import WorkspaceOrder
from guance_portal.onboarding.tools import Visitor
from guance_portal.payers.company import CompanyForm

OWNER, USERNAME, WORKSPACE = "shen@qingzhou.example", "qingzhou", "轻舟-物流平台"
_COMPANY = CompanyForm(
    company_name="宁波轻舟物流有限公司",
    uscc="91330100MA2AXGEN10",
    industry="internet",
    region="CN-ZJ",
    contact="沈舟",
    introduction="内河与近海货运。",
)
_LATELY = timedelta(days=5)
"""So long before the present the debt begins."""
_OWED = 570_67
_WORKSPACE_ID, _CHARGED = f"id:{WORKSPACE}", "debtor:charged"


class DebtorChapter:
    """By the same services as the pages. What its debt is due for is done at each moment, as the portal's workers do."""

    name = "debtor"

    async def begin(self, stage: Stage) -> None:
        """The company signs up; who has already is left alone."""
        try:
            owner = await stage.sign_in(OWNER)
        except WrongLoginError:
            owner = await _sign_up(stage)
        workspaces = {one.name: one.id for one in await stage.services.workspaces.mine(owner)}
        if WORKSPACE not in workspaces:
            order = WorkspaceOrder(actor=owner, caller=stage.caller(), name=WORKSPACE, language=Language.ZH)
            opened = await stage.services.onboarding.openings.choose_settlement(order)
            workspaces[WORKSPACE] = opened.workspace_id
        stage.book.secrets[_WORKSPACE_ID] = workspaces[WORKSPACE]
        stage.book.sign_ins += [
            SignIn(who=f"欠费企业的拥有者 {USERNAME}", path=routes.LOGIN, login=OWNER, password=PASSWORD),
            SignIn(who="欠费企业的费用中心", path=routes.FEE_LOGIN, login=USERNAME, password=PASSWORD),
        ]

    async def live(self, stage: Stage) -> None:
        """Some days before the present it is charged for what it used the day before; afterwards the days are counted."""
        if _CHARGED not in stage.book.secrets and stage.clock.now() >= datetime.now(UTC) - _LATELY:
            await _charge(stage)
            stage.book.secrets[_CHARGED] = stage.clock.now().isoformat()
        await stage.services.debt_worker.take_due()

    async def arrive(self, stage: Stage) -> None:
        """Nothing more."""


async def _sign_up(stage: Stage) -> Actor:
    services, caller = stage.services.onboarding, stage.caller()
    visitor = Visitor(browser=digest(new_token()), language=Language.ZH, caller=caller)
    form = BasicForm(site=SITE, username=USERNAME, password=PASSWORD, email=OWNER, phone="13700137000")
    try:
        await services.step_one.send_code(visitor, SITE, OWNER)
    except CodeTooSoonError as soon:
        stage.clock.moment += timedelta(seconds=soon.seconds)
        await services.step_one.send_code(visitor, SITE, OWNER)
    await services.step_one.confirm(visitor, form.but(code=await stage.code_for(OWNER)))
    accepted = [Accepted(one.kind, one.version) for one in agreements.required_for(Edition.COMMERCIAL)]
    receipt = await services.sign_up.register_commercial(visitor, _COMPANY, accepted)
    return (await stage.services.sessions.open(receipt.ticket, caller, {})).actor


async def _charge(stage: Stage) -> None:
    """One operator asks, the other one approves; what is asked under its key once is answered with the same request."""
    first, second = operator(stage), second_operator(stage)
    if first is None or second is None:
        return
    payer = await stage.sign_in(USERNAME, Realm.FEE_CENTER)
    yesterday = stage.clock.now().astimezone(sites.get(SITE).zone).date() - timedelta(days=1)
    order = Charge(
        fee_account=payer.subject_id,
        workspace=stage.book.secrets[_WORKSPACE_ID],
        day=yesterday,
        item=Item.LOGS,
        minor=_OWED,
        currency=Currency.CNY,
    )
    asking = Asking(actor=first, why="历史用量补扣，已与客户确认", key="demo-debt", caller=stage.caller())
    answer = await stage.services.approvals.ask(asking, order)
    await stage.services.approvals.approve(second, answer.id, why="用量与日志核对一致", caller=stage.caller())
