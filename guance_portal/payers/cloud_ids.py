"""The ids of a subscription as people paste them: with spaces, in full width, with what cannot be seen."""

from __future__ import annotations

import re
from typing import Annotated

from guance_portal.core import plain
from guance_portal.core.checklist import Checklist, FormProblemsError
from guance_portal.core.errors import PortalError
from guance_portal.core.forms import Asked, Form
from guance_portal.payers import cloud_errors as errors
from guance_portal.payers.ports import CloudClaim
from guance_portal.sites import Provider


def is_account(provider: Provider, account: str) -> bool:
    """Whether this can be an account ID of a provider."""
    return re.fullmatch(provider.registration.account_id, account) is not None


def read_claim(provider: Provider, account: str, instance: str) -> CloudClaim:
    """What was typed; raises FormProblemsError with every problem of both fields."""
    problems = Checklist("account", "instance")
    claim = CloudClaim(account=plain.code(account), instance=plain.code(instance))
    if not claim.account:
        problems.refuse(errors.AccountIdMissingError(field="account"))
    elif not is_account(provider, claim.account):
        problems.refuse(errors.AccountIdMalformedError(field="account"))
    if not claim.instance:
        problems.refuse(errors.InstanceIdMissingError(field="instance"))
    problems.finish()
    return claim


class CloudForm(Form):
    """The ids of a subscription as pasted; what they are called and how they look differs by provider."""

    account: Annotated[str, Asked(label="cloud.aliyun.account")] = ""
    instance: Annotated[str, Asked(label="cloud.aliyun.instance")] = ""

    def claim(self, provider: Provider) -> CloudClaim:
        """What was typed; raises FormProblemsError with every problem of both fields."""
        return read_claim(provider, self.account, self.instance)

    def problem_at(self, provider: Provider, field: str) -> PortalError | None:
        """What is wrong with one of the fields; nothing of an empty one."""
        if not getattr(self, field).strip():
            return None
        try:
            self.claim(provider)
        except FormProblemsError as problems:
            return next((problem for problem in problems if problem.field == field), None)
        return None
