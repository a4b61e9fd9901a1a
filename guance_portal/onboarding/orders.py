"""What is asked of the services that open workspaces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from guance_portal.accounts.rules import Edition
from guance_portal.core.actor import Actor, Caller
from guance_portal.core.messages import Language
from guance_portal.onboarding.agreements import Accepted
from guance_portal.payers.ports import CloudClaim
from guance_portal.payers.rules import SettlementMethod


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceOrder:
    """A workspace to be opened by the actor. `language` is the workspace's own.

    `method` counts for 商业版 alone. A cloud's needs the `claim` of a subscription, or the id of an account that is
    registered already.
    """

    actor: Actor
    caller: Caller
    name: str
    language: Language
    edition: Edition = Edition.COMMERCIAL
    method: SettlementMethod = SettlementMethod.ENTERPRISE
    claim: CloudClaim | None = None
    cloud_account_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """Agreements that were accepted on a page which spoke this language."""

    language: Language
    accepted: Sequence[Accepted] = ()
