"""Somebody who signs up."""

from __future__ import annotations

import pytest

from guance_portal.bootstrap import Services
from tests.support.sign_up import Signer


@pytest.fixture
def signer(services: Services) -> Signer:
    return Signer(services)
