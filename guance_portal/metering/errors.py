"""Why a request is refused although every line of it is valid."""

from __future__ import annotations

from guance_portal.core.errors import PortalError
from guance_portal.metering.items import Item


class WorkspaceLockedError(PortalError, code="errors.workspace_locked"):
    """The workspace is locked, or gone: it takes no data."""


class OverQuotaError(PortalError, code="errors.over_quota"):
    """The day's free quota of this item has no room for the request; it will have in `retry_after` seconds."""

    def __init__(self, item: Item, *, used: int, quota: int, retry_after: int) -> None:
        super().__init__()
        self.item, self.used, self.quota, self.retry_after = item, used, quota, retry_after


class TooManyNamespacesError(PortalError, code="errors.too_many_namespaces"):
    """The workspace's DataKits are elected in as many namespaces as it may have."""


class TokenGraceError(PortalError, code="errors.token_grace"):
    """No such time for an old token to die."""
