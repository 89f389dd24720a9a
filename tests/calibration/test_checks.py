"""Measures on paths with known troughs and peaks, verdicts, and the ready checks."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from planmodel.runs.checking import Judged, Verdict, judge
from planmodel.runs.checks import Check, Claim, load_checks
from planmodel.runs.measures import measure
from planmodel.scenario import load_scenario

TIME = pd.date_range("1930-01-31", "1935-12-31", freq="ME")
BOUND = {"above": -1e9}


def dataset(name: str, values: np.ndarray) -> xr.Dataset:
    return xr.Dataset({name: (("member", "time"), values)}, {"member": range(len(values)), "time": TIME})


def claim(**said: object) -> Claim:
    return Claim.model_validate({**BOUND, **said})


def stock(*members: list[float]) -> xr.Dataset:
    """Cattle that stand still within each year."""
    values = np.array([np.repeat(np.array(m, dtype=float), 12) for m in members])
    return dataset("cattle_household", values).merge(dataset("cattle_socialised", 0.0 * values))


def flow(*members: list[float]) -> xr.Dataset:
    return dataset("steel", np.array([np.repeat(m, 12) / 12 for m in members]))


SPAN = "1930-06-01..1935-12-31"


def test_trough_of_a_stock() -> None:
    run = stock([70, 60, 50, 35, 40, 50], [50, 50, 51, 52, 53, 54])
    depth = measure(claim(measure="trough_depth", of="cattle", dates=SPAN), run)
    assert depth == pytest.approx([-0.5, 0.0])
    found = measure(claim(measure="trough_date", of="cattle", dates=SPAN), run)
    assert found[0] == pytest.approx(1933 + 1 / 12)
    assert np.isnan(found[1])  # what never falls has no trough


def test_trough_is_the_deepest_fall_below_an_earlier_height_not_the_lowest_value() -> None:
    run = stock([20, 100, 60, 120, 130, 140])  # the lowest value is the first, no fall precedes it
    claimed = claim(measure="trough_depth", of="cattle", dates="1930-01-31..1935-12-31")
    assert measure(claimed, run) == pytest.approx([-0.4])


def test_flows_are_taken_over_twelve_months_and_dated_at_their_middle() -> None:
    run = flow([5, 5, 6, 3, 4, 6])
    assert measure(claim(measure="trough_depth", of="steel", dates=SPAN), run) == pytest.approx([-0.5])
    found = measure(claim(measure="trough_date", of="steel", dates=SPAN), run)
    assert found == pytest.approx([1933.5])
    assert measure(claim(measure="peak_height", of="steel", dates="1930..1933"), run) == pytest.approx([6.0])
    assert measure(claim(measure="peak_date", of="steel", dates="1930..1933"), run) == pytest.approx([1932.5])
    assert measure(claim(measure="lowest", of="steel", dates="1930..1935"), run) == pytest.approx([3.0])


def test_values_growth_and_quotients() -> None:
    run = flow([5, 5, 6, 3, 4, 6]).merge(stock([10, 10, 10, 10, 10, 10]))
    assert measure(claim(of="steel", dates="1932"), run) == pytest.approx([6.0])
    assert measure(claim(measure="growth", of="steel", dates=["1932", "1933"]), run) == pytest.approx([-0.5])
    assert measure(claim(of="steel", over="cattle", dates="1932"), run) == pytest.approx([0.6])


def verdict(need: str, *judged: Judged) -> Verdict:
    claims = [j.claim.model_dump(exclude_none=True) for j in judged]
    said = {"statement": "A statement of ten letters", "source": "test", "need": need, "claims": claims}
    check = Check.model_validate(said)
    return Verdict("toy", check, judged)


def judged(below: float, figures: list[float]) -> Judged:
    made = Claim(of="steel", dates="1932", below=below)
    return Judged(made, np.array(figures), np.array(figures) < below)


def test_all_claims_or_any() -> None:
    good, bad = judged(1.0, [0.5]), judged(1.0, [1.5])
    assert verdict("any", good, bad).passed
    assert not verdict("all", good, bad).passed
    assert verdict("all", good, good).passed
    assert not verdict("any", bad, bad).passed


def test_without_what_is_given_a_check_fails() -> None:
    crisis, shallower = judged(-0.03, [0.0]), judged(0.5, [0.1])
    check = Check.model_validate(
        {
            "statement": "The crisis loses half of its depth",
            "source": "test",
            "need": "any",
            "given": [crisis.claim.model_dump(exclude_none=True)],
            "claims": [shallower.claim.model_dump(exclude_none=True)],
        }
    )
    assert not Verdict("toy", check, (crisis, shallower)).passed
    assert Verdict("toy", check, (judged(-0.03, [-0.1]), shallower)).passed


def test_in_draws_the_median_and_half_of_them_must_hold() -> None:
    assert verdict("all", judged(1.0, [0.5, 0.6, 0.7, 2.0])).passed
    assert not verdict("all", judged(1.0, [0.5, 1.6, 1.7, 2.0])).passed
    # each claim holds in the median and in two thirds of the draws, but both together in one third only
    split = verdict("all", judged(1.0, [0.5, 0.5, 2.0]), judged(1.0, [0.5, 2.0, 0.5]))
    assert split.share == pytest.approx(1 / 3)
    assert not split.passed


def test_a_figure_that_cannot_be_had_does_not_hold() -> None:
    from planmodel.runs.checking import within

    assert not within(Claim(of="steel", dates="1932", below=1.0), np.array([np.nan]))[0]
    assert not within(Claim(of="steel", dates="1932", outside=[-1.0, 1.0]), np.array([np.nan]))[0]


def test_ready_checks_hold_the_fifteen_facts_and_the_knock_outs() -> None:
    checks = load_checks()
    assert {c.fact for c in checks.values()} - {None} == set(range(1, 16))
    switched = {name for c in checks.values() for run in c.runs.values() for name in run.switch_off}
    assert {"gestation", "food_productivity", "target_inflation", "priority_rationing"} <= switched
    for name, check in checks.items():
        if "needs" in name.split("_"):  # in the year itself: a fall that moves elsewhere is lost
            assert {(c.measure, c.run, c.against, c.below) for c in check.claims} == {
                ("growth", "without", "base", 0.5)
            }


TOY = {
    "higher_yield": {
        "statement": "A higher yield gives more",
        "source": "direction",
        "runs": {"swept": {"sweep": {"parameter": "cropping.harvest_1928", "values": [64, 72, 80]}}},
        "claims": [{"of": "grain_harvest", "dates": "1929", "run": "swept", "trend": "rises"}],
    },
    "wrong_way": {
        "statement": "A higher yield gives less",
        "source": "a lie",
        "runs": {"swept": {"sweep": {"parameter": "cropping.harvest_1928", "values": [64, 72, 80]}}},
        "claims": [{"of": "grain_harvest", "dates": "1929", "run": "swept", "trend": "falls"}],
    },
    "no_exports": {
        "statement": "Without exports nothing is exported",
        "source": "definition",
        "runs": {"without": {"switch_off": ["grain_exports"]}},
        "claims": [
            {"of": "grain_export", "dates": "1929", "above": 0.01},
            {"of": "grain_export", "dates": "1929", "run": "without", "against": "base", "below": 1e-9},
        ],
    },
}


def test_checks_are_run_and_judged_also_in_draws() -> None:
    scenario = load_scenario("one_country").until(date(1930, 12, 31))
    checks = {name: Check.model_validate(said) for name, said in TOY.items()}
    assert {v.name: v.passed for v in judge(checks, scenario)} == {
        "higher_yield": True,
        "wrong_way": False,
        "no_exports": True,
    }
    draws = {"parameters.cropping.harvest_1928": np.array([68.0, 72.0, 76.0])}
    drawn = {v.name: v for v in judge(checks, scenario, draws)}
    assert drawn["no_exports"].judged[0].figures.shape == (3,)
    assert drawn["no_exports"].share == 1.0


def test_what_a_check_sets_itself_is_not_drawn() -> None:
    """A statement on fair weather speaks of fair weather in every draw; other years are drawn as they are."""
    scenario = load_scenario("one_country").until(date(1930, 12, 31))
    said = {
        "statement": "Fair weather helps",
        "source": "test",
        "runs": {"fair": {"set": {"exogenous.weather.values": {"1929": 0.2}}}},
        "claims": [
            {"of": "grain_harvest", "dates": "1928", "run": "fair", "above": 0.0},
            {"of": "grain_harvest", "dates": "1929", "run": "fair", "above": 0.0},
            {"of": "grain_harvest", "dates": "1929", "above": 0.0},
        ],
    }
    draws = {
        "exogenous.weather.values.1928": np.array([0.05, 0.05]),
        "exogenous.weather.values.1929": np.array([-0.3, 0.1]),
    }
    (verdict,) = judge({"fair": Check.model_validate(said)}, scenario, draws)
    before, fair, drawn = (j.figures for j in verdict.judged)
    assert len(set(fair.tolist())) == 1
    assert fair[0] == pytest.approx(drawn[0] * 1.2 / 0.7)
    documented = judge({"fair": Check.model_validate(said)}, scenario)[0].judged[0].figures
    assert before == pytest.approx(np.repeat(documented * 1.05, 2), rel=1e-9)
