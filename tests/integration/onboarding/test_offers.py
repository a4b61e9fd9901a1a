"""What may be opened besides, and that anyone who stopped half-way is known."""

from __future__ import annotations

import pytest

from guance_portal.bootstrap import Services
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.errors import NotAllowedError
from tests import factories
from tests.support.sign_up import Signer


async def test_anyone_who_has_a_fee_account_is_offered_both_editions(services: Services) -> None:
    signer = Signer(services)
    await signer.confirm_basic()
    session = await signer.sign_in(await signer.register())
    offer = await services.onboarding.offers.offer(session.actor)
    assert (offer.site.code, offer.fee_username, offer.has_agreed) == ("cn1", signer.form.username, True)


async def test_anyone_who_has_none_is_told_so_before_trying(services: Services) -> None:
    user_id = await factories.console_user(services, "lin@yunfan.example")
    actor = Actor(realm=Realm.CONSOLE, subject_id=user_id, session_id="sess")
    offer = await services.onboarding.offers.offer(actor)
    assert (offer.fee_username, offer.has_agreed) == ("", False)


@pytest.mark.parametrize("realm", [Realm.FEE_CENTER, Realm.OPERATOR])
async def test_other_realms_are_offered_nothing(services: Services, realm: Realm) -> None:
    user_id = await factories.console_user(services, "lin@yunfan.example")
    with pytest.raises(NotAllowedError):
        await services.onboarding.offers.offer(Actor(realm=realm, subject_id=user_id, session_id="sess"))
