"""The company's wallet: recharges, a voucher as a welcome, a prepaid card; and a voucher that waits for a second operator."""

from __future__ import annotations

from datetime import date, time, timedelta

from guance_portal import sites
from guance_portal.approvals.orders import Grant
from guance_portal.approvals.service import Asking
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.money import Currency
from guance_portal.demo.company import USERNAME
from guance_portal.demo.operators import operator
from guance_portal.demo.stage import SITE, Stage
from guance_portal.ledger.chart import Kind
from guance_portal.payments.orders import Wanted
from guance_portal.sandbox.cashier.service import Deed
from guance_portal.wallet.service import CardWanted

_RECHARGES = {2: (Kind.ALIPAY, "3000.00"), 11: (Kind.WECHAT, "1500.50"), 21: (Kind.ALIPAY, "800.00")}
"""On which day of the demo what is recharged."""
_WELCOME, _CAMPAIGN, _CARD = 500_00, 2_000_00, 1_000_00
_AT = time(11, 30)
"""When of a day, at the site, one of the demo's moments."""
_CAMPAIGN_EVERY = 6
"""Days; a request lives for seven, so that there is always one that waits."""
_FIRST_DAY = "wallet:first-day"


class WalletChapter:
    """By the same calls as the pages make; every form has a key of its own, so that nothing is done twice."""

    name = "wallet"

    async def begin(self, stage: Stage) -> None:
        """A voucher is granted, below the limit of one operator."""
        stage.clock.moment += timedelta(minutes=5)
        stage.book.secrets[_FIRST_DAY] = stage.clock.now().date().isoformat()
        await _grant(stage, "demo-welcome", _WELCOME, "新客户礼遇", timedelta(days=90))

    async def live(self, stage: Stage) -> None:
        """The recharges of the day, a card from the first of them, and every few days a voucher above the limit.

        Another operator may approve that one under 审批, until it expires.
        """
        now = stage.clock.now()
        if now.astimezone(sites.get(SITE).zone).time() != _AT:
            return
        day = (now.date() - date.fromisoformat(stage.book.secrets[_FIRST_DAY])).days
        if day in _RECHARGES:
            payer = await stage.sign_in(USERNAME, Realm.FEE_CENTER)
            way, amount = _RECHARGES[day]
            await _recharge(stage, payer, Wanted(key=f"demo-recharge-{day}", way=way, amount=amount))
            if day == min(_RECHARGES):
                wanted = CardWanted(key="demo-card", minor=_CARD)
                await stage.services.wallet_acts.buy_card(payer, wanted, stage.caller())
        if day % _CAMPAIGN_EVERY == 1:
            await _grant(stage, f"demo-campaign-{day}", _CAMPAIGN, "续约优惠，已与客户经理确认", timedelta(days=60))

    async def arrive(self, stage: Stage) -> None:
        """Nothing more."""


async def _recharge(stage: Stage, payer: Actor, wanted: Wanted) -> None:
    """Order and pay; the portal, which does not listen yet, asks the cashier for the payment."""
    services = stage.services
    order = await services.recharge_orders.open(payer, wanted, stage.caller())
    if not order.trade:
        await services.cashier.do(order.way, order.number, Deed.PAY_SILENTLY)
        await services.recharges.ask(order.number)


async def _grant(stage: Stage, key: str, minor: int, why: str, life: timedelta) -> None:
    """A voucher for the company; `key` stands for the form that is sent."""
    if (actor := operator(stage)) is None:
        return
    now = stage.clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    payer = await stage.sign_in(USERNAME, Realm.FEE_CENTER)
    order = Grant(
        fee_account=payer.subject_id, minor=minor, currency=Currency.CNY, valid_from=now, valid_until=now + life
    )
    await stage.services.approvals.ask(Asking(actor=actor, why=why, key=key, caller=stage.caller()), order)
