"""Imported by Python itself in the processes of a portal under test: agreements are read from the test's folder, each time."""

from __future__ import annotations

import os
from pathlib import Path

from guance_portal.onboarding.agreements import library

library._FOLDER = Path(os.environ["TEST_AGREEMENTS"])
library.current = library.current.__wrapped__
