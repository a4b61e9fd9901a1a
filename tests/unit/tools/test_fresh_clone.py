"""What only a clone that has compiled nothing yet shows."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_tests_are_collected_where_no_library_has_been_compiled(tmp_path: Path) -> None:
    # The compiler's warnings about a library appear once, and warnings are errors here.
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(tmp_path)}
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "tests/unit/accounts/sessions/test_devices.py"]
    outcome = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert outcome.returncode == 0, outcome.stdout
