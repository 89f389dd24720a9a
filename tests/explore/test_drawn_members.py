"""Answers at once: what members drawn beforehand say of a question."""

from __future__ import annotations

import numpy as np
import pytest
from exploring import opened, static

from planmodel.explore.answering import Asker
from planmodel.explore.begun import begun
from planmodel.explore.drawn import Drawing, movable

REGENERATE = "run docs/generate_explore.py"


@pytest.fixture(scope="module")
def asker() -> Asker:
    return Asker(opened(), 3, seed=0)


def test_a_scenario_that_can_be_moved_has_the_histories_of_the_scenario(asker: Asker) -> None:
    explored = asker.explored
    assert np.array_equal(
        asker.read(movable(explored), range(2)), asker.read(explored.scenario, range(2)), equal_nan=True
    )


def test_the_surface_foretells_members_that_it_was_not_fitted_to(asker: Asker) -> None:
    drawing = Drawing(asker, members=300)
    for task in drawing.tasks[:4]:
        task()
    surface = drawing.found["sliders"]
    assert surface["members"] == 300
    assert 0.75 < surface["explained"] <= 1.0
    assert len(surface["terms"]) == len(surface["slopes"]["steel"][0])
    # Better weather in 1932, more grain in 1932.
    row = [one.key for one in asker.looked_at].index("grain_harvest")
    weather = surface["names"].index("weather_1932")
    slope = surface["slopes"]["grain_harvest"][asker.years.index(1932)][weather]
    assert slope * drawing.found["finest"][row] > 10.0


def test_a_decree_left_out_is_what_a_run_without_it_is(asker: Asker) -> None:
    drawing = Drawing(asker, members=2)
    names = [*asker.explored.rules, *asker.explored.scenario.decrees]
    drawing.tasks[2 + names.index("passports")]()
    effect = drawing.found["decrees"]["passports"]["other"]["urban_population"]
    changed = asker.explored.changed({"decrees": {"passports": {"on": False}}})
    base, without = (asker.read(scenario, [0])[0] for scenario in (asker.explored.scenario, changed))
    row = [one.key for one in asker.looked_at].index("urban_population")
    finest = drawing.found["finest"][row]
    assert np.abs(np.array(effect) * finest - (without - base)[row]).max() <= 0.51 * finest
    assert np.abs(effect).max() > 0
    assert not any(effect[: asker.years.index(1932)])  # nothing before its day


def test_the_page_of_the_site_is_of_the_model_as_it_is() -> None:
    held = static()
    asker = Asker(opened(), held["begin"]["members"], held["begin"]["seed"])
    now = begun(asker)
    for key in ("sliders", "decrees", "regions", "quantities", "keys", "shown", "years"):
        assert held["begin"][key] == now[key], f"{key}: {REGENERATE}"
    for key, lines in now["base"].items():
        for ours, theirs in zip(lines, held["begin"]["base"][key], strict=True):
            mine, held_ = (np.array(line, dtype=float) for line in (ours, theirs))
            assert np.allclose(mine, held_, rtol=1e-4, equal_nan=True), f"{key}: {REGENERATE}"
    assert set(held["drawn"]["sliders"]["names"]) == {slider["id"] for slider in now["sliders"]}
    assert set(held["drawn"]["sliders"]["slopes"]) == set(now["base"])
    assert held["drawn"]["sliders"]["explained"] > 0.8
