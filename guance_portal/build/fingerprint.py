"""Tells whether the sources have changed since a build was made."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

_FILES = ("rxconfig.py", "requirements.lock", "reflex.lock/bun.lock", "reflex.lock/package.json")
_FOLDERS = ("guance_portal", "assets")
_NEVER_BUILT = ("guance_portal/api/", "guance_portal/cli/", "guance_portal/serve.py", "guance_portal/__main__.py")
_SUFFIXES_OF_CODE = {".py", ".toml"}


def fingerprint(root: Path) -> str:
    """A hash of everything the browser's part is built from: 24 hex digits."""
    digest = hashlib.sha256()
    for name, content in _sources(root):
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:24]


def _sources(root: Path) -> Iterator[tuple[str, bytes]]:
    paths = [root / name for name in _FILES]
    for folder in _FOLDERS:
        paths += sorted(path for path in (root / folder).rglob("*") if path.is_file())
    for path in paths:
        name = path.relative_to(root).as_posix()
        if "__pycache__" in name or name.startswith(_NEVER_BUILT) or name.startswith("assets/external/"):
            continue
        if name.startswith("guance_portal/") and path.suffix not in _SUFFIXES_OF_CODE:
            continue
        yield name, _canonical(path) if path.suffix == ".json" else path.read_bytes()


def _canonical(path: Path) -> bytes:
    """JSON by its meaning: Reflex lays the same package.json out in one way or another."""
    return json.dumps(json.loads(path.read_text("utf-8")), sort_keys=True).encode()
