"""A further workspace for anyone who has one, or stopped half-way."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import select

from guance_portal.accounts.rules import Edition
from guance_portal.accounts.tables import Workspace
from guance_portal.core.audit import AuditEntry
from guance_portal.core.messages import Language
from guance_portal.onboarding import agreements
from guance_portal.onboarding.agreements import AgreementKind
from guance_portal.onboarding.orders import Agreed, WorkspaceOrder
from guance_portal.onboarding.rules import (
    FeeAccountMissingError,
)
from guance_portal.onboarding.tables import Consent, Opening
from guance_portal.payers.tables import FeeAccount, WorkspacePayer
from tests import factories
from tests.support.sign_up import PASSWORD, Signer, accepted, emails, rows


async def another(signer: Signer, idempotency_key: str, edition: Edition, **changes: Any) -> Any:
    session = await factories.sign_in(signer.services, signer.form.email, password=PASSWORD, site=signer.form.site)
    order = WorkspaceOrder(
        actor=session.actor, caller=session.caller, name="测试环境", language=Language.EN, edition=edition
    )
    agreed = Agreed(language=Language.ZH, accepted=changes.pop("accepted", []))
    return await signer.services.onboarding.openings.open_another(
        replace(order, **changes), agreed, idempotency_key=idempotency_key
    )


async def test_a_second_commercial_workspace_is_paid_by_the_same_account_and_announced(signer: Signer) -> None:
    first = await signer.complete()
    second = await another(signer, "page-1", Edition.COMMERCIAL)
    assert first.workspace_id != second.workspace_id
    assert len({payer.fee_account_id for payer in await rows(signer.services, WorkspacePayer)}) == 1
    told = [
        email
        for email in await emails(signer.services.database, signer.form.email)
        if email.template == "commercial_opened"
    ]
    assert len(told) == 2


async def test_every_binding_after_the_sign_up_is_mailed_to_the_account_and_audited(signer: Signer) -> None:
    await signer.complete()
    second = await another(signer, "page-1", Edition.COMMERCIAL)
    told = [
        email
        for email in await emails(signer.services.database, signer.form.email)
        if email.template == "fee_account_bound"
    ]
    assert [email.params["workspace"] for email in told] == [second.workspace_name]
    bound = [entry for entry in await rows(signer.services, AuditEntry) if entry.act == "fee_account.bound"]
    assert len(bound) == 2


async def test_an_account_whose_address_changed_since_the_sign_up_is_told_of_the_binding_there(signer: Signer) -> None:
    await signer.confirm_basic()
    session = await signer.sign_in(await signer.register())
    async with signer.services.database.writing() as work:
        account = (await work.session.exec(select(FeeAccount))).one()
        account.email = account.email_key = "pay@yunfan.example"
        await work.commit()
    await signer.choose_settlement(session)
    (told,) = await emails(signer.services.database, "pay@yunfan.example")
    assert told.template == "fee_account_bound"


async def test_one_page_opens_one_workspace_however_often_it_is_sent(signer: Signer) -> None:
    await signer.complete()
    first = await another(signer, "page-1", Edition.FREE)
    again = await another(signer, "page-1", Edition.FREE)
    other = await another(signer, "page-2", Edition.FREE)
    assert first.workspace_id == again.workspace_id != other.workspace_id
    assert len(await rows(signer.services, Opening)) == 3


async def test_a_commercial_workspace_needs_a_fee_account_and_its_agreement(signer: Signer) -> None:
    await signer.register_free()
    with pytest.raises(agreements.AgreementMissingError):
        await another(signer, "page-1", Edition.COMMERCIAL)
    with pytest.raises(FeeAccountMissingError):
        await another(signer, "page-1", Edition.COMMERCIAL, accepted=accepted(Edition.COMMERCIAL))
    assert len(await rows(signer.services, Workspace)) == 1


async def test_a_free_user_with_a_fee_account_may_open_a_commercial_one(signer: Signer) -> None:
    signer.form = signer.form.but(opens_fee_account=True)
    await signer.register_free()
    opened = await another(signer, "page-1", Edition.COMMERCIAL, accepted=accepted(Edition.COMMERCIAL))
    assert opened.fee_username == signer.form.username
    kinds = Counter(consent.agreement for consent in await rows(signer.services, Consent))
    assert kinds == {AgreementKind.FREE: 1, AgreementKind.PRIVACY: 1, AgreementKind.COMMERCIAL: 1}
