"""The figures of the baseline on the page are those that the model gives."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from planmodel.runs.history import run_fully

PROGRAM = Path(__file__).parents[2] / "docs" / "generate_baseline.py"


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    found = importlib.util.spec_from_file_location("generate_baseline", PROGRAM)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


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


def test_the_parts_of_the_strain_add_up_to_that_of_the_model(generate: ModuleType) -> None:
    """Smoothed as the plan does it; what is read at the end of a month is a little late."""
    history = run_fully("baseline")
    now = sum(generate.strain_parts(history))
    strain = history.dataset["strain"].values[0]
    smoothed = np.zeros_like(now)
    for month in range(1, len(now)):
        smoothed[month] = smoothed[month - 1] + (now[month] - smoothed[month - 1]) / 6.0
    assert np.abs(smoothed - strain).max() < 0.1 * strain.max()
    assert strain.max() > 0.4
