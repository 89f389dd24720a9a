"""A scheme of accounts as a table: what it may say, and how each mistake is told; how names are reckoned."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from shutil import copytree

import numpy as np
import pytest
import xarray as xr

from planmodel.engine import UserError
from planmodel.report.national import accounts, gap, growth
from planmodel.runs.history import History
from planmodel.scenario import Scenario, load_scenario, registry
from planmodel.scenario.folder import read_economy
from planmodel.scenario.load import change_scenario

SOVIET = registry.economy().folder
HEAD = "kind, name, line, good, plus, less, prices, price, index, unit, value, meaning, source, evidence"
USE = f"{HEAD}\nline, food, use,,,,,,,,,,,\n"
WRONG = [
    ("kind, colour", "1: no column is called 'colour'"),
    (f"{HEAD}\nlign, x,,,,,,,,,,,,", "2: lign 'x': no such kind. Did you mean 'line'?"),
    (f"{HEAD}\nprices, now,,,,,,,, billion rubles,,,,", "2: prices 'now': 'billion rubles' is no unit"),
    (f"{HEAD}\nprices, 1928,,,,,,,, billion roubles, soon,,,", "2: prices '1928': value 'soon' is no number"),
    (f"{HEAD}\nline, food, eaten,,,,,,,,,,,", "2: line 'food': line 'eaten'"),
    (f"{HEAD}\nentry, food, use, grain, food_town,,,,,,,,,", "2: entry 'food': no line of use is called so"),
    (f"{USE}entry, food, use, rye, food_town,,,,,,,,,", "3: entry 'food': good 'rye'"),
    (f"{USE}line, food, use,,,,,,,,,,,", "3: line 'food': stands twice"),
    (f"{HEAD}\nseries, x,,,,,,,, 1, level,,,", "2: series 'x': value 'level'"),
]
MISSPELT = [
    ("grain_to_camps", "grain_to_canps", "nothing is called 'grain_to_canps'"),
    (
        "farm_price        ,",
        "farm_prise        ,",
        "nothing is called 'farm_prise'",
    ),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the economy, whose accounts may be spoilt."""
    return Path(copytree(SOVIET, tmp_path / "mine"))


@pytest.mark.parametrize(("table", "told"), WRONG)
def test_mistakes_name_file_and_line(folder: Path, table: str, told: str) -> None:
    file = folder / "accounts.csv"
    file.write_text(table + "\n", encoding="utf-8")
    with pytest.raises(UserError) as refused:
        read_economy(folder, "mine")
    assert f"{file}:{told}" in str(refused.value)


@pytest.mark.parametrize(("was", "now", "told"), MISSPELT)
def test_names_that_stand_for_nothing_are_refused(folder: Path, was: str, now: str, told: str) -> None:
    file = folder / "accounts.csv"
    text = file.read_text(encoding="utf-8")
    assert was in text
    file.write_text(text.replace(was, now), encoding="utf-8")
    with pytest.raises(UserError) as refused:
        read_economy(folder, "mine")
    assert told in str(refused.value)


def test_a_member_has_the_same_accounts_alone_and_among_others(engine: str) -> None:
    scenario, wanted = load_scenario("one_country"), set(registry.economy().accounted)
    together = History(scenario, [0, 1, 2], 7, wanted=wanted).run().dataset
    alone = History(scenario, [1], 7, wanted=wanted, labels=[1]).run().dataset
    for name in wanted:
        assert np.array_equal(together[name].values[1], alone[name].values[0]), name


def test_only_what_is_wanted_is_recorded() -> None:
    run = History(load_scenario("one_country"), wanted={"gnp_at_current_prices"}).run().dataset
    assert {"gnp_current", "gnp_at_current_prices"} <= set(run.data_vars)
    assert "use_defence_current" not in run
    assert "steel" not in run


@pytest.fixture(scope="module")
def short() -> xr.Dataset:
    """A run that ends before the second base year."""
    return History(_until(1931), wanted=set(registry.economy().accounted)).run().dataset


def _until(year: int) -> Scenario:
    """Return the baseline of one country up to the end of a year."""
    base, end = load_scenario("one_country"), date(year, 12, 31)
    off = {
        f"decrees.{name}.enabled": False
        for name, decree in base.decrees.items()
        if decree.date and decree.date > end
    }
    off |= {
        f"works.{name}.enabled": False for name, work in base.works.items() if work.start and work.start > end
    }
    return change_scenario(base, {"period.end": end, **off}, "short")


def test_prices_of_a_year_that_is_not_run_are_refused(short: xr.Dataset) -> None:
    economy = registry.economy()
    assert np.isnan(short["gnp_1937"].values).all()
    assert gap(accounts(short, economy, 1930, "1928")) < 1e-9
    with pytest.raises(UserError, match="does not cover 1937, whose prices they are"):
        accounts(short, economy, 1930, "1937")
    with pytest.raises(UserError, match="accounts of 1933: the run does not cover it; allowed: 1928 to 1931"):
        accounts(short, economy, 1933, "1928")


def origin(run: xr.Dataset, prices: str) -> dict[str, float]:
    """Product by sector in 1928."""
    found = accounts(run, registry.economy(), 1928, prices)
    found = found[found["side"] == "origin"]
    return dict(zip(found["line"], found["value"], strict=True))


def test_at_prices_of_its_own_base_year_nothing_depends_on_the_index(short: xr.Dataset) -> None:
    """In the base year the product at constant prices is near that at factor cost of the day, by lines."""
    constant, current = (origin(short, prices) for prices in ("1928", "current"))
    for line in ("agriculture", "heavy_industry", "transport", "housing"):
        assert constant[line] == pytest.approx(current[line], rel=0.03)


def test_growth_is_accounted_to_its_last_part() -> None:
    economy = registry.economy()
    run = History(load_scenario("one_country"), [0, 1], 3).run().dataset
    found = growth(run, economy, 1928, 1937)
    parts = [rise for name, rise in found.items() if name != "product"]
    assert np.allclose(found["product"], np.sum(parts, axis=0), rtol=1e-12)
    assert (found["capital"] > 0.0).all()
    assert (np.abs(found["rest"]) < 0.1).all()


def test_stocks_of_the_first_day_are_those_of_the_scenario() -> None:
    """The first day is not recorded: found from the flows, it makes investment of January what was built."""
    scenario = load_scenario("one_country")
    run = History(scenario).run().dataset
    built, valued = _january(run, "construction_{}"), _january(run, "use_investment_{}_1928")
    assert built > 0.1
    price = _january(run, "income_wear_{}_1928") / _january(run, "wear_{}")
    assert valued / built == pytest.approx(price, rel=1e-12)


def _january(run: xr.Dataset, name: str) -> float:
    """Sum of the first month over branches, at the first constant prices."""
    return float(sum(run[name.format(b)].values[0, 0] for b in registry.economy().axes["branch"]))


def test_net_investment_is_that_of_all_branches() -> None:
    run = History(load_scenario("one_country")).run().dataset
    branches = [f"net_investment_{branch}" for branch in registry.economy().axes["branch"]]
    added = sum(run[name] for name in (*branches, "use_other_equipment_1928"))
    assert np.allclose(added, run["net_investment_at_1928_prices"], rtol=1e-12)
    assert (run["net_investment_transport"] < run["use_investment_transport_1928"]).all()


def test_the_unfree_have_a_part_in_the_product_of_their_branches() -> None:
    """A series made of lines: what it needs is recorded, and without the mechanism there is none."""
    name = "product_of_unfree_labour"
    scenario = load_scenario("one_country")
    run = History(scenario, wanted={name}).run().dataset
    branches = ("origin_construction_1937", "origin_exporting_trades_1937")
    whole = History(scenario).run().dataset
    assert np.array_equal(run[name], whole[name])
    assert (whole[name] < sum(whole[branch] for branch in branches)).all()
    by_year = whole[name].values.reshape(-1, 12).sum(axis=1)
    assert by_year[-1] > 100.0 * by_year[0] > 0.0
    without = load_scenario("one_country", switch_off=["camp_labour"])
    assert np.abs(History(without, wanted={name}).run().dataset[name]).max() < 1e-12
