"""Employment and towns, model, record and plans."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure

from planmodel.experiments.drawing import draw_panels
from planmodel.experiments.results import Record, Results
from planmodel.experiments.tables import join, model_and_record

GIVEN = "the stocks at the start are set from these figures"


def tabulate(results: Mapping[str, Results], record: Record) -> pd.DataFrame:
    model = results["model"]
    plans = ["first_plan", "second_plan"]
    earners = ["official", "central_statistical_bureau", "official_1970"]
    table = join(
        model_and_record(model, record, "wage_earners", earners, plans="first_plan"),
        model_and_record(
            model, record, "urban_population", ["census_tables", "book", "prokopovich"], plans=plans
        ),
        model_and_record(model, record, "net_migration_to_towns", ["lorimer", "book"]),
        model_and_record(model, record, "industrial_wage_earners", "official"),
    )
    at_start = (table["dates"] == "1928") & table["documented"].notna()
    given = at_start & table["quantity"].isin(["wage_earners", "industrial_wage_earners"])
    return table.assign(counted=table["counted"].where(~given, GIVEN))


def draw(table: pd.DataFrame) -> Figure:
    return draw_panels(table, "Wage earners and towns against the plans")
