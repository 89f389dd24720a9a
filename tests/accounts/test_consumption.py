"""Who consumes: food and goods of the groups add up to household consumption of the accounts."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from random_settings import MEMBERS, random_setting

from planmodel.engine import Array
from planmodel.runs.history import History
from planmodel.scenario import load_scenario, registry
from planmodel.scenario.keys import keys, nested

WITHIN = 1e-9  # of all household consumption
ECONOMY = registry.economy()
VILLAGE = {
    "consumption_kolkhoz_peasants": "people_kolkhoz_members",
    "consumption_individual_peasants": "people_individual_peasants",
    "consumption_state_farm_workers": "people_state_farm_workers",
}
GROUPS = (*VILLAGE, "consumption_townspeople", "consumption_unfree")
LISTS = tuple(f"consumption_{name}_list" for name in ECONOMY.axes["category"])
LINES = ("village_food", "town_food", "village_goods", "town_goods", "housing", "food_of_unfree")
IN_TOWNS = (*(f"people_{group}" for group in ECONOMY.axes["town"]), "people_seasonal_workers")
UNFREE = tuple(f"people_{group}" for group in ECONOMY.axes["unfree"])


@pytest.fixture(scope="module")
def baseline() -> xr.Dataset:
    """The central history of the country without regions, which has the same accounts."""
    return History(load_scenario("one_country"), [0], wanted=set(ECONOMY.accounted)).run().dataset


def added(dataset: xr.Dataset, names: tuple[str, ...]) -> Array:
    """Return the sum of some series, shape (members, months)."""
    return np.asarray(sum(dataset[name].values for name in names))


def worst(dataset: xr.Dataset) -> float:
    """Return the largest difference in a month between groups with dwellings, lines of use, and the whole.

    Townspeople are counted by lists of supply too, which are those of towns together.
    """
    whole = dataset["consumption_of_households"].values
    lines = added(dataset, tuple(f"use_{line}_1928" for line in LINES))
    groups = added(dataset, (*GROUPS, "use_housing_1928"))
    lists = added(dataset, LISTS) - dataset["consumption_townspeople"].values
    gaps = np.maximum(np.maximum(np.abs(groups - whole), np.abs(lines - whole)), np.abs(lists))
    return float((gaps / np.abs(whole).max(axis=1, keepdims=True)).max())


def test_groups_add_up_in_members_over_all_bounds() -> None:
    scenario, chance = load_scenario("baseline"), np.random.default_rng(1928)
    drawn = {}
    for key in keys(scenario).values():
        if key.name.startswith("parameters."):
            low, high = map(float, key.bounds)  # type: ignore[arg-type]  # a parameter has both
            drawn[key.name] = chance.uniform(low, high, 40)
    run = History(scenario, range(40), 1, wanted=set(ECONOMY.accounted), **nested(drawn)).run()
    assert worst(run.dataset) < WITHIN


@pytest.mark.parametrize("number", range(3))
def test_groups_add_up_in_random_settings(number: int) -> None:
    setting = random_setting(number)
    values = nested(setting.values)
    run = History(setting.scenario, range(MEMBERS), number, wanted=set(ECONOMY.accounted), **values).run()
    assert worst(run.dataset) < WITHIN


def test_the_village_shares_by_heads(baseline: xr.Dataset) -> None:
    heads = added(baseline, tuple(VILLAGE.values()))
    village = added(baseline, ("use_village_food_1928", "use_village_goods_1928"))
    for group, people in VILLAGE.items():
        np.testing.assert_allclose(
            baseline[group].values * heads, village * baseline[people].values, rtol=1e-12, atol=1e-15
        )


@pytest.mark.parametrize(
    ("a_head", "groups", "people"),
    [
        ("consumption_per_villager", tuple(VILLAGE), tuple(VILLAGE.values())),
        ("consumption_per_townsperson", ("consumption_townspeople",), IN_TOWNS),
        ("consumption_per_unfree", ("consumption_unfree",), UNFREE),
    ],
)
def test_a_head_times_heads_is_the_group(
    baseline: xr.Dataset, a_head: str, groups: tuple[str, ...], people: tuple[str, ...]
) -> None:
    """Roubles a head and year, by million heads, are twelve thousand times billions a month."""
    found = baseline[a_head].values * added(baseline, people)
    np.testing.assert_allclose(found, added(baseline, groups) * 12_000.0, rtol=1e-9)
    assert (found >= 0.0).all()
    assert found.mean() > 1.0


def test_everybody_is_in_one_group(baseline: xr.Dataset) -> None:
    people = set(VILLAGE.values()) | set(IN_TOWNS) | set(UNFREE)
    known = {f"people_{group}" for axis in ("groups", "unfree") for group in ECONOMY.axes[axis]}
    assert people == known
    assert len(VILLAGE) + len(IN_TOWNS) + len(UNFREE) == len(known)


def test_in_1928_the_base_year_a_townsperson_has_more_than_a_villager_and_the_unfree_least(
    baseline: xr.Dataset,
) -> None:
    mean = {
        name: float(baseline[f"consumption_per_{name}"].sel(time="1928").mean())
        for name in ("villager", "townsperson", "unfree")
    }
    assert mean["townsperson"] > mean["villager"] > mean["unfree"] > 0.0


def test_a_higher_list_has_more_while_lists_stand_and_all_the_same_before(baseline: xr.Dataset) -> None:
    people = [ECONOMY.constants()[f"category_people_{name}"].value for name in ECONOMY.axes["category"]]
    heads = {name: baseline[name] / part for name, part in zip(LISTS, people, strict=True)}
    before, during = (
        [float(one.sel(time=year).mean()) for one in heads.values()] for year in ("1930", "1933")
    )
    assert before == pytest.approx([before[0]] * len(before), rel=1e-9)
    assert during == sorted(during, reverse=True)
    assert during[0] > 1.5 * during[-1]
