"""The refusals of AWS Marketplace, and of what a buyer's browser brought from it."""

from guance_portal.core.errors import PortalError


class AwsTokenExpiredError(PortalError, code="errors.aws_token_expired"):
    """The registration token is older than AWS lets it be."""


class AwsTokenInvalidError(PortalError, code="errors.aws_token_invalid"):
    """AWS does not know the registration token, or it is no token at all."""


class AwsTokenUsedError(PortalError, code="errors.aws_token_used"):
    """The registration token came before: it makes one claim, in the browser that brought it first.

    Parameter: registration, which names the token to the page that looks for that browser's claim.
    """


class AwsProductForeignError(PortalError, code="errors.aws_product_foreign"):
    """The subscription is one of a product that is not ours."""


class AwsBusyError(PortalError, code="errors.aws_busy"):
    """AWS asks to come back later."""


class AwsSilentError(PortalError, code="errors.aws_silent"):
    """AWS cannot be reached, does not answer in time, or answers with a failure of its own."""


class AwsRefusedError(PortalError, code="errors.aws_refused"):
    """AWS refuses the call itself: our credentials, their permissions, or an operation that is switched off for us.

    No repetition helps until somebody of the vendor changes that.
    """


class LandingsTooOftenError(PortalError, code="errors.landings_too_often"):
    """More arrivals from one address in a minute than any company has."""


TRANSIENT = (AwsBusyError, AwsSilentError)
"""What may be gone at the next try: the token is kept for it."""
