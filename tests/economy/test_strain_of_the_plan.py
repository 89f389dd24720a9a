"""The plan as a push that strain breaks: when the centre decides, what it cuts, and what raises targets."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from thresholds import bound
from watched_sites import CALM, Watched, watch_sites

from planmodel.economies.soviet.sites import BRANCHES
from planmodel.engine import total
from planmodel.runs.history import run
from planmodel.scenario import load_scenario


@pytest.fixture(scope="module")
def strained() -> Watched:
    return watch_sites(load_scenario("plan_strain", {"regions": "one"}))


def test_the_centre_decides_in_december_and_in_part_each_quarter(strained: Watched) -> None:
    strain, brake = strained.series("strain"), strained.series("brake")
    plan = {name: np.asarray(value)[:, None] for name, value in strained.parameters["plan"].items()}
    months = pd.DatetimeIndex(strained.run.dataset["time"].values).month
    december = months == 12
    away = (strain / plan["strain_limit"] - 1.0) / plan["resolve_spread"]
    asked = 1.0 / (1.0 + np.exp(-np.clip(away, -50.0, 50.0)))
    np.testing.assert_allclose(brake[:, december], asked[:, december], rtol=1e-9)
    before = np.hstack([np.zeros((len(brake), 1)), brake[:, :-1]])
    quarter = np.isin(months, (3, 6, 9))
    part = before + plan["within_year"] * (asked - before)
    np.testing.assert_allclose(brake[:, quarter], part[:, quarter], rtol=1e-9)
    between = ~quarter & ~december
    assert (brake[:, between] == before[:, between]).all()
    # Both happen: years of push and years of retrenchment.
    assert (brake[:, december] > 0.9).sum() > 10
    assert (brake[:, december] < 0.1).sum() > 10


def test_what_is_cut_within_the_year_depends_on_the_part_carried_out() -> None:
    """The more of a retrenchment is carried out within the year, the lower the plan before the year ends."""
    strained = {"parameters.plan.strain_limit": 0.1, "parameters.plan.resolve_spread": 0.03}
    plans = [
        run(
            load_scenario("plan_strain", {**strained, "parameters.plan.within_year": part}).until(
                date(1930, 11, 30)
            )
        )["investment_plan"].values[0]
        for part in (0.0, 0.5, 1.0)
    ]
    assert plans[0][-1] > plans[1][-1] > plans[2][-1] > 0.0


def test_the_plan_limits_the_work_and_retrenchment_cuts_it(strained: Watched) -> None:
    work = 12.0 * total(strained.series(f"construction_{branch}") for branch in BRANCHES)
    plan, brake = strained.series("investment_plan"), strained.series("brake")
    # What is decided at the end of a month holds from the next.
    assert (work[:, 1:] <= plan[:, :-1] * (1.0 + 1e-9)).all()
    december = pd.DatetimeIndex(strained.run.dataset["time"].values).month == 12
    cut = 1.0 - np.asarray(strained.parameters["plan"]["starts_cut"])[:, None] * brake
    starts = plan * np.asarray(strained.parameters["plan"]["overcommitment"])[:, None] * cut
    np.testing.assert_allclose(strained.series("starts")[:, december], starts[:, december], rtol=1e-12)
    pushed = strained.series("push_now")[:, december]
    assert (pushed <= 1.0 - brake[:, december] + 1e-12).all()


def test_without_strain_there_is_no_retrenchment(strained: Watched) -> None:
    assert (strained.series("strain")[CALM] == 0.0).all()
    assert (strained.series("brake")[CALM] < 0.05).all()
    within = np.diff(strained.series("investment_plan")[CALM].reshape(13, 12), axis=1)
    assert (within[:, :-1] >= -1e-12).all()  # within the year targets are only raised


def test_shortage_raises_targets() -> None:
    """Where work waits, the plan grows within the year with the inflation of targets and not without it."""
    starts = {"value": 40.0, "source": "a test", "evidence": "assumption"}
    scarce = {
        "initial.variables.starts": starts,  # far more than the builders of the first day can do
        "parameters.plan.inflation": 1.5,
        "parameters.plan.within_year": 0.0,  # nothing is cut before December
    }
    end = date(1928, 11, 30)
    with_it = run(load_scenario("plan_strain", scarce).until(end))
    without = run(load_scenario("plan_strain", scarce, switch_off=["target_inflation"]).until(end))
    assert float(with_it["construction_ratio"].min()) < 0.9
    plan = with_it["investment_plan"].values[0]
    assert (
        plan[-1] > bound("targets_raised_by_shortage") * plan[0]
    )  # the first day is in balance: what waits is what 1928 adds
    assert np.ptp(without["investment_plan"].values[0]) == 0.0


def test_promises_of_consumer_goods_are_kept_less_than_those_of_heavy_industry() -> None:
    """Targets of consumer goods rise without resources (D-49), those of heavy industry with the push."""
    dataset = run("one_country").isel(member=0).sel(time=slice("1929-12", "1932-12"))
    december = dataset.sel(time=dataset["time"].dt.month == 12)
    heavy, consumer = december["fulfilment_heavy_industry"], december["fulfilment_consumer_goods"]
    assert (heavy < 1.0).all()
    assert float(consumer.mean()) < float(heavy.mean())
