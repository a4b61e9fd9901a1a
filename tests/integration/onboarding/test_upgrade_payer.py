"""Who pays after an upgrade: proven by a code to the account's own mail, or newly registered."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from guance_portal.accounts.codes.rules import (
    CodeExpiredError,
    CodeNotSentError,
    CodeSpentError,
    CodeTooSoonError,
    CodeWrongError,
)
from guance_portal.bootstrap import Services
from guance_portal.core import drafts
from guance_portal.core.actor import Realm
from guance_portal.core.checklist import FormProblemsError
from guance_portal.core.errors import NotAllowedError, PortalError, TooManyAttemptsError
from guance_portal.core.messages import catalogue
from guance_portal.mail.tables import Email
from guance_portal.onboarding.upgrade.new_payer import NewPayerForm, NewPayerService
from guance_portal.onboarding.upgrade.payer import PayerService
from guance_portal.onboarding.upgrade.rules import (
    AlreadyCommercialError,
    FeeUsernameMissingError,
    FeeUsernameUnknownError,
    HasFeeAccountError,
    PayerMissingError,
)
from guance_portal.payers.binding import CurrencyMismatchError
from guance_portal.payers.tables import Company, FeeAccount, WorkspacePayer
from guance_portal.sites import Currency
from tests import factories
from tests.support.clocks import MovableClock
from tests.support.sign_up import PASSWORD, emails, open_drafts, rows
from tests.support.upgrades import Owner, free_owner

PAYER, PAYER_MAIL = "yunfan_finance", "finance@yunfan.example"


@pytest.fixture
async def owner(services: Services) -> Owner:
    """Somebody without a fee-centre account of their own, beside an account of the finance people."""
    await factories.fee_account(services, PAYER, email=PAYER_MAIL)
    return await free_owner(services, has_account=False)


@pytest.fixture
def payers(services: Services) -> PayerService:
    return services.onboarding.upgrade_payers


@pytest.fixture
def newcomers(services: Services) -> NewPayerService:
    return services.onboarding.upgrade_new_payers


async def payer_of(owner: Owner) -> str:
    view = await owner.services.onboarding.upgrade_views.view(owner.session.actor)
    return view.offer.payer if view.offer else ""


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


async def reminder(owner: Owner) -> str:
    """What 开通提醒 says of the password of the fee-centre account, by its key."""
    (email,) = [
        one for one in await emails(owner.services.database, owner.email) if one.template == "commercial_opened"
    ]
    said = {key: words for key, words in catalogue().items() if key.startswith("onboarding.first_password.")}
    return next(key for key, words in said.items() if words.zh == email.params["first_password"])


async def test_the_reminder_says_which_password_opens_an_account_of_somebody_else(
    owner: Owner, payers: PayerService
) -> None:
    await payers.bind(owner.who, PAYER, await owner.binding_code(PAYER, PAYER_MAIL))
    await owner.upgrade(PAYER)
    assert await reminder(owner) == "onboarding.first_password.others"


async def test_the_reminder_says_which_password_opens_an_account_registered_on_the_way(
    owner: Owner, newcomers: NewPayerService, clock: MovableClock
) -> None:
    clock.move(minutes=1)
    await newcomers.register(owner.who, await owner.new_payer(username="yunfan_new"))
    await owner.upgrade("yunfan_new")
    assert await reminder(owner) == "onboarding.first_password.own"


async def test_the_reminder_says_that_the_account_of_a_sign_up_began_with_its_password(services: Services) -> None:
    owner = await free_owner(services)
    await owner.upgrade()
    assert await reminder(owner) == "onboarding.first_password.sign_up"


# --- 绑定费用中心账号 ---


async def test_the_code_goes_to_the_account_and_says_who_asks_for_which_workspace(owner: Owner) -> None:
    await owner.services.onboarding.upgrade_payers.send_binding_code(owner.who, PAYER)
    (email,) = await emails(owner.services.database, PAYER_MAIL)
    assert email.template == "binding_code"
    assert (email.params["asker"], email.params["asker_email"]) == (owner.username, owner.email)
    assert email.params["workspace"] == f"{owner.username} 的工作空间"
    assert "binding_code" not in {one.template for one in await emails(owner.services.database, owner.email)}


async def test_a_right_code_lets_the_account_pay_and_the_upgrade_binds_it(owner: Owner, payers: PayerService) -> None:
    code = await owner.binding_code(PAYER.upper(), PAYER_MAIL)
    assert await payers.bind(owner.who, PAYER.upper(), code) == PAYER
    assert await rows(owner.services, WorkspacePayer) == []
    assert await payer_of(owner) == PAYER
    receipt = await owner.upgrade(PAYER)
    assert receipt.fee_username == PAYER
    told = [one for one in await emails(owner.services.database, PAYER_MAIL) if one.template == "fee_account_bound"]
    assert len(told) == 1


async def test_a_declined_agreement_binds_nothing_and_mails_nothing(owner: Owner, payers: PayerService) -> None:
    await payers.bind(owner.who, PAYER, await owner.binding_code(PAYER, PAYER_MAIL))
    assert await rows(owner.services, WorkspacePayer) == []
    assert {one.template for one in await rows(owner.services, Email)} == {
        "verification_code",
        "free_opened",
        "binding_code",
    }


async def test_wrong_codes_count_down_and_then_the_code_is_dead(owner: Owner, payers: PayerService) -> None:
    code = await owner.binding_code(PAYER, PAYER_MAIL)
    for left in (4, 3, 2, 1):
        with pytest.raises(CodeWrongError) as refusal:
            await payers.bind(owner.who, PAYER, wrong(code))
        assert refusal.value.params == {"left": left}
    for _ in range(2):
        with pytest.raises(CodeSpentError):
            await payers.bind(owner.who, PAYER, wrong(code))
    with pytest.raises(CodeSpentError):
        await payers.bind(owner.who, PAYER, code)
    assert await payer_of(owner) == ""


async def test_a_code_is_for_one_account_even_where_two_share_an_address(owner: Owner, payers: PayerService) -> None:
    await factories.fee_account(owner.services, "yunfan_other", email=PAYER_MAIL)
    code = await owner.binding_code(PAYER, PAYER_MAIL)
    with pytest.raises(CodeNotSentError):
        await payers.bind(owner.who, "yunfan_other", code)
    assert await payers.bind(owner.who, PAYER, code) == PAYER


async def test_a_code_is_for_one_owner_and_workspace(owner: Owner, payers: PayerService) -> None:
    code = await owner.binding_code(PAYER, PAYER_MAIL)
    other = await free_owner(owner.services, has_account=False)
    with pytest.raises(CodeNotSentError):
        await payers.bind(other.who, PAYER, code)


async def test_an_old_code_and_an_old_proof_are_worth_nothing(
    owner: Owner, payers: PayerService, clock: MovableClock
) -> None:
    code = await owner.binding_code(PAYER, PAYER_MAIL)
    clock.move(minutes=10)
    with pytest.raises(CodeExpiredError):
        await payers.bind(owner.who, PAYER, code)
    await payers.bind(owner.who, PAYER, await owner.binding_code(PAYER, PAYER_MAIL))
    clock.move(hours=24)
    assert await payer_of(owner) == ""
    with pytest.raises(PayerMissingError):
        await owner.upgrade(PAYER)


@pytest.mark.parametrize(
    ("typed", "problem"),
    [("", FeeUsernameMissingError), ("  ", FeeUsernameMissingError), ("nobody", FeeUsernameUnknownError)],
)
async def test_an_unknown_username_is_said_to_be_unknown(
    owner: Owner, payers: PayerService, typed: str, problem: type[PortalError]
) -> None:
    with pytest.raises(problem) as refusal:
        await payers.send_binding_code(owner.who, typed)
    assert refusal.value.field == "payer"
    with pytest.raises(problem):
        await payers.bind(owner.who, typed, "123456")


async def test_usernames_cannot_be_asked_for_quickly(owner: Owner, payers: PayerService) -> None:
    for _ in range(10):
        with pytest.raises(FeeUsernameUnknownError):
            await payers.send_binding_code(owner.who, "nobody")
    with pytest.raises(TooManyAttemptsError):
        await payers.send_binding_code(owner.who, "nobody")


async def test_the_next_code_has_to_wait(owner: Owner, payers: PayerService, clock: MovableClock) -> None:
    await payers.send_binding_code(owner.who, PAYER)
    with pytest.raises(CodeTooSoonError):
        await payers.send_binding_code(owner.who, PAYER)
    clock.move(seconds=60)
    await payers.send_binding_code(owner.who, PAYER)


async def test_another_currency_is_refused_but_only_to_the_person_who_reads_the_accounts_mail(
    owner: Owner, payers: PayerService
) -> None:
    await factories.fee_account(owner.services, "dollars", email="usd@yunfan.example", currency=Currency.USD)
    code = await owner.binding_code("dollars", "usd@yunfan.example")
    with pytest.raises(CodeWrongError):
        await payers.bind(owner.who, "dollars", wrong(code))
    with pytest.raises(CurrencyMismatchError):
        await payers.bind(owner.who, "dollars", code)
    assert await payer_of(owner) == ""


async def test_anyone_who_has_an_account_binds_no_other(services: Services) -> None:
    owner = await free_owner(services)
    await factories.fee_account(services, PAYER, email=PAYER_MAIL)
    with pytest.raises(HasFeeAccountError):
        await services.onboarding.upgrade_payers.send_binding_code(owner.who, PAYER)
    assert await emails(services.database, PAYER_MAIL) == []


async def test_after_the_upgrade_every_dialog_says_so(services: Services) -> None:
    owner = await free_owner(services)
    await owner.upgrade()
    payers, newcomers = services.onboarding.upgrade_payers, services.onboarding.upgrade_new_payers
    for act in (
        payers.save(owner.who, {"email": "a@b.example"}),
        payers.send_binding_code(owner.who, PAYER),
        payers.bind(owner.who, PAYER, "123456"),
        newcomers.send_opening_code(owner.who, owner.email),
    ):
        with pytest.raises(AlreadyCommercialError):
            await act


async def test_a_stranger_asks_for_no_codes(owner: Owner, payers: PayerService) -> None:
    stranger = await free_owner(owner.services)
    actor = replace(stranger.session.actor, workspace_id=owner.who.workspace_id)
    with pytest.raises(NotAllowedError):
        await payers.send_binding_code(replace(owner.who, actor=actor), PAYER)
    assert await emails(owner.services.database, PAYER_MAIL) == []


# --- 注册新账号 ---


async def test_registering_opens_the_account_and_the_upgrade_binds_it(owner: Owner, newcomers: NewPayerService) -> None:
    form = await owner.new_payer()
    assert await newcomers.register(owner.who, form) == owner.username
    account = next(one for one in await rows(owner.services, FeeAccount) if one.username == owner.username)
    assert (account.email, account.currency) == (owner.email, Currency.CNY)
    (company,) = await rows(owner.services, Company)
    assert company.name == "杭州云帆科技有限公司"
    await factories.sign_in(owner.services, owner.username, realm=Realm.FEE_CENTER, password=PASSWORD)
    view = await owner.services.onboarding.upgrade_views.view(owner.session.actor)
    assert view.offer
    assert (view.offer.payer, view.offer.is_own) == (owner.username, True)
    await owner.upgrade()


async def test_the_account_has_the_currency_of_the_site(services: Services, newcomers: NewPayerService) -> None:
    owner = await free_owner(services, has_account=False, site="us1")
    await newcomers.register(owner.who, await owner.new_payer())
    (account,) = await rows(services, FeeAccount)
    assert account.currency is Currency.USD


async def test_a_form_with_problems_is_told_all_of_them(owner: Owner, newcomers: NewPayerService) -> None:
    with pytest.raises(FormProblemsError) as refusal:
        await newcomers.register(owner.who, NewPayerForm(username=PAYER, password="short", email=owner.email))
    assert [(one.field, one.code) for one in refusal.value] == [
        ("username", "errors.username_taken"),
        ("password", "errors.password_too_short"),
        ("company_name", "errors.company_name_missing"),
        ("code", "errors.code_missing"),
    ]


async def test_a_right_code_counts_although_another_field_was_wrong(owner: Owner, newcomers: NewPayerService) -> None:
    form = await owner.new_payer()
    with pytest.raises(FormProblemsError):
        await newcomers.register(owner.who, form.but(password=""))
    await newcomers.register(owner.who, form.but(code=""))


async def test_a_double_click_registers_one_account(owner: Owner, newcomers: NewPayerService) -> None:
    form = await owner.new_payer()
    opened = await asyncio.gather(*(newcomers.register(owner.who, form) for _ in range(4)), return_exceptions=True)
    assert owner.username in opened
    assert await newcomers.register(owner.who, form) == owner.username
    assert [one.username for one in await rows(owner.services, FeeAccount)].count(owner.username) == 1


async def test_what_is_typed_is_kept_but_for_password_and_code(owner: Owner, payers: PayerService) -> None:
    await payers.save(owner.who, {"payer": "somebody", "company_name": "云帆"})
    await payers.save(owner.who, {"username": "yunfan_new", "email": "new@yunfan.example"})
    view = await owner.services.onboarding.upgrade_views.view(owner.session.actor)
    assert view.offer
    typed = view.offer.typed.form
    assert (typed.payer, typed.username) == ("somebody", "yunfan_new")
    assert (typed.email, typed.company_name) == ("new@yunfan.example", "云帆")


async def test_the_form_begins_with_ones_own_name_and_address(owner: Owner) -> None:
    view = await owner.services.onboarding.upgrade_views.view(owner.session.actor)
    assert view.offer
    assert (view.offer.typed.form.username, view.offer.typed.form.email) == (owner.username, owner.email)


async def test_old_drafts_are_forgotten(owner: Owner, payers: PayerService, clock: MovableClock) -> None:
    await payers.save(owner.who, {"company_name": "云帆"})
    clock.move(days=29)
    await drafts.sweep(owner.services.database, clock)
    assert len(await open_drafts(owner.services)) == 1
    clock.move(days=1)
    await drafts.sweep(owner.services.database, clock)
    assert await open_drafts(owner.services) == []
