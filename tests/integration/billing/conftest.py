"""The portal of the meter's tests: companies with people and a clock that can be moved."""

from tests.integration.metering.conftest import clock, gateway, portal

__all__ = ["clock", "gateway", "portal"]
