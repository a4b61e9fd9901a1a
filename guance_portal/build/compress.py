"""Writes compressed copies beside a file, as Reflex does for its own."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import brotli

if TYPE_CHECKING:
    from pathlib import Path


def compress(path: Path) -> None:
    """Write `path`.br and `path`.gz, both reproducible."""
    plain = path.read_bytes()
    path.with_name(f"{path.name}.br").write_bytes(brotli.compress(plain))  # pyright: ignore[reportUnknownArgumentType] - brotli has no types
    path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(plain, mtime=0))
