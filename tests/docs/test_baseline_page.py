"""The figures of the baseline on the page are those that the model gives."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from programs import program

from planmodel.runs.history import run_fully


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    return program("generate_baseline")


@pytest.fixture(scope="module")
def fresh(generate: ModuleType) -> str:
    return str(generate.page())


def test_the_page_of_the_baseline_is_up_to_date(generate: ModuleType, fresh: str) -> None:
    committed = generate.PAGE.read_text(encoding="utf-8")
    assert committed == fresh, "run: python docs/generate_baseline.py"


def test_check_refuses_a_page_that_differs_and_writes_nothing(
    generate: ModuleType,
    fresh: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Exit status of ``--check``: 0 for the page, 1 for one with a figure changed or none at all."""
    monkeypatch.setattr(generate, "page", lambda: fresh)  # the model ran once already
    monkeypatch.setattr(generate, "PAGE", tmp_path / "baseline.md")
    assert generate.main(["--check"]) == 1
    assert not generate.PAGE.exists()
    assert generate.main([]) == 0
    assert generate.main(["--check"]) == 0
    stale = fresh.replace("7", "8", 1)
    generate.PAGE.write_text(stale, encoding="utf-8")
    capsys.readouterr()
    assert generate.main(["--check"]) == 1
    assert "generate_baseline.py" in capsys.readouterr().err
    assert generate.PAGE.read_text(encoding="utf-8") == stale


def test_what_moves_the_plan_adds_up_to_the_control_figures(generate: ModuleType) -> None:
    history = run_fully("baseline")
    saving = history.scenario.parameters.model_dump()["plan"]["promised_saving"]
    for year, (push, budget, food) in generate.parts_of_plan(history).items():
        planned, work = (
            float(history.dataset[name].sel(time=f"{year}-12-31").values[0])
            for name in ("investment_plan", "investment_so_far")
        )
        assert np.log(planned / (work * (1.0 - saving))) == pytest.approx(push - budget - food, rel=1e-9), (
            year
        )
