"""Somebody who signs up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.sign_up import Signer

if TYPE_CHECKING:
    from guance_portal.bootstrap import Services


@pytest.fixture
def signer(services: Services) -> Signer:
    return Signer(services)
