"""The SNS topics of a listing: anybody can send signed messages from a topic of their own, so these alone are heard."""

from __future__ import annotations

from guance_portal.marketplaces.listings import AwsListing

MARKETPLACE_ACCOUNT = "287250355862"
"""The AWS account that owns the topics of the international marketplace, as its guide names it."""
_NAMES = ("aws-mp-subscription-notification", "aws-mp-entitlement-notification")
_FORWARDED = "agreement-events"


def topics_of(listing: AwsListing, *, is_sandbox: bool) -> frozenset[str]:
    """The topics of a listing: those that are set, else those of the international marketplace.

    No page tells the account that owns the topics of AWS China, so they must be set; the sandbox has them all, and
    forwards events by one of its own.
    """
    if listing.topics:
        return frozenset(listing.topics)
    is_china = listing.region.startswith("cn-")
    if is_china and not is_sandbox:
        return frozenset()
    names = (*_NAMES, _FORWARDED) if is_sandbox else _NAMES
    place = f"aws-cn:sns:{listing.region}" if is_china else "aws:sns:us-east-1"
    return frozenset(f"arn:{place}:{MARKETPLACE_ACCOUNT}:{name}-{listing.product_code}" for name in names)
