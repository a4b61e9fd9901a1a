"""The refusals of AWS Marketplace, and of what a buyer's browser brought from it."""

from guance_portal.core.errors import PortalError


class AwsTokenExpiredError(PortalError):
    """The registration token is older than AWS lets it be."""

    code = "errors.aws_token_expired"


class AwsTokenInvalidError(PortalError):
    """AWS does not know the registration token, or it is no token at all."""

    code = "errors.aws_token_invalid"


class AwsTokenUsedError(PortalError):
    """The registration token came before: it makes one claim, in the browser that brought it first.

    Parameter: registration, which names the token to the page that looks for that browser's claim.
    """

    code = "errors.aws_token_used"


class AwsProductForeignError(PortalError):
    """The subscription is one of a product that is not ours."""

    code = "errors.aws_product_foreign"


class AwsBusyError(PortalError):
    """AWS asks to come back later."""

    code = "errors.aws_busy"


class AwsSilentError(PortalError):
    """AWS cannot be reached, does not answer in time, or answers with a failure of its own."""

    code = "errors.aws_silent"


class AwsRefusedError(PortalError):
    """AWS refuses the call itself: our credentials, their permissions, or an operation that is switched off for us.

    No repetition helps until somebody of the vendor changes that.
    """

    code = "errors.aws_refused"


class LandingsTooOftenError(PortalError):
    """More arrivals from one address in a minute than any company has."""

    code = "errors.landings_too_often"


TRANSIENT = (AwsBusyError, AwsSilentError)
"""What may be gone at the next try: the token is kept for it."""
