"""Members do not depend on the order of lines in a file."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planmodel.runs import load_ensemble, make_plan
from planmodel.runs.schema import Ensemble
from planmodel.sensitivity.load import load_analysis, prepare

LINES = [
    '"parameters.draught.tractor_utilisation" = {}',
    '"cropping.seed_rate" = { around = 0.1 }',
    '"initial.grain.individual.value" = { low = 38.0, high = 45.0 }',
    '"switches.grain_exports" = { values = [true, false] }',
    '"parameters.livestock.*" = {}',
]


def test_every_design_is_that_of_the_keys(tmp_path: Path) -> None:
    chance = random.Random(3)
    for design in ("lhs", "random", "sobol"):
        seen = []
        for number in range(3):
            lines = chance.sample(LINES, len(LINES))
            file = tmp_path / f"{design}_{number}.toml"
            head = f'design = "{design}"\nmembers = 8\nseed = 5\nuntil = 1930-12-31\n[vary]\n'
            file.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")
            seen.append(load_ensemble(file).members)
        assert len({b"".join(members.csv()) for members in seen}) == 1
        assert len({members.digest() for members in seen}) == 1


@settings(max_examples=10, deadline=None)
@given(
    st.permutations(
        ["cropping.seed_rate", "parameters.draught.tractor_utilisation", "switches.grain_exports"]
    )
)
def test_a_grid_too(order: list[str]) -> None:
    vary = {name: {"steps": 2} for name in order} | {"switches.grain_exports": {"values": [True, False]}}
    plan = make_plan(Ensemble.model_validate({"design": "grid", "vary": {n: vary[n] for n in order}}))
    columns = plan.members.columns
    assert list(columns) == sorted(columns)
    first = columns["parameters.cropping.seed_rate"]
    assert np.array_equal(first, np.sort(first))


@pytest.mark.parametrize("method", ["morris", "sobol", "prcc"])
def test_designs_of_sensitivity(method: str, tmp_path: Path) -> None:
    seen = []
    for number, lines in enumerate((LINES[:3], LINES[2::-1])):
        file = tmp_path / f"{number}.toml"
        text = f'name = "a"\nmethod = "{method}"\nsamples = 64\n[vary]\n' + "\n".join(lines)
        file.write_text(text + '\n[outputs.h]\nof = "grain_harvest"\ndates = "1929"\n', encoding="utf-8")
        about = prepare(load_analysis(file), file)
        seen.append((about.design.inputs, b"".join(about.members["base"].csv())))
    assert seen[0] == seen[1]
