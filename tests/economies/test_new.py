"""`planmodel new`: a folder that runs, named by what it is, and nothing that is there is written over."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from cli_calls import planmodel

import planmodel as package

ROOT = Path(package.__file__).parents[1]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_it_runs_from_within_and_from_outside(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = planmodel("new", "my_economy")
    assert answer.status == 0, answer.err
    written = {file.name for file in (here / "my_economy").iterdir()}
    assert written == {
        "economy.toml", "equations.py", "equations.csv", "baseline.toml", "checks.toml", "README.md",
        "test_my_economy.py",
    }  # fmt: skip
    assert len((here / "my_economy" / "README.md").read_text().splitlines()) == 5
    assert planmodel("run", "my_economy", "--out", "first", "--quiet").status == 0
    monkeypatch.chdir(here / "my_economy")
    for words in (("run", ".", "--out", "../second", "--quiet"), ("check", "."), ("score", ".")):
        assert planmodel(*words).status == 0, words
    first, second = (here / name / "results.nc" for name in ("first", "second"))
    assert first.stat().st_size == second.stat().st_size


def test_its_test_passes(here: Path) -> None:
    assert planmodel("new", "hamlet").status == 0
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=here / "hamlet", env={"PYTHONPATH": str(ROOT), "PATH": ""}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert "2 passed" in done.stdout


def test_it_says_its_own_name_everywhere(here: Path) -> None:
    planmodel("new", "hamlet")
    for file in (here / "hamlet").iterdir():
        assert "my_economy" not in file.name + file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("kuzbass", "is a ready economy"),
        ("nep", "is a ready scenario"),
        ("baseline", "is a ready scenario"),
        ("soviet", "is a ready economy"),
        ("2nd", "is no name of an economy"),
        ("a-b", "is no name of an economy"),
        ("../a", "is no name of an economy"),
        ("class", "is no name of an economy"),
        ("", "is no name of an economy"),
        ("there", "is there already"),
    ],
)
def test_what_is_no_free_name_is_refused(name: str, why: str, here: Path) -> None:
    (here / "there").mkdir()
    message = planmodel("new", name).message
    assert message.startswith(f"new {name}: ")
    assert why in message
    assert [file.name for file in here.iterdir()] == ["there"]


def test_a_name_that_is_ready_and_a_path_is_refused_with_both(here: Path) -> None:
    planmodel("new", "hamlet")
    (here / "hamlet").rename(here / "kuzbass")
    for words in (("run", "kuzbass"), ("params", "--economy", "kuzbass"), ("balance", "--of", "kuzbass")):
        message = planmodel(*words).message
        assert str(here / "kuzbass") in message
        assert "economies/kuzbass" in message
        assert "./kuzbass" in message
    assert planmodel("validate", "./kuzbass").status == 0


def test_a_base_that_is_ready_and_beside_is_refused_with_both(here: Path) -> None:
    (here / "nep.toml").write_text('extends = "baseline"\n', encoding="utf-8")
    (here / "mine.toml").write_text('extends = "nep"\n', encoding="utf-8")
    message = planmodel("validate", "mine.toml").message
    assert "'nep'" in message.replace('"', "'")
    assert "scenarios/nep.toml" in message
    assert "(nep.toml)" in message


def test_in_the_folder_of_an_economy_its_own_baseline_is_meant(here: Path) -> None:
    planmodel("new", "hamlet")
    (here / "hamlet" / "dry.toml").write_text(
        'extends = "baseline"\n[parameters.village]\ngrain_yield = 0.6\n', encoding="utf-8"
    )
    answer = planmodel("diff", "hamlet", "hamlet/dry.toml")
    assert "parameters.village.grain_yield" in answer.out
    assert "dry" in planmodel("scenarios", "--economy", "hamlet").out
