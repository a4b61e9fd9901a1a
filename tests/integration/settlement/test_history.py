"""付费记录: who paid from which billing day to which, as owner and both accounts are told."""

from __future__ import annotations

from datetime import date

import pytest

from guance_portal.core.actor import Realm
from guance_portal.core.errors import NotAllowedError
from guance_portal.settlement.choices import ChangeKind
from tests import factories
from tests.integration.settlement.test_payer_change import NEW, NEW_MAIL, Leaver
from tests.integration.settlement.test_switching import effect
from tests.support.clocks import MovableClock
from tests.support.settlers import Settler

FIRST, SECOND, THIRD = date(2026, 7, 1), date(2026, 7, 2), date(2026, 7, 3)


@pytest.fixture
async def moved(here: Settler, clock: MovableClock) -> Leaver:
    """A workspace that its account paid for, then a cloud account, then another account."""
    leaver = Leaver(here=here, account_id=await factories.fee_account(here.services, NEW, email=NEW_MAIL))
    await here.change(await here.register())
    await effect(here, clock)
    await leaver.change()
    await effect(here, clock)
    return leaver


async def test_an_owner_reads_every_span_the_latest_first(moved: Leaver) -> None:
    found = await moved.services.settlement.histories.of(moved.here.owner, moved.here.workspace_id)
    assert [(span.since, span.until, span.payer, span.method.value, span.kind) for span in found.spans] == [
        (THIRD, None, NEW, "enterprise", ChangeKind.PAYER),
        (SECOND, SECOND, "yunfan", "aliyun", ChangeKind.FIRST),
        (FIRST, FIRST, "yunfan", "enterprise", None),
    ]
    assert [span.account for span in found.spans] == [NEW, "1827 **** **** 4093", "yunfan"]
    assert "lin" in found.spans[0].by.zh


async def test_an_account_is_not_told_what_another_one_paid_with(moved: Leaver) -> None:
    new = (await factories.sign_in(moved.services, NEW, realm=Realm.FEE_CENTER)).actor
    found = await moved.services.settlement.histories.of(new, moved.here.workspace_id)
    assert [(span.payer, span.account) for span in found.spans] == [(NEW, NEW), ("", ""), ("", "")]
    assert "yunfan" not in str([span.by for span in found.spans[1:]]).replace("yunfan.example", "")


async def test_an_account_that_pays_no_more_reads_nothing(moved: Leaver) -> None:
    with pytest.raises(NotAllowedError):
        await moved.services.settlement.histories.of(moved.here.payer, moved.here.workspace_id)
