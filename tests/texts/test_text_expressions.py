"""Expressions of the answers to figures of a text: what they reckon, and what they refuse."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from planmodel.engine import UserError
from planmodel.experiments.results import Record, Results
from planmodel.scenario import registry
from planmodel.texts.expressions import Expression


class Fake:
    """Results in which ``x`` of a year is its last two digits, and twice that in the second member."""

    members = 2

    def __init__(self, times: float = 1.0) -> None:
        self.times = times

    def observe(self, name: str, dates: str) -> np.ndarray[Any, Any] | None:
        year = int(dates[:4])
        return None if year > 1940 else self.times * (year - 1900.0) * np.array([1.0, 2.0])


def reckoned(text: str, dates: str, **others: Any) -> list[float] | None:
    results: Any = Fake()
    found = Expression(text).answer(results, Record(), dates, others)
    return None if found is None else [round(float(value), 9) for value in found]


@pytest.mark.parametrize(
    ("text", "dates", "expected"),
    [
        ("x", "1930", [30, 60]),
        ("x / (x + x) - 1", "1930", [-0.5, -0.5]),
        ("-x * 2", "1930", [-60, -120]),
        ('at(x, "1937") - x', "1930", [7, 14]),
        ("growth(x)", "1930", [30 / 29 - 1] * 2),
        ('pace(x, "1928", "1932")', "1930", [(32 / 28) ** 0.25 - 1] * 2),
        ('rise(x, "1937", "1940")', "1930", [3, 6]),
        ("change(x)", "1932..1937", [37 / 32 - 1] * 2),
        ("change(x)", "1931-07-01..1933-01-01", [33 / 31 - 1] * 2),
        ('record("coal", "book", "1936")', "1930", [126, 126]),
        ('x - run("other", x)', "1930", [-60, -120]),
    ],
)
def test_it_reckons(text: str, dates: str, expected: list[float]) -> None:
    assert reckoned(text, dates, other=Fake(3.0)) == pytest.approx(expected)


@pytest.mark.parametrize("text", ["x", "x + 1", "change(x)", 'rise(x, "1930", "1942")', '2 * at(x, "1941")'])
def test_outside_the_run_there_is_no_answer(text: str) -> None:
    assert reckoned(text, "1930..1941" if "change" in text else "1941") is None


def test_it_names_what_must_be_recorded() -> None:
    economy = registry.economy()
    asked = Expression('grain_procurement / at(frozen_share, "1932") + record("coal", "book", "1936")')
    assert asked.names == ("grain_procurement", "frozen_share")
    assert asked.parts(economy) == {*economy.indicators["grain_procurement"].made_of, "frozen_share"}
    assert Expression('run("nep", coal) * parameter("labour.turnover_base")').runs == ("nep",)
    assert Expression('parameter("labour.turnover_base") + 0 * coal').parameters == ("labour.turnover_base",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x +", "'x +' is no expression; allowed: names"),
        ("x < 3", "'x < 3' is no part of an expression; allowed: names"),
        ("sqrt(x)", "'sqrt(x)' is no part of an expression"),
        ("x.y", "'x.y' is no part of an expression"),
        ('"text"', "is no part of an expression"),
        ("at(x)", "at: 0 texts are given; allowed: 1, in quotes"),
        ('at(x, "1930s")', "at: '1930s' is not a date"),
        ("pace(x, 1928, y)", "pace: 2 texts are given; allowed: 2, in quotes"),
        ('__import__("os")', "is no part of an expression"),
    ],
)
def test_what_is_no_expression_is_refused(text: str, said: str) -> None:
    with pytest.raises(UserError) as error:
        Expression(text)
    assert said in str(error.value)


def test_unknown_quantities_and_parameters_are_refused_with_the_nearest() -> None:
    with pytest.raises(UserError, match=r"no quantity .grain_harvst.; did you mean .grain_harvest."):
        Expression("grain_harvst").parts(registry.economy())


def test_a_parameter_is_that_of_the_scenario() -> None:
    from planmodel.scenario import load_scenario
    from planmodel.texts.expressions import parameter_of

    changed = load_scenario("baseline", {"parameters.labor_camps.bread_above": 0.9})
    assert parameter_of(changed, "labor_camps.bread_above") == 0.9
    with pytest.raises(UserError, match=r"parameter: 'labor_camps.bread_abov' is none of the model"):
        parameter_of(changed, "labor_camps.bread_abov")


def test_results_are_those_of_an_experiment() -> None:
    assert {"members", "observe"} <= set(dir(Results))
