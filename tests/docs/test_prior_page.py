"""The page of the prior has every unknown, series and condition, and was drawn with as many as it says."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest
from programs import program

from planmodel.calibration.load import load_calibration
from planmodel.calibration.problem import prepare
from planmodel.prior.drawing import Histories, histories
from planmodel.prior.subject import subject_of
from planmodel.show.numbers import words

PAGE = Path(__file__).parents[2] / "docs" / "prior.md"


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    return program("generate_prior")


@pytest.fixture(scope="module")
def few() -> Histories:
    return histories(load_calibration("archival"), 40, seed=1)


def test_the_page_is_of_the_calibration_at_hand(generate: ModuleType) -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text.startswith(generate.HEAD), "run: make pages"
    calibration = load_calibration(generate.CALIBRATION)
    _, _, cube = prepare(calibration)
    assert f"{generate.NUMBER:,} draws of {len(cube.keys)} unknowns" in text, "run: make pages"
    for key in cube.keys:
        assert f"| {key.dotted} |" in text, "run: make pages"
    for name in subject_of(calibration).series:
        assert f"| {name} |" in text, "run: make pages"
    for condition in calibration.plausible:
        assert f"| {words(condition)} |" in text, "run: make pages"


def test_a_page_of_few_draws_has_the_same_parts(generate: ModuleType, few: Histories) -> None:
    headings = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
    assert [line for line in generate.page(few).splitlines() if line.startswith("#")] == headings
