"""``planmodel plan``: control figures, quarters, outcome, of a scenario or a folder, beside the record."""

from __future__ import annotations

import json
import shutil
from copy import copy
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from cli_calls import planmodel

from planmodel import documented
from planmodel.engine import UserError
from planmodel.netcdf import netcdf_bytes
from planmodel.report.plan_document import needed, plans, published
from planmodel.runs.history import run
from planmodel.scenario import registry
from planmodel.scenario.plan_document import PlannedEntry, planned_of

SOVIET = registry.economy()
QUARTERS = {"control": 1, "first_quarter": 3, "second_quarter": 6, "third_quarter": 9, "fourth_quarter": 11}


@pytest.fixture(scope="module")
def dataset() -> xr.Dataset:
    return run(members=2, wanted=needed(SOVIET))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, dataset: xr.Dataset) -> Path:
    path = tmp_path_factory.mktemp("plan")
    (path / "results.nc").write_bytes(netcdf_bytes(dataset))
    return path


def told(folder: Path, *words: str) -> dict[str, Any]:
    answer = planmodel("plan", "1932", str(folder), "--json", *words)
    assert answer.status == 0, answer.err
    found: dict[str, Any] = json.loads(answer.out)
    return found


# ---- what it says ------------------------------------------------------------------------------------------


def test_the_document_is_read_off_the_series_of_the_plans(dataset: xr.Dataset) -> None:
    steel = plans(dataset, SOVIET, 1932, member=1).set_index("title").loc["Steel"]
    series = dataset.isel(member=1).sel(time="1932")
    for column, month in QUARTERS.items():
        assert steel[column] == float(series["plan_steel"][month - 1])
    assert steel["outcome"] == pytest.approx(float(series["steel"].sum()), rel=1e-12)
    assert steel["of_control"] == pytest.approx(steel["outcome"] / steel["control"])
    assert steel["of_plan"] == pytest.approx(steel["outcome"] / steel["fourth_quarter"])
    before = dataset.isel(member=1).sel(time="1931")["plan_steel"]
    assert steel["control"] == float(before[11])  # as it was set in December


def test_what_the_model_judges_is_what_the_document_says(dataset: xr.Dataset) -> None:
    full = run(members=1, wanted=["fulfilment_coal", *needed(SOVIET)])
    coal = plans(full, SOVIET, 1936).set_index("title").loc["Coal"]
    judged = float(full["fulfilment_coal"].isel(member=0).sel(time="1936")[11])
    assert coal["of_plan"] == pytest.approx(judged, rel=1e-9)


def test_procurement_is_planned_from_july_to_june(dataset: xr.Dataset) -> None:
    grain = plans(dataset, SOVIET, 1932).set_index("title").loc["Grain procurement"]
    assert grain["control"] == float(dataset["procurement_plan"].isel(member=0).sel(time="1932")[6])
    assert 10.0 < grain["outcome"] < 40.0
    last = plans(dataset, SOVIET, 1940).set_index("title").loc["Grain procurement"]
    assert np.isnan(last["outcome"])  # its year ends when the run is over
    assert np.isfinite(last["control"])


def test_plans_as_published_stand_beside_it(dataset: xr.Dataset) -> None:
    found = published(plans(dataset, SOVIET, 1937), SOVIET, 1937)
    coal = found[found["title"] == "Coal"].set_index("version")
    assert coal.loc["second_plan", "planned"] == 152.5
    assert coal.loc["directives_1932", "planned"] == 250.0
    second: dict[Any, Any] = coal.loc["second_plan"].to_dict()
    assert 125.0 < second["low"] <= second["high"] < 131.0
    outcome: Any = plans(dataset, SOVIET, 1937).set_index("title").loc["Coal", "outcome"]
    assert second["of_published"] == pytest.approx(outcome / 152.5)
    five_years = found[found["version"] == "second_plan"].set_index("title").loc["Investment"]
    assert (five_years["planned"], five_years["date"]) == (133.4, "1933..1937")
    assert np.isnan(five_years["of_published"])  # five years are no year, and roubles of a plan no others
    assert np.isnan(five_years["low"])


def test_a_quarterly_plan_is_not_compared_with_a_year(dataset: xr.Dataset) -> None:
    found = published(plans(dataset, SOVIET, 1933), SOVIET, 1933)
    quarter = found[found["version"] == "quarterly_plan_1933_1"].set_index("title").loc["Steel"]
    assert quarter["planned"] == 1.8
    assert np.isnan(quarter["of_published"])


# ---- the command -------------------------------------------------------------------------------------------


def test_a_folder_is_read_and_nothing_is_run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("planmodel.runs.history.run", None)
    answer = planmodel("plan", "1932", str(folder), columns=120)
    assert answer.status == 0, answer.err
    assert "Plan and outcome of 1932 in the model" in answer.out
    assert "Steel, million tonnes" in answer.out
    assert "control" in answer.out
    assert "2nd" not in answer.out
    assert "first plan 1929" in answer.out
    assert "64.4 to 64.5" in answer.out  # coal of 1932 in the record


def test_quarters_are_shown_when_they_are_asked_for(folder: Path) -> None:
    out = planmodel("plan", "1932", str(folder), "--quarter", columns=140).out
    assert "1st quarter" in out
    assert "at last" not in out


def test_json_has_the_numbers_that_tables_round(folder: Path, dataset: xr.Dataset) -> None:
    found = told(folder, "--member", "1")
    assert (found["year"], found["member"]) == (1932, 1)
    steel = next(line for line in found["model"] if line["title"] == "Steel")
    assert steel["control"] == float(plans(dataset, SOVIET, 1932, 1)["control"][0])
    five_years = next(line for line in found["record"] if line["date"] == "1928-10-01..1933-09-30")
    assert five_years["low"] is None


def test_a_scenario_is_run_where_no_folder_is_given(dataset: xr.Dataset) -> None:
    answer = planmodel("plan", "1930", "--json")
    lines = {line["title"]: line for line in json.loads(answer.out)["model"]}
    assert lines["Coal"]["control"] == float(dataset["plan_coal"].isel(member=0).sel(time="1930")[0])


def test_a_year_without_plans_in_the_record_says_so(dataset: xr.Dataset) -> None:
    from planmodel.documented import Record
    from planmodel.report.plan_tables import plan_blocks

    class Empty(Record):
        def rows(self, *_: Any, **__: Any) -> list[dict[str, Any]]:
            return []

    blocks = plan_blocks(dataset, SOVIET, 1930, record=Empty())
    assert "The record has no plan of 1930" in blocks[-1].text  # type: ignore[union-attr]


# ---- what is refused ---------------------------------------------------------------------------------------

REFUSED = {
    ("1927",): "plan 1927: the run does not cover it; allowed: 1928 to 1940",
    ("1941",): "plan 1941: the run does not cover it; allowed: 1928 to 1940",
    ("0",): "plan 0: not a year; allowed: a year such as 1932",
    ("99999",): "plan 99999: not a year; allowed: a year such as 1932",
    ("1932", "--member", "2"): "--member 2: the run has no such member; allowed: 0 to 1",
    ("1932", "--member", "-1"): "--member -1: the run has no such member; allowed: 0 to 1",
}


@pytest.mark.parametrize("words", REFUSED)
def test_what_a_folder_cannot_answer_is_refused(folder: Path, words: tuple[str, ...]) -> None:
    year, *rest = words
    assert planmodel("plan", year, str(folder), *rest).message == REFUSED[words]


def test_an_economy_without_a_plan_is_refused_before_it_is_run() -> None:
    message = planmodel("plan", "1921", "kuzbass").message
    assert message.startswith("kuzbass: has no plan document; allowed: with lines plan_document in ")


def test_results_without_plans_are_refused(tmp_path: Path, dataset: xr.Dataset) -> None:
    (tmp_path / "results.nc").write_bytes(netcdf_bytes(dataset.drop_vars("plan_coal")))
    message = planmodel("plan", "1932", str(tmp_path)).message
    assert message == "plan 1932: the results have no 'plan_coal'; allowed: run it anew"


def test_a_short_run_has_no_plan_of_a_year(dataset: xr.Dataset) -> None:
    with pytest.raises(UserError, match="plan 1928: the run does not cover it; allowed: a run of a whole"):
        plans(dataset.isel(time=slice(0, 11)), SOVIET, 1928)


def test_what_is_no_run_is_refused(tmp_path: Path) -> None:
    assert (
        "no results.nc in it; allowed: the folder of a run"
        in planmodel("plan", "1932", str(tmp_path)).message
    )
    (tmp_path / "results.nc").write_bytes(b"no results")
    assert "results.nc: cannot be read" in planmodel("plan", "1932", str(tmp_path)).message
    assert "basline" in planmodel("plan", "1932", "basline").message
    assert planmodel("plan", "steel").status == 2


# ---- lines of a document are held to the economy -----------------------------------------------------------

BAD = {
    ("plan_stele", "steel"): "x.toml: plan_document, 'Steel': plan: no variable is called 'plan_stele'; "
    "did you mean 'plan_steel'?",
    ("plan_steel", "stele"): "x.toml: plan_document, 'Steel': outcome: no indicator or variable is called "
    "'stele'; did you mean 'steel'?",
    ("plan_steel", "electricity"): "x.toml: plan_document, 'Steel': 'plan_steel' is in million tonnes, "
    "'electricity' in billion kWh; allowed: one unit",
    ("plan_steel", "gnp_growth"): "x.toml: plan_document, 'Steel': outcome: 'gnp_growth' compares years; "
    "allowed: an amount or a mean of a year",
}


@pytest.mark.parametrize("names", BAD)
def test_a_line_that_names_nothing_is_refused(names: tuple[str, str]) -> None:
    with pytest.raises(UserError) as error:
        planned_of(SOVIET, [PlannedEntry(title="Steel", plan=names[0], outcome=names[1])], "x.toml")
    assert str(error.value) == BAD[names]


def test_a_rate_a_year_is_planned_as_the_amount_of_a_year() -> None:
    (line,) = planned_of(SOVIET, [PlannedEntry(title="I", plan="investment_plan", outcome="investment")], "x")
    assert (line.unit, line.first_month) == ("billion roubles of 1928", 1)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[plan_document]]\ntitle = "Coal"\nplan = "coal_plan"\noutcome = "coal"\n', "'coal_plan'"),
        ('[[plan_document]]\ntitle = ""\nplan = "a"\noutcome = "b"\n', "plan_document.0.title"),
        ('[[plan_document]]\ntitle = "Coal"\nplan = "a"\noutcome = "b"\ncolour = 1\n', "colour"),
        ('[[plan_document]]\ntitle = "Coal"\nplan = "a"\n', "outcome"),
        ("plan_document = 3\n", "plan_document"),
    ],
)
def test_a_bad_document_is_refused_with_its_file(tmp_path: Path, text: str, said: str) -> None:
    target = tmp_path / "planned"
    shutil.copytree(registry.economies()["kuzbass"], target)
    file = target / "economy.toml"
    file.write_text(text + file.read_text() if text.startswith("plan_") else file.read_text() + text)
    with pytest.raises(UserError) as error:
        registry.economy(str(target))
    assert str(file) in str(error.value)
    assert said in str(error.value)


def test_a_variable_that_the_record_does_not_have_is_refused(dataset: xr.Dataset) -> None:
    found = plans(dataset, SOVIET, 1932)
    economy = copy(SOVIET)
    economy.planned = (replace(SOVIET.planned[0], record="stele"),)
    with pytest.raises(UserError, match=r"plan_document, 'Steel': record: .*stele"):
        published(found, economy, 1932)


def test_every_line_names_a_variable_of_the_record_in_its_own_unit_or_none() -> None:
    units = documented.variables()["unit"]
    for name in registry.economies():
        for line in registry.economy(name).planned:
            if line.record:
                assert line.record in units.index
                assert units[line.record] == line.unit or "at plan prices" in units[line.record]
