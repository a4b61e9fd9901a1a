"""What the demo remembers between two starts: how far its days have run, and who may sign in."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

_FILE = "demo.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """Somebody who may sign in: who they are, where, with what; `extra` says what else is needed."""

    who: str
    path: str
    login: str
    password: str
    extra: str = ""


@dataclass(slots=True)
class Book:
    """Kept as a file in the data folder; nothing of it is needed by the portal itself.

    `until` is the last moment whose data was sent, `chapters` names those that have begun.
    """

    path: Path
    until: datetime | None = None
    chapters: list[str] = field(default_factory=list[str])
    sign_ins: list[SignIn] = field(default_factory=list[SignIn])
    secrets: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def is_begun(self) -> bool:
        """Whether the demo has ever played by this data folder, however short a while."""
        return self.path.exists()

    @classmethod
    def open(cls, folder: Path) -> Book:
        """The book of a data folder; an empty one at first."""
        path = folder / _FILE
        if not path.exists():
            return cls(path)
        kept: dict[str, Any] = json.loads(path.read_text("utf-8"))
        return cls(
            path=path,
            until=datetime.fromisoformat(kept["until"]) if kept["until"] else None,
            chapters=kept["chapters"],
            sign_ins=[SignIn(**one) for one in kept["sign_ins"]],
            secrets=kept["secrets"],
        )

    def save(self) -> None:
        """Write it down; only this person may read it."""
        kept = {
            "until": self.until.isoformat() if self.until else "",
            "chapters": self.chapters,
            "sign_ins": [asdict(one) for one in self.sign_ins],
            "secrets": self.secrets,
        }
        fresh = self.path.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps(kept, ensure_ascii=False, indent=1), "utf-8")
        fresh.replace(self.path)
