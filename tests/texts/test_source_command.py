"""``planmodel reproduce --source``: what it writes, leaves and refuses."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "cli"))
from cli_calls import planmodel

from planmodel.experiments.reproduce import read_table
from planmodel.texts import loading
from planmodel.texts.loading import cells_of, find_text


def test_a_text_is_made_whole_and_left_when_nothing_changed(tmp_path: Path) -> None:
    words = ("reproduce", "--source", "000", "--number", "2", "--out", str(tmp_path))
    answer = planmodel(*words, columns=200)
    assert answer.status == 0, answer.err
    folder = tmp_path / "000"
    held = {"page.md", "table.csv", "agreement.csv", "figure.png", "01_the_colony.csv"}
    assert held <= {file.name for file in folder.iterdir()}
    table = read_table(folder / "table.csv")
    assert len(table) == len(cells_of(find_text("000")))
    settlers = table[table["quantity"] == "colony_colonists_remaining"].iloc[0]
    assert settlers["documented"] == 25
    assert settlers["median"] > 0
    assert "| 38 | Colonists still in the Kuzbass, 1931 | 25 | persons | `colony` |" in (
        folder / "page.md"
    ).read_text("utf-8")
    assert "; unchanged" in planmodel(*words, columns=200).out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--source", "005"), "--source 005: no such text"),
        (("--source", "002", "livestock"), "allowed: names of experiments, or --all, or --source"),
        (("--source", "002", "--all"), "allowed: names of experiments, or --all, or --source"),
        ((), "allowed: names of experiments, or --all, or --source"),
        (("--source", "002", "--readme"), "--readme: does not go with --source"),
    ],
)
def test_what_it_refuses(words: tuple[str, ...], said: str) -> None:
    answer = planmodel("reproduce", *words, columns=200)
    assert answer.status == 2
    assert said in answer.err
    assert len(answer.err.strip().splitlines()) == 1


def test_without_its_posterior_a_side_is_one_history(monkeypatch: pytest.MonkeyPatch) -> None:
    """A posterior of the name is taken as soon as it is there."""
    monkeypatch.setattr(loading, "posterior_files", lambda: {"archival": Path()})
    run = loading.load_text(find_text("002")).about.runs["book"]
    assert (run.draws, run.members) == (None, 1)
    monkeypatch.setattr(loading, "posterior_files", lambda: {"archival": Path(), "book": Path()})
    run = loading.load_text(find_text("002")).about.runs["book"]
    assert (run.scenario, run.draws, run.members) == ("baseline", "book", 100)


def test_what_decides_a_table_is_among_its_inputs() -> None:
    text = loading.load_text(find_text("002"))
    names = {Path(name).name for name in text.inputs}
    assert names == {"experiment.toml", "cells.csv", "tables.toml", "archival.toml", "book.toml"}
    assert all((text.folder / name).is_file() for name in text.inputs)


def test_texts_are_listed() -> None:
    assert "002   C. Bettelheim" in planmodel("reproduce", "--list", columns=200).out
