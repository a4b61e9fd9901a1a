"""Why a key is not made."""

from __future__ import annotations

from guance_portal.core.errors import PortalError


class TooManyKeysError(PortalError):
    """The workspace has as many keys as it may have. Parameter: most."""

    code = "errors.too_many_keys"


class NoScopeError(PortalError):
    """A key that may do nothing."""

    code = "errors.no_scope"


class KeyNameMissingError(PortalError):
    """A key without a name."""

    code = "errors.key_name_missing"


class KeyNameTooLongError(PortalError):
    """Parameters: most, count."""

    code = "errors.key_name_too_long"
