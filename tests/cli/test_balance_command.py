"""``planmodel balance``: accounts that close, of a scenario or of a folder."""

import re
from pathlib import Path

import pandas as pd
import pytest
import xarray as xr
from cli_calls import fits, planmodel

from planmodel.engine import UserError
from planmodel.netcdf import netcdf_bytes, read_netcdf
from planmodel.report.balances import balance, movements
from planmodel.runs.history import run
from planmodel.scenario import load_scenario, registry

YEARS = {"grain": (1928, 1939), "manpower": (1928, 1940)}


@pytest.fixture(scope="module")
def dataset() -> xr.Dataset:
    """What a balance needs of a run: two members over the whole period."""
    flows = [flow.name for flow in registry.economy().flows() if flow.commodity in ("grain", "people")]
    stocks = [f"{c}_{account}" for c in ("grain", "people") for account in registry.economy().stocks()[c]]
    return run(members=2, wanted=flows + stocks)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, dataset: xr.Dataset) -> Path:
    path = tmp_path_factory.mktemp("balance")
    (path / "results.nc").write_bytes(netcdf_bytes(dataset))
    return path


@pytest.mark.parametrize("kind", YEARS)
def test_every_account_closes_in_every_year(kind: str, dataset: xr.Dataset) -> None:
    first, last = YEARS[kind]
    before: pd.Series[float] | None = None
    for year in range(first, last + 1):
        table = balance(dataset, kind, year, member=1)
        assert (table["gap"].abs() < 1e-9).all()
        assert table["in"].sum() > 0.1
        if before is not None:  # a year opens with what the last one closed with
            assert (table["opening"] - before).abs().max() < 1e-9
        before = table["closing"]


@pytest.mark.parametrize("kept", ["in memory", "in a folder"])
def test_the_first_year_opens_with_what_the_scenario_gives(
    kept: str, dataset: xr.Dataset, folder: Path
) -> None:
    """What the flows of the first month leave over is the stock that was given, by account and member."""
    held = dataset if kept == "in memory" else read_netcdf(folder / "results.nc")
    given = load_scenario("baseline").initial.people
    for member in (0, 1):
        opening = balance(held, "manpower", 1928, member)["opening"]
        for group in registry.economy().stocks()["people"]:
            assert opening[group] == pytest.approx(getattr(given, group).value, rel=1e-13, abs=1e-15)


def test_a_selection_of_months_has_the_balances_of_its_whole_years(dataset: xr.Dataset) -> None:
    """The opening of 1931 is found by its first month, as from the month before."""
    later = balance(dataset.sel(time=slice("1931", "1933")), "manpower", 1931)
    pd.testing.assert_frame_equal(later, balance(dataset, "manpower", 1931), atol=1e-12)


def test_a_short_run_has_no_whole_year(dataset: xr.Dataset) -> None:
    with pytest.raises(UserError, match="covers no whole year"):
        balance(dataset.isel(time=slice(0, 11)), "manpower", 1928)


def test_movements_are_those_of_the_ledger(dataset: xr.Dataset) -> None:
    moved = movements(dataset, "grain", 1932)
    accounts = balance(dataset, "grain", 1932)
    for account in accounts.index:
        inflow = moved.loc[moved["to"] == account, "amount"].sum()
        assert inflow == pytest.approx(accounts.loc[account, "in"], abs=1e-6)
    exported = moved.loc[moved["movement"] == "grain exported", "amount"].item()
    months = dataset["grain_export"].isel(member=0).sel(time=slice("1932-07", "1933-06"))
    assert exported == pytest.approx(float(months.sum()))
    assert set(accounts.index) == set(registry.economy().stocks()["grain"])


@pytest.mark.parametrize("kind", YEARS)
def test_the_screen_of_80_columns(kind: str, folder: Path) -> None:
    answer = planmodel("balance", kind, "1932", "--of", str(folder), "--member", "1")
    assert (answer.status, answer.err) == (0, "")
    assert fits(answer.out)
    assert "-0.000" not in answer.out
    span = "1932/33, million tonnes" if kind == "grain" else "1932, million persons"
    assert answer.out.startswith(f"Balance of {kind}, {span}")
    total = re.search(r"total +([\d.]+) +([\d.]+) +([\d.]+) +([\d.]+) +0\.000", answer.out)
    assert total is not None
    opening, inflow, outflow, closing = map(float, total.groups())
    assert opening + inflow - outflow == pytest.approx(closing, abs=0.003)


def test_of_the_baseline_by_default() -> None:
    answer = planmodel("balance", "manpower", "1930")
    assert answer.status == 0
    assert "individual peasants" in answer.out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["grain", "1950"], "balance grain 1950: the run does not cover it; allowed: 1928 to 1939"),
        (["grain", "1940"], "balance grain 1940: the run does not cover it; allowed: 1928 to 1939"),
        (["manpower", "1927"], "balance manpower 1927: the run does not cover it; allowed: 1928 to 1940"),
        (["grain", "99999"], "balance grain 99999: not a year; allowed: a year such as 1932"),
        (["grain", "0"], "balance grain 0: not a year; allowed: a year such as 1932"),
        (["grian", "1932"], "balance 'grian': unknown; did you mean 'grain'?"),
        (
            ["steel", "1932"],
            "balance 'steel': unknown; allowed: grain, manpower, materials, money, national, tfm, works",
        ),
        (["grain", "1932", "--member", "2"], "--member 2: the run has no such member; allowed: 0 to 1"),
        (["grain", "1932", "--member", "-1"], "--member -1: the run has no such member; allowed: 0 to 1"),
    ],
)
def test_a_wrong_balance_is_one_line(
    words: list[str], message: str, folder: Path, dataset: xr.Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xr, "load_dataset", lambda *_, **__: dataset)  # reading takes longest
    assert planmodel("balance", *words, "--of", str(folder)).message == message


def test_a_folder_that_is_no_result(tmp_path: Path, dataset: xr.Dataset) -> None:
    assert planmodel("balance", "grain", "1932", "--of", str(tmp_path)).message == (
        f"--of {tmp_path}: no results.nc in it; allowed: the folder of a run, or a scenario"
    )
    (tmp_path / "results.nc").write_bytes(b"not a netCDF file")
    message = planmodel("balance", "grain", "1932", "--of", str(tmp_path)).message
    assert message.startswith(f"--of {tmp_path}/results.nc: cannot be read: ")
    flow = min(flow.name for flow in registry.economy().flows() if flow.commodity == "grain")
    dataset.drop_vars(flow).to_netcdf(tmp_path / "results.nc", engine="h5netcdf")
    message = planmodel("balance", "grain", "1932", "--of", str(tmp_path)).message
    assert message == f"--of {tmp_path}: its results have no '{flow}'; allowed: run it anew"
    assert planmodel("balance", "grain", "1932", "--of", "baselin").message == (
        "no scenario is called 'baselin'; did you mean 'baseline'?"
    )
    assert planmodel("balance", "grain", "year").status == 2


def test_the_accounts_of_the_nation_close_at_all_prices() -> None:
    for prices in ("1928", "1937", "current"):
        answer = planmodel("balance", "national", "1933", "--prices", prices)
        assert answer.status == 0, answer.err
        assert fits(answer.out)
        gap = re.search(r"The three sides close: they differ by ([\d.e-]+) of the product", answer.out)
        assert gap
        assert float(gap[1]) < 1e-9
        assert answer.out.count("100 %") == 3
        assert "the rest: productivity" in answer.out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["national"], "balance national: of which year?"),
        (["national", "1955"], "accounts of 1955: the run does not cover it; allowed: 1928 to 1940"),
        (["national", "1937", "--prices", "1913"], "--prices 1913: unknown"),
        (["national", "1921", "--of", "kuzbass"], "balance 'national': unknown"),
    ],
)
def test_accounts_that_cannot_be_drawn_up_are_one_line(words: list[str], told: str) -> None:
    assert planmodel("balance", *words).message.startswith(told)
