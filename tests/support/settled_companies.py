"""Companies in the database of a running portal: a commercial workspace, its owner, and the account that pays."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from guance_portal import sites
from guance_portal.bootstrap import Services
from guance_portal.sites import Provider
from tests.support.companies import actor
from tests.support.marketplace import register
from tests.support.people import People, Session
from tests.support.settlers import open_paid


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """An owner and a payer, both signed in; `choices` settle by the registered cloud accounts, in their order."""

    owner: Session
    payer: Session
    workspace_id: str
    choices: tuple[str, ...]


def company(people: People, *, site: str = "cn1", accounts: Sequence[Provider] = ()) -> Company:
    """A new company with a cloud account of each of the providers, registered by simulators of their marketplaces."""
    owner, payer = people.user(site=site), people.payer(currency=sites.get(site).currency)
    workspace_id = people.do(lambda services: open_paid(services, owner.id, payer.id, site=site))
    session = people.sign_in(payer)

    async def add(services: Services) -> tuple[str, ...]:
        paying = await actor(services, session)
        return tuple(
            [
                f"account:{await register(services, paying, _account(), provider=one, currency=sites.get(site).currency)}"
                for one in accounts
            ]
        )

    return Company(owner=people.sign_in(owner), payer=session, workspace_id=workspace_id, choices=people.do(add))


def _account() -> str:
    return f"1827{secrets.randbelow(10**8):08}4093"
