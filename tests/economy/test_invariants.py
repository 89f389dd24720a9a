"""What must hold in every run, whatever the parameters."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import planmodel
from planmodel.economies.soviet import investment
from planmodel.economies.soviet.lots import Chance
from planmodel.engine import ConservationError
from planmodel.engine.ledger import TOLERANCE
from planmodel.runs.history import History, Run, run, run_fully
from planmodel.runs.of_scenario import Overrides
from planmodel.scenario import load_scenario, registry

BASELINE = load_scenario("baseline")
SHORT = BASELINE.until(date(1931, 12, 31))


def across_the_bounds(members: int, seed: int) -> Overrides:
    """Draw every parameter uniformly between its bounds."""
    chance = np.random.default_rng(seed)
    return {
        component: {name: chance.uniform(*p.bounds, members) for name, p in group.items()}
        for component, group in registry.economy().parameters().items()
    }


@pytest.fixture(scope="module")
def everywhere() -> Run:
    """A thousand members drawn across the whole of the parameter bounds."""
    return run_fully("baseline", range(1, 1001), parameters=across_the_bounds(1000, seed=5))


def test_books_close_in_every_month_for_a_thousand_members(everywhere: Run) -> None:
    assert everywhere.worst_residual < TOLERANCE


def test_nothing_is_negative_or_undefined(everywhere: Run) -> None:
    declared = everywhere.scenario.declared
    # What is made less what is used up for it may be below nothing in settings that nobody would choose.
    accounts = {n for n, i in declared.indicators.items() if set(i.parts) & set(declared.accounted)}
    accounts |= set(declared.accounted)
    for name in everywhere.dataset.data_vars:
        variable = everywhere.dataset.variables[name]
        assert np.isfinite(variable.values).all(), name
        # People may go back more than come.
        if name not in accounts and variable.attrs["kind"] not in ("variable", "net flow"):
            assert (variable.values >= 0.0).all(), name


def test_shares_stay_shares(everywhere: Run) -> None:
    for name in ("collectivised_share", "effort", "mts_coverage", "famine_mortality", "fear"):
        values = everywhere.dataset[name].values
        assert values.min() >= 0.0, name
        assert values.max() <= 1.0 + 1e-12, name


def test_a_planted_leak_is_caught_and_named() -> None:
    history = History(SHORT, members=[0, 1, 2])

    def leak() -> Iterator[object]:
        yield history.clock.until("harvest")
        yield history.clock.until("consumption")
        book = history.ledger.books["grain"]
        book.stocks[book.row["state"], 1] += 0.25

    history.clock.process(leak())  # type: ignore[arg-type]
    with pytest.raises(ConservationError, match=r"grain.*July 1928.*'state'.*member 1.*\+0\.25"):
        history.run()


def test_order_of_creation_has_no_effect() -> None:
    scenario = BASELINE.until(date(1933, 12, 31))
    parameters = across_the_bounds(20, seed=7)
    plain = History(scenario, range(1, 21), parameters=parameters).run()
    for order in (1, 2, 3):
        shuffled = History(scenario, range(1, 21), parameters=parameters, shuffle=order).run()
        xr.testing.assert_identical(plain.dataset, shuffled.dataset)
        assert plain.events.table().equals(shuffled.events.table())


def test_a_member_alone_is_the_member_in_a_chunk(everywhere: Run) -> None:
    """Bit for bit, with weather of its own and parameters anywhere within their bounds."""
    parameters = across_the_bounds(1000, seed=5)
    for position in (0, 417, 999):
        own = {
            component: {name: array[position : position + 1] for name, array in group.items()}
            for component, group in parameters.items()
        }
        alone = run("baseline", members=[position + 1], parameters=own)
        xr.testing.assert_identical(alone, everywhere.dataset.isel(member=[position]))


def test_chunks_of_any_size_agree() -> None:
    whole = run(SHORT, members=30, seed=3)
    parts = [run(SHORT, members=range(a, b), seed=3) for a, b in ((0, 1), (1, 8), (8, 30))]
    xr.testing.assert_identical(whole, xr.concat(parts, dim="member", combine_attrs="override"))


def test_the_seed_decides() -> None:
    first, again = run(SHORT, members=3, seed=1), run(SHORT, members=3, seed=1)
    other = run(SHORT, members=3, seed=2)
    xr.testing.assert_identical(first, again)
    xr.testing.assert_equal(first.isel(member=0), other.isel(member=0))  # member 0 has no shocks
    assert not first["grain_harvest"].isel(member=1).equals(other["grain_harvest"].isel(member=1))


def test_a_member_without_shocks_is_the_deterministic_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """The spread of the sizes of sites is a constant, which no scenario changes."""
    monkeypatch.setattr(investment, "Chance", lambda _, pace, together: Chance(0.0, pace, together))
    spreads = (
        "cropping.weather_spread",
        "cropping.regional_weather_spread",
        "plan.plan_chance",
        "accumulation.pace_spread",
    )
    no_chance = {f"parameters.{name}": 0.0 for name in spreads}
    still = load_scenario("baseline", no_chance)
    several = run(still.until(SHORT.period.end), members=5, seed=9)
    for member in range(1, 5):
        np.testing.assert_array_equal(
            several["grain_harvest"].values[member], several["grain_harvest"].values[0]
        )


def test_no_condition_on_a_year_in_the_economics() -> None:
    """Crises are not scheduled: the only dates are decrees, documented series, and the base of indices."""
    package = Path(planmodel.__file__).parent
    years = []
    for folder in ("economies", "engine"):
        for file in (package / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, int):
                    years += [(file.name, node.lineno)] if 1900 <= node.value <= 1960 else []
                if isinstance(node, ast.Compare):
                    assert ".year" not in ast.unparse(node), f"{file.name} line {node.lineno}"
    assert not years
