"""The straight loop of the benchmark does the arithmetic of the model, or its ratio would mean nothing."""

from __future__ import annotations

import importlib.util
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from planmodel.engine import Ledger
from planmodel.runs.history import run_fully
from planmodel.scenario import load_scenario

FILE = Path(__file__).parents[2] / "benchmarks" / "straight_loop.py"
SCENARIO = load_scenario("baseline").until(date(1930, 12, 31))
WANTED = ("population", "grain_harvest", "collectivised_share")


@pytest.fixture(scope="module")
def straight_loop() -> Any:
    spec = importlib.util.spec_from_file_location("straight_loop", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def count_proposals(kind: type[Ledger], patch: pytest.MonkeyPatch) -> Counter[str]:
    asked: Counter[str] = Counter()
    propose = kind.propose

    def counting(ledger: Ledger, flow: str, amount: Any, rank: int | None = None) -> None:
        asked[flow] += 1
        propose(ledger, flow, amount, rank)

    patch.setattr(kind, "propose", counting)
    return asked


def test_every_flow_is_proposed_as_often_as_in_the_model(
    straight_loop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = count_proposals(straight_loop.StraightLedger, monkeypatch)
    looped = straight_loop.run_straight(SCENARIO, 3, WANTED).dataset
    model = count_proposals(Ledger, monkeypatch)
    ran = run_fully(SCENARIO, 3, wanted=WANTED).dataset
    # What nobody suffers in a month is not proposed, and the two histories differ a little.
    apart = sum((plain - model).values()) + sum((model - plain).values())
    assert apart < 0.02 * model.total()
    assert len(plain) > 100
    assert {flow for flow, times in model.items() if times > 12} <= set(plain)
    assert set(looped.data_vars) == set(ran.data_vars)
    np.testing.assert_allclose(looped["population"], ran["population"], rtol=0.05)
    assert looped["collectivised_share"].values[0, -1] > 0.05  # the campaign ran
