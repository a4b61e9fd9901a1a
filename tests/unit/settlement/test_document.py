"""docs/settlement.md says what the function says."""

from __future__ import annotations

from tools.verdict_table import BEGIN, DOCUMENT, END, document, generated


def test_the_verdict_table_is_current() -> None:
    text = DOCUMENT.read_text("utf-8")
    assert text == document(text), "run python -m tools.verdict_table"


def test_a_stale_table_would_be_noticed() -> None:
    stale = f"before{BEGIN}old{END}after"
    assert document(stale) == f"before{BEGIN}\n\n{generated()}\n\n{END}after"
