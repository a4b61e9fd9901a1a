"""Imported by Python itself in the processes of a portal under test: the whole process stops after a statement, for good."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

_FOLDER = Path(os.environ["TEST_STALL"])
_FOREVER = 600


def _stall(*arguments: Any) -> None:
    wanted = _FOLDER / "stall-after"
    if wanted.exists() and arguments[2].startswith(wanted.read_text("utf-8")):
        (_FOLDER / "stalled").touch()
        time.sleep(_FOREVER)


event.listen(Engine, "after_cursor_execute", _stall)
