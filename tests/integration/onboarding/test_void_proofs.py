"""What was proven before a root changed is worth nothing after it: e-mail, password, owner."""

from __future__ import annotations

import ast
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from sqlmodel import col, select

import guance_portal
from guance_portal.accounts.codes.rules import CodeDeadError, CodePurpose
from guance_portal.accounts.codes.tables import EmailCode
from guance_portal.accounts.errors import ResetLinkSpentError, TicketSpentError
from guance_portal.accounts.identity.proofs import Changed, Root
from guance_portal.accounts.identity.tables import ResetLink, Ticket
from guance_portal.accounts.sessions.sign_in import SignInOrder
from guance_portal.bootstrap import Services
from guance_portal.core.actor import Realm
from guance_portal.mail.tables import Email
from guance_portal.onboarding.upgrade.rules import PayerMissingError
from guance_portal.payers.tables import EmailChange
from tests import factories
from tests.support.sign_up import PASSWORD, open_drafts, rows
from tests.support.upgrades import Owner, free_owner

PAYER, OLD, NEW = "yunfan_finance", "finance@yunfan.example", "money@yunfan.example"
NEW_PASSWORD = "quiet lantern over nine rivers"


@pytest.fixture
async def owner(services: Services) -> Owner:
    """Somebody without a fee-centre account of their own, beside an account of the finance people."""
    await factories.fee_account(services, PAYER, email=OLD)
    return await free_owner(services, has_account=False)


async def code_to(services: Services, to: str) -> str:
    async with services.database.reading() as work:
        found = select(Email).where(col(Email.recipient) == to, col(Email.template) == "verification_code")
        email = (await work.session.exec(found.order_by(col(Email.created_at).desc(), col(Email.id).desc()))).first()
    assert email
    return email.params["code"]


async def change_email(services: Services) -> None:
    payer = await factories.sign_in(services, PAYER, realm=Realm.FEE_CENTER)
    changes = services.email_changes
    await changes.send_to_old(payer.actor, payer.caller)
    await changes.prove_old(payer.actor, await code_to(services, OLD), payer.caller)
    await changes.send_to_new(payer.actor, NEW, payer.caller)
    await changes.change(payer.actor, NEW, await code_to(services, NEW), payer.caller)


async def change_payers_password(services: Services) -> None:
    payer = await factories.sign_in(services, PAYER, realm=Realm.FEE_CENTER)
    await services.passwords.change(payer.actor, factories.PASSWORD, NEW_PASSWORD, payer.caller)


CHANGES = pytest.mark.parametrize("change", [change_email, change_payers_password])


@CHANGES
async def test_an_account_that_was_proven_before_pays_for_nothing(
    owner: Owner, change: Callable[[Services], Awaitable[None]]
) -> None:
    code = await owner.binding_code(PAYER, OLD)
    await owner.services.onboarding.upgrade_payers.bind(owner.who, PAYER, code)
    await change(owner.services)
    with pytest.raises(PayerMissingError):
        await owner.upgrade(PAYER)


@CHANGES
async def test_a_code_that_was_sent_before_binds_nothing(
    owner: Owner, change: Callable[[Services], Awaitable[None]]
) -> None:
    code = await owner.binding_code(PAYER, OLD)
    await change(owner.services)
    with pytest.raises(CodeDeadError):
        await owner.services.onboarding.upgrade_payers.bind(owner.who, PAYER, code)


async def test_a_new_password_of_the_owner_takes_back_what_they_had_proven(owner: Owner) -> None:
    await owner.services.onboarding.upgrade_payers.bind(owner.who, PAYER, await owner.binding_code(PAYER, OLD))
    me = owner.session
    await owner.services.passwords.change(me.actor, PASSWORD, NEW_PASSWORD, me.caller)
    with pytest.raises(PayerMissingError):
        await owner.upgrade(PAYER)


async def test_a_new_owner_inherits_no_proof_and_the_old_one_keeps_none(owner: Owner) -> None:
    services, workspace_id = owner.services, owner.who.workspace_id
    await services.onboarding.upgrade_payers.bind(owner.who, PAYER, await owner.binding_code(PAYER, OLD))
    async with services.database.writing() as work:
        changed = Changed(root=Root.OWNER, realm=Realm.CONSOLE, id=workspace_id)
        await services.proofs.void(work, changed, services.clock.now())
        await work.commit()
    assert await open_drafts(services) == []
    live = [one for one in await rows(services, EmailCode) if one.ended_at is None]
    assert not [one for one in live if workspace_id in one.holder]


async def test_links_tickets_and_codes_of_an_account_end_with_its_email(services: Services) -> None:
    await factories.fee_account(services, PAYER, email=OLD)
    caller = factories.browser()
    await services.passwords.ask_reset(Realm.FEE_CENTER, PAYER, "", caller)
    async with services.database.reading() as work:
        email = (await work.session.exec(select(Email).where(col(Email.template) == "password_reset"))).one()
    order = SignInOrder(realm=Realm.FEE_CENTER, login=PAYER, password=factories.PASSWORD)
    ticket = await services.sign_in.sign_in(order, caller)
    other = await factories.sign_in(services, PAYER, realm=Realm.FEE_CENTER)
    await change_email(services)
    with pytest.raises(ResetLinkSpentError):
        await services.passwords.reset(email.params["link"].partition("#")[2], NEW_PASSWORD, caller)
    with pytest.raises(TicketSpentError):
        await services.sessions.open(ticket, caller, {})
    assert await rows(services, EmailChange) == []
    assert not await services.email_changes.is_old_proven(other.actor)


async def test_proofs_of_other_accounts_stay_valid(owner: Owner) -> None:
    services = owner.services
    await factories.fee_account(services, "another", email="another@yunfan.example")
    code = await owner.binding_code("another", "another@yunfan.example")
    await change_email(services)
    assert await services.onboarding.upgrade_payers.bind(owner.who, "another", code) == "another"


def changes(tree: ast.Module) -> set[Root]:
    """Which roots a module changes: it sets a password, writes the e-mail of a row, or makes somebody the owner."""
    found = set[Root]()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            given = {ast.unparse(one) for one in (*node.args, *(word.value for word in node.keywords))}
            found |= {Root.PASSWORD} if node.func.attr == "set_password" else set()
            found |= {Root.OWNER} if node.func.attr == "set_role" and "Role.OWNER" in given else set()
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and node.attr == "email_key":
            found.add(Root.EMAIL)
    return found


def voids(tree: ast.Module) -> set[Root]:
    """Whose proofs a module voids."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == "Changed"]
    named = [ast.unparse(word.value) for call in calls for word in call.keywords if word.arg == "root"]
    return {Root[name.removeprefix("Root.")] for name in named}


def test_anyone_who_changes_a_root_voids_what_it_proved() -> None:
    """Only where somebody is new there is nothing to void."""
    root = Path(guance_portal.__file__).parent
    trees = {path.relative_to(root).as_posix(): ast.parse(path.read_text("utf-8")) for path in root.rglob("*.py")}
    changing = {name: found for name, tree in trees.items() if (found := changes(tree))}
    assert set.union(*changing.values()) == set(Root)
    careless = {name for name, found in changing.items() if not found <= voids(trees[name])}
    assert careless == {"accounts/opening.py", "payers/opening.py"}


def test_every_kind_of_proof_with_a_holder_is_known() -> None:
    """A new purpose of codes, or a new kind of ticket or link, must be thought of in `accounts/identity/proofs.py`."""
    assert {*CodePurpose} == {"sign_up", "bind_fee_account", "open_fee_account", "fee_email_old", "fee_email_new"}
    assert {"realm", "subject_id"} <= set(Ticket.model_fields) & set(ResetLink.model_fields)
