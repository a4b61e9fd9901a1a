"""Why a claim cannot be used, and what the claim page can say of it."""

from guance_portal.core.errors import PortalError
from guance_portal.marketplaces.aws.errors import (
    AwsProductForeignError,
    AwsRefusedError,
    AwsTokenExpiredError,
    AwsTokenInvalidError,
    AwsTokenUsedError,
    LandingsTooOftenError,
)


class ClaimUnknownError(PortalError, code="errors.claim_unknown"):
    """No such claim, or it was made in another browser."""


class ClaimExpiredError(PortalError, code="errors.claim_expired"):
    """The claim is older than half an hour."""


class ClaimUsedError(PortalError, code="errors.claim_used"):
    """The claim has been used: its subscription is registered."""


REFUSALS: dict[str, type[PortalError]] = {
    error.code: error for error in (AwsTokenExpiredError, AwsTokenInvalidError, AwsProductForeignError)
}
"""What AWS may say, at a later try, of a token that waited: the claim keeps it by its code."""

CLAIM_PROBLEMS = tuple(
    error.code.removeprefix("errors.")
    for error in (
        ClaimUnknownError,
        ClaimExpiredError,
        ClaimUsedError,
        AwsTokenExpiredError,
        AwsTokenInvalidError,
        AwsTokenUsedError,
        AwsProductForeignError,
        AwsRefusedError,
        LandingsTooOftenError,
    )
)
"""What the claim page can be told of a landing, or find out of a claim, that leads no further; by their words."""

VISITED = "visited"
"""Instead of a problem: somebody opened the address where AWS brings buyers, and brought nothing."""
