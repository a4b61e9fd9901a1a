"""docs/data-model.md shows the tables that the code declares."""

from __future__ import annotations

from tools.data_model import DOCUMENT, document


def test_the_data_model_is_current() -> None:
    assert DOCUMENT.read_text("utf-8") == document(), "run python -m tools.data_model"


def test_a_row_that_may_exist_once_for_its_reference_is_drawn_so() -> None:
    assert "workspaces ||--o| workspace_meters : workspace_id" in document()
    assert "workspaces ||--o{ members : workspace_id" in document()
