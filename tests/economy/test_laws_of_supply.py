"""Laws of supply by category: sign, limit, null value and balance; who dies of want in towns."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
import xarray as xr
from regional import reckon

from planmodel.engine import Array
from planmodel.runs.history import History
from planmodel.scenario import load_scenario, registry

LISTS = ("special", "first", "second", "third")
TOWN: tuple[str, ...] = tuple(registry.economy().axes["town"])
PEOPLE = np.array([0.12, 0.28, 0.3, 0.3])
BREAD = np.array([1.0, 1.0, 0.85, 0.65])
GOODS = np.array([2.3, 1.7, 0.55, 0.28])
FIRST = np.array([1.0, 1.0, 0.0, 0.0])
NORM = BREAD / (PEOPLE @ BREAD)
NULL = {"bread_gap": 0.0, "goods_gap": 0.0, "served_before": 0.0}


# ---- norms -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "norms", "gap"), [("bread", BREAD, 1.0), ("goods", GOODS, 0.6)])
def test_norms_are_over_the_mean_of_people_and_differ_by_the_gap(name: str, norms: Array, gap: float) -> None:
    given = {f"category_{name}_category": norms, "category_people_category": PEOPLE}
    found = reckon(f"towns.{name}_norm_category", **given, **{f"{name}_gap": gap})
    assert PEOPLE @ found == pytest.approx(1.0, rel=1e-12)
    np.testing.assert_allclose(found / found[0], (norms / norms[0]) ** gap, rtol=1e-12)
    alike = reckon(f"towns.{name}_norm_category", **given, **{f"{name}_gap": 0.0})
    assert np.all(alike == 1.0)


def test_only_what_is_sold_on_cards_goes_out_by_lists() -> None:
    given = {"supply_by_lists": 1.0, "commercial_trade": 0.2, "central_funds": 0.5}
    assert (
        reckon("towns.lists_for_bread", lever_cards_bread=1.0, **_of("towns.lists_for_bread", given)) == 0.8
    )
    assert (
        reckon("towns.lists_for_bread", lever_cards_bread=0.0, **_of("towns.lists_for_bread", given)) == 0.0
    )
    assert (
        reckon("towns.lists_for_goods", lever_cards_goods=0.5, **_of("towns.lists_for_goods", given)) == 0.4
    )
    food = reckon("towns.lists_for_food", lever_cards_food=1.0, market_share_of_products=0.25, **given)
    assert food == pytest.approx(0.8 * 0.75 * 0.5, rel=1e-12)


def _of(name: str, given: dict[str, float]) -> dict[str, float]:
    return {key: value for key, value in given.items() if key != "central_funds"}


# ---- who is served -----------------------------------------------------------------------------------------


def served(bread: float, before: float = 0.75, norm: Array = NORM, first: Array = FIRST) -> Array:
    """Return the part of its norm that each category gets."""
    return np.asarray(
        reckon(
            "towns.norm_served_category", bread_served=bread, bread_norm_category=norm,
            people_part_category=PEOPLE, category_first_category=first, served_before=before,
        )
    )  # fmt: skip


@pytest.mark.parametrize("before", [0.0, 0.4, 1.0])
@pytest.mark.parametrize("bread", [0.0, 0.1, 0.3, 0.6, 0.95, 1.0])
def test_what_is_given_out_is_what_there_is(bread: float, before: float) -> None:
    parts = served(bread, before)
    assert PEOPLE @ (NORM * parts) == pytest.approx(bread, abs=1e-12)
    assert np.all((parts >= 0.0) & (parts <= 1.0 + 1e-12))


def test_with_plenty_all_get_their_norm() -> None:
    assert np.all(served(1.0, 0.0) == 1.0)
    np.testing.assert_allclose(served(1.0, 1.0), 1.0, rtol=1e-12)


def test_where_bread_falls_short_lower_lists_lose_more_the_more_so_the_later_they_come() -> None:
    mild, hard = served(0.8, 0.3), served(0.8, 0.9)
    assert mild[0] == mild[1] == pytest.approx(0.8 + 0.3 * 0.2, rel=1e-12)
    assert hard[0] > mild[0] > 0.8 > mild[2] > hard[2]
    assert mild[2] == mild[3]
    assert served(0.7, 0.9)[3] < hard[3]


def test_without_an_order_of_service_all_lose_the_same_part() -> None:
    for bread in (0.1, 0.37, 0.8, 1.0):
        assert np.all(served(bread, 0.0) == bread)


def test_the_first_lists_cannot_have_more_than_there_is() -> None:
    first = float(PEOPLE[:2] @ NORM[:2])
    parts = served(0.3, 1.0)
    assert parts[0] == pytest.approx(0.3 / first, rel=1e-12)
    assert parts[3] == 0.0


def beyond(**given: float | Array) -> Array:
    """Return food by category beyond the mean of townspeople."""
    usual = {
        "bread_norm_category": NORM, "norm_served_category": served(0.8), "bread_served": 0.8,
        "goods_norm_category": GOODS / (PEOPLE @ GOODS), "lists_for_bread": 1.0, "lists_for_food": 0.4,
        "other_town_food": 0.2, "grain_part_of_food": 0.6,
    }  # fmt: skip
    return np.asarray(reckon("towns.food_beyond_category", **(usual | given)))


def test_lists_part_food_and_bring_none() -> None:
    found = beyond()
    assert PEOPLE @ found == pytest.approx(0.0, abs=1e-12)
    assert list(found) == sorted(found, reverse=True)
    assert found[0] > 0.0 > found[3]
    assert np.all(0.6 * 0.8 + 0.2 + found > 0.0)
    bread = float(NORM[3] * served(0.8)[3])
    other = float((GOODS / (PEOPLE @ GOODS))[3])
    assert found[3] == pytest.approx(0.6 * (bread - 0.8) + 0.4 * 0.2 * (other - 1.0), rel=1e-12)


def test_lists_that_are_not_in_force_or_alike_part_nothing() -> None:
    assert np.all(beyond(lists_for_bread=0.0, lists_for_food=0.0) == 0.0)
    alike = np.ones(4)
    assert np.all(
        beyond(bread_norm_category=alike, goods_norm_category=alike, norm_served_category=served(0.8, 0.0))
        == 0.0
    )


# ---- who dies of want --------------------------------------------------------------------------------------


def deaths(beyond_mean: Array, mean: float = 0.62) -> dict[str, float]:
    """Return mortality of towns and of industry."""
    given = {"town_lived_on": mean, "town_hunger_line": 0.56, "town_severity": 0.12}
    of_mean = float(reckon("towns.toll_of_mean", **given))
    toll = reckon(
        "towns.toll_beyond_category", toll_of_mean=of_mean, lived_on_beyond_category=beyond_mean, **given
    )
    made = reckon(
        "towns.die_by_category", toll_of_mean=of_mean, toll_beyond_category=toll,
        people_part_category=PEOPLE, category_industry_category=np.array([0.25, 0.45, 0.2, 0.1]),
        most_town_famine_mortality=0.1,
    )  # fmt: skip
    return {key: float(value) for key, value in made.items()}


def test_the_lowest_category_dies_of_want_where_the_mean_would_not() -> None:
    assert deaths(np.zeros(4)) == {"town_famine_mortality": 0.0, "industry_famine_mortality": 0.0}
    unequal = deaths(np.array([0.2, 0.1, 0.0, -0.2]))
    assert unequal["town_famine_mortality"] == pytest.approx(0.3 * 0.12 * (0.14 / 0.56) ** 2, rel=1e-9)
    assert unequal["industry_famine_mortality"] == pytest.approx(0.1 * 0.12 * (0.14 / 0.56) ** 2, rel=1e-9)
    wider = deaths(np.array([0.3, 0.15, 0.0, -0.3]))
    assert wider["town_famine_mortality"] > unequal["town_famine_mortality"]


def test_who_eats_alike_dies_alike() -> None:
    made = deaths(np.zeros(4), mean=0.4)
    assert (
        made["town_famine_mortality"] == made["industry_famine_mortality"] == 0.12 * (1.0 - 0.4 / 0.56) ** 2
    )


def test_groups_of_towns_die_as_towns_do_together_and_industry_less() -> None:
    people = {"heavy_industry_workers": 4.0, "consumer_goods_workers": 3.0, "construction_workers": 2.0}
    people |= {"other_employees": 12.0, "town_dependents": 19.0}
    workers = registry.economy().axes["workers"]
    industry = np.array(
        [float(name in ("heavy_industry_workers", "consumer_goods_workers")) for name in workers]
    )
    over = reckon(
        "townspeople.industry_over_others", people_workers=np.array([people[name] for name in workers]),
        in_industry_workers=industry,
    )  # fmt: skip
    assert float(over) == pytest.approx(7.0 / 14.0, rel=1e-12)
    rates = dict(zip(TOWN, _by_group(0.004, 0.001, float(over)), strict=True))
    assert (
        rates["heavy_industry_workers"] == rates["consumer_goods_workers"] == pytest.approx(0.001, rel=1e-9)
    )
    assert rates["town_dependents"] == 0.004
    assert rates["other_employees"] == rates["construction_workers"] > 0.004
    together = sum(people[name] * rates[name] for name in TOWN)
    assert together == pytest.approx(40.0 * 0.004, rel=1e-9)


def _by_group(towns: float, industry: float, over: float) -> Array:
    given = {"town_famine_mortality": towns, "industry_famine_mortality": industry}
    return np.asarray(reckon("townspeople.hunger_by_group", industry_over_others=over, **given))


def test_groups_die_alike_where_industry_is_spared_nothing() -> None:
    assert np.all(_by_group(0.003, 0.003, 0.5) == 0.003)


@pytest.mark.parametrize(("beyond_mean", "more"), [(0.0, 0), (0.1, 1), (-0.1, -1)])
def test_industry_works_by_the_food_of_its_places_on_the_lists(beyond_mean: float, more: int) -> None:
    food = reckon(
        "towns.food_of_industry", town_nutrition=0.7, beyond_mean_category=np.full(4, beyond_mean),
        category_industry_category=np.array([0.25, 0.45, 0.2, 0.1]),
    )  # fmt: skip
    assert float(food) == pytest.approx(0.7 + beyond_mean, rel=1e-12)
    given = {"enough_town_food": 0.9, "least_food_for_work": 0.1}
    fed = float(reckon("workforce.fed_in_industry", food_of_industry=food, **given))
    assert np.sign(round(fed - 0.7 / 0.9, 12)) == more
    assert float(reckon("workforce.fed_in_industry", food_of_industry=2.0, **given)) == 1.0


# ---- histories ---------------------------------------------------------------------------------------------


@cache
def histories() -> xr.Dataset:
    """Return the baseline to 1936: as it stands, with categories alike, and with first lists spared all."""
    scenario = load_scenario("baseline")
    scenario = scenario.until(scenario.period.start.replace(year=1936, month=12, day=31))
    sizes = {f"parameters.towns.{name}": np.array([np.nan, 0.0, 1.0]) for name in NULL}
    for name in sizes:
        sizes[name][0] = getattr(scenario.parameters.towns, name.rpartition(".")[2])
    return History.of(scenario, [0, 0, 0], 1, sizes).run().dataset


def test_food_and_goods_of_categories_are_those_of_towns() -> None:
    for kind in ("food", "goods"):
        parts = sum(histories()[f"{kind}_part_{name}"].values for name in LISTS)
        np.testing.assert_allclose(parts, 1.0, rtol=1e-9)


def test_at_the_null_values_all_eat_as_the_mean_of_towns() -> None:
    alike = histories().isel(member=1)
    for name in LISTS:
        assert np.all(alike[f"category_nutrition_{name}"].values == alike["town_nutrition"].values)
    assert np.all(alike["industry_famine_mortality"].values == alike["town_famine_mortality"].values)


def test_lists_stand_from_1931_to_the_end_of_cards() -> None:
    now = histories().isel(member=0)
    gap = now["category_nutrition_special"] - now["category_nutrition_third"]
    assert float(gap.sel(time="1930").max()) == 0.0
    assert float(gap.sel(time="1932").min()) > 0.2
    assert float(gap.sel(time="1936-12").max()) < 0.02
    goods = now["goods_part_third"]
    assert float(goods.sel(time="1933").max()) < 0.15
    assert float(goods.sel(time="1936").min()) == pytest.approx(0.3, rel=1e-12)


def test_lists_bring_the_deaths_of_want_in_towns_of_1933() -> None:
    dead = histories()["excess_deaths_towns"].sel(time="1933").sum("time").values
    assert dead[0] > 0.02
    assert dead[1] == 0.0
