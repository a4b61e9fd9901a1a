"""What a fee-centre account says about its company, changed by the account itself."""

from __future__ import annotations

from guance_portal.accounts.members.access import require_password_session
from guance_portal.core import audit
from guance_portal.core.actor import Actor, Caller
from guance_portal.core.checklist import Checklist
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database
from guance_portal.core.errors import NotSignedInError
from guance_portal.payers import queries
from guance_portal.payers.access import require_fee_center
from guance_portal.payers.company import CompanyForm
from guance_portal.payers.tables import Company


class CompanyService:
    """Changes 企业信息 by the rules of sign-up."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    async def change(self, actor: Actor, form: CompanyForm, caller: Caller) -> None:
        """Take the form; one that changes nothing leaves no trace.

        Raises FormProblemsError, PasswordNeededError, NotAllowedError.
        """
        require_fee_center(actor)
        require_password_session(actor)
        checks = Checklist(*CompanyForm.asked())
        profile = form.read(checks)
        checks.finish()
        now = self._clock.now()
        async with self._database.writing() as work:
            if await queries.account(work, actor.subject_id, lock=True) is None:
                raise NotSignedInError
            row = await queries.company(work, actor.subject_id)
            told = profile.row()
            changed = [name for name, value in told.items() if row is None or getattr(row, name) != value]
            if changed:
                await work.session.merge(Company(fee_account_id=actor.subject_id, updated_at=now, **told))
                on = ("fee_account", actor.subject_id)
                audit.record(work, "company.changed", on, at=now, actor=actor, caller=caller, fields=" ".join(changed))
            await work.commit()
