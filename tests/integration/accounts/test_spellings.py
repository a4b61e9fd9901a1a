"""Other spellings of a login give no more tries: the same person is found, and the same count is counted."""

from __future__ import annotations

from itertools import cycle, islice

import pytest
from sqlmodel import col, select

from guance_portal.accounts.errors import WRONG_LOGIN
from guance_portal.accounts.sessions.sign_in import SignInOrder
from guance_portal.bootstrap import Services
from guance_portal.core.actor import Realm
from guance_portal.core.errors import TooManyAttemptsError
from guance_portal.core.rate_limits import LIMITS
from guance_portal.mail.tables import Email
from tests import factories

EMAIL = (
    "lin@yunfan.example",
    "LIN@yunfan.example",
    " lin@YUNFAN.example ",
    "ｌｉｎ@yunfan.example",
    "lin＠ｙｕｎｆａｎ.example",
)
USERNAME = ("yunfan", "YUNFAN", " Yunfan ", "ｙｕｎｆａｎ", "ＹＵＮＦＡＮ")
LOGINS = [(Realm.CONSOLE, EMAIL, ("cn1",)), (Realm.FEE_CENTER, USERNAME, ("", "cn1", "us1", "x"))]


@pytest.fixture(autouse=True)
async def people(services: Services) -> None:
    """Somebody of each realm."""
    await factories.console_user(services)
    await factories.fee_account(services)


@pytest.mark.parametrize(("realm", "logins", "sites"), LOGINS)
async def test_wrong_passwords_add_up_over_all_spellings_of_a_login(
    services: Services, realm: Realm, logins: tuple[str, ...], sites: tuple[str, ...]
) -> None:
    caller, most = factories.browser(), LIMITS["sign_in_per_browser"].amount
    spelt = [(login, site) for site in sites for login in logins]
    for login, site in islice(cycle(spelt), most):
        with pytest.raises(WRONG_LOGIN[realm]):
            await services.sign_in.sign_in(SignInOrder(realm=realm, login=login, password="x", site=site), caller)
    for login, site in spelt:
        with pytest.raises(TooManyAttemptsError):
            await services.sign_in.sign_in(SignInOrder(realm=realm, login=login, password="x", site=site), caller)


async def test_strangers_share_one_count_over_all_spellings_and_addresses(services: Services) -> None:
    most = LIMITS["sign_in_by_strangers"].amount
    refused = 0
    for number, login in enumerate(islice(cycle(EMAIL), most + 20)):
        order = SignInOrder(realm=Realm.CONSOLE, login=login, password="x", site="cn1")
        with pytest.raises((TooManyAttemptsError, WRONG_LOGIN[Realm.CONSOLE])) as refusal:
            await services.sign_in.sign_in(order, factories.browser(f"192.0.2.{number}"))
        refused += isinstance(refusal.value, TooManyAttemptsError)
    assert refused == 20


@pytest.mark.parametrize(("realm", "logins", "sites"), LOGINS)
async def test_reset_emails_add_up_over_all_spellings_and_sites(
    services: Services, realm: Realm, logins: tuple[str, ...], sites: tuple[str, ...]
) -> None:
    spelt = [(login, site) for site in sites for login in logins]
    for number, (login, site) in enumerate(islice(cycle(spelt), 15)):
        caller = factories.browser(f"198.51.100.{number}")
        if number < LIMITS["reset_per_login"].amount:
            await services.passwords.ask_reset(realm, login, site, caller)
            continue
        with pytest.raises(TooManyAttemptsError):
            await services.passwords.ask_reset(realm, login, site, caller)
    async with services.database.reading() as work:
        sent = (await work.session.exec(select(Email).where(col(Email.template) == "password_reset"))).all()
    assert len(sent) == LIMITS["reset_per_login"].amount
