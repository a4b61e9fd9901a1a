"""A container may have a read-only root file system: the portal writes to its data folder and nowhere else."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from guance_portal.build.publish import ROOT
from tests.support.portal_server import PortalServer

_REMOUNT = f"mount --bind '{ROOT}' '{ROOT}' && mount -o remount,bind,ro '{ROOT}'"
_UNSHARE = ("unshare", "--mount", "sh", "-c")


class ReadOnlyServer(PortalServer):
    """A portal that sees its project folder as read-only."""

    prefix = (*_UNSHARE, f'{_REMOUNT} && exec "$@"', "sh")


def _may_mount() -> bool:
    if sys.platform != "linux":
        return False
    return subprocess.run([*_UNSHARE, _REMOUNT], capture_output=True, check=False).returncode == 0


def test_the_portal_runs_from_a_project_folder_it_cannot_write() -> None:
    if not _may_mount():
        pytest.skip("this machine does not let the test remount a folder")
    with ReadOnlyServer.start() as server:
        command = [sys.executable, ROOT / "tools" / "healthy.py"]
        health = subprocess.run(command, env={**os.environ, "PORT": str(server.port)}, capture_output=True, check=False)
        assert health.returncode == 0
        assert server.stop() == 0
        assert "Read-only file system" not in server.log()
