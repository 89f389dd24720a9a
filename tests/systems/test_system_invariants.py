"""What must hold in every run of a smaller system, whatever the parameters."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

import planmodel
from planmodel.engine.ledger import TOLERANCE
from planmodel.runs.history import History, run_fully
from planmodel.scenario import Scenario, load_scenario, registry

SYSTEMS = sorted(registry.smaller())
WITHOUT_CHANCE = ("feldman_domar",)  # nothing is drawn there: members differ by parameters only
PACKAGE = Path(planmodel.__file__).parent


def scenario(name: str, off: tuple[str, ...] = ()) -> Scenario:
    return load_scenario(name, switch_off=off)


def across_the_bounds(name: str, members: int, seed: int) -> dict[str, dict[str, np.ndarray]]:
    chance = np.random.default_rng(seed)
    return {
        component: {key: chance.uniform(*p.bounds, members) for key, p in group.items()}
        for component, group in registry.economy(name).parameters().items()
    }


@given(
    name=st.sampled_from(SYSTEMS),
    seed=st.integers(0, 2**32 - 1),
    data=st.data(),
)
@settings(max_examples=24, deadline=None)
def test_books_close_and_nothing_is_negative(name: str, seed: int, data: st.DataObject) -> None:
    switches = sorted(registry.economy(name).switches())
    off = data.draw(st.sets(st.sampled_from(switches))) if switches else set()
    values = across_the_bounds(name, 20, seed)
    run = run_fully(scenario(name, tuple(off)), range(1, 21), seed, values)
    assert run.worst_residual < TOLERANCE
    for quantity, array in run.dataset.data_vars.items():
        assert np.isfinite(array.values).all(), quantity
        if array.attrs["kind"] != "variable":
            assert (array.values >= 0.0).all(), quantity
    for quantity in shares(name):
        assert (run.dataset[quantity].values >= 0.0).all(), quantity
        assert (run.dataset[quantity].values <= 1.0 + 1e-9).all(), quantity


def shares(name: str) -> tuple[str, ...]:
    return {
        "magnitogorsk": ("hardship", "penal_share", "forged", "skilled_share", "dam_fitness", "dam_works"),
        "kuzbass": ("conviction", "own_food", "chemical_works_run"),
        "labour_process": ("shock_workers", "communes", "skilled_share_level", "disturbed_level"),
        "feldman_domar": (),
        "cadres_of_25000": ("share_in_kolkhozes", "floor", "control", "reports", "cadres_yet_to_come"),
    }[name]


@pytest.mark.parametrize("name", SYSTEMS)
def test_a_member_alone_in_a_chunk_and_in_another_order_is_the_same_to_the_bit(name: str) -> None:
    loaded, values = scenario(name), across_the_bounds(name, 7, seed=11)

    def run(members: list[int], shuffle: int | None = None) -> xr.Dataset:
        own = {c: {key: array[members] for key, array in group.items()} for c, group in values.items()}
        return History(loaded, members, seed=3, parameters=own, shuffle=shuffle).run().dataset

    chunk = run(list(range(7)))
    xr.testing.assert_identical(chunk, run(list(range(7)), shuffle=5))
    for members in ([5], [4, 5, 6, 0]):
        xr.testing.assert_identical(run(members).sel(member=[5]), chunk.sel(member=[5]))


@pytest.mark.parametrize("name", [name for name in SYSTEMS if name not in WITHOUT_CHANCE])
def test_members_differ_by_chance_and_the_central_one_does_not_depend_on_the_seed(name: str) -> None:
    one, other = (run_fully(scenario(name), range(4), seed).dataset for seed in (1, 2))
    shown = registry.economy(name).shown
    assert any(len(np.unique(one[q].values[:, -1])) == 4 for q in shown)
    for quantity in one.data_vars:
        np.testing.assert_array_equal(one[quantity][0], other[quantity][0])


def moved(dataset: xr.Dataset, flows: Mapping[str, int]) -> np.ndarray:
    """Return the sum of flows since the start, each with its sign, member 0."""
    each = [sign * np.cumsum(np.asarray(dataset[name].values)[0]) for name, sign in flows.items()]
    return np.sum(each, axis=0)


def test_the_door_of_magnitogorsk_counts_right() -> None:
    found = run_fully(scenario("magnitogorsk")).dataset
    free = ("mobilised", "recruited", "samotek", "foreign")
    there = sum(np.asarray(found[f"people_{t}_{c}"].values)[0] for t in ("new", "settled") for c in free)
    leaving = {f"left_{t}_{c}": -1 for t in ("new", "settled") for c in free}
    net = moved(found, {**{f"arrivals_{c}": 1 for c in free}, **leaving})
    np.testing.assert_allclose(there, 0.1 + net, rtol=1e-9)
    settlers = moved(found, {"arrivals_settlers": 1, "escaped_settlers": -1, "dead_settlers": -1})
    np.testing.assert_allclose(found["people_special_settlers"].values[0], settlers, atol=1e-9)


def test_the_cash_of_the_colony_counts_right() -> None:
    found = run_fully(scenario("kuzbass")).dataset
    taken = {"sales_money": 1, "subscriptions": 1, "budget_support": 1}
    paid = {"food_money": -1, "wages": -1, "equipment_money": -1}
    np.testing.assert_allclose(found["money_colony"].values[0], 0.15 + moved(found, taken | paid), atol=1e-9)
    equipped = moved(found, {"machines_added": 1, "shafts_sunk": 1, "works_added": 1})
    np.testing.assert_allclose(equipped, moved(found, {"equipment_money": 1}), atol=1e-9)


def test_people_of_the_colony_are_those_whom_the_ledger_holds() -> None:
    found = run_fully(scenario("kuzbass")).dataset
    colonists = found["people_colonists_bound"] + found["people_colonists_free"]
    np.testing.assert_allclose(found["colonists"].values, colonists.values, atol=1e-6)
    hired = found["people_miners"] + found["people_other_hired"]
    np.testing.assert_allclose(found["employees"].values, (colonists + hired).values, atol=1e-6)


def test_households_and_workers_are_neither_made_nor_lost() -> None:
    village = run_fully(scenario("cadres_of_25000")).dataset
    households = village["households_individual"] + village["households_kolkhoz"]
    np.testing.assert_allclose(households.values, 25.03, rtol=1e-12)
    industry = run_fully(scenario("labour_process")).dataset
    there = sum(industry[f"people_{s}_{p}"] for s in ("skilled", "unskilled") for p in ("level", "wide"))
    flows = {f"{name}_{p}": sign for p in ("level", "wide") for name, sign in
             (("hired", 1), ("dismissed", -1), ("promoted", -1))}  # fmt: skip
    np.testing.assert_allclose(np.asarray(there)[0], 3.76 + moved(industry, flows), rtol=1e-9)


def imported(file: Path) -> set[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    names = {n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    return names | {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}


def modules(name: str) -> list[Path]:
    return list((PACKAGE / "economies" / name).glob("*.py"))


def test_an_economy_imports_the_engine_and_itself_only() -> None:
    for name in ("soviet", *SYSTEMS):
        for file in modules(name):
            ours = {module for module in imported(file) if module.startswith("planmodel")}
            shared = tuple(f"planmodel.economies.{room}" for room in ("production", "shopfloor", "village"))
            allowed = ("planmodel.engine", *shared, f"planmodel.economies.{name}")
            assert all(module.startswith(allowed) for module in ours), (file, ours)


def test_nothing_but_tests_imports_an_economy() -> None:
    """What the whole package knows of an economy it reads from its folder."""
    for file in PACKAGE.rglob("*.py"):
        if file.relative_to(PACKAGE).parts[0] != "economies":
            assert not any(m.startswith("planmodel.economies") for m in imported(file)), file


def test_no_condition_on_a_year_inside_the_systems() -> None:
    for file in (file for name in SYSTEMS for file in modules(name)):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Compare):
                years = [c for c in ast.walk(node) if isinstance(c, ast.Constant)
                         and isinstance(c.value, int) and 1900 < c.value < 1960]  # fmt: skip
                assert not years, f"{file}:{node.lineno}"
