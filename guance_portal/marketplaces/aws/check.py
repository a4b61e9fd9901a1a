"""Whether AWS lets us in: for `portal doctor`, which asks and changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from guance_portal.marketplaces.aws import client
from guance_portal.marketplaces.aws.worker import queue_client
from guance_portal.marketplaces.listings import AwsListing


def problem_with(listing: AwsListing, credentials: Mapping[str, str] | None = None) -> str:
    """Why the queue of a listing (or, without one, AWS as such) refuses our credentials; empty when it does not.

    Waits for the answer: seconds, when AWS cannot be reached. A message in the queue stays there for others.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        if listing.queue_url:
            queue_client(listing, credentials or {}).receive_message(
                QueueUrl=listing.queue_url, MaxNumberOfMessages=1, WaitTimeSeconds=0, VisibilityTimeout=0
            )
        else:
            client.make_client("sts", listing.region, "", credentials or {}).get_caller_identity()
    except ClientError as refusal:
        said = cast("dict[str, Any]", refusal.response).get("Error", {})
        return str(said.get("Code") or "refused")
    except (BotoCoreError, ValueError, AttributeError) as problem:
        # The last two are botocore's answers to credentials that no header can hold.
        return type(problem).__name__
    return ""
