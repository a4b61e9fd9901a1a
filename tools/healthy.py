"""Ends with 0 when the portal on this machine's PORT answers: the health check of the container image."""

from __future__ import annotations

import os
import sys
import urllib.request

ANSWER_SECONDS = 4


def main() -> int:
    """Ask `/healthz`; 1 when it does not answer 200 in time."""
    address = f"http://127.0.0.1:{os.environ.get('PORT') or 8000}/healthz"
    try:
        with urllib.request.urlopen(address, timeout=ANSWER_SECONDS):
            return 0
    except OSError as problem:  # every failure of urllib is one
        print(f"{address}: {problem}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    raise SystemExit(main())
