"""A PostgreSQL cluster of a test's own, that it may fill, forbid, or make read-only."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import psycopg

from tests.support.databases import unavailable
from tests.support.portal_server import free_port

_DEBIAN = Path("/usr/lib/postgresql")
_OPTIONS = ("listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off", "wal_level=replica")


class OwnPostgresql:
    """A server on a free port; its superuser is `postgres`, who needs no password."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs, self.folder = programs, folder
        self.port = free_port()

    @classmethod
    @contextmanager
    def start(cls, within: Path | None = None) -> Generator[Self]:
        """A new cluster that answers, in a folder of its own (below `within`, when given); it is gone afterwards."""
        programs = _programs()
        folder = Path(tempfile.mkdtemp(prefix="portal-postgresql-", dir=within))
        server = cls(programs, folder / "data")
        try:
            _give(folder)
            server.run("initdb", "-D", str(server.folder), "-U", "postgres", "-A", "trust", "-N", "--wal-segsize=1")
            server.begin()
            yield server
        finally:
            server.stop()
            shutil.rmtree(folder, ignore_errors=True)

    def url(self, user: str = "postgres", database: str = "postgres") -> str:
        """The SQLAlchemy address of a database."""
        return f"postgresql+psycopg://{user}@127.0.0.1:{self.port}/{database}"

    def do(self, *statements: str, database: str = "postgres") -> None:
        """Run statements as the superuser, each in a transaction of its own that may write."""
        plain = self.url(database=database).replace("+psycopg", "")
        with psycopg.connect(plain, autocommit=True, options="-c default_transaction_read_only=off") as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def become_read_only(self, *, is_read_only: bool = True) -> None:
        """Refuse every write from now on, as a server does that a fail-over left behind; open connections end."""
        self.do(
            f"alter system set default_transaction_read_only = {'on' if is_read_only else 'off'}",
            "select pg_reload_conf()",
            "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname is not null",
        )

    @contextmanager
    def standby(self) -> Generator[OwnPostgresql]:
        """A hot standby that follows this server."""
        folder = Path(tempfile.mkdtemp(prefix="portal-standby-"))
        other = OwnPostgresql(self._programs, folder / "data")
        try:
            _give(folder)
            source = ("-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres")
            self.run("pg_basebackup", *source, "-D", str(other.folder), "-R", "--checkpoint=fast")
            other.begin()
            yield other
        finally:
            other.stop()
            shutil.rmtree(folder, ignore_errors=True)

    def run(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs as the user whom the files belong to."""
        command = [str(self._programs / program), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **_owner())

    def begin(self) -> None:
        """Start the server and wait until it answers."""
        options = " ".join(f"-c {one}" for one in (*_OPTIONS, f"port={self.port}"))
        log = str(self.folder.with_name("log"))
        self.run("pg_ctl", "-D", str(self.folder), "-l", log, "-w", "-t", "60", "-o", options, "start")

    def stop(self) -> None:
        """End it at once."""
        if (self.folder / "postmaster.pid").exists():
            self.run("pg_ctl", "-D", str(self.folder), "-m", "immediate", "-w", "stop")


def _programs() -> Path:
    """Where `initdb` is: on PATH, or where Debian puts it."""
    named = shutil.which("initdb")
    found = [Path(named).resolve().parent] if named else sorted(_DEBIAN.glob("*/bin"), reverse=True)
    if not found:
        unavailable("PostgreSQL's own programs (initdb)")
    return found[0]


def _owner() -> dict[str, Any]:
    """PostgreSQL refuses to run as root: there it runs as the user that its package made."""
    if os.geteuid() != 0:
        return {}
    try:
        pwd.getpwnam("postgres")
    except KeyError:
        unavailable("the user postgres")
    return {"user": "postgres", "group": "postgres", "extra_groups": []}


def _give(folder: Path) -> None:
    owner = _owner()
    if owner:
        shutil.chown(folder, owner["user"], owner["group"])
