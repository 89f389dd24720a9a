"""What mechanisms move: against histories run by hand, and the refit against a least-squares solution."""

from __future__ import annotations

import numpy as np
import pytest

from planmodel.calibration.load import load_calibration
from planmodel.calibration.problem import Points
from planmodel.calibration.unknowns import Cube, Key
from planmodel.liveness.content import counted, frame_of
from planmodel.liveness.moving import Life, Mechanism, Move, Refit, liveness, mechanisms, refit_of
from planmodel.runs.history import run
from planmodel.runs.observe import observer_of
from planmodel.scenario import load_scenario

SIZE, SWITCH, IDLE = (
    "parameters.effort.terms_effect",
    "switches.food_productivity",
    "parameters.planning.heavy_promise",
)


@pytest.fixture(scope="module")
def refit() -> Refit:
    return refit_of("baseline", "archival")


@pytest.fixture(scope="module")
def lives(refit: Refit) -> dict[str, Life]:
    asked = [one for one in mechanisms(refit.scenario)[0] if one.key in (SIZE, SWITCH, IDLE)]
    return {life.mechanism.key: life for life in liveness(refit, asked)}


def by_hand(refit: Refit, changes: dict[str, object]) -> np.ndarray:
    """Moves of all figures, by histories that are run as a user runs them."""
    found = []
    for changed in ({}, changes):
        scenario = load_scenario("baseline", changed)
        span = scenario.period.start, scenario.period.end
        observer = observer_of(scenario.declared, *span, refit.points.observations)
        found.append(refit.points.compared(refit.points.predicted(observer.read(run(scenario)))))
    return np.asarray((found[1] - found[0])[0] / refit.points.sd)


@pytest.mark.parametrize(("key", "changes"), [(SIZE, {SIZE: 0.0}), (SWITCH, {SWITCH: False})])
def test_moves_are_those_of_a_history_without_the_mechanism(
    refit: Refit, lives: dict[str, Life], key: str, changes: dict[str, object]
) -> None:
    moved = np.abs(by_hand(refit, changes))
    move = lives[key].move
    assert move.largest == pytest.approx(moved.max(), rel=1e-6)
    assert move.rms == pytest.approx(np.sqrt(np.mean(moved**2)), rel=1e-6)
    point = refit.points.points[int(moved.argmax())]
    assert move.where == f"{point.target} {point.label}"


def test_a_refit_brings_the_figures_nearer(lives: dict[str, Life]) -> None:
    for key in (SIZE, SWITCH):
        life = lives[key]
        assert life.refitted is not None
        assert life.refitted.rms < 0.95 * life.move.rms
        assert life.verdict == "alive"


def test_what_no_equation_reads_is_dead(lives: dict[str, Life]) -> None:
    assert lives[IDLE].move.largest == 0.0
    assert lives[IDLE].refitted is None
    assert lives[IDLE].verdict == "dead"


def test_a_mechanism_that_is_off_already_is_not_asked() -> None:
    scenario = load_scenario("baseline", {SIZE: 0.0}, ["gestation"])
    acting, idle = mechanisms(scenario)
    assert {"switches.gestation", SIZE} <= {one.key for one in idle}
    assert not {"switches.gestation", SIZE} & {one.key for one in acting}
    nulls = [
        p for group in scenario.declared.parameters().values() for p in group.values() if p.null is not None
    ]
    assert len(acting) + len(idle) == len(nulls) + len(scenario.declared.switches())


def toy(keys: int, points: int) -> Refit:
    """A linear problem, without a model behind it."""
    chance = np.random.default_rng(2)
    made = Refit.__new__(Refit)
    made.cube = Cube(tuple(Key(f"toy.p{i}", 0.0, 1.0) for i in range(keys)))
    made.points = Points.__new__(Points)
    made.points.weight = chance.random(points)
    made.origin = np.full(keys, 0.5)
    made._slopes = chance.normal(size=(points, keys))
    return made


def test_the_step_is_that_of_least_squares_with_the_pull_of_the_priors() -> None:
    made, moved = toy(4, 30), np.random.default_rng(3).normal(size=30)
    unit = np.array([0.5, 0.7, 0.4, 0.5])
    rooted, spread = np.sqrt(made.points.weight), made.cube.prior_sd
    above = np.vstack([rooted[:, None] * made._slopes, np.diag(1.0 / spread)])
    right = np.concatenate([-rooted * moved, -(unit - made.origin) / spread])
    best = np.linalg.lstsq(above, right, rcond=None)[0]
    assert made.step_back(unit, moved, ()) == pytest.approx(best)
    # what is held does not move, and the others make up for it
    step = made.step_back(unit - [0, 0.2, 0, 0], moved, ["parameters.toy.p1"])
    assert step[1] == pytest.approx(0.0, abs=1e-12)
    assert step != pytest.approx(made.step_back(made.origin, moved, ()))

    # the step lowers what is made small, and in a linear world none lowers it further
    def cost(at: np.ndarray) -> float:
        return float(made.cost(at[None], (moved + made._slopes @ (at - unit))[None])[0])

    there = cost(unit + made.step_back(unit, moved, ()))
    assert there < cost(unit)
    for other in np.random.default_rng(4).normal(size=(20, 4)) * 0.01:
        assert cost(unit + best + other) > there


def life(largest: float, refitted: float | None = None) -> Life:
    after = None if refitted is None else Move(refitted, "b", 0.1)
    return Life(Mechanism("parameters.toy.p", "toy", 1.0, 0.0), Move(largest, "a", 0.1), after)


@pytest.mark.parametrize(
    ("one", "verdict"),
    [
        (life(1.0), "dead"),
        (life(1.01, 0.99), "alive only without refit"),
        (life(1.01, 1.01), "alive"),
        (life(1000.0), "alive"),  # the run broke off
    ],
)
def test_verdicts(one: Life, verdict: str) -> None:
    assert one.verdict == verdict


def test_the_table_has_those_alive_first_and_counts_all() -> None:
    some = [life(0.5), life(3.0, 0.5), life(2.0, 2.0), life(9.0, 9.0), life(1000.0)]
    frame = frame_of(some)
    assert frame["verdict"].tolist() == ["alive", "alive", "alive", "alive only without refit", "dead"]
    assert frame["largest"].tolist() == [np.inf, 9.0, 2.0, 3.0, 0.5]
    assert frame["where"][0] == "the run breaks off"
    assert counted(some) == "5 mechanisms: 3 alive, 1 alive only without refit, 1 dead"


def test_figures_and_unknowns_are_those_of_the_calibration(refit: Refit) -> None:
    about = load_calibration("archival")
    assert [key.dotted for key in refit.cube.keys][: len(about.ranges())] == list(about.ranges())
    assert {p.target for p in refit.points.points} <= set(about.used())
