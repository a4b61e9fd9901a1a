"""The SNS topics of a listing: anybody can send signed messages from a topic of their own, so these alone are heard."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from guance_portal.marketplaces.listings import AwsListing

MARKETPLACE_ACCOUNT = "287250355862"
"""The AWS account that owns the topics of the international marketplace, as its guide names it."""
SANDBOX_ACCOUNT = "000000000000"
_NAMES = ("aws-mp-subscription-notification", "aws-mp-entitlement-notification")


def topics_of(listing: AwsListing, *, is_sandbox: bool) -> frozenset[str]:
    """The topics of a listing: those that are set, else those of the international marketplace; or the sandbox's.

    No page tells the account that owns the topics of AWS China, so they must be set.
    """
    if listing.topics:
        return frozenset(listing.topics)
    if is_sandbox:
        return _of(listing, SANDBOX_ACCOUNT)
    return frozenset() if listing.region.startswith("cn-") else _of(listing, MARKETPLACE_ACCOUNT)


def _of(listing: AwsListing, account: str) -> frozenset[str]:
    return frozenset(f"arn:aws:sns:us-east-1:{account}:{name}-{listing.product_code}" for name in _NAMES)
