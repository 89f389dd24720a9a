"""Which figures of the record an experiment shows: ``points.csv`` beside its README, written with it.

Which figures are shown does not depend on draws, so that a list of them need not run a model.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planmodel.documented.catalogue import variables
from planmodel.experiments.load import ready_experiments
from planmodel.storage import write_whole

if TYPE_CHECKING:
    import pandas as pd

POINTS = "points.csv"
_COLUMNS = ("variable", "version", "dates", "model")
_BESIDE = "yes"

Point = tuple[str, str, str]


def points_text(table: pd.DataFrame) -> str:
    """Return the figures of the record in the table of an experiment as the text of a file; none, if empty.

    The column ``model`` says whether the model has an answer on the same dates.
    """
    if not {"quantity", "version", "dates", "documented", "median"} <= set(table.columns):
        return ""
    held = table[table["documented"].notna() & table["quantity"].isin(variables().index)]
    rows: dict[Point, bool] = {}
    for row in held.to_dict("records"):
        point = str(row["quantity"]), str(row["version"]), str(row["dates"])
        rows[point] = rows.get(point, False) or row["median"] == row["median"]
    if not rows:
        return ""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    writer.writerows([*point, _BESIDE if beside else ""] for point, beside in sorted(rows.items()))
    return text.getvalue()


def write_points(folder: Path, table: pd.DataFrame) -> None:
    """Write the figures of the record that an experiment shows into its folder."""
    file, text = folder / POINTS, points_text(table)
    if text:
        write_whole(file, text.encode())
    else:
        file.unlink(missing_ok=True)


@cache
def shown_points() -> Mapping[Point, Mapping[str, bool]]:
    """Return the figures that ready experiments show: by experiment, whether the model stands beside."""
    found: dict[Point, dict[str, bool]] = {}
    for name, folder in ready_experiments().items():
        file = folder / POINTS
        if file.is_file():
            for row in csv.DictReader(file.read_text("utf-8").splitlines()):
                point = row["variable"], row["version"], row["dates"]
                found.setdefault(point, {})[name] = row["model"] == _BESIDE
    return found


def experiments_with(figure: Mapping[str, Any]) -> Mapping[str, bool]:
    """Return the ready experiments that show a figure of the record, and whether with the model beside it."""
    return shown_points().get((figure["variable"], figure["version"], figure["date"]), {})
