"""What a scenario refuses, every argument that lays values over it refuses too, in the same words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest

from planmodel import evaluate
from planmodel.engine import UserError
from planmodel.experiments.compare import compare
from planmodel.runs.checking import judge
from planmodel.runs.checks import Check
from planmodel.runs.history import run
from planmodel.scenario import load_scenario

KEY = "parameters.cropping.seed_rate"
SHORT = load_scenario("baseline").until(date(1929, 12, 31))
CHECK = Check.model_validate(
    {
        "statement": "There is a harvest",
        "source": "test",
        "claims": [{"of": "grain_harvest", "dates": "1929", "above": 0.0}],
    }
)
DOORS: dict[str, Callable[[Any], object]] = {
    "run": lambda v: run(SHORT, [0, 0], parameters={"cropping": {"seed_rate": v}}, wanted=["grain_harvest"]),
    "evaluate": lambda v: evaluate(SHORT, {"cropping.seed_rate": v}, observe=["grain_harvest"]),
    "compare": lambda v: compare([load_scenario("baseline"), load_scenario("nep")], {KEY: v}),
    "judge": lambda v: judge({"harvest": CHECK}, SHORT, {KEY: v}),
}


@pytest.mark.parametrize("door", DOORS.values(), ids=DOORS.keys())
@pytest.mark.parametrize(("value", "said"), [(5.0, "5"), (np.nan, "nan"), (0.0999, "0.0999")])
def test_out_of_bounds(door: Callable[[Any], object], value: float, said: str) -> None:
    message = rf"{KEY}: {said} \(member 1\) is out of bounds; allowed: 0.1 to 0.15$"
    with pytest.raises(UserError, match=message):
        door(np.array([0.12, value]))
