"""The forms of 套餐升级 that find who pays, and the draft of what an owner has typed into them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

from guance_portal.accounts.identity.asked import Code, EmailAddress, NewPassword, Username
from guance_portal.core.drafts import DraftKind, Found, OpenDraft
from guance_portal.core.forms import Asked, FieldKind, Form
from guance_portal.payers.company import CompanyName


class BindForm(Form):
    """绑定费用中心账号 as typed; the code has a name of its own beside that of the other dialog."""

    payer: Annotated[str, Asked(label="upgrade.payer", help="upgrade.payer_help")] = ""
    binding_code: Annotated[str, Asked(label="sign_up.code", kind=FieldKind.CODE, autocomplete="one-time-code")] = ""


class NewPayerForm(Form):
    """注册新账号 as typed."""

    username: Username = ""
    password: NewPassword = ""
    company_name: CompanyName = ""
    email: EmailAddress = ""
    code: Code = ""


class PayerForm(NewPayerForm, BindForm):
    """What both dialogs ask for."""


class PayerFound(Found):
    """Which fee-centre account the owner has proven.

    `proven_account_id` may pay for this workspace for a day from `proven_at`; `proven_email` is the address (as
    compared) whose code was right, for the account that is being registered.
    """

    proven_email: str = ""
    proven_account_id: str = ""
    proven_at: datetime | None = None


PAYER = DraftKind(name="upgrade", form=PayerForm, found=PayerFound, life=timedelta(days=30))
PayerDraft = OpenDraft[PayerForm, PayerFound]
