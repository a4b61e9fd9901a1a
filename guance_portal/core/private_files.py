"""Files and folders that other users of the machine may not read: the data, the key, the emails."""

from __future__ import annotations

import os
from pathlib import Path

_OWNER_ALONE, _OWNERS_FILE = 0o700, 0o600


def private_folder(folder: Path) -> None:
    """Make a folder, closed to others from its first moment; one that exists keeps the rights it was given."""
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=_OWNER_ALONE, exist_ok=True)


def private_file(path: Path) -> None:
    """Make an empty file, closed to others before anything is written into it; one that exists stays as it is."""
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY, _OWNERS_FILE))
