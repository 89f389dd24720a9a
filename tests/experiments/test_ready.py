"""Every ready experiment of the whole model, with three draws: its table is whole and it can be drawn."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor

import numpy as np
import pandas as pd
import pytest

from planmodel import documented
from planmodel.experiments.load import Experiment, load_experiment, read_about, ready_experiments
from planmodel.experiments.points import POINTS, points_text
from planmodel.experiments.results import Record
from planmodel.experiments.running import Runs
from planmodel.experiments.tables import COLUMNS
from planmodel.runs.workers import make_executor

NAMES = sorted(n for n, folder in ready_experiments().items() if read_about(folder).group != "systems")


@pytest.fixture(scope="module")
def shared() -> Iterator[tuple[Runs, Executor]]:
    runs = Runs(number=3)
    for name in NAMES:
        runs.ask(load_experiment(name))
    with make_executor(1) as executor:
        yield runs, executor


def tabulated(experiment: Experiment, shared: tuple[Runs, Executor]) -> pd.DataFrame:
    runs, executor = shared
    return experiment.tabulate(runs.results(experiment, executor), Record())


@pytest.mark.parametrize("name", NAMES)
def test_table_is_whole_and_is_drawn(name: str, shared: tuple[Runs, Executor]) -> None:
    experiment = load_experiment(name)
    table = tabulated(experiment, shared)
    for wanted in ("quantity", "unit", "dates"):
        assert table[wanted].notna().all(), wanted
    both = table[["documented", "median"]] if "documented" in table else table[["median"]]
    assert both.notna().any(axis=1).all()
    known = table[table["median"].notna()]
    assert (known["low"] <= known["median"] + 1e-12).all()
    assert (known["median"] <= known["high"] + 1e-12).all()
    assert np.isfinite(known[["low", "median", "high"]].to_numpy()).all()
    sheet = experiment.draw(table)
    assert len(sheet.axes) >= 1
    assert sheet.get_suptitle()


@pytest.mark.parametrize("name", NAMES)
def test_documented_values_are_those_of_the_record(name: str, shared: tuple[Runs, Executor]) -> None:
    """A figure typed into an experiment would not be found here."""
    table = tabulated(load_experiment(name), shared)
    if not set(COLUMNS) <= set(table.columns):
        pytest.skip("a table of its own form")
    record = documented.catalogue()
    points = table[table["documented"].notna() & ~table["unit"].str.contains(" = 1")]
    for row in points[points["quantity"].isin(record["variable"])].to_dict("records"):
        same = record[
            (record["variable"] == row["quantity"])
            & (record["version"] == row["version"])
            & (record["date"] == row["dates"])
        ]
        assert len(same), row
        low, high = same["value"].min(), same["value"].max()
        assert low - 1e-9 <= row["documented"] <= high + 1e-9, row


@pytest.mark.parametrize("name", NAMES)
def test_the_figures_it_is_said_to_show_are_those_of_its_table(
    name: str, shared: tuple[Runs, Executor]
) -> None:
    experiment = load_experiment(name)
    file = experiment.folder / POINTS
    said = file.read_text("utf-8") if file.is_file() else ""
    assert said == points_text(tabulated(experiment, shared)), f"run: planmodel reproduce {name} --readme"
