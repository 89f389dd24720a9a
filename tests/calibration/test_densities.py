"""Declared priors: quantiles are what was declared, cut off at hard limits; what is wrong is named."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from planmodel.calibration.densities import Density, Form
from planmodel.calibration.load import load_calibration
from planmodel.calibration.priors import priors_of, sources_of
from planmodel.calibration.problem import prepare
from planmodel.calibration.unknowns import Cube, Key
from planmodel.engine import UserError
from planmodel.scenario.registry import economy

SOVIET = economy("soviet")
NEAR_NULL = 0.05  # a density at the null of a mechanism, over its highest, that does not rule it out


@pytest.mark.parametrize(
    ("form", "quantiles", "low", "high"),
    [
        ("normal", (0.1, 0.5, 1.0), 0.0, 1.2),
        ("normal", (-1.645, 0.0, 1.645), -10.0, 10.0),
        ("lognormal", (0.5, 1.0, 2.0), 0.0, np.inf),
        ("gamma", (0.36, 1.68, 4.74), 0.0, np.inf),
        ("beta", (0.1, 0.3, 0.56), 0.0, 1.0),
    ],
)
def test_draws_have_the_declared_quantiles_and_keep_to_the_limits(
    form: Form, quantiles: tuple[float, float, float], low: float, high: float
) -> None:
    density = Density(form, quantiles, low, high)
    assert density.sound
    drawn = density.natural(np.random.default_rng(1).standard_normal(40_000))
    width = quantiles[2] - quantiles[0]
    assert np.quantile(drawn, [0.05, 0.5, 0.95]) == pytest.approx(quantiles, abs=0.06 * width)
    assert low <= drawn.min() <= drawn.max() <= high


def test_a_cut_that_matters_is_taken_into_account() -> None:
    """A density that is cut off at nought is another than one that only does not reach so far."""
    cut = Density("normal", (0.02, 0.2, 0.5), 0.0, 10.0)
    assert cut.sound
    assert cut.height(0.0) > 0.3
    assert Density("normal", (-0.1, 0.2, 0.5), -10.0, 10.0).height(0.0) < 0.7


def test_a_form_that_cannot_have_the_quantiles_is_not_sound() -> None:
    assert not Density("normal", (0.1, 0.2, 1.0), -10.0, 10.0).sound
    assert not Density("lognormal", (0.5, 1.5, 2.0), 0.0, 10.0).sound


def test_scores_and_values_are_inverse() -> None:
    density = Density("lognormal", (0.5, 1.0, 2.0), 0.0, 5.0)
    scores = np.linspace(-3.0, 3.0, 41)
    assert density.score(density.natural(scores)) == pytest.approx(scores, abs=1e-9)


def test_the_cube_draws_densities_and_their_scores_are_residuals() -> None:
    density = Density("lognormal", (0.5, 1.0, 2.0), 0.0, np.inf)
    cube = Cube((Key("toy.p", 0.0, 1.0), Key.declared("toy.q", density)))
    unit = cube.from_standard(np.array([[0.3, -1.645], [0.3, 0.0], [0.3, 1.645]]))
    assert cube.natural(unit)[:, 1] == pytest.approx([0.5, 1.0, 2.0], rel=1e-3)
    assert cube.moved(unit)[:, 0] == pytest.approx([-1.645, 0.0, 1.645], abs=1e-9)
    assert cube.standard(unit)[:, 0] == pytest.approx(0.3)


def test_every_unknown_of_archival_has_a_prior_with_a_source_and_there_are_few() -> None:
    calibration = load_calibration("archival")
    _, _, cube = prepare(calibration)
    assert calibration.prior == "declared"
    assert len(cube.keys) <= 80
    assert all(key.density is not None or key.sd is not None for key in cube.keys)
    used = {key.dotted.removesuffix(".value") for key in cube.keys if key.density is not None}
    assert used == set(priors_of(SOVIET)), "a row that no calibration draws, or none for an unknown"
    assert all(sources_of(SOVIET).values())
    assert any(key.dotted.startswith("initial.") for key in cube.keys)
    assert any(key.dotted.startswith("exogenous.weather.") for key in cube.keys)


def test_no_prior_rules_out_that_a_mechanism_does_nothing() -> None:
    parameters = SOVIET.parameters()
    strengths = 0
    for key, density in priors_of(SOVIET).items():
        component, _, name = key.partition(".")
        null = None if component == "initial" else parameters[component][name].null
        if null is not None and density.low <= null <= density.high:
            strengths += 1
            assert density.height(null) > NEAR_NULL, f"{key}: the prior rules out {null}"
    assert strengths > 5


def test_medians_are_not_where_the_search_ended() -> None:
    """A median may meet a default that was never fitted; as a rule it does not."""
    parameters = SOVIET.parameters()
    pairs = [key.split(".") for key in priors_of(SOVIET) if not key.startswith("initial.")]
    same = [
        f"{c}.{n}" for c, n in pairs if priors_of(SOVIET)[f"{c}.{n}"].quantiles[1] == parameters[c][n].default
    ]
    assert len(same) <= 2, same


ROW = "plan.push, normal, 0.1, 0.2, 0.3, ours"


def _economy(folder: Path, *rows: str, head: str = "key, form, p05, p50, p95, source") -> Any:
    (folder / "priors.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    declared = SimpleNamespace(bounds=(0.0, 1.0))
    return _Toy(folder, {"plan": {"push": declared}})


class _Toy:
    def __init__(self, folder: Path, parameters: dict[str, Any]) -> None:
        self.folder, self._parameters = folder, parameters

    def parameters(self) -> dict[str, Any]:
        return self._parameters

    def stocks(self) -> dict[str, Any]:
        return {"grain": {"state": None}}


def test_a_sound_table_is_read(tmp_path: Path) -> None:
    found = priors_of(_economy(tmp_path, ROW, "initial.grain.state, lognormal, 1, 2, 4, ours"))
    assert found["plan.push"].quantiles == (0.1, 0.2, 0.3)
    assert found["initial.grain.state"].high == np.inf


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("plan.pusch, normal, 0.1, 0.2, 0.3, ours", "'plan.pusch'"),
        ("plan.push, normal, 0.1, 0.2, 0.3,", "source: is empty"),
        ("plan.push, cauchy, 0.1, 0.2, 0.3, ours", "form: 'cauchy'"),
        ("plan.push, normal, 0.3, 0.2, 0.1, ours", "each above the last"),
        ("plan.push, normal, 0.1, 0.2, 1.3, ours", "out of bounds; allowed: 0 to 1"),
        ("plan.push, normal, a, 0.2, 0.3, ours", "p05: 'a'; allowed: a number"),
        ("plan.push, normal, 0.1, 0.2, 0.9, ours", "no normal density between 0 and 1 has them"),
        ("plan.push, lognormal, 0, 0.2, 0.3, ours", "allowed: above 0"),
        ("initial.grain.state, beta, 1, 2, 3, ours", "beta needs two limits"),
        ("plan.push, normal, 0.1, 0.2, ours", "5 cells; allowed: 6"),
    ],
)
def test_what_is_wrong_with_a_row_is_said_with_file_and_line(tmp_path: Path, row: str, said: str) -> None:
    with pytest.raises(UserError) as error:
        priors_of(_economy(tmp_path, row))
    assert said in str(error.value)
    assert "priors.csv:2" in str(error.value)


def test_a_key_twice_and_other_columns_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="stands twice"):
        priors_of(_economy(tmp_path, ROW, ROW))
    with pytest.raises(UserError, match="columns are key, form; allowed: key"):
        priors_of(_economy(tmp_path, "plan.push, normal", head="key, form"))


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("around = 0.1", 'around: 0.1 does not go with prior = "declared"'),
        ('openings = ["grain.state", "grain.state"]', "openings: 'grain.state' is named twice"),
        ('openings = ["grain.stat"]', "openings: 'grain.stat' has no declared prior"),
        (
            "[fit.state]\nfarm_tax = {}",
            "fit.state.farm_tax: has no declared prior; allowed: a row in priors.csv",
        ),
        ("[fit.plan]\npush = { low = 0.2 }", "fit.plan.push: has only one of low and high"),
        (
            '[plausible.x]\nof = "populace"\ndate = "1939"\nbetween = [1.0, 2.0]\nwhy = "none"',
            "plausible.x.of: no such indicator of the model",
        ),
        (
            '[plausible.x]\nof = "population"\ndate = "1949"\nbetween = [1.0, 2.0]\nwhy = "none"',
            "plausible.x.date: 1949 is outside the run",
        ),
        (
            '[plausible.x]\nof = "population"\ndate = "1939"\nbetween = [2.0, 1.0]\nwhy = "none"',
            "plausible.x.between: the first must be below the second",
        ),
    ],
)
def test_what_a_calibration_may_not_say_of_priors(tmp_path: Path, lines: str, said: str) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(f'extends = "archival"\n{lines}\n', encoding="utf-8")
    with pytest.raises(UserError) as error:
        load_calibration(file)
    assert said in str(error.value)
    assert str(file) in str(error.value)


def test_a_range_of_its_own_takes_the_place_of_the_declared_prior(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('extends = "archival"\n[fit.plan]\npush = { low = 0.2, high = 0.3 }\n', encoding="utf-8")
    keys = {key.dotted: key for key in prepare(load_calibration(file))[2].keys}
    assert keys["plan.push"] == Key("plan.push", 0.2, 0.3)
    assert keys["plan.inflation"].density is not None
