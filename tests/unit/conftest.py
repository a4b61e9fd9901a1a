"""A unit test reaches nothing outside its process."""

from __future__ import annotations

import pytest
from pytest_socket import disable_socket


@pytest.fixture(autouse=True)
def _no_network() -> None:
    # The event loop's own pair of Unix sockets stays allowed.
    disable_socket(allow_unix_socket=True)
