"""Results as a user of Python meets them: years, tables, files, and what is refused in a line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import planmodel as pm
from planmodel.engine.errors import UserError
from planmodel.netcdf import as_held, netcdf_bytes, read_netcdf
from planmodel.results.files import stata_names

END = date(1929, 12, 31)


@pytest.fixture(scope="module")
def base() -> pm.Result:
    return pm.run(pm.load("one_country").until(END), members=3, seed=7)


@pytest.fixture(scope="module")
def poor() -> pm.Result:
    return pm.run(pm.load("one_country").until(END).with_(weather={1929: -0.3}, name="poor"), 3, 7)


def test_a_year_is_the_sum_the_mean_or_the_end_as_each_asks(base: pm.Result) -> None:
    found = base.annual(["steel", "cattle", "town_nutrition"])
    assert dict(found.sizes) == {"member": 3, "year": 2}
    months = base.data.sel(time="1929")
    assert np.allclose(found["steel"].sel(year=1929), months["steel"].sum("time"))
    assert np.allclose(found["town_nutrition"].sel(year=1929), months["town_nutrition"].mean("time"))
    assert (found["cattle"].sel(year=1929).values == months["cattle"].isel(time=-1).values).all()
    units = [found[name].attrs["units"] for name in ("steel", "cattle", "town_nutrition")]
    assert units == ["million tonnes a year", "million head", "1"]
    assert base.data["grain_export"].attrs["units"] == "million tonnes a month"


def test_the_data_have_attributes_and_one_row_a_month(base: pm.Result) -> None:
    assert base.data.attrs["scenario"] == "one_country"
    assert len(base.data.isel(member=0).to_dataframe()) == 24


def test_the_reprs_are_short(base: pm.Result) -> None:
    table = base.table("steel", years=[1929])
    for shown in (base, base.scenario, table, base.values("steel")):
        assert len(repr(shown)) < 160
        assert "\n" not in repr(shown)
    assert "Steel" in table._repr_html_()
    assert "<script>" not in pm.run(base.scenario.with_(title="<script>"))._repr_html_()


def test_one_year_is_changed_and_the_others_are_kept() -> None:
    base = pm.load("baseline")
    other = base.with_(weather={1932: -0.25}, grain_export_plan={1932: 0.5}, passports=False)
    kept = base.exogenous.weather.values
    assert other.exogenous.weather.values == {**kept, "1932": -0.25}
    plan = other.exogenous.grain_export_plan
    record = pm.documented.values_by_year("grain_export", "customs")
    years = {year: value for year, value in record.items() if str(year) in plan.values}
    assert {int(year): value for year, value in plan.values.items()} == {**years, 1932: 0.5}
    assert (other.switches.passports, base.switches.passports) == (False, True)


def test_a_decree_of_ones_own_takes_a_day_as_text() -> None:
    about = {"date": "1932-07-01", "title": "Relief", "source": "hypothetical", "effects": {"quotas": 0.0}}
    assert pm.load("baseline").with_(decrees={"relief": about}).decrees["relief"].date == date(1932, 7, 1)


def test_differences_are_member_by_member(base: pm.Result, poor: pm.Result) -> None:
    table = pm.table(base, poor, names=["grain_harvest", "steel"], years=[1928, 1929]).frame
    harvests = [each.annual("grain_harvest")["grain_harvest"].sel(year=1929).values for each in (base, poor)]
    row = table[(table["name"] == "grain_harvest") & (table["year"] == 1929)].to_dict("records")[0]
    assert row["poor_difference"] == pytest.approx(np.median(harvests[1] - harvests[0]))
    assert row["poor_difference_low"] <= row["poor_difference"] <= row["poor_difference_high"] < 0.0
    assert row["poor_above"] == 0.0
    assert row["one_country"] == pytest.approx(np.median(harvests[0]))
    before = table[(table["name"] == "grain_harvest") & (table["year"] == 1928)].to_dict("records")[0]
    assert (before["poor_difference"], before["poor_above"]) == (0.0, 0.0)


def test_of_other_members_all_are_compared_with_all(base: pm.Result, poor: pm.Result) -> None:
    other = pm.run(poor.scenario, members=[4, 5], seed=7)
    row = pm.table(base, other, names="grain_harvest", years=[1929]).frame.iloc[0]
    harvests = [each.annual("grain_harvest")["grain_harvest"].sel(year=1929).values for each in (base, other)]
    apart = (harvests[1][:, None] - harvests[0][None, :]).ravel()
    assert row["poor_difference"] == pytest.approx(np.median(apart))
    assert row["poor_above"] == np.mean(apart > 0)


def test_of_one_history_there_is_no_band() -> None:
    one = pm.run(pm.load("one_country").until(END))
    assert "baseline_low" not in one.table("steel", years=[1929]).frame
    assert one.compare(one, "steel", [1929]).frame["one_country_2_difference"].tolist() == [0.0]


def test_the_files_hold_what_the_table_holds(base: pm.Result, poor: pm.Result, tmp_path: Path) -> None:
    table = base.compare(poor, ["grain_harvest", "cattle"], [1929])
    back = pd.read_csv(table.to_csv(tmp_path / "t.csv"))
    assert np.allclose(back["poor"], table.frame["poor"])
    text = table.to_latex(tmp_path / "t.tex")
    assert (tmp_path / "t.tex").read_text(encoding="utf-8") == text
    assert r"\toprule" in text
    assert r"one\_country" in text
    if find_spec("pyarrow"):
        parquet = pd.read_parquet(table.to_parquet(tmp_path / "t.parquet"))
        assert np.allclose(parquet["poor"], table.frame["poor"])
        assert parquet.attrs["labels"] == dict(table.labels)
    if find_spec("openpyxl"):
        sheets = pd.read_excel(table.to_excel(tmp_path / "t.xlsx"), sheet_name=None)
        assert list(sheets) == ["values", "columns"]
        assert np.allclose(sheets["values"]["poor"], table.frame["poor"])


def test_stata_has_short_names_and_whole_labels(base: pm.Result, tmp_path: Path) -> None:
    file = base.to_stata(tmp_path / "v.dta")
    with pd.read_stata(file, iterator=True) as reader:
        labels = reader.variable_labels()
    frame = pd.read_stata(file)
    assert max(map(len, labels)) <= 32
    assert max(map(len, labels.values())) <= 80
    assert len(frame) == 3 * 2
    assert labels["steel"] == "Steel, million tonnes a year"
    long = "gross_investment_relative_to_1936"
    short = stata_names([long])[long]
    assert labels.get(short, f"{long}: ").startswith(f"{long}: ")
    assert np.allclose(frame["steel"], base.annual("steel")["steel"].values.ravel())


def test_names_that_are_cut_stay_apart() -> None:
    names = [f"a_very_long_name_of_a_quantity_{end}" for end in ("north", "northern", "norths")]
    found = stata_names(names)
    assert len(set(found.values())) == 3
    assert max(map(len, found.values())) <= 32
    assert stata_names(["steel"]) == {"steel": "steel"}


def test_a_run_goes_on_from_a_state(base: pm.Result) -> None:
    first = pm.run(pm.load("one_country").until(date(1928, 12, 31)), 3, 7, save=True)
    rest = pm.run(base.scenario, [0, 1, 2], 7, resume=first.state)
    assert (rest.data["cattle"].values == base.data["cattle"].values).all()


def test_a_file_is_read_as_xarray_reads_it(base: pm.Result, tmp_path: Path) -> None:
    some = base.data[["steel", "cattle", "collectivised_share"]]
    for name, plain in (("plain.nc", True), ("hdf5.nc", False)):
        file = tmp_path / name
        file.write_bytes(netcdf_bytes(some, plain, compressed=not plain))
        xr.testing.assert_identical(read_netcdf(file), as_held(xr.load_dataset(file)))


WRONG: dict[str, tuple[Callable[[pm.Result], object], str]] = {
    "scenario": (lambda _: pm.run("basline"), "no scenario is called 'basline'; did you mean 'baseline'?"),
    "members": (lambda _: pm.run(members=0), "members: 0 is not valid; allowed: 1 or more"),
    "seed": (
        lambda _: pm.run(seed=-1),
        "seed: -1 is not valid; allowed: a whole number from 0 to 4294967295",
    ),
    "length": (
        lambda _: pm.run(members=3, parameters={"nutrition": {"quota_spread": [0.1, 0.2]}}),
        "parameters: parameters.nutrition.quota_spread has 2 values and numbers has 3; allowed: one a member",
    ),
    "bound": (
        lambda _: pm.run(parameters={"nutrition": {"quota_spread": [7.0]}}),
        "parameters: parameters.nutrition.quota_spread: 7 (member 0) is out of bounds; allowed: 0 to 0.8",
    ),
    "quantity": (
        lambda base: base.annual("grain_harves"),
        "'grain_harves': the run has no such quantity; did you mean 'grain_harvest'?",
    ),
    "drawn": (
        lambda base: base.plot("catle"),
        "'catle': the run has no such quantity; did you mean 'cattle'?",
    ),
    "band": (lambda base: base.plot("cattle", band=2), "band: 2 is out of bounds; allowed: above 0, below 1"),
    "year": (
        lambda base: base.table(years=[1950]),
        "years: 1950 is not among those of the run; allowed: 1928, 1929",
    ),
    "ending": (
        lambda base: base.table().to("a.doc"),
        "a.doc: no kind of file ends in '.doc'; allowed: .csv, .parquet, .xlsx, .dta, .tex",
    ),
    "another ending": (lambda base: base.to_csv("a.dta"), "a.dta: ends in '.dta'; allowed: .csv"),
    "folder": (
        lambda _: pm.open_result("nowhere"),
        "nowhere: no results.nc in it; allowed: the folder of a run",
    ),
    "series": (
        lambda base: base.scenario.with_(wether={1932: 1.0}),
        "with_: wether: no series, mechanism, decree, block of parameters or section is called so; "
        "did you mean 'weather'?",
    ),
    "value": (
        lambda base: base.scenario.with_(weather={1932: "wet"}),
        'with_: exogenous.weather.values.1932: "wet" is not valid; allowed: a number',
    ),
    "no years": (
        lambda base: base.scenario.with_(weather=1.0),
        "with_: weather: 1.0 is not valid; allowed: values by year, as {1932: 1.0}",
    ),
    "twice": (
        lambda base: base.scenario.with_({"switches.passports": True}, passports=False),
        "with_: switches.passports is given twice; allowed: once",
    ),
    "own file": (lambda _: pm.record.add("nofile.csv"), "nofile.csv: no such file"),
}


@pytest.mark.parametrize(("call", "message"), WRONG.values(), ids=WRONG.keys())
def test_what_is_wrong_is_one_line(
    call: Callable[[pm.Result], object], message: str, base: pm.Result
) -> None:
    with pytest.raises((UserError, ValueError)) as refused:
        call(base)
    assert str(refused.value) == message
