"""A served portal with its simulators, and a hand that buys at them from beside it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Generator
from typing import Any, cast

import boto3.session
import pytest
from botocore.config import Config

from guance_portal import bootstrap
from guance_portal.bootstrap import Services
from guance_portal.sandbox.shops import AWS_CREDENTIALS, Credentials
from tests.support.portal_server import PortalServer

REGIONS = {"cn": "cn-northwest-1", "intl": "us-east-1"}


@pytest.fixture(scope="session")
def portal() -> Generator[PortalServer]:
    """The portal as `portal serve` serves it, in sandbox mode."""
    with PortalServer.start() as server:
        yield server


@pytest.fixture
async def beside(portal: PortalServer) -> AsyncIterator[Services]:
    """Services on the portal's own database: what a person does at the simulator's counter."""
    services = bootstrap.build(portal.settings())
    yield services
    await services.close()


@pytest.fixture
def account() -> str:
    """An AWS account nobody has had yet."""
    return str(random.SystemRandom().randrange(10**11, 10**12))


@pytest.fixture
def uid() -> str:
    """An Alibaba account nobody has had yet."""
    return str(random.SystemRandom().randrange(10**15, 10**16))


@pytest.fixture
def client(portal: PortalServer) -> Callable[..., Any]:
    """boto3 itself, pointed at a simulator; without retries, so that each answer is seen."""

    def make(service: str, market: str, *, region: str = "", credentials: Credentials = AWS_CREDENTIALS) -> Any:
        session: Any = boto3.session.Session()
        return session.client(
            service,
            region_name=region or REGIONS[market],
            endpoint_url=f"http://127.0.0.1:{portal.port}/sandbox/aws/api/{market}",
            aws_access_key_id=credentials.key_id,
            aws_secret_access_key=credentials.secret,
            config=Config(retries={"total_max_attempts": 1}, read_timeout=20),
        )

    return make


async def called(method: Any, **parameters: Any) -> dict[str, Any]:
    """Call boto3 off the event loop."""
    return cast("dict[str, Any]", await asyncio.to_thread(method, **parameters))
