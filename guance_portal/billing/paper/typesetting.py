"""Typst in threads of its own: a few papers at a time, the others wait, and the event loop never does."""

from __future__ import annotations

import asyncio
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import typst

from guance_portal.billing.paper.characters import font_folder

AT_ONCE = 2
"""So many papers a process sets at a time; each thread keeps a compiler."""
STANDARD = "ua-1"
"""PDF/UA-1: the exporter refuses a document without title, language, alternative texts or a glyph."""
_TEMPLATE = Path(__file__).with_name("month.typ").read_bytes()
_local = threading.local()


@cache
def _fonts() -> typst.Fonts:
    folders = sorted(str(one) for one in font_folder().iterdir() if one.is_dir())
    return typst.Fonts(include_system_fonts=False, font_paths=folders)


def typeset(said: dict[str, Any]) -> bytes:
    """The PDF of a paper's texts, the same bytes for the same texts. Blocks; raises typst.TypstError."""
    if not hasattr(_local, "compiler"):
        # Built from a path or nothing: one that is built from bytes compiles once alone.
        _local.compiler = typst.Compiler(font_paths=_fonts(), ignore_system_fonts=True)
    compiler: Any = _local.compiler
    inputs = {"paper": json.dumps(said, ensure_ascii=False)}
    return compiler.compile(input=_TEMPLATE, format="pdf", pdf_standards=[STANDARD], sys_inputs=inputs)


class Typesetter:
    """The threads of a process."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="typst")

    async def pdf(self, said: dict[str, Any]) -> bytes:
        """A paper, once one of the threads is free."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, typeset, said)
