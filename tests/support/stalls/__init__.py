"""A portal under test that stops in the middle of a transaction, so that it can be killed while it is writing."""

from __future__ import annotations

import os
import time
from pathlib import Path

from guance_portal.build.publish import ROOT

_PATIENCE = 60.0


class Stall:
    """Where a portal stops: after a statement that begins like this, before anything of it is committed.

    `env` lets a portal look for it (see `sitecustomize`); what it did until then is gone when it is killed.
    """

    def __init__(self, folder: Path) -> None:
        self._wanted, self._reached = folder / "stall-after", folder / "stalled"
        self._folder = folder

    @property
    def env(self) -> dict[str, str]:
        """The environment of such a portal."""
        paths = (str(Path(__file__).parent), str(ROOT), os.environ.get("PYTHONPATH", ""))
        return {"TEST_STALL": str(self._folder), "PYTHONPATH": os.pathsep.join(path for path in paths if path)}

    def after(self, statement: str) -> None:
        """Let the portal stop there, the next time."""
        self._reached.unlink(missing_ok=True)
        self._wanted.write_text(statement, "utf-8")

    def wait(self) -> None:
        """Return once it stands there; from then on none will stop any more."""
        deadline = time.monotonic() + _PATIENCE
        while not self._reached.exists():
            assert time.monotonic() < deadline, f"nothing came to {self._wanted.read_text('utf-8')}"
            time.sleep(0.02)
        self._wanted.unlink()
