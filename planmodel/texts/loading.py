"""A text as an experiment: what it runs, and its figures with the model beside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from planmodel.documented.files import HERE
from planmodel.engine import UserError
from planmodel.experiments.load import CONFIGURATION, Experiment, experiments_folder, read_about
from planmodel.experiments.results import Record, Results
from planmodel.experiments.schema import ExperimentFile, RunOfExperiment
from planmodel.runs.posterior import posterior_files
from planmodel.scenario import load_scenario
from planmodel.scenario.finding import configuration_folder
from planmodel.scenario.names import hint
from planmodel.texts.answers import CALIBRATED, tabulate
from planmodel.texts.cells import CELLS, Cell, cells_of_book, cells_of_statements, read_lines
from planmodel.texts.figures import draw_overview
from planmodel.texts.writing import write_more

BOOK = "002"  # whose tables are those of planmodel/documented/tables.toml


def texts_folder() -> Path:
    """Return the folder of the texts, one folder each."""
    return experiments_folder() / "texts"


def texts() -> dict[str, Path]:
    """Return the folders of the texts by number."""
    return {file.parent.name: file.parent for file in sorted(texts_folder().glob(f"*/{CONFIGURATION}"))}


def find_text(number: str) -> Path:
    """Return the folder of a text.

    Raises
    ------
    UserError
        If there is none of that number.
    """
    known = texts()
    if number not in known:
        raise UserError(f"--source {number}: no such text{hint(number, known)}; allowed: {', '.join(known)}")
    return known[number]


def cells_of(folder: Path) -> list[Cell]:
    """Return the figures of a text in its order."""
    file = folder / CELLS
    read = cells_of_book if folder.name == BOOK else cells_of_statements
    return read(read_lines(file), file)


def load_text(folder: Path) -> Experiment:
    """Return a text as an experiment: its runs record what its expressions name.

    Raises
    ------
    UserError
        Naming file, line, value and what is allowed.
    """
    about, cells = read_about(folder), cells_of(folder)
    runs = {name: _filled(name, run, cells, folder) for name, run in about.runs.items()}
    for line in (cell.line for cell in cells):
        for name in filter(None, (line.run, *(line.expression.runs if line.expression else ()))):
            if name not in runs:
                raise UserError(
                    f"{folder / CELLS}, line {line.number}: no run '{name}'{hint(name, runs)}; "
                    f"allowed: {', '.join(runs)}"
                )
    about = about.model_copy(update={"runs": runs})
    functions: dict[str, Callable[..., Any]] = {
        "tabulate": partial(_tabulate, cells),
        "draw": partial(_draw, about),
    }
    more = partial(write_more, about, folder.name == BOOK)
    inputs = (CONFIGURATION, *map(str, _beside(about)), CELLS)
    return Experiment(folder.name, folder, about, functions, inputs, more)


def _beside(about: ExperimentFile) -> list[Path]:
    """Return what else decides a table: the tables of the book, and calibrations, which say errors."""
    calibrations = configuration_folder() / "calibrations"
    return [
        HERE / "tables.toml",
        *(calibrations / f"{name}.toml" for name in CALIBRATED if name in about.runs),
    ]


def _tabulate(cells: list[Cell], results: Mapping[str, Results], record: Record) -> pd.DataFrame:
    return tabulate(cells, results, record)


def _draw(about: ExperimentFile, table: pd.DataFrame) -> Figure:
    return draw_overview(table, about.title)


def _filled(name: str, run: RunOfExperiment, cells: list[Cell], folder: Path) -> RunOfExperiment:
    """Return a run that records what is asked of it; without its posterior it is one central history."""
    economy = load_scenario(run.scenario).declared
    parts: set[str] = set()
    for line in (cell.line for cell in cells):
        if line.expression is None or not (line.run in ("", name) or name in line.expression.runs):
            continue
        try:
            parts |= line.expression.parts(economy)
        except UserError as error:
            raise UserError(f"{folder / CELLS}, line {line.number}, run {name}: {error}") from None
    update: dict[str, object] = {"variables": sorted(parts) or None}
    if run.draws is not None and run.draws not in posterior_files():
        update |= {"draws": None, "number": 1}
    return run.model_copy(update=update)
