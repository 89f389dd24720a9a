"""Herds by species: counts of July and January."""

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

SPECIES = {
    "cattle": ["july_count", "january_count", "book"],
    "horses": ["july_count", "january_count", "book"],
    "pigs": ["july_count", "january_count"],
    "sheep_and_goats": ["july_count", "january_count"],
}


def tabulate(results: Mapping[str, Results], record: Record) -> pd.DataFrame:
    model = results["model"]
    return join(*(model_and_record(model, record, name, versions) for name, versions in SPECIES.items()))


def draw(table: pd.DataFrame) -> Figure:
    return draw_panels(table, "Livestock, 1928-41")
