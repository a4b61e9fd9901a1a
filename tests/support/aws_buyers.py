"""Buyers at the AWS simulator of a running portal, and how their browsers arrive from there."""

from __future__ import annotations

import secrets

from playwright.sync_api import Page

from guance_portal import routes
from guance_portal.bootstrap import Services
from guance_portal.sandbox.aws.market import BuyerArrival
from guance_portal.sandbox.rules import Sku, Term
from tests.e2e.screens.screen import runs
from tests.support.people import People

AWS = "http://console.aws.example/"
SHOP = "aws-intl"
GOOD = BuyerArrival()


def bought_token(people: People, account: str = "", arrival: BuyerArrival = GOOD) -> str:
    """A registration token of the international simulator, for a buyer who has just subscribed."""
    return bought_tokens(people, account, (arrival,))[0]


def bought_tokens(people: People, account: str, arrivals: tuple[BuyerArrival, ...]) -> list[str]:
    """Several tokens of one subscription."""

    async def buy(services: Services) -> list[str]:
        market, buyer = services.sandbox.aws, account or str(10**11 + secrets.randbelow(9 * 10**11))
        purchase_id = await market.subscribe(SHOP, buyer, Sku.STANDARD, Term.OPEN)
        return [await market.set_up(SHOP, purchase_id, arrival) for arrival in arrivals]

    return people.do(buy)


def arrive(page: Page, base: str, token: str) -> None:
    """What 建立您的账户 does: a page of another site posts the token."""
    form = (
        f'<form method="post" action="{base}{routes.AWS_LANDING}">'
        f'<input type="hidden" name="x-amzn-marketplace-token" value="{token}"></form>'
        "<script>document.forms[0].submit()</script>"
    )
    page.route(f"{AWS}**", lambda route: route.fulfill(content_type="text/html", body=form))
    page.goto(AWS, wait_until="commit")
    page.wait_for_url(f"**{routes.MARKETPLACE_CLAIM}**")
    runs(page)
