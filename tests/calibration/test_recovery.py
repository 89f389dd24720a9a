"""The whole way on data that the model itself made: three parameters are found again."""

from collections.abc import Iterator
from datetime import date

import numpy as np
import pytest

from planmodel.calibration.evaluate import Evaluator
from planmodel.calibration.identifiability import information
from planmodel.calibration.problem import Points, Problem
from planmodel.calibration.schema_of_method import Search
from planmodel.calibration.search import search
from planmodel.calibration.targets import Point
from planmodel.calibration.unknowns import Cube, Key
from planmodel.runs.observe import Observation
from planmodel.scenario import load_scenario

KEYS = (
    Key("cropping.harvest_1928", 64.0, 80.0),
    Key("livestock.cattle_slaughter", 0.0, 0.3),
    Key("livestock.pigs_births", 0.8, 1.5),
    Key("workforce.purge_loss", 0.0, 0.2),  # moves nothing before the purges
)
TRUTH = np.array([[72.8, 0.12, 1.1, 0.05]])
DAYS = [date(year, month, 1) for year in (1929, 1930) for month in (2, 7)]
YEARS = [(date(year, 1, 1), date(year, 12, 31)) for year in (1928, 1929, 1930)]


@pytest.fixture(scope="module")
def evaluate() -> Iterator[tuple[Evaluator, list[Observation]]]:
    scenario = load_scenario("one_country").until(date(1930, 12, 31))
    asked = [Observation("grain_harvest", *span) for span in YEARS]
    asked += [Observation(name, day, day) for name in ("cattle", "pigs") for day in DAYS]
    with Evaluator(scenario, KEYS, sorted(asked), workers=1) as evaluator:
        yield evaluator, sorted(asked)


def test_three_parameters_are_found_again_and_the_fourth_is_named(
    evaluate: tuple[Evaluator, list[Observation]],
) -> None:
    evaluator, asked = evaluate
    made = evaluator(TRUTH)[0]
    points = [
        Point(o.indicator, str(o.end), "made", o, None, 1.0, 0.0, v, v, True, 0.02, 0.0, 1.0)
        for o, v in zip(asked, made, strict=True)
    ]
    problem = Problem(Points(points, 0.0), Cube(KEYS), evaluator)
    options = Search(sample=32, points=4, descent=4, rounds=1, starts=1, polish=10)
    fit = search(problem, np.full(4, 0.9), options, seed=3)
    assert fit.misfit[0] < 0.05
    assert problem.cube.natural(fit.best)[:3] == pytest.approx(TRUTH[0, :3], rel=0.02)
    found = information(problem, fit.best, 0.01)
    assert found.undetermined() == ["workforce.purge_loss"]
