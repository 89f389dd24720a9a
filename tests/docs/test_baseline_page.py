"""The page of baseline figures is what its command writes today."""

import importlib.util
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_of_the_baseline_is_up_to_date() -> None:
    found = importlib.util.spec_from_file_location("generate_baseline", DOCS / "generate_baseline.py")
    assert found is not None
    assert found.loader is not None
    generate = importlib.util.module_from_spec(found)
    found.loader.exec_module(generate)
    committed = (DOCS / "baseline.md").read_text(encoding="utf-8")
    assert committed == generate.page(), "run: python docs/generate_baseline.py"
