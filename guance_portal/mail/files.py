"""Emails as `.eml` files in a folder: what happens to mail while no SMTP server is set."""

from __future__ import annotations

import asyncio
import os
import re
import secrets
from collections.abc import Callable
from email import policy
from email.message import EmailMessage
from functools import partial
from pathlib import Path

from guance_portal.core.private_files import private_file, private_folder
from guance_portal.core.write_probes import probe_folder
from guance_portal.mail.ports import TransientMailError


class FileTransport:
    """Writes each message whole or not at all.

    A file is named by its Message-ID: the names sort by time of writing, and a repeat overwrites its first copy.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def deliver(self, message: EmailMessage) -> None:
        """Write the message; raises TransientMailError when the folder cannot take it."""
        await self._in_thread(partial(self._write, message))

    async def check(self) -> None:
        """Raise TransientMailError when the folder cannot be written to."""
        await self._in_thread(partial(probe_folder, self._folder))

    async def _in_thread(self, act: Callable[[], None]) -> None:
        try:
            await asyncio.to_thread(act)
        except OSError as problem:
            raise TransientMailError(f"the mail folder refuses files: {problem.strerror}") from problem

    def _write(self, message: EmailMessage) -> None:
        self._replace(_file_name(message), message.as_bytes(policy=policy.SMTPUTF8))

    def _replace(self, name: str, content: bytes) -> None:
        private_folder(self._folder)
        unfinished = self._folder / f".{secrets.token_hex(8)}.part"
        try:
            private_file(unfinished)  # an email may hold a link that signs its reader in
            with unfinished.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(self._folder / name)
        finally:
            unfinished.unlink(missing_ok=True)


def _file_name(message: EmailMessage) -> str:
    local_part = message["Message-ID"].strip(" <>").partition("@")[0]
    return re.sub(r"[^A-Za-z0-9._-]", "_", local_part).lstrip(".") + ".eml"
