"""People held: archives, estimates made before they opened, and the model."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure

from planmodel.experiments.drawing import draw_panels
from planmodel.experiments.results import Record, Results
from planmodel.experiments.tables import (
    join,
    model_and_record,
)

BEFORE = "Estimates made before the archives, and the model"
PRE_ARCHIVE = [
    "kiseliev_gromov",
    "wiles",
    "dallin_nicolaevsky",
    "bettelheim",
    "rosefielde",
    "wheatcroft_pre_archive",
]


def tabulate(results: Mapping[str, Results], record: Record) -> pd.DataFrame:
    model = results["model"]
    return join(
        model_and_record(model, record, "camp_and_colony_inmates", "archival"),
        model_and_record(model, record, "special_settlers", ["archival", "zemskov_31_december"]),
        model_and_record(model, record, "camp_population", PRE_ARCHIVE, title=BEFORE,
                         counted="made before the archives opened"),
        model_and_record(model, record, "camp_and_colony_deaths", "archival"),
        model_and_record(model, record, "executions", "archival"),
        model_and_record(model, record, "prison_inmates", "archival"),
    )  # fmt: skip


def draw(table: pd.DataFrame) -> Figure:
    return draw_panels(table, "Camps, colonies, settlements and prisons")
