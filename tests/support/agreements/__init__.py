"""A library of agreements that a portal under test reads each time, so that a newer version can come into force."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from guance_portal.build.publish import ROOT
from guance_portal.core.messages import Language
from guance_portal.onboarding.agreements import AgreementKind, library

_PINS = "agreements.toml"


class AgreementLibrary:
    """A copy of the agreements in a folder of the test. `env` lets a portal read them from there (see `sitecustomize`)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "agreements"
        shutil.copytree(
            Path(library.__file__).parent, self._folder, ignore=shutil.ignore_patterns("*.py", "__pycache__")
        )

    @property
    def env(self) -> dict[str, str]:
        """The environment of such a portal."""
        paths = (str(Path(__file__).parent), str(ROOT), os.environ.get("PYTHONPATH", ""))
        return {"TEST_AGREEMENTS": str(self._folder), "PYTHONPATH": os.pathsep.join(path for path in paths if path)}

    def renew(self, kind: AgreementKind, *, version: str, paragraph: str) -> None:
        """Let a version come into force that has one paragraph more, in both languages."""
        for language in Language:
            text = self._folder / f"{kind}.{language}.md"
            text.write_text(f"{text.read_text('utf-8').rstrip()}\n\n{paragraph}\n", "utf-8")
        pins = self._folder / _PINS
        section = re.compile(rf"(\[{kind}\].*?version = )\"[^\"]*\"", re.DOTALL)
        renewed, count = section.subn(rf'\g<1>"{version}"', pins.read_text("utf-8"), count=1)
        assert count == 1
        pins.write_text(renewed, "utf-8")
