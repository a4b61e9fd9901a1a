"""A fee-centre session that came by the SSO handoff calls every handler there is: it learns of its one workspace alone."""

from __future__ import annotations

import pytest

from guance_portal import guance_portal
from guance_portal.bootstrap import Services
from guance_portal.core.actor import Caller, Realm
from guance_portal.core.tokens import digest
from guance_portal.state.audience import audience_of
from guance_portal.state.gate import handlers
from tests import factories
from tests.support.companies import actor
from tests.support.hostile import fitting_payload
from tests.support.people import People
from tests.support.portal_server import PortalServer
from tests.support.raw_socket import BOOT, RawSocket, router
from tests.support.settled_companies import company, open_paid
from tests.support.snapshot import dump

assert guance_portal.app  # its import registers every state
PAGES = ("/fee-center", "/fee-center/workspaces", "/fee-center/account")


def _is_for_payers(name: str) -> bool:
    who = audience_of(handlers()[name])
    return isinstance(who, frozenset) and Realm.FEE_CENTER in who


FEE_HANDLERS = sorted(filter(_is_for_payers, handlers()))


@pytest.mark.parametrize("path", PAGES)
async def test_it_learns_nothing_of_the_rest_of_the_account_whatever_it_calls(
    portal: PortalServer, people: People, path: str
) -> None:
    paid = company(people)
    owner, payer = paid.owner, paid.payer
    other = people.do(lambda services: open_paid(services, owner.person.id, payer.person.id, site="cn1"))
    caller = Caller(address="127.0.0.1", user_agent=factories.CHROME, visitor=digest(owner.visitor))

    async def hand_off(services: Services) -> str:
        ticket = await services.sso_handoff.ticket(await actor(services, owner), caller)
        opened = (await services.sso_handoff.enter(ticket, caller, {})).opened
        assert opened
        return opened.token

    cookies = {"gc_fee": people.do(hand_off), "gc_visitor": owner.visitor}
    before = dump(portal)
    async with RawSocket(portal.base, cookies=cookies) as socket:
        await socket.call(BOOT, {}, path=path)
        for name in FEE_HANDLERS:
            for payload in (fitting_payload(handlers()[name]), {}):
                await socket.send_event({"name": name, "payload": payload, "router_data": router(path)})
        await socket.settle(seconds=60)
    told = "\n".join(socket.frames)
    assert paid.workspace_id in told
    for secret in (other, payer.person.email, payer.id, digest(payer.token), payer.person.id):
        assert secret not in told
    changed = [row for row in before - dump(portal) if payer.person.id in str(row) or payer.id in str(row)]
    assert not changed
    assert people.sessions_of(payer)
