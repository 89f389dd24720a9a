"""The commands calibrate and check as a user gives them, at the smallest sizes."""

import importlib
import json
import sys
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import tomli_w
import xarray as xr

sys.path.append(str(Path(__file__).parents[1] / "cli"))
from cli_calls import Answer, fits, planmodel

from planmodel.calibration.budget import within
from planmodel.calibration.evaluate import Evaluator
from planmodel.calibration.load import load_calibration
from planmodel.calibration.problem import prepare
from planmodel.engine import Array
from planmodel.provenance import machine
from planmodel.runs import open_ensemble
from planmodel.runs.history import run
from planmodel.runs.load import load_ensemble
from planmodel.runs.posterior import read_posterior
from planmodel.scenario import load_scenario

DOCS = Path(__file__).parents[2] / "docs"
CONFIG = """
name = "NAME"
title = "a test"
scenario = "SCENARIO"

[fit]
cropping.harvest_1928 = { low = 68, high = 80 }
livestock.cattle_slaughter = {}

[hold]
livestock.pigs_births = 1.1

[search]
sample = 6
points = 3
descent = 1
rounds = 1
starts = 2
polish = 2

[posterior]
walkers = 10
steps = 6
draws = 20

[validation]
fit_until = 1929

[latent.weather]
sd = 0.06
indicator = "grain_harvest"
shown = [1930]

[targets.grain_harvest]
version = "postwar_revision"
bias = 0.05

[targets.cattle]
version = "VERSION"

[targets.pigs]
version = "july_count"
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("calibrations")
    short = load_scenario("one_country").until(date(1930, 12, 31))
    text = tomli_w.dumps(short.model_dump(mode="python", exclude_none=True))
    (made / "short.toml").write_text(text, encoding="utf-8")
    for name, version in (("first", "july_count"), ("second", "january_count")):
        config = CONFIG.replace("NAME", name).replace("SCENARIO", str(made / "short.toml"))
        (made / f"{name}.toml").write_text(config.replace("VERSION", version), encoding="utf-8")
    return made


def calibrate(folder: Path, *words: str) -> Answer:
    return planmodel("calibrate", str(folder / "first.toml"), "--workers", "1", *words)


@pytest.fixture(scope="module")
def result(folder: Path) -> tuple[Answer, Path]:
    out = folder / "out"
    words = ("--out", str(out), "--seed", "4", "--profiles", "--posterior", "--validate",
             "--draws", str(folder / "drawn.nc"))  # fmt: skip
    return calibrate(folder, *words, "--scenario", str(folder / "fitted.toml")), out


def test_screen_has_the_scored_table_and_says_what_is_not_known(result: tuple[Answer, Path]) -> None:
    answer, _ = result
    assert answer.status == 0, answer.err
    assert fits(answer.out)
    for said in ("the worst first", "Not determined by the record", "NOT converged", "90 % band", "runs (",
                 "Coverage: of", "median half-width", "Latent values", "grain_harvest 1930: fit",
                 "Biases of published series"):  # fmt: skip
        assert said in " ".join(answer.out.split())


def test_series_are_sorted_the_worst_first(result: tuple[Answer, Path]) -> None:
    table = pd.read_csv(result[1] / "series.csv")
    assert sorted(table["series"]) == ["cattle", "grain_harvest", "pigs"]
    assert table["in_errors"].is_monotonic_decreasing
    assert table["share"].sum() == pytest.approx(1.0)


def test_the_fit_is_no_worse_than_where_it_began(result: tuple[Answer, Path]) -> None:
    points = pd.read_csv(result[1] / "points.csv")
    loss = {}
    for when in ("deviation", "deviation_before"):
        errors = points[when].to_numpy() / np.hypot(points["error_of_figure"].to_numpy(), 0.05)
        loss[when] = float((9 * np.log1p(errors**2 / 9) * points["weight"]).sum())
    paid = (pd.read_csv(result[1] / "latent.csv")["moved"] ** 2).sum()
    manifest = json.loads((result[1] / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["summary"]["misfit"] <= loss["deviation_before"] + 1e-9
    assert loss["deviation"] + paid <= manifest["summary"]["misfit"] + 1e-9


def test_fitted_scenario_can_be_run_and_says_how_it_was_made(
    result: tuple[Answer, Path], folder: Path
) -> None:
    for file in (result[1] / "calibrated.toml", folder / "fitted.toml"):
        text = file.read_text(encoding="utf-8")
        assert text.startswith("# Made by `planmodel calibrate")
        values = tomllib.loads(text)["parameters"]
        assert values["livestock"]["pigs_births"] == 1.1  # held
    parameters = pd.read_csv(result[1] / "parameters.csv").set_index("parameter")
    fitted = values["cropping"]["harvest_1928"]
    assert fitted == pytest.approx(parameters.loc["cropping.harvest_1928", "value"], rel=1e-5)
    # it extends the short scenario beside it, and what it says can be run
    loaded, before = load_scenario(folder / "fitted.toml"), load_scenario(folder / "short.toml")
    assert loaded.parameters.cropping.harvest_1928 == fitted
    weather, was = loaded.exogenous.weather, before.exogenous.weather
    latent = pd.read_csv(result[1] / "latent.csv").set_index("year")["fitted"]
    assert list(latent.index) == [1928, 1929, 1930]
    for year, value in weather.values.items():
        expected = latent[int(year)] if int(year) in latent.index else was.values[year]
        assert value == pytest.approx(expected, abs=1e-5)
    assert weather.source.startswith("estimated by `planmodel calibrate first`")
    words = ("run", str(folder / "fitted.toml"), "--no-figures", "--out", str(folder / "run"))
    assert planmodel(*words).status == 0


def test_manifest_tells_how_to_repeat_it(result: tuple[Answer, Path]) -> None:
    manifest = json.loads((result[1] / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["seed"] == 4
    assert manifest["machine"] == machine()
    assert manifest["configuration"]["search"]["points"] == 3
    assert {"posterior.nc", "series.csv", "calibrated.toml", "profiles.csv"} <= set(manifest["files"])
    assert "figures/series_1.png" in manifest["files"]


def test_posterior_can_be_drawn_from(result: tuple[Answer, Path], folder: Path) -> None:
    file = result[1] / "posterior.nc"
    with xr.open_dataset(file, engine="h5netcdf") as dataset:
        assert dataset.sizes == {"draw": 20}
        assert {"cropping.harvest_1928", "exogenous.weather.values.1929"} <= set(dataset.data_vars)
        assert {"bias.grain_harvest", "log_posterior"} <= set(dataset.coords)
        about = dataset.attrs
    with xr.open_dataset(folder / "drawn.nc", engine="h5netcdf") as other:
        assert (other["cropping.harvest_1928"] == dataset["cropping.harvest_1928"]).all()
    assert about["made_by"] == "planmodel calibrate first --posterior --seed 4"
    checks = folder / "checks.toml"
    checks.write_text(
        '[checks.harvest]\nstatement = "There is a harvest"\nsource = "test"\n'
        'claims = [{ of = "grain_harvest", dates = "1929", above = 1.0 }]\n'
    )
    answer = planmodel("check", str(folder / "short.toml"), "--draws", str(file), "--config", str(checks))
    assert answer.status == 0
    assert "in 100 % of draws" in answer.out
    assert fits(answer.out)


def test_an_ensemble_draws_from_the_posterior(result: tuple[Answer, Path], folder: Path) -> None:
    """With the weather of each draw, and the same harvest as in the run of that scenario."""
    file = folder / "ensemble.toml"
    posterior = result[1] / "posterior.nc"
    file.write_text(
        f'scenario = "{folder / "short.toml"}"\ndesign = "posterior"\nfile = "{posterior}"\nshocks = "none"\n'
        'keep.variables = ["grain_harvest"]\n'
    )
    plan = load_ensemble(file)
    weather = [f"exogenous.weather.values.{year}" for year in (1928, 1929, 1930)]
    parameters = ["parameters.cropping.harvest_1928", "parameters.livestock.cattle_slaughter"]
    assert sorted(plan.members.columns) == sorted(weather + parameters)
    assert len(plan.members.groups) == 1  # all in one chunk
    answer = planmodel("ensemble", str(file), "--out", str(folder / "drawn"))
    assert answer.status == 0, answer.err
    harvests = open_ensemble(folder / "drawn")["grain_harvest"]
    alone = run(plan.members.member(7), wanted=["grain_harvest"])["grain_harvest"]
    yearly = alone.groupby("time.year").sum().values[0]
    assert harvests.sel(member=7).values == pytest.approx(yearly, rel=1e-9)


def test_a_second_result_needs_force(result: tuple[Answer, Path], folder: Path) -> None:
    assert "--force" in calibrate(folder, "--out", str(result[1])).message


def test_a_stopped_calibration_goes_on(
    result: tuple[Answer, Path], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    evaluator = Evaluator.__call__
    calls = 0

    def stops(self: Evaluator, values: Array) -> Array:
        nonlocal calls
        calls += 1
        if calls > 4:
            raise KeyboardInterrupt
        return evaluator(self, values)

    out = folder / "stopped"
    with monkeypatch.context() as patch:
        patch.setattr(Evaluator, "__call__", stops)
        answer = calibrate(folder, "--out", str(out), "--seed", "4")
    assert answer.status == 130
    assert "goes on" in answer.err
    assert not out.exists()
    assert len(list(folder.glob(".stopped-*.journal"))) == 1
    answer = calibrate(folder, "--out", str(out), "--seed", "4")
    assert answer.status == 0
    assert "going on from an earlier run" in " ".join(answer.out.split())
    assert not list(folder.glob(".stopped-*.journal"))
    whole, again = (pd.read_csv(f / "parameters.csv") for f in (result[1], out))
    assert (whole["value"] == again["value"]).all()


def test_two_calibrations_are_set_beside_each_other(folder: Path) -> None:
    out = folder / "both"
    configs = [str(folder / f"{name}.toml") for name in ("first", "second")]
    answer = planmodel("calibrate", *configs, "--workers", "1", "--out", str(out))
    assert answer.status == 0, answer.err
    assert fits(answer.out)
    beside = pd.read_csv(out / "parameters_beside.csv")
    assert {"first", "second", "shift_in_errors"} <= set(beside.columns)
    assert beside["shift_in_errors"].abs().is_monotonic_decreasing
    assert (out / "beside.png").is_file()
    assert (out / "first" / "calibrated.toml").is_file()


def test_a_posterior_that_was_not_asked_for_cannot_be_written(folder: Path) -> None:
    message = calibrate(folder, "--draws", str(folder / "none.nc")).message
    assert "there is no posterior without --posterior" in message
    assert "there is no folder" in calibrate(folder, "--scenario", str(folder / "no" / "such.toml")).message
    mine = folder / "mine.toml"
    mine.write_text("years of work", encoding="utf-8")
    words = ("--out", str(folder / "never"), "--scenario", str(mine))
    assert calibrate(folder, *words).message == (
        f"--scenario {mine}: exists; allowed: another file, or --force to replace it"
    )
    assert calibrate(folder, *words, "--force").message == (
        f"--scenario {mine}: is not a scenario that calibrate wrote; --force will not replace it"
    )
    assert mine.read_text(encoding="utf-8") == "years of work"


def generator(name: str) -> Any:
    """Import a script of docs/, which are no package."""
    if str(DOCS) not in sys.path:
        sys.path.append(str(DOCS))
    return importlib.import_module(name)


def test_pages_are_written_from_the_folders(result: tuple[Answer, Path], folder: Path) -> None:
    """Every series stands on the page, the worst first; a forecast that loses says how it is wrong."""
    calibrated, validation = generator("generate_calibrated"), generator("generate_validation")
    fitted = calibrated.page(result[1], [result[1]])
    valid = validation.page(calibrated.read(result[1]))
    series = pd.read_csv(result[1] / "series.csv")["series"].tolist()
    places = [fitted.index(f"| `{name}` |") for name in series]
    assert places == sorted(places)
    published = pd.read_csv(result[1] / "published.csv")
    shown = published[published["year"] == 1930]
    assert all(f"| 1930 | {version}" in fitted for version in shown["version"])
    assert "| 1929 | lewin" not in fitted
    scores = pd.read_csv(result[1] / "left_out.csv")
    lost = scores[scores["moves"] & ~scores["model_wins"]]
    assert all(f"| `{row.series}` |" in valid and row.reason in valid for row in lost.itertuples())
    # these are not the pages of the checkout
    assert calibrated.main([str(result[1]), "--check"]) == 1
    assert validation.main([str(result[1]), "--check"]) == 1


def test_a_budget_too_small_is_refused(folder: Path) -> None:
    message = calibrate(folder, "--budget", "3").message
    assert message == "--budget 3: out of bounds; allowed: 13 to 1000000000 runs, or a share such as 20%"
    message = calibrate(folder, "--budget", "200%").message
    assert message == "--budget 200%: is not valid; allowed: a number of runs, or a share such as 20%"
    message = calibrate(folder, "--budget", "30", "--quick").message
    assert message == "--budget 30: does not go with --quick; allowed: one of the two"


def test_a_search_is_cut_to_a_budget_and_is_then_a_trial() -> None:
    full = load_calibration("archival")
    unknowns = len(prepare(full)[2].keys)
    fewer = within(full, unknowns, "50000")  # whole rounds, only fewer of them
    assert 0 < fewer.search.rounds < full.search.rounds
    assert fewer.search.points == full.search.points
    assert fewer.trial
    assert fewer.posterior == full.posterior
    assert not within(full, unknowns, "100%").trial
    assert not full.trial
    for budget, runs in (("2000", 2000), ("300", 300), ("1%", full.search.runs(unknowns, 10) // 100)):
        small = within(full, unknowns, budget)
        assert small.trial
        assert 0.3 * runs < small.search.runs(unknowns, small.search.rounds) <= runs
        assert small.posterior.walkers > 2 * unknowns
        assert small.posterior.walkers * small.posterior.steps < 20_000


def test_a_trial_says_so_wherever_it_is_read(folder: Path) -> None:
    out = folder / "out" / "trial"
    words = ("--budget", "20", "--posterior", "--out", str(out), "--no-figures")
    answer = calibrate(folder, *words)
    assert answer.status == 0, answer.err
    before = answer.out.partition("Series of first")[0]
    assert "minutes here, at most" in before
    assert "no whole fit" in " ".join(before.split())
    assert "no whole fit" in (out / "calibrated.toml").read_text(encoding="utf-8")
    assert json.loads((out / "manifest.json").read_text(encoding="utf-8"))["summary"]["trial"] is True
    assert read_posterior(out / "posterior.nc").name.endswith("posterior.nc (a trial, no whole fit)")
    assert planmodel("report", str(out)).status == 0
    assert "no whole fit" in (out / "report.html").read_text(encoding="utf-8")


def test_a_check_that_fails_gives_status_one(folder: Path) -> None:
    checks = folder / "false.toml"
    checks.write_text(
        '[checks.nothing]\nstatement = "There is no harvest"\nsource = "a lie"\n'
        'claims = [{ of = "grain_harvest", dates = "1929", below = 1.0 }]\n'
    )
    answer = planmodel("check", str(folder / "short.toml"), "--config", str(checks))
    assert answer.status == 1
    assert "FAIL nothing" in answer.out
    assert "0 of 1 checks passed" in answer.out


def test_checks_outside_the_run_are_refused(folder: Path) -> None:
    only = ("--config", "knock_outs", "--only", "crisis_of_1933")
    message = planmodel("check", str(folder / "short.toml"), *only).message
    assert "the run does not cover this" in message
