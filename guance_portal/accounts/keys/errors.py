"""Why a key is not made."""

from __future__ import annotations

from guance_portal.core.errors import PortalError


class TooManyKeysError(PortalError, code="errors.too_many_keys"):
    """The workspace has as many keys as it may have. Parameter: most."""


class NoScopeError(PortalError, code="errors.no_scope"):
    """A key that may do nothing."""


class KeyNameMissingError(PortalError, code="errors.key_name_missing"):
    """A key without a name."""


class KeyNameTooLongError(PortalError, code="errors.key_name_too_long"):
    """Parameters: most, count."""
