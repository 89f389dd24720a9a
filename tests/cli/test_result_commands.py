"""``planmodel table``, ``plot``, ``export``: what a folder of a run holds, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from cli_calls import fits, planmodel


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """The folders of two short runs with common members."""
    place = tmp_path_factory.mktemp("runs")
    for name, change in (("base", "0.0"), ("poor", "-0.3")):
        words = ["one_country", "--until", "1929-12-31", "--members", "3", "--seed", "7", "--no-figures"]
        change = f"exogenous.weather.values.1929={change}"
        answer = planmodel("run", *words, "--quiet", "--set", change, "--out", str(place / name))
        assert answer.status == 0, answer.err
    return str(place / "base"), str(place / "poor")


def test_the_table_of_two_runs_fits_a_screen(folders: tuple[str, str], tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    answer = planmodel("table", *folders, "--year", "1929", "--to", str(file))
    assert answer.status == 0, answer.err
    assert fits(answer.out.rpartition(str(file))[0])
    for words in ("Grain harvest", "Deaths, camps and colonies", "base", "poor", "difference", "above"):
        assert words in answer.out
    row = pd.read_csv(file).set_index("name").loc["grain_harvest"]
    assert row["poor_difference"] < 0.0
    assert row["poor_above"] == 0.0


def test_a_plot_is_a_picture_of_each_quantity(folders: tuple[str, str], tmp_path: Path) -> None:
    words = ["cattle", "steel", "--beside", folders[1], "--out", str(tmp_path / "deep")]
    answer = planmodel("plot", folders[0], *words)
    assert answer.status == 0, answer.err
    files = sorted((tmp_path / "deep").iterdir())
    assert [file.name for file in files] == ["cattle.png", "steel.png"]
    assert all(file.read_bytes().startswith(b"\x89PNG") and file.stat().st_size > 10_000 for file in files)


@pytest.mark.parametrize("ending", ["csv", "dta", "tex", "parquet", "xlsx"])
def test_an_export_is_what_its_ending_says(ending: str, folders: tuple[str, str], tmp_path: Path) -> None:
    needed = {"parquet": "pyarrow", "xlsx": "openpyxl"}
    if ending in needed:
        pytest.importorskip(needed[ending])
    file = tmp_path / f"values.{ending}"
    answer = planmodel("export", folders[0], "--to", str(file))
    assert answer.status == 0, answer.err
    assert str(file) in answer.out
    if ending == "tex":
        assert r"\bottomrule" in file.read_text(encoding="utf-8")
        return
    read: dict[str, Any] = {
        "csv": pd.read_csv,
        "dta": pd.read_stata,
        "parquet": pd.read_parquet,
        "xlsx": pd.read_excel,
    }
    frame = read[ending](file)
    assert len(frame) == 3 * 2
    assert {"member", "year", "grain_harvest", "steel"} <= set(frame)


def test_months_can_be_exported(folders: tuple[str, str], tmp_path: Path) -> None:
    file = tmp_path / "m.csv"
    answer = planmodel("export", folders[0], "--to", str(file), "--monthly", "--quantity", "cattle")
    assert answer.status == 0, answer.err
    frame = pd.read_csv(file)
    assert list(frame) == ["member", "date", "cattle"]
    assert (len(frame), frame["date"].iloc[-1]) == (3 * 24, "1929-12-31")


def test_what_is_wrong_is_one_line(folders: tuple[str, str], tmp_path: Path) -> None:
    base = folders[0]
    (tmp_path / "there.csv").write_text("mine", encoding="utf-8")
    refused = {
        ("table", str(tmp_path)): "no results.nc in it; allowed: the folder of a run",
        ("table", base, "--year", "1950"): "years: 1950 is not among those of the run; allowed: 1928, 1929",
        ("table", base, "--quantity", "catle"): "the run has no such quantity; did you mean 'cattle'?",
        ("plot", base, "catle"): "the run has no such quantity; did you mean 'cattle'?",
        ("plot", base, "cattle", "--band", "2"): "band: 2.0 is out of bounds; allowed: above 0, below 1",
        ("export", base, "--to", "a.doc"): "no kind of file ends in '.doc'; allowed: .csv, .parquet, .xlsx",
        ("export", base, "--to", str(tmp_path / "there.csv")): "is there already; allowed: --force",
    }
    for words, message in refused.items():
        assert message in planmodel(*words).message
    assert (tmp_path / "there.csv").read_text(encoding="utf-8") == "mine"
