"""A disk of a few megabytes that a test may fill; skipped where nothing may be mounted."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest


@contextmanager
def small_disk(megabytes: int) -> Generator[Path]:
    """The folder it is mounted on."""
    with tempfile.TemporaryDirectory(prefix="portal-disk-") as folder:
        mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0755", "tmpfs", folder]
        if os.geteuid() != 0 or subprocess.run(mount, check=False, stderr=subprocess.DEVNULL).returncode:
            pytest.skip("a small disk can be mounted by root alone, and not in every container")
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)


def fill(folder: Path) -> Path:
    """Leave no room on the disk of a folder; the file that takes it."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        for size in (1024 * 1024, 4096):
            with suppress(OSError):
                while file.write(bytes(size)) == size:
                    pass
    return filler


def make_read_only(folder: Path, *, is_read_only: bool = True) -> None:
    """Let the disk take no writes, or take them again."""
    subprocess.run(["mount", "-o", f"remount,{'ro' if is_read_only else 'rw'}", str(folder)], check=True)
