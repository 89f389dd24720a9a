"""The country of the Soviet economy is the sum of its regions, whatever the parameters."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from planmodel.engine import total
from planmodel.engine.ledger import TOLERANCE
from planmodel.runs.history import Run, run_fully
from planmodel.scenario import load_scenario

BASELINE = load_scenario("baseline").until(date(1934, 12, 31))
SOVIET = BASELINE.declared
LABELS = SOVIET.axes["region"]
MEMBERS = range(24)


@pytest.fixture(scope="module")
def everywhere() -> Run:
    """The baseline, and members drawn across the whole of the parameter bounds; every series is kept."""
    chance = np.random.default_rng(1932)
    values = {
        block: {
            name: np.append(p.default, chance.uniform(*p.bounds, len(MEMBERS) - 1))
            for name, p in group.items()
        }
        for block, group in SOVIET.parameters().items()
    }
    return run_fully(BASELINE, MEMBERS, seed=3, parameters=values)


WHOLES = SOVIET.blocks[0].shared.wholes  # type: ignore[union-attr]


def test_all_that_is_summed_is_the_sum_of_the_regions_to_the_bit(everywhere: Run) -> None:
    """Stocks, flows and what the table says is added up: row after row, as the ledger adds."""
    dataset, kinds = everywhere.dataset, set()
    for name, whole in WHOLES.items():
        if whole.recorded and whole.how == "sum":
            added = total([dataset[part].values for part in whole.parts])
            assert np.array_equal(dataset[name].values, added), name
            kinds.add(whole.kind)
    assert kinds == {"stock", "flow", "variable"}
    assert everywhere.worst_residual < TOLERANCE


def test_a_mean_of_the_country_lies_between_its_regions(everywhere: Run) -> None:
    dataset, apart = everywhere.dataset, 0
    for name, whole in WHOLES.items():
        if whole.recorded and whole.how == "mean":
            parts = np.array([dataset[part].values for part in whole.parts])
            slack = 1e-9 * np.abs(parts).max(0)
            assert (dataset[name].values >= parts.min(0) - slack).all(), name
            assert (dataset[name].values <= parts.max(0) + slack).all(), name
            apart += bool(np.ptp(parts, axis=0).max() > 1e-6)
    assert apart > 10


@pytest.mark.parametrize("commodity", sorted(SOVIET.stocks()))
def test_books_of_the_country_close_by_its_own_flows(everywhere: Run, commodity: str) -> None:
    """What a stock of the country gains is what flows of the country bring, less what they take."""
    dataset = everywhere.dataset
    for account, declared in SOVIET.stocks()[commodity].items():
        if declared.kind != "stock":
            continue
        held = dataset[f"{commodity}_{account}"].values
        gained = np.zeros_like(held)
        for flow in (f for f in SOVIET.flows() if f.commodity == commodity):
            moved = dataset.variables[flow.name].values
            gained += moved * (flow.destination == account) - moved * (flow.source == account)
        slack = 1e-9 * max(float(np.abs(held).max()), 1.0)
        np.testing.assert_allclose(np.diff(held), gained[:, 1:], rtol=0.0, atol=slack, err_msg=account)


def test_nobody_has_a_name_twice_and_every_region_has_all(everywhere: Run) -> None:
    for name, whole in WHOLES.items():
        assert whole.labels == tuple(LABELS), name
        if whole.recorded:
            assert {name, *whole.parts} <= set(everywhere.dataset.data_vars)
