"""The refusals of what operators do with cloud records."""

from guance_portal.core.errors import PortalError


class CloudRecordUnknownError(PortalError, code="errors.cloud_record_unknown"):
    """There is no such record."""


class CloudRecordMovedError(PortalError, code="errors.cloud_record_moved"):
    """Something has become of the record since it was shown, or is becoming right now."""
