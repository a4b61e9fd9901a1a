"""The refusals of what operators do with cloud records."""

from guance_portal.core.errors import PortalError


class CloudRecordUnknownError(PortalError):
    """There is no such record."""

    code = "errors.cloud_record_unknown"


class CloudRecordMovedError(PortalError):
    """Something has become of the record since it was shown, or is becoming right now."""

    code = "errors.cloud_record_moved"
