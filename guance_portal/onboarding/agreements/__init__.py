"""The agreements people accept: full texts in both languages, with version, date and the hash of each text."""

from guance_portal.onboarding.agreements.library import (
    Accepted,
    Agreement,
    AgreementKind,
    AgreementMissingError,
    AgreementOutdatedError,
    Section,
    current,
    require,
    required_for,
)

__all__ = [
    "Accepted",
    "Agreement",
    "AgreementKind",
    "AgreementMissingError",
    "AgreementOutdatedError",
    "Section",
    "current",
    "require",
    "required_for",
]
