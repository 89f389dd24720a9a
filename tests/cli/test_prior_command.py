"""`planmodel prior` as a user calls it: tables, folder, going on after a stop, refusals."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from cli_calls import planmodel

from planmodel.prior import drawing

FEW = ("prior", "archival", "--number", "40", "--seed", "3")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("prior") / "folder"
    answer = planmodel(*FEW, "--out", str(out), columns=200)
    assert answer.status == 0, answer.err
    words = " ".join(answer.out.split())
    assert "40 draws of" in words
    assert "Core series under the prior" in words
    assert "All 15 facts" in words
    return out


def test_the_folder_has_all_that_is_told(folder: Path) -> None:
    about = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert about["calibration"] == "archival"
    assert about["kept"] >= 40
    series, points = pd.read_csv(folder / "series.csv"), pd.read_csv(folder / "points.csv")
    assert set(points["series"]) == set(series["series"])
    assert (points["low"] <= points["high"]).all()
    unknowns = pd.read_csv(folder / "unknowns.csv")
    assert set(unknowns["unknown"]) == set(pd.read_csv(folder / "draws.csv"))
    assert unknowns["source"].str.len().min() > 3
    assert len(pd.read_csv(folder / "draws.csv")) == 40
    assert not list(folder.parent.glob(".folder-*")), "what was kept for a restart is gone"


def test_an_earlier_result_is_replaced_only_by_force(folder: Path) -> None:
    assert "--force" in planmodel(*FEW, "--out", str(folder)).message


def test_what_was_stopped_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first batch is drawn and kept; what stops it before the second is followed by the second alone."""
    monkeypatch.setattr(drawing, "TOGETHER", 20)
    words, stops = (*FEW, "--out", str(tmp_path / "out")), [True]
    batches: list[int] = []
    make = drawing._runner

    def counted(subject, executor):  # type: ignore[no-untyped-def]
        run = make(subject, executor)

        def one(unit):  # type: ignore[no-untyped-def]
            if batches and stops:
                stops.clear()
                raise KeyboardInterrupt
            batches.append(len(unit))
            return run(unit)

        return one

    monkeypatch.setattr(drawing, "_runner", counted)
    stopped = planmodel(*words)
    assert stopped.status == 130
    assert "the same command goes on" in stopped.err
    assert len(batches) == 1
    whole = planmodel(*words)
    assert whole.status == 0, whole.err
    tried = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))["tried"]
    assert 20 * len(batches) == tried, "the first batch was not drawn anew"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--number", "3"), "--number 3: out of bounds; allowed: 20 to 1000000"),
        (("--seed", "-1"), "--seed -1: out of bounds"),
        (("--workers", "0"), "--workers 0: out of bounds"),
    ],
)
def test_numbers_out_of_bounds_are_refused(tmp_path: Path, words: tuple[str, str], said: str) -> None:
    answer = planmodel("prior", "archival", *words, "--out", str(tmp_path / "out"))
    assert answer.status == 2
    assert said in answer.message
