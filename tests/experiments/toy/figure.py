"""Steel and cattle."""

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure

from planmodel.experiments.drawing import draw_panels
from planmodel.experiments.results import Record, Results
from planmodel.experiments.tables import join, model_and_record


def tabulate(results: Mapping[str, Results], record: Record) -> pd.DataFrame:
    return join(
        model_and_record(results["model"], record, "steel", "official"),
        model_and_record(results["model"], record, "cattle", "january_count"),
    )


def draw(table: pd.DataFrame) -> Figure:
    return draw_panels(table, "A toy")
