"""A build backend that builds nothing: `pip install .` is told how the portal is installed (docs/decisions/0021)."""

from __future__ import annotations

from typing import NoReturn

HINT = "The portal is not built as a package. Run `make run` in the project folder, or build the image in deploy/."


def build_wheel(
    wheel_directory: str, config_settings: object = None, metadata_directory: str | None = None
) -> NoReturn:
    """The hook of PEP 517; ends with the hint."""
    del wheel_directory, config_settings, metadata_directory
    raise SystemExit(HINT)


def build_sdist(sdist_directory: str, config_settings: object = None) -> NoReturn:
    """The hook of PEP 517; ends with the hint."""
    del sdist_directory, config_settings
    raise SystemExit(HINT)
