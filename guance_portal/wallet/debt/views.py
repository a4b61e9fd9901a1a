"""What the payer of a debt, the members of its workspaces and the operators see of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from guance_portal.accounts.members import workspace_queries
from guance_portal.accounts.members.access import MANAGERS, require_password_session, require_role
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.core.errors import NotSignedInError
from guance_portal.core.money import Currency
from guance_portal.ledger import queries as ledger
from guance_portal.payers import queries as payers
from guance_portal.payers.tables import FeeAccount
from guance_portal.wallet.debt import queries
from guance_portal.wallet.debt.rules import Countdown

MOST = 50
"""So many transactions of a debt are shown; 收支明细 has all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtView:
    """How an account stands: `countdown` is None while nothing is owed; `owed` in cents.

    `workspaces` are those that the account itself pays for. `locked_at` is set while the account is locked. `zone` is that
    by whose days the account counts; `version` grows with whatever is said here.
    """

    fee_account_id: str
    username: str
    currency: Currency
    zone: ZoneInfo
    now: datetime
    owed: int
    countdown: Countdown | None
    locked_at: datetime | None
    workspaces: tuple[str, ...]
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceDebt:
    """What members of a workspace see: since when it is `locked_at`, by whose debt, and where else they can go.

    `debt` is for owner and administrators alone, of a workspace that the account itself pays for.
    """

    workspace_id: str
    name: str
    locked_at: datetime | None
    is_owner: bool
    fee_account_id: str
    username: str
    zone: ZoneInfo
    others: tuple[str, ...]
    debt: DebtView | None
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtMove:
    """A transaction that moved a debt: by so many cents, to so many."""

    number: int
    act: str
    reference: str
    at: datetime
    minor: int
    owed: int


class DebtViews:
    """`clock` tells business time."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    async def of_payer(self, actor: Actor) -> DebtView:
        """The debt of the account that is signed in, also by the handoff from a workspace."""
        actor.require(Realm.FEE_CENTER)
        async with self._database.reading() as work:
            account = await payers.account(work, actor.subject_id)
            if account is None:
                raise NotSignedInError
            return await self._view(work, account)

    async def of_account(self, actor: Actor, fee_account_id: str) -> DebtView | None:
        """The debt of an account, for operators; None where there is no such account."""
        actor.require(Realm.OPERATOR)
        async with self._database.reading() as work:
            account = await payers.account(work, fee_account_id)
            return await self._view(work, account) if account else None

    async def of_workspace(self, actor: Actor) -> WorkspaceDebt | None:
        """What the session's workspace has to do with a debt; None where nobody pays. Raises NotAllowedError."""
        async with self._database.reading() as work:
            role = await require_role(work, actor)
            found = await queries.workspace_with_payer(work, actor.workspace_id)
            if found is None:
                return None
            workspace, payer, account = found
            is_own = payer.cloud_account_id is None
            mine = await workspace_queries.of_user(work, actor.subject_id)
            view = await self._view(work, account)
        return WorkspaceDebt(
            workspace_id=workspace.id,
            name=workspace.name,
            locked_at=workspace.locked_at,
            is_owner=role is MANAGERS[0],
            fee_account_id=account.id,
            username=account.username,
            zone=view.zone,
            others=tuple(one.name for one, _ in mine if one.id != workspace.id and one.locked_at is None),
            debt=view if is_own and role in MANAGERS else None,
            version=account.version,
        )

    async def moves(self, actor: Actor) -> tuple[DebtMove, ...]:
        """欠费明细: what has made up the present debt, the newest first; MOST at most.

        Raises PasswordNeededError for a session that is limited to a workspace.
        """
        actor.require(Realm.FEE_CENTER)
        require_password_session(actor)
        async with self._database.reporting() as work:
            payer = await ledger.payer_of(work, actor.subject_id)
            if payer is None:
                return ()
            owed = (await queries.owed(work, [payer]))[payer]
            rows = await queries.moves(work, payer, MOST)
        found: list[DebtMove] = []
        for row, minor in rows:
            if owed <= 0:  # what stands before a debt of nothing belongs to an earlier debt
                break
            found.append(
                DebtMove(number=row.number, act=row.kind, reference=row.reference, at=row.at, minor=minor, owed=owed)
            )
            owed -= minor
        return tuple(found)

    async def _view(self, work: UnitOfWork, account: FeeAccount) -> DebtView:
        debt = await queries.first_open(work, account.id)
        payer = await ledger.payer_of(work, account.id)
        owed = (await queries.owed(work, [payer]))[payer] if payer else 0
        countdown = debt.countdown if debt and owed else None
        return DebtView(
            fee_account_id=account.id,
            username=account.username,
            currency=account.currency,
            zone=countdown.zone if countdown else account.zone,
            now=self._clock.now(),
            owed=owed,
            countdown=countdown,
            locked_at=account.locked_at,
            workspaces=tuple(one.name for one in await queries.settled_by_account(work, account.id)),
            version=account.version,
        )
