"""A portal whose two AWS listings are at a small AWS in the test, which also serves the certificate of SNS."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from starlette.routing import Router

from guance_portal import routes
from guance_portal.api import marketplace_aws
from guance_portal.api.limits import RequestLimits
from guance_portal.bootstrap import Services
from guance_portal.core.settings import Settings
from tests.support.aws_peer import AwsPeer
from tests.support.sns_signer import Signer

CODES = {"cn": "code0", "intl": "code1"}


@pytest.fixture
def peer(monkeypatch: pytest.MonkeyPatch) -> Iterator[AwsPeer]:
    """AWS."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "of-the-test")
    with AwsPeer() as peer:
        yield peer


@pytest.fixture(scope="session")
def signer() -> Signer:
    """SNS."""
    return Signer()


@pytest.fixture
def portal_settings(database_url: str, tmp_path: Path, peer: AwsPeer, signer: Signer) -> Settings:
    """The portal's settings: in the sandbox, on the peer's own port, so that its certificate is trusted."""
    peer.files[routes.SANDBOX_AWS_CERTIFICATE] = signer.pem
    return Settings.model_validate(
        {
            "data_dir": tmp_path,
            "database_url": database_url,
            "secret_key": "k" * 40,
            "PORT": peer.port,
            "aws_product_code": CODES["cn"],
            "aws_endpoint_url": f"{peer.url}/cn",
            "aws_entitlement_endpoint_url": f"{peer.url}/cn",
            "aws_intl_product_code": CODES["intl"],
            "aws_intl_endpoint_url": f"{peer.url}/intl",
            "aws_intl_entitlement_endpoint_url": f"{peer.url}/intl",
        }
    )


def arriving_from(address: str) -> httpx.AsyncClient:
    """A browser, or SNS, at an address: the HTTP side as another site's page reaches it."""
    transport = httpx.ASGITransport(app=RequestLimits(Router(marketplace_aws.ROUTES)), client=(address, 5000))
    return httpx.AsyncClient(transport=transport, base_url="http://localhost:8000")


@pytest.fixture
async def market(services: Services) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who arrives."""
    del services
    async with arriving_from("192.0.2.7") as client:
        yield client
