"""Why a request is refused although every line of it is valid."""

from __future__ import annotations

from guance_portal.core.errors import PortalError
from guance_portal.metering.items import Item


class WorkspaceLockedError(PortalError):
    """The workspace is locked, or gone: it takes no data."""

    code = "errors.workspace_locked"


class OverQuotaError(PortalError):
    """The day's free quota of this item has no room for the request; it will have in `retry_after` seconds."""

    code = "errors.over_quota"

    def __init__(self, item: Item, *, used: int, quota: int, retry_after: int) -> None:
        super().__init__()
        self.item, self.used, self.quota, self.retry_after = item, used, quota, retry_after


class TooManyNamespacesError(PortalError):
    """The workspace's DataKits are elected in as many namespaces as it may have."""

    code = "errors.too_many_namespaces"


class TokenGraceError(PortalError):
    """No such time for an old token to die."""

    code = "errors.token_grace"
