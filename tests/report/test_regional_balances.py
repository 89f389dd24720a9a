"""Balances by region: they close, and regions add up to the country."""

from __future__ import annotations

import math
import re
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from cli_calls import fits, planmodel
from villages import LABELS, villages

from planmodel.report.balances import balance, movements
from planmodel.report.regional_balances import COUNTRY, STATE, balance_by_region
from planmodel.runs.history import History
from planmodel.scenario import Scenario, load_scenario

EPSILON = float(np.finfo(float).eps)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return villages(tmp_path_factory.mktemp("economy"))


@pytest.fixture(scope="module")
def scenario(folder: Path) -> Scenario:
    return load_scenario(folder / "by_regions.toml")


@pytest.fixture(scope="module")
def dataset(scenario: Scenario) -> xr.Dataset:
    return History(scenario, range(2), 1).run().dataset


@pytest.mark.parametrize("year", [1928, 1930, 1931])
@pytest.mark.parametrize("region", LABELS)
def test_accounts_of_a_region_close(scenario: Scenario, dataset: xr.Dataset, region: str, year: int) -> None:
    found = balance(dataset, "grain", year, 1, scenario.declared, region)
    assert found.index.tolist() == ["barns"]  # the store is no region's
    row, months = found.loc["barns"], dataset.isel(member=1).sel(time=str(year))
    assert abs(row["gap"]) <= 1e-9 * row["in"]
    assert row["in"] == pytest.approx(float(months[f"reaped_{region}"].sum()), rel=1e-12)
    gone = float(months[f"eaten_{region}"].sum() + months[f"taken_{region}"].sum())
    assert row["out"] == pytest.approx(gone, rel=1e-12)
    assert row["closing"] == months[f"grain_barns_{region}"].values[-1]


def test_the_first_year_opens_with_the_shares_of_the_first_day(
    scenario: Scenario, dataset: xr.Dataset
) -> None:
    opening = [balance(dataset, "grain", 1928, 0, scenario.declared, one)["opening"].item() for one in LABELS]
    assert opening == pytest.approx([140.0, 60.0], rel=1e-13)  # 0.7 and 0.3 of 200


@pytest.mark.parametrize("year", [1928, 1930, 1931])
def test_regions_add_up_to_the_country(scenario: Scenario, dataset: xr.Dataset, year: int) -> None:
    economy = scenario.declared
    months = dataset.isel(member=1)
    for name in ("grain_barns", "reaped", "eaten", "taken"):  # month by month to the bit, as the audit adds
        added = sum(months[f"{name}_{label}"].values for label in LABELS)
        np.testing.assert_array_equal(months[name].values, added)
    found = balance_by_region(dataset, "grain", year, 1, economy)
    assert list(found.rows.columns) == [*LABELS, STATE, COUNTRY]
    assert found.gap <= 12 * EPSILON * found.turnover  # a rounding a month: the audit allows 1e-9
    for row in found.rows.to_numpy():
        assert math.fsum(row[:-1]) == pytest.approx(row[-1], rel=1e-14, abs=12 * EPSILON * found.turnover)
    flows = found.rows.iloc[1:-1].sum()
    held = found.rows.loc["closing"] - found.rows.loc["opening"]
    np.testing.assert_allclose(flows, held, rtol=0.0, atol=1e-9 * found.turnover)
    country = balance(dataset, "grain", year, 1, economy)
    assert found.rows.loc["closing", COUNTRY] == pytest.approx(country["closing"].sum(), rel=1e-14)
    assert found.rows[STATE].to_dict()["closing"] == country["closing"].to_dict()["store"]


@pytest.mark.parametrize("name", ["taken_south", "eaten_south", "grain_barns_north", "eaten"])
def test_a_series_that_is_wrong_shows(scenario: Scenario, dataset: xr.Dataset, name: str) -> None:
    """The country is read from its own series, and each column must close."""
    wrong = dataset.copy()
    wrong[name] = dataset[name] * 1.5
    found = balance_by_region(wrong, "grain", 1930, 0, scenario.declared)
    assert found.gap > 1.0
    assert found.gap > 1e-9 * found.turnover


def test_what_moves_between_region_and_state_is_named(scenario: Scenario, dataset: xr.Dataset) -> None:
    moved = movements(dataset, "grain", 1930, 0, scenario.declared, "south").set_index("movement")
    taken = moved.loc["grain taken"]
    assert (taken["across"], taken["from"], taken["to"]) == ("out", "barns", "store")
    months = dataset["taken_south"].isel(member=0).sel(time="1930")
    assert taken["amount"] == pytest.approx(float(months.sum()))
    assert moved.loc["harvest", "across"] == "in"


def test_the_screen_of_80_columns(folder: Path, dataset: xr.Dataset, tmp_path: Path) -> None:
    out = tmp_path / "run"
    words = ("run", str(folder / "by_regions.toml"), "--out", str(out), "--quiet", "--no-figures")
    assert planmodel(*words).status == 0
    answer = planmodel("balance", "grain", "1930", "--of", str(out), "--region", "south")
    assert (answer.status, answer.err) == (0, "")
    assert fits(answer.out)
    assert answer.out.startswith("Balance of grain, south, 1930, tonnes")
    assert re.search(r"grain taken +out +barns +store +9\.74", answer.out)
    answer = planmodel("balance", "grain", "1930", "--of", str(out), "--region", "all")
    assert (answer.status, answer.err) == (0, "")
    assert fits(answer.out)
    rows = re.findall(r"^(?:opening|harvest|grain \w+|closing) +(.*)$", answer.out, re.M)
    assert len(rows) == 5
    for row in rows:
        *parts, country = map(float, row.split())
        assert sum(parts) == pytest.approx(country, abs=0.002)
    assert re.search(r"(\S+) of what moved \(allowed 1e-09\)", " ".join(answer.out.split()))


@pytest.mark.parametrize(
    ("of", "words", "message"),
    [
        ("by_regions.toml", "norht", "--region norht: no such region; allowed: north, south, all"),
        (
            "baseline.toml",
            "north",
            'one country here; allowed: a scenario that says regions = "two", or the folder of a run of one',
        ),
    ],
)
def test_a_wrong_region_is_one_line(folder: Path, of: str, words: str, message: str) -> None:
    answer = planmodel("balance", "grain", "1930", "--region", words, "--of", str(folder / of))
    assert answer.message.endswith(message)
    assert answer.message.startswith("--region ")


def test_an_economy_without_regions_says_how_to_have_them() -> None:
    message = planmodel("balance", "people", "1931", "--of", "kuzbass", "--region", "north").message
    assert message.startswith(
        "--region north: kuzbass has no regions; allowed: an economy with an axis under"
    )


def test_accounts_of_no_region_are_refused(tmp_path: Path) -> None:
    folder = villages(tmp_path)
    more = "state, commodity, coal, tonnes, , , , , , , , , , coal, ,\n"
    more += "state, stock, coal.heap, , , , , , , , , , , coal, ,\n"
    table = folder / "villages.csv"
    table.write_text(table.read_text(encoding="utf-8") + more, encoding="utf-8")
    answer = planmodel(
        "balance", "coal", "1930", "--of", str(folder / "by_regions.toml"), "--region", "north"
    )
    assert answer.message == (
        "--region north: no account of balance 'coal' is by region; allowed with it: grain"
    )
