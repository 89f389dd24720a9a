"""The page of rivals is that of the rows that are kept beside it, and says of each form what it misses."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest
from programs import program

from planmodel.calibration.load import load_calibration

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    return program("generate_rivals")


def test_the_page_is_up_to_date(generate: ModuleType) -> None:
    assert generate.main(["--check"]) == 0, "run: python docs/generate_rivals.py"


def test_the_page_says_of_every_row_what_it_came_to(generate: ModuleType) -> None:
    text = (DOCS / "rivals.md").read_text(encoding="utf-8")
    known = load_calibration("accumulation").rivals
    for name in generate.NAMES:
        rows = generate.kept(name)
        assert {row["rival"] for row in rows} <= set(known)
        for row in rows:
            assert text.count(f"**{known[row['rival']].title}** (`{row['rival']}`)") >= 1
    assert "### What is not foretold" in text


def test_a_trial_is_called_one(generate: ModuleType) -> None:
    rivals, forecasts = generate.kept("rivals"), generate.kept("forecast")
    marked = [row | {"trial": True} for row in rivals]
    assert "not to be cited" in generate.page(marked, forecasts)
    whole = [[row | {"trial": False} for row in rows] for rows in (rivals, forecasts)]
    assert "not to be cited" not in generate.page(*whole)


def test_a_fact_that_no_draw_holds_is_said_not_to_be_foretold(generate: ModuleType) -> None:
    rivals, forecasts = generate.kept("rivals"), generate.kept("forecast")
    lost = [{**fact, "inside": 0.0} for fact in forecasts[0]["by_fact"]]
    text = generate.page(rivals, [{**forecasts[0], "by_fact": lost}])
    assert f"{lost[0]['fact'].replace('_', ' ')} (0 %)" in " ".join(text.split())
    won = [{**fact, "inside": 1.0} for fact in forecasts[0]["by_fact"]]
    text = generate.page(rivals, [{**forecasts[0], "by_fact": won}])
    assert "each later fact holds" in " ".join(text.split())
