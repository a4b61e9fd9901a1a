"""结算方式任意选择: the operator's alone, audited, and it opens the providers of all sites."""

from __future__ import annotations

import pytest
from sqlmodel import col, select

from guance_portal.bootstrap import Services
from guance_portal.core.actor import Actor
from guance_portal.core.audit import AuditEntry
from guance_portal.core.errors import NotAllowedError
from guance_portal.core.reasons import ReasonMissingError
from guance_portal.settlement.errors import FeeAccountUnknownError
from tests import factories
from tests.support.clocks import MovableClock
from tests.support.settlers import Settler


@pytest.fixture
async def operator(services: Services, clock: MovableClock) -> Actor:
    """An operator who has signed in."""
    account = await factories.operator(services)
    clock.move(minutes=1)
    return (await factories.sign_in_operator(services, account)).actor


async def choosable(here: Settler) -> list[str]:
    """What could be chosen."""
    return [str(option.verdict.choice) for option in (await here.look()).options if option.verdict.is_choosable]


async def test_an_operator_opens_the_providers_of_all_sites_and_closes_them_again(
    here: Settler, operator: Actor
) -> None:
    settle, payer = here.services.settlement, here.payer.subject_id
    assert await choosable(here) == ["provider:aliyun"]
    before = (await settle.versions([payer]))[payer]
    await settle.set_arbitrary_choice(operator, payer, allowed=True, reason=" 合同  2026-07 ")
    assert await choosable(here) == ["provider:aliyun", "provider:aws"]
    assert (await settle.versions([payer]))[payer] > before
    await settle.set_arbitrary_choice(operator, payer, allowed=False, reason="合同到期")
    assert await choosable(here) == ["provider:aliyun"]


async def test_every_switch_is_audited_once_with_its_reason(here: Settler, operator: Actor) -> None:
    for _ in range(2):
        await here.services.settlement.set_arbitrary_choice(
            operator, here.payer.subject_id, allowed=True, reason="合同 2026-07", caller=factories.browser()
        )
    async with here.services.database.reading() as work:
        found = select(col(AuditEntry.details), col(AuditEntry.actor_id), col(AuditEntry.address)).where(
            col(AuditEntry.act) == "fee_account.arbitrary_choice_set"
        )
        assert (await work.session.exec(found)).all() == [
            ({"allowed": "true", "reason": "合同 2026-07"}, operator.subject_id, factories.browser().address)
        ]


async def test_only_operators_may_set_it(here: Settler) -> None:
    for actor in (here.owner, here.payer):
        with pytest.raises(NotAllowedError):
            await here.services.settlement.set_arbitrary_choice(
                actor, here.payer.subject_id, allowed=True, reason="please"
            )


async def test_it_needs_an_account_and_a_reason(here: Settler, operator: Actor) -> None:
    settle = here.services.settlement
    for reason in ("", "  ", "x" * 501):
        with pytest.raises(ReasonMissingError):
            await settle.set_arbitrary_choice(operator, here.payer.subject_id, allowed=True, reason=reason)
    with pytest.raises(FeeAccountUnknownError):
        await settle.set_arbitrary_choice(operator, "acnt_unknown", allowed=True, reason="x")
