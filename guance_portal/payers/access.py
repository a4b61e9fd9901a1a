"""What a session of the fee centre may touch: all of its account, or the one workspace an SSO handoff limited it to."""

from __future__ import annotations

from sqlmodel import col, select

from guance_portal.core.actor import Actor, Realm
from guance_portal.core.db import UnitOfWork
from guance_portal.core.errors import NotAllowedError
from guance_portal.payers.tables import WorkspacePayer


def require_fee_center(actor: Actor) -> None:
    """Raise NotAllowedError unless the actor is a fee-centre account."""
    actor.require(Realm.FEE_CENTER)


async def require_payer(work: UnitOfWork, actor: Actor, workspace_id: str, *, lock: bool = False) -> WorkspacePayer:
    """The binding of a workspace to the actor's account; raises NotAllowedError for any other workspace.

    For a session limited to one workspace, every other is another one, though the account pays for it too.
    """
    require_fee_center(actor)
    if actor.workspace_id in {"", workspace_id}:
        found = select(WorkspacePayer).where(
            col(WorkspacePayer.workspace_id) == workspace_id, col(WorkspacePayer.fee_account_id) == actor.subject_id
        )
        payer = (await work.session.exec(found.with_for_update() if lock else found)).one_or_none()
        if payer is not None:
            return payer
    raise NotAllowedError
