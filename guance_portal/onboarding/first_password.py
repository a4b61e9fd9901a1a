"""Which password opens the fee-centre account that an email names."""

from __future__ import annotations

from enum import StrEnum

from guance_portal.core.db import UnitOfWork
from guance_portal.onboarding import queries
from guance_portal.payers.tables import FeeAccount


class FirstPassword(StrEnum):
    """Where the first password of the account came from, as the reader of the email knows it.

    `SIGN_UP`: the account was made together with the reader's own, with the same password. `OWN`: the reader
    registered it later, with a password for it alone. `OTHERS`: somebody else registered it.
    """

    SIGN_UP = "sign_up"
    OWN = "own"
    OTHERS = "others"


async def of(work: UnitOfWork, user_id: str, account: FeeAccount) -> FirstPassword:
    """The first password of an account, as this console user knows it."""
    began = await queries.registration(work, user_id)
    if began is None or began.fee_account_id != account.id:
        return FirstPassword.OTHERS
    # Both rows of a sign-up are written at one moment.
    return FirstPassword.SIGN_UP if began.registered_at == account.created_at else FirstPassword.OWN
