"""A configuration is data: the equations of a folder that only it names are not run."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli_calls import planmodel
from economy_folders import OUTSIDE, ensemble_file, outside


@pytest.fixture
def ran(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write an economy that tells when it is run, and go to a folder where it does not lie."""
    there, here = tmp_path / "there", tmp_path / "here"
    there.mkdir()
    here.mkdir()
    mark = tmp_path / "ran"
    with (outside(there) / "equations.py").open("a", encoding="utf-8") as module:
        module.write(f"\nopen({str(mark)!r}, 'w').close()\n")
    monkeypatch.chdir(here)
    return mark


def scenario(tmp_path: Path) -> Path:
    file = tmp_path / "here" / "mine.toml"
    file.write_text(f'economy = "{tmp_path / "there" / OUTSIDE}"\nextends = "baseline"\n', encoding="utf-8")
    return file


@pytest.mark.parametrize("verb", ["run", "validate", "score", "check"])
def test_a_scenario_does_not_run_a_folder_elsewhere(verb: str, ran: Path, tmp_path: Path) -> None:
    message = planmodel(verb, str(scenario(tmp_path))).message
    assert f"{tmp_path / 'there' / OUTSIDE}: is named by a file only, and its equations are code" in message
    assert not ran.exists()


def test_nor_does_an_ensemble(ran: Path, tmp_path: Path) -> None:
    file = ensemble_file(tmp_path / "here", OUTSIDE)
    file.write_text(file.read_text().replace(f'"{OUTSIDE}"', f'"../there/{OUTSIDE}"'), encoding="utf-8")
    assert "is named by a file only" in planmodel("ensemble", str(file)).message
    assert not ran.exists()


def test_it_is_run_where_the_user_names_it(ran: Path, tmp_path: Path) -> None:
    folder = tmp_path / "there" / OUTSIDE
    answer = planmodel("--economy", str(folder), "validate", str(scenario(tmp_path)))
    assert answer.status == 0, answer.err
    assert ran.exists()


@pytest.mark.parametrize("named", ["", "baseline.toml"])
def test_a_folder_and_a_file_within_name_it(named: str, ran: Path, tmp_path: Path) -> None:
    answer = planmodel("validate", str(tmp_path / "there" / OUTSIDE / named))
    assert answer.status == 0, answer.err
    assert ran.exists()
