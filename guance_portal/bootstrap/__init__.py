"""The one place that joins adapters to services."""

from __future__ import annotations

from guance_portal.bootstrap.building import build, mail_transport
from guance_portal.bootstrap.services import Services
from guance_portal.core.settings import settings

__all__ = ["Services", "build", "mail_transport", "replace_services", "services"]

_services: Services | None = None


def services() -> Services:
    """The services of this process, built when first asked for."""
    global _services  # noqa: PLW0603 - one per process, and tests must be able to replace it
    if _services is None:
        _services = build(settings())
    return _services


def replace_services(replacement: Services | None) -> None:
    """Let tests hand in their own; None makes the next call build them again."""
    global _services  # noqa: PLW0603 - see above
    _services = replacement
