"""The table of parameters is the one that the declarations make."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from planmodel.scenario import load_scenario

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_of_parameters_is_up_to_date() -> None:
    found = importlib.util.spec_from_file_location("generate", DOCS / "generate_parameters.py")
    assert found is not None
    assert found.loader is not None
    generate = importlib.util.module_from_spec(found)
    found.loader.exec_module(generate)
    fresh = generate.page(load_scenario("baseline"))
    committed = (DOCS / "parameters.md").read_text(encoding="utf-8")
    assert committed == fresh, "run: python docs/generate_parameters.py"
