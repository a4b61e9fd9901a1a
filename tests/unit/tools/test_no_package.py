"""A package would lack half of what the portal needs: asking for one says what to do instead."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tools.no_package import HINT

ROOT = Path(__file__).parents[3]


def test_asking_pip_for_a_package_names_the_way_to_install(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-index", "--wheel-dir", tmp_path, ROOT]
    outcome = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert outcome.returncode != 0
    assert HINT in outcome.stdout + outcome.stderr
    assert not list(tmp_path.iterdir())
