"""Every way in which a cloud account can be refused has words of its own, and none speaks of another cloud."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from guance_portal.payers import cloud_errors as errors
from guance_portal.sites import Provider
from guance_portal.state.settlement.cloud_rows import CloudPurpose, Failure, failure

NOW = datetime(2026, 7, 1, 8, 0, 5, tzinfo=UTC)
PARAMS: dict[str, Any] = {
    "account": "1827 **** 4093",
    "instance": "inst-1",
    "theirs": "USD",
    "ours": "CNY",
    "minutes": 7,
}
BROUGHT = (
    errors.SubscriptionPendingError,
    errors.SubscriptionExpiredError,
    errors.SubscriptionReleasedError,
    errors.SubscriptionCurrencyError,
)
"""What may become of a subscription that the browser brought, whose ids nobody typed."""


def every() -> list[type[errors.CloudError]]:
    """All of them."""
    return [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, errors.CloudError)][1:]


def shown(error: type[errors.CloudError], provider: Provider) -> Failure:
    """What the dialog shows of it."""
    return failure(error(**PARAMS), CloudPurpose.WORKSPACE, provider, NOW, "cn1")


@pytest.mark.parametrize("error", every())
def test_each_says_what_why_and_by_which_number(error: type[errors.CloudError]) -> None:
    found = shown(error, Provider.ALIYUN)
    assert found.said.zh
    assert found.said.en
    assert found.causes
    assert found.unchanged.zh == "当前结算方式未改变。"
    assert (found.number, found.at) == (error.number, "16:00:05 (UTC+8)")


def test_no_two_have_the_same_number() -> None:
    assert len({error.number for error in every()}) == len(every())


@pytest.mark.parametrize("error", BROUGHT)
def test_the_texts_for_aws_name_no_ids_that_are_not_typed(error: type[errors.CloudError]) -> None:
    found = shown(error, Provider.AWS)
    said = [found.said, *found.causes]
    assert found.said != shown(error, Provider.ALIYUN).said
    assert not [one for one in said if "实例" in one.zh or "inst-1" in one.zh or "已购买的服务" in one.zh]
    assert not [one for one in said if "instance" in one.en.lower() or "Purchased Services" in one.en]
