"""Each mechanism of each smaller system, turned off: history moves the way the texts say it should."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
import pytest
import xarray as xr

from planmodel.runs.history import run_fully
from planmodel.scenario import load_scenario, registry


class Expected(NamedTuple):
    """Without the mechanism the quantity, averaged over a span, is higher (1), lower (-1) or the same (0)."""

    quantity: str
    span: slice
    sign: int


ROWS = {
    ("magnitogorsk", "passports"): (
        Expected("departures", slice("1933", "1934"), 1),
        Expected("arrivals_samotek", slice("1933", "1933"), 1),
        Expected("skill_workers", slice("1935", "1935"), -1),
        Expected("departures", slice("1929", "1932-11"), 0),
    ),
    ("magnitogorsk", "haste"): (
        Expected("months_ahead", slice("1935", "1935"), -1),
        Expected("dam_fitness", slice("1931-06", "1931-12"), 1),
        Expected("second_dam_begun", slice("1935", "1935"), -1),
        Expected("arrivals", slice("1929", "1935"), 0),
    ),
    ("kuzbass", "wage_scale"): (
        Expected("colonists", slice("1924", "1926"), 1),
        Expected("effort", slice("1923-06", "1926"), -1),
        Expected("coal_mined", slice("1924", "1926"), -1),
        Expected("coal_mined", slice("1922", "1923-02"), 0),
    ),
    ("kuzbass", "absorption"): (
        Expected("colonists", slice("1928", "1931"), 1),
        Expected("budget_support", slice("1927", "1931"), -1),
        Expected("coal_mined", slice("1922", "1926-11"), 0),
    ),
    ("labour_process", "levelling"): (
        Expected("spread_level", slice("1930", "1931-06"), 1),
        Expected("skilled_share_level", slice("1930", "1931"), 1),
        Expected("turnover", slice("1930", "1931"), -1),
        Expected("output_a_worker", slice("1931", "1931"), 1),
    ),
    ("labour_process", "shock_work"): (
        Expected("shock_workers", slice("1930", "1932"), -1),
        Expected("norm", slice("1932", "1932"), -1),
        Expected("communes", slice("1930", "1931-06"), -1),
    ),
    ("labour_process", "one_man_management"): (
        Expected("meetings", slice("1930", "1932"), 1),
        Expected("shock_workers", slice("1930", "1930"), 1),
    ),
    ("labour_process", "meetings"): (
        Expected("meetings", slice("1928", "1932"), -1),
        Expected("output_a_worker", slice("1930", "1932"), 1),
        Expected("turnover", slice("1928", "1932"), 0),
    ),
    ("labour_process", "norm_ratchet"): (
        Expected("norm", slice("1930", "1932"), -1),
        Expected("below_norm", slice("1930", "1932"), -1),
        Expected("shock_workers", slice("1931", "1932"), 1),
    ),
    ("cadres_of_25000", "cadres"): (
        Expected("pressure", slice("1930-01", "1930-02"), 1),
        Expected("cadres_in_villages", slice("1930", "1931"), -1),
        Expected("share_in_kolkhozes", slice("1929-10", "1929-12"), 0),
    ),
    ("cadres_of_25000", "reports"): (
        Expected("discontent_reported", slice("1930-01", "1930-02"), -1),
        Expected("cadres_in_villages", slice("1930-01", "1930-02"), 0),
    ),
}


@cache
def history(name: str, off: str | None = None) -> xr.Dataset:
    loaded = load_scenario(name, switch_off=() if off is None else (off,))
    return run_fully(loaded).dataset


@pytest.mark.parametrize(("name", "switch"), sorted(ROWS))
def test_a_mechanism_turned_off(name: str, switch: str) -> None:
    for quantity, span, sign in ROWS[name, switch]:
        on, off = (np.asarray(history(name, s)[quantity].sel(time=span).values) for s in (None, switch))
        if sign == 0:
            np.testing.assert_array_equal(on, off, err_msg=quantity)
        else:
            assert (off.mean() - on.mean()) * sign > 0.0, (quantity, on.mean(), off.mean())


def test_every_switch_has_a_row() -> None:
    declared = {(name, s) for name, d in registry.smaller().items() for s in d.switches()}
    assert set(ROWS) == declared


def test_more_cadres_hold_the_first_drive_nearer_to_the_plan() -> None:
    shares = []
    for called in (0.0, 25.0, 100.0, 250.0, 1000.0):
        loaded = load_scenario("cadres_of_25000", {"parameters.cadres.called": called})
        share = run_fully(loaded).dataset["share_in_kolkhozes"].sel(time="1930-02").values
        shares.append(float(share.squeeze()))
    assert shares == sorted(shares, reverse=True)
    assert shares[0] - shares[-1] > 0.2
