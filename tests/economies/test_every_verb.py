"""Every verb takes every economy: two smaller ones, and one in a folder outside the package."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import economy_folders as folders
import pytest
from cli_calls import planmodel
from economy_folders import BALANCE, BLOCK, FITTED, OUTSIDE, QUANTITY, YEARS

ECONOMIES = ("kuzbass", "feldman_domar", OUTSIDE)


@pytest.fixture(params=ECONOMIES)
def name(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of an economy in a folder where it can be called so."""
    if request.param == OUTSIDE:
        folders.outside(tmp_path)
    monkeypatch.chdir(tmp_path)
    return str(request.param)


def good(*words: str) -> str:
    answer = planmodel(*words)
    assert answer.status == 0, f"{words}: {answer.err}{answer.out}"
    return answer.out


def page_of(folder: str) -> str:
    good("report", folder)
    return (Path(folder) / "report.html").read_text(encoding="utf-8")


def test_run_and_report(name: str) -> None:
    assert "Conservation: every commodity closes" in good("run", name)
    manifest = json.loads(Path(f"out/{name}/manifest.json").read_text())
    (sha,) = manifest["economies_sha256"].values()
    assert len(sha) == 64
    page = page_of(f"out/{name}")
    assert "collectivis" not in page
    assert f"Balance of {BALANCE[name]}" in page


def test_score_counts_the_statements_that_hold(name: str) -> None:
    said = good("score", name)
    of = {"kuzbass": 10, "feldman_domar": 3, OUTSIDE: 2}[name]
    assert f"Checks: {of} of {of} statements hold (100 %)" in said
    assert "names no record" in said
    answer = planmodel("score", name, "--tolerance", "0.2")
    assert answer.status == 2
    assert "--tolerance 0.2" in answer.err


def test_check(name: str) -> None:
    assert "checks passed." in good("check", name)


def test_compare_and_report(name: str, tmp_path: Path) -> None:
    other = folders.other_scenario(tmp_path, name)
    assert "Medians of 2 members" in good("compare", name, str(other), "--members", "2", "--out", "pair")
    assert "other" in page_of("pair")


def test_ensemble_summary_and_report(name: str, tmp_path: Path) -> None:
    file = folders.ensemble_file(tmp_path, name)
    assert "6 members run, 0 there before, 0 failed" in good("ensemble", str(file), "--out", "many")
    assert "6 of 6 members: median" in good("ensemble", "summary", "many", "--table")
    assert "0 members run, 6 there before" in good("ensemble", str(file), "--out", "many")
    page_of("many")
    member = good("run", "--member", "3", "--design", "many", "--out", "third")
    assert "Conservation" in member


def test_calibrate_meets_a_stated_target(name: str, tmp_path: Path) -> None:
    block, parameter, *_ = FITTED[name]
    file = folders.calibration_file(tmp_path, name)
    good("calibrate", str(file), "--workers", "1", "--out", "fit")
    fitted = tomllib.loads(Path("fit/calibrated.toml").read_text())
    assert parameter in fitted["parameters"][block]
    good("validate", "fit/calibrated.toml")
    page_of("fit")


def test_centre(name: str, tmp_path: Path) -> None:
    file = folders.calibration_file(tmp_path, name)
    words = ("centre", str(file), "--within", "0.3", "--others", "0.2", "--steps", "2", "--draws", "30")
    assert "Moved furthest" in good(*words, "--out", "there")
    assert tomllib.loads(Path("there/centre.toml").read_text())["parameters"]
    good("validate", "there/centre.toml")


def test_sensitivity_and_report(name: str, tmp_path: Path) -> None:
    file = folders.analysis_file(tmp_path, name)
    said = good("sensitivity", str(file), "--out", "hangs")
    assert "32 members run" in said
    page_of("hangs")


def test_reproduce(name: str, tmp_path: Path) -> None:
    folder = folders.experiment_folder(tmp_path, name)
    good("reproduce", str(folder), "--out", "made")
    assert "what comes" in Path("made/question/table.csv").read_text()


def test_balance_lists_commodities_and_draws_one_up(name: str) -> None:
    assert BALANCE[name] in good("balance", "--of", name)
    said = good("balance", BALANCE[name], YEARS[name][0], "--of", name)
    assert f"Balance of {BALANCE[name]}, {YEARS[name][0]}" in said
    for word in ("opening", "closing", "gap", "Movements"):
        assert word in said
    answer = planmodel("balance", "tfm", YEARS[name][0], "--of", name)
    assert answer.status == 2
    assert "balance 'tfm': unknown" in answer.err


def test_params_scenarios_validate_and_diff(name: str, tmp_path: Path) -> None:
    assert f"{BLOCK[name]}." in good("params", "--economy", name)
    assert "baseline" in good("scenarios", "--economy", name)
    assert "valid; sha256" in good("validate", name)
    other = folders.other_scenario(tmp_path, name)
    assert "no difference" not in good("diff", name, str(other))


@pytest.mark.parametrize("name", [OUTSIDE], indirect=True)
@pytest.mark.parametrize("verb", ["ensemble", "sensitivity", "calibrate", "centre"])
def test_workers_find_an_economy_in_a_folder(name: str, verb: str, tmp_path: Path) -> None:
    """Other processes are sent the scenario as text, which says where the folder is."""
    file = {
        "ensemble": folders.ensemble_file,
        "sensitivity": folders.analysis_file,
        "calibrate": folders.calibration_file,
        "centre": folders.calibration_file,
    }[verb](tmp_path, name)
    few = ("--steps", "1", "--draws", "30") if verb == "centre" else ()
    good(verb, str(file), *few, "--workers", "2", "--out", "two")


@pytest.mark.parametrize("name", ["kuzbass"], indirect=True)
def test_no_economy_is_shown_what_another_has(name: str) -> None:
    for words in (
        ("run", name, "--set", "parameters.cropping.seed_rate=0.2"),
        ("params", "cropping", "--economy", name),
    ):
        assert planmodel(*words).status == 2
    assert QUANTITY[name] in good("run", name, "--out", "again")
