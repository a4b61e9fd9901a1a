"""Writes compressed copies beside all text files of a build, after the last change to them."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import cast

import brotli
import reflex as rx
from reflex_base.plugins.base import PostBuildContext
from typing_extensions import Unpack

from guance_portal.core.prerendered import pages_in

_TEXT = {".css", ".js", ".json", ".mjs", ".svg", ".txt", ".vtt", ".xml"}
_LEAST_BYTES = 256
# There are more than a hundred pages, and the highest quality takes three times as long and saves two per cent of one.
_QUALITY, _QUALITY_OF_PAGES = 11, 10


class Compressed(rx.plugins.Plugin):
    """Must stand last. Reflex would compress before the other plugins have written their pages, and those never served."""

    def post_build(self, **context: Unpack[PostBuildContext]) -> None:
        """Compress pages and assets, on every core."""
        build = context["static_dir"].parent
        with ThreadPoolExecutor() as threads:
            for _ in threads.map(compress, (*pages_in(build), *_assets(context["static_dir"]))):
                pass  # an error in a thread is raised here


def _assets(static_dir: Path) -> Iterator[Path]:
    return (path for path in static_dir.rglob("*") if path.suffix in _TEXT and path.stat().st_size >= _LEAST_BYTES)


def compress(path: Path) -> None:
    """Write `path`.br and `path`.gz, both reproducible."""
    plain = path.read_bytes()
    quality = _QUALITY_OF_PAGES if path.suffix == ".html" else _QUALITY
    small = cast("bytes", brotli.compress(plain, quality=quality))
    path.with_name(f"{path.name}.br").write_bytes(small)
    path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(plain, mtime=0))
