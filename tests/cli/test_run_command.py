"""``planmodel run``: its options, its folder, and what it refuses before anything is written."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from cli_calls import fits, planmodel

from planmodel import provenance
from planmodel.provenance import machine
from planmodel.runs.history import run
from planmodel.scenario import load_scenario
from planmodel.scenario.finding import scenario_files

UTILISATION = "parameters.draught.tractor_utilisation"
SERIES = {"monthly.csv", "yearly.csv", "columns.csv"}
FILES = {"results.nc", "events.csv", "comparison.csv", "scenario.toml", "manifest.json", "figures"} | SERIES


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder of a short run with all options, and what was printed."""
    folder = tmp_path_factory.mktemp("run") / "deep" / "short"
    options = ["--until", "1929-12-31", "--members", "3", "--seed", "7", "--switch-off", "passports"]
    answer = planmodel("run", "one_country", "--set", f"{UTILISATION}=0.6", *options, "--out", str(folder))
    assert answer.status == 0, answer.err
    return folder, answer.out


def test_a_run_writes_all_files(result: tuple[Path, str]) -> None:
    folder, _ = result
    assert {file.name for file in folder.iterdir()} == FILES
    assert {f.name for f in folder.parent.iterdir()} == {"short"}
    figures = sorted((folder / "figures").iterdir())
    assert len(figures) >= 5
    assert all(f.read_bytes().startswith(b"\x89PNG") and f.stat().st_size > 10_000 for f in figures)


def test_results_can_be_read_and_end_with_the_day(result: tuple[Path, str]) -> None:
    folder, _ = result
    dataset = xr.load_dataset(folder / "results.nc")
    assert dataset.sizes["member"] == 3
    assert pd.Timestamp(dataset["time"].values[-1]) == pd.Timestamp(1929, 12, 31)
    assert dataset.attrs["seed"] == 7
    assert dataset["grain_export"].attrs["units"] == "million tonnes a month"
    assert not bool(dataset["grain_state"].isnull().any())
    memory = run(load_scenario(folder / "scenario.toml"), members=3, seed=7).attrs
    assert dataset.attrs == memory | {"Conventions": "CF-1.8"}


def test_attributes_name_what_members_were_given_and_ask_git_once(monkeypatch: pytest.MonkeyPatch) -> None:
    short = load_scenario("one_country").until(date(1928, 2, 29))
    own = {"nutrition": {"trade": np.array([0.30, 0.31])}}
    assert run(short, members=2, parameters=own).attrs["given"] == "parameters.nutrition.trade"

    def never(*_: str) -> str:
        raise AssertionError("git was started again")

    monkeypatch.setattr(provenance, "_git", never)
    attributes = run(short).attrs
    assert attributes["git"] == provenance.git_state()
    assert "given" not in attributes


def test_tables_can_be_read(result: tuple[Path, str]) -> None:
    comparison = pd.read_csv(result[0] / "comparison.csv")
    assert {"variable", "version", "date", "unit", "recorded", "model", "error"} <= set(comparison)
    assert "grain_harvest" in set(comparison["variable"])
    events = pd.read_csv(result[0] / "events.csv")
    assert events["date"].max() <= "1929-12-31"
    assert len(events) > 3


def test_the_scenario_written_loads_to_the_digest_of_the_manifest(result: tuple[Path, str]) -> None:
    folder, _ = result
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    again = load_scenario(folder / "scenario.toml")
    assert again.digest() == manifest["scenario_sha256"]
    assert again == load_scenario("one_country", changes={UTILISATION: 0.6}, switch_off=["passports"]).until(
        date(1929, 12, 31)
    )
    assert (manifest["seed"], manifest["members"], manifest["scenario"]) == (7, 3, "one_country")
    assert manifest["command"][:2] == ["planmodel", "run"]
    assert manifest["machine"] == machine()
    assert manifest["series_files"] == "one row a member and month, or year"
    written = {str(f.relative_to(folder)) for f in folder.rglob("*") if f.is_file()}
    assert set(manifest["files"]) == written - {"manifest.json"}


def test_the_screen_of_80_columns(result: tuple[Path, str]) -> None:
    _, out = result
    assert fits(out)
    for words in ("FAMINE AND PEOPLE", "Grain harvest", "Conservation: every commodity closes", "Written: "):
        assert words in out
    assert "Emergency measures" not in out  # events are shown when all is asked for
    lines = out.splitlines()
    assert sum(line.startswith("  record, ") for line in lines) <= 20 < len(lines)


def test_all_lines_and_events_fit_80_columns_too(tmp_path: Path) -> None:
    words = ["one_country", "--until", "1929-12-31", "--no-figures", "--all", "--out", str(tmp_path / "all")]
    answer = planmodel("run", *words)
    assert answer.status == 0, answer.err
    assert fits(answer.out)
    table = answer.out[: answer.out.index("Record: in the versions")]
    for said in ("Emergency measures", "Food, goods a head, village", "  1000 r. 1937/head/month"):
        assert said in answer.out
    below = [line for line in table.splitlines()[2:] if line.startswith("  ")]
    assert all(line.startswith("  record, ") or line[2] != " " for line in below)


def test_quiet_prints_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert planmodel("run", "--until", "1929-06-30", "--quiet", "--no-figures") == (0, "", "")
    assert (tmp_path / "out" / "baseline" / "results.nc").is_file()  # the default folder


REFUSED = {
    "set without value": (["--set", "draught"], "--set draught: allowed: key=value, such as "),
    "set of an unknown key": (
        ["--set", "parameters.draught.utilisation=1"],
        "with changes: parameters.draught.utilisation: unknown key; did you mean 'tractor_utilisation'?",
    ),
    "set out of bounds": (
        ["--set", f"{UTILISATION}=7"],
        f"with changes: {UTILISATION}: 7 is out of bounds; ",
    ),
    "set of another type": (
        ["--set", "switches.passports=no"],
        'passports: "no" is not valid; allowed: true',
    ),
    "set of what is extended": (["--set", "extends=x"], "extends: cannot be changed; "),
    "no date": (["--until", "soon"], "--until soon: not a date; allowed: a day such as 1933-12-31"),
    "no such day": (["--until", "1930-02-30"], "--until 1930-02-30: not a date; "),
    "until before": (["--until", "1927-12-31"], "is outside the period; allowed: 1928-01-31 to 1940-12-31"),
    "until after": (["--until", "1941-01-01"], "--until 1941-01-01 is outside the period; allowed: "),
    "no members": (["--members", "0"], "--members 0: out of bounds; allowed: 1 to 1000000"),
    "seed below zero": (["--seed", "-1"], "--seed -1: out of bounds; allowed: 0 to 4294967295"),
    "unknown mechanism": (
        ["--switch-off", "passport"],
        "--switch-off passport: unknown mechanism; did you mean 'passports'?",
    ),
    "misspelt scenario": (["basline"], "no scenario is called 'basline'; did you mean 'baseline'?"),
}


@pytest.mark.parametrize(("words", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_a_wrong_option_is_one_line(
    words: list[str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    answer = planmodel("run", *words)
    assert message in answer.message
    assert "\n" not in answer.message
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_option_or_type_has_status_2(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for words in (["--member", "3"], ["--members", "three"], ["baseline", "second"]):
        answer = planmodel("run", *words)
        assert answer.status == 2
        assert "Traceback" not in answer.err
        assert words[-1] in answer.err or words[0] in answer.err
    assert list(tmp_path.iterdir()) == []


def test_a_bad_file_has_status_2_in_a_process_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "bad.toml"
    file.write_text('extends = "baseline"\n[switches]\npassports = 0\n', encoding="utf-8")
    code = "from planmodel.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "run", "bad.toml"], capture_output=True, text=True, cwd=tmp_path
    )
    assert done.returncode == 2
    assert done.stderr == "error: bad.toml: switches.passports: 0 is not valid; allowed: true or false\n"
    assert done.stdout == ""
    assert [f.name for f in tmp_path.iterdir()] == ["bad.toml"]


def test_no_memory_for_so_many_members(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def run_out(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr("planmodel.runs.history.run_fully", run_out)
    answer = planmodel("run", "--members", "9", "--out", str(tmp_path / "x"))
    assert answer.message == "--members 9: not enough memory; allowed: fewer"


def test_version_and_help() -> None:
    assert planmodel("--version").out == "0.1.0\n"
    out = planmodel("--help").out
    assert fits(out)
    assert all(command in out for command in ("run", "balance", "diff", "validate", "params", "scenarios"))
    assert "baseline" in scenario_files()
