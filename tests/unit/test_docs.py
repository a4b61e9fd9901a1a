"""What the documents say of the tree is so."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from guance_portal.core import migrate
from guance_portal.core.rows import Row

ROOT = Path(__file__).parents[2]
DOCUMENTS = tuple(path.relative_to(ROOT).as_posix() for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")))
_LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#]+)")
_TREE = re.compile(r"`((?:guance_portal|tests|benchmarks|tools|assets|migrations|docs)/[\w./-]*)`")


def test_the_issue_forms_follow_their_specification() -> None:
    forms = sorted((ROOT / ".github/ISSUE_TEMPLATE").glob("*.yaml"))
    checker = Path(sys.executable).with_name("check-jsonschema")
    command = [checker, "--builtin-schema", "vendor.github-issue-forms", *forms]
    outcome = subprocess.run(command, capture_output=True, text=True, check=False)
    assert outcome.returncode == 0, outcome.stdout


def test_every_decision_is_in_the_index() -> None:
    folder = ROOT / "docs" / "decisions"
    index = (folder / "README.md").read_text("utf-8")
    assert [path.name for path in sorted(folder.glob("0*.md")) if f"({path.name})" not in index] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_and_paths_lead_somewhere(document: str) -> None:
    page = ROOT / document
    text = page.read_text("utf-8")
    broken = [link for link in _LINK.findall(text) if not (page.parent / link).exists()]
    assert [*broken, *(path for path in _TREE.findall(text) if not (ROOT / path).exists())] == []


def test_what_the_glossary_names_exists() -> None:
    migrate.load_tables()
    rows = [
        line.split("|")[1:-1] for line in (ROOT / "docs" / "glossary.md").read_text("utf-8").splitlines() if "|" in line
    ]
    terms = [row for row in rows if len(row) == 5 and row[0].strip() not in {"Term", "---"}]
    named = {term.strip(): re.findall(r"`([^`]+)`", where) for term, _, _, where, _ in terms}
    assert len(named) == len(terms) > 50, "each term has one row"
    assert [term for term, names in named.items() if not all(map(_is_there, names)) or not names] == []


def _is_there(name: str) -> bool:
    """Whether it is a module or folder of the portal, or one of its tables."""
    return (ROOT / "guance_portal" / name).exists() if "/" in name else name in Row.metadata.tables
