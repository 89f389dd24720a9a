"""Tempered draws of problems whose posterior and evidence are known."""

import sys
from pathlib import Path

import numpy as np
import pytest
import toys
from scipy.stats import norm

from planmodel.calibration.calibrate import Stages, calibrate
from planmodel.calibration.conditions import Condition
from planmodel.calibration.journal import Journal
from planmodel.calibration.load import load_calibration
from planmodel.calibration.problem import Points, Problem
from planmodel.calibration.schema_of_method import Tempering
from planmodel.calibration.tempering import Tempered, temper
from planmodel.calibration.unknowns import Cube, Key
from planmodel.engine import Array, UserError

OPTIONS = Tempering(particles=1500, moves=6, last_moves=20)


class Square:
    """Answers the distance of the one unknown from a half: two values of it fit alike."""

    def __call__(self, values: Array) -> Array:
        return np.abs(values - 0.5)


def gaussian(*, normal: bool = False) -> Tempered:
    """Two unknowns, each measured once: at 0.4 with an error of 0.05, and at 0.7 with one of 0.1."""
    points = [toys.point("a", 0.4, error=0.05), toys.point("b", 0.7, error=0.1)]
    keys = toys.cube(2).keys
    if normal:
        keys = (keys[0], Key.normal("exogenous.toy.values.1930", 0.5, 0.1))
    problem = Problem(Points(points, persistence=0.0), Cube(keys), toys.Linear(np.eye(2)))
    return temper(problem, OPTIONS, seed=3)


def test_mean_spread_and_evidence_of_a_uniform_prior() -> None:
    found = gaussian()
    assert found.mean == pytest.approx([0.4, 0.7], abs=0.012)
    assert found.unit.std(axis=0) == pytest.approx([0.05, 0.1], rel=0.12)
    exact = np.log(0.05 * np.sqrt(2 * np.pi)) + np.log(0.1 * np.sqrt(2 * np.pi)) + np.log(norm.cdf(3.0))
    assert found.log_evidence == pytest.approx(exact, abs=0.2)


def test_a_normal_prior_is_weighed_once() -> None:
    found = gaussian(normal=True)
    natural = 0.2 + 0.6 * found.unit[:, 1]
    assert natural.mean() == pytest.approx(0.6, abs=0.01)  # half-way: prior and figure are as firm
    assert natural.std() == pytest.approx(0.1 / np.sqrt(2.0), rel=0.1)
    second = np.log(0.1 * np.sqrt(2 * np.pi)) + norm.logpdf(0.7, 0.5, np.hypot(0.1, 0.1))
    assert found.log_evidence == pytest.approx(np.log(0.05 * np.sqrt(2 * np.pi)) + second, abs=0.2)


def test_both_modes_are_found_and_keep_their_weight() -> None:
    points = Points([toys.point("a", 0.3, error=0.02)], persistence=0.0)
    found = temper(Problem(points, toys.cube(1), Square()), OPTIONS, seed=5)
    low, high = found.unit[found.unit < 0.5], found.unit[found.unit > 0.5]
    assert len(low) / len(found.unit) == pytest.approx(0.5, abs=0.1)
    assert low.mean() == pytest.approx(0.2, abs=0.01)
    assert high.mean() == pytest.approx(0.8, abs=0.01)
    assert found.log_evidence == pytest.approx(np.log(2 * 0.02 * np.sqrt(2 * np.pi)), abs=0.2)


def test_powers_rise_from_nothing_to_the_whole_likelihood() -> None:
    found = gaussian()
    assert found.powers[0] == 0.0
    assert found.powers[-1] == 1.0
    assert (np.diff(found.powers) > 0.0).all()
    assert len(found.accepted) == len(found.powers) - 1


def test_what_tells_nothing_leaves_the_prior_in_one_step() -> None:
    points = Points([toys.point("a", 0.5, error=1e6)], persistence=0.0)
    found = temper(Problem(points, toys.cube(1), toys.Linear(np.eye(1))), OPTIONS, seed=2)
    assert found.powers.tolist() == [0.0, 1.0]
    assert found.log_evidence == pytest.approx(0.0, abs=1e-6)
    assert found.unit.std() == pytest.approx(1 / np.sqrt(12), rel=0.06)


def test_it_is_broken_off_after_so_many_powers() -> None:
    points = Points([toys.point("a", 0.4, error=1e-4)], persistence=0.0)
    few = OPTIONS.model_copy(update={"most_powers": 2, "particles": 50})
    found = temper(Problem(points, toys.cube(1), toys.Linear(np.eye(1))), few, seed=1)
    assert found.powers[-1] < 1.0


def test_without_arviz_nothing_is_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("arviz_stats", "arviz_stats.base", "arviz_stats.base.array"):
        monkeypatch.setitem(sys.modules, name, None)
    calibration = load_calibration("archival")
    posterior = calibration.posterior.model_copy(update={"method": "tempered"})
    wanted = calibration.model_copy(update={"posterior": posterior})
    with pytest.raises(UserError, match=r"needs ArviZ; allowed: pip install .planmodel\[study\]"):
        calibrate(wanted, stages=Stages(posterior=True))


def test_a_prior_that_conditions_cut_is_drawn_from_and_its_share_said() -> None:
    """Only draws above a half are of the prior: half of all, and the evidence is over them alone."""
    condition = Condition("above", toys.observation("a"), 0.5, 1.0)
    points = Points([toys.point("a", 0.75, error=1e3)], persistence=0.0, conditions=[condition])
    found = temper(Problem(points, toys.cube(1), toys.Linear(np.eye(1))), OPTIONS, seed=6)
    assert found.kept == pytest.approx(0.5, abs=0.04)
    assert found.unit.min() >= 0.5
    assert found.mean == pytest.approx([0.75], abs=0.02)
    assert found.log_evidence == pytest.approx(0.0, abs=1e-3)


def test_conditions_that_hardly_a_draw_keeps_are_refused() -> None:
    condition = Condition("above", toys.observation("a"), 0.999, 1.0)
    points = Points([toys.point("a", 0.75)], persistence=0.0, conditions=[condition])
    with pytest.raises(UserError, match="plausible: fewer than"):
        temper(Problem(points, toys.cube(1), toys.Linear(np.eye(1))), OPTIONS, seed=6)


def test_answers_of_the_journal_are_not_asked_again(tmp_path: Path) -> None:
    model = toys.Linear(np.eye(2))
    points = [toys.point("a", 0.4, error=0.05), toys.point("b", 0.7, error=0.1)]
    problem = Problem(Points(points, persistence=0.0), toys.cube(2), model)
    small = OPTIONS.model_copy(update={"particles": 40})
    drawn = []
    for _ in range(2):
        with Journal(tmp_path / "journal") as journal:
            drawn.append(temper(problem, small, 1, journal))
        asked, model.members = model.members, 0
    assert asked == 0
    assert (drawn[0].unit == drawn[1].unit).all()
    assert drawn[0].log_evidence == drawn[1].log_evidence
