"""Why a cloud account is not registered. Each has a number, which a person can name to their account manager."""

from __future__ import annotations

from typing import ClassVar

from guance_portal.core.errors import PortalError, TooManyAttemptsError


class AccountIdMissingError(PortalError, code="errors.cloud_account_id_missing"):
    """No account ID was given."""


class AccountIdMalformedError(PortalError, code="errors.cloud_account_id_malformed"):
    """What was given as account ID has other characters than digits."""


class InstanceIdMissingError(PortalError, code="errors.instance_id_missing"):
    """No instance ID was given."""


class CloudError(PortalError):
    """A subscription that cannot be registered. Parameters: account (masked), instance, both as far as they matter."""

    number: ClassVar[str]


class SubscriptionUnknownError(CloudError):
    """The marketplace knows no subscription with this instance."""

    code, number = "errors.subscription_unknown", "STL-4041"


class SubscriptionElsewhereError(CloudError):
    """There is such an instance, and another account has subscribed it."""

    code, number = "errors.subscription_elsewhere", "STL-4042"


class SubscriptionPendingError(CloudError):
    """The subscription was bought and has not begun yet."""

    code, number = "errors.subscription_pending", "STL-4251"


class SubscriptionExpiredError(CloudError):
    """The subscription has expired."""

    code, number = "errors.subscription_expired", "STL-4101"


class SubscriptionReleasedError(CloudError):
    """The subscription was cancelled or released."""

    code, number = "errors.subscription_released", "STL-4102"


class SubscriptionCurrencyError(CloudError):
    """The listing is charged in another currency than the fee-centre account. Parameters: theirs, ours."""

    code, number = "errors.subscription_currency", "STL-4091"


class CloudAccountTakenError(CloudError):
    """The subscription is registered under another fee-centre account."""

    code, number = "errors.cloud_account_taken", "STL-4031"


class ClaimNotProvenError(CloudError):
    """The provider's subscriptions are brought by the browser from its marketplace; ids that somebody types prove none."""

    code, number = "errors.cloud_claim_not_proven", "STL-4032"


class ClaimsTooOftenError(TooManyAttemptsError, CloudError):
    """More failed attempts in an hour than anybody needs. Parameter: minutes until the next."""

    code, number = "errors.cloud_claims_too_often", "STL-4291"


class MarketplaceMissingError(CloudError):
    """The provider's marketplace is not connected, or its listing of this currency not configured."""

    code, number = "errors.marketplace_missing", "STL-5031"


class MarketplaceSilentError(CloudError):
    """The marketplace did not answer in time."""

    code, number = "errors.marketplace_silent", "STL-5041"
