"""How long a registration token of the AWS simulator works: an hour, and once, but for a repetition at once."""

from __future__ import annotations

import pytest

from guance_portal.bootstrap import Services
from guance_portal.sandbox.aws.market import BuyerArrival
from guance_portal.sandbox.aws.wire import AwsError
from guance_portal.sandbox.rules import Sku, Term, Whim
from tests.support.clocks import MovableClock

SHOP = "aws-intl"


async def bought_token(services: Services) -> str:
    """A token of somebody who has just subscribed."""
    market = services.sandbox.aws
    purchase_id = await market.subscribe(SHOP, "111122223333", Sku.STANDARD, Term.OPEN)
    return await market.set_up(SHOP, purchase_id, BuyerArrival())


async def resolve(services: Services, token: str, *whims: Whim) -> str:
    """Whose token it is, or the code of the refusal."""
    shop = services.sandbox.shops.aws(SHOP)
    try:
        found = await services.sandbox.aws_api._resolve(shop, token, frozenset(whims))
    except AwsError as refusal:
        return refusal.code
    return str(found["CustomerAWSAccountId"])


async def test_a_token_is_redeemed_once_and_may_be_repeated_for_two_minutes(
    services: Services, clock: MovableClock
) -> None:
    token = await bought_token(services)
    assert await resolve(services, token) == "111122223333"
    clock.move(minutes=2)
    assert await resolve(services, token) == "111122223333"
    clock.move(seconds=1)
    assert await resolve(services, token) == "ExpiredTokenException"


async def test_a_token_that_nobody_redeemed_works_for_an_hour(services: Services, clock: MovableClock) -> None:
    token = await bought_token(services)
    clock.move(minutes=60)
    assert await resolve(services, token) == "111122223333"
    other = await bought_token(services)
    clock.move(minutes=60, seconds=1)
    assert await resolve(services, other) == "ExpiredTokenException"


@pytest.mark.parametrize("later", [1, 29])
async def test_an_answer_that_came_too_late_redeems_nothing(
    services: Services, clock: MovableClock, later: int
) -> None:
    token = await bought_token(services)
    await resolve(services, token, Whim.SLOW)
    clock.move(minutes=later)
    assert await resolve(services, token) == "111122223333"
