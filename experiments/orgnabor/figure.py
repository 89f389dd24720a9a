"""Ways out of the village, and recruits of 1938."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure

from planmodel.experiments.dots import draw_dots
from planmodel.experiments.drawing import draw_panel
from planmodel.experiments.results import Record, Results
from planmodel.experiments.tables import (
    PLAN,
    compare_series,
    join,
    model_path,
)
from planmodel.scenario.indicators import Indicator
from planmodel.show.plot import new_sheet, style

PEASANTS = ("individual_peasants", "kolkhoz_members")
VILLAGE = (*PEASANTS, "state_farm_workers")
UNIT = "million persons"
CHANNELS = {
    "Organised recruitment (orgnabor)": tuple(f"orgnabor_{group}" for group in VILLAGE),
    "On their own (samotek)": tuple(f"samotek_{group}" for group in VILLAGE),
    "For a season": tuple(f"seasonal_{group}" for group in PEASANTS),
    "Deported": tuple(f"deported_{group}" for group in PEASANTS),
}
RUSSIA = "Recruits of 1938"
WHERE = "Line, band and bars: model, the whole country. Dots: the record, the Russian republic; cross: plan"


def tabulate(results: Mapping[str, Results], record: Record) -> pd.DataFrame:
    model = results["model"]
    flows = {title: Indicator(title, title, UNIT, "flow", parts) for title, parts in CHANNELS.items()}
    paths = [
        model_path(model, flow, name=title, title=title, unit=UNIT, panel="Out of the village by channel")
        for title, flow in flows.items()
    ]
    arrived = flows["Organised recruitment (orgnabor)"]
    more = {"everywhere": True, "counted": "Russian republic alone", "model": arrived, "panel": RUSSIA}
    return join(
        *paths,
        compare_series(model, record, "organised_recruits", kinds=PLAN, title="Planned", **more),
        compare_series(model, record, "organised_recruits", title="Recruited", **more),
        compare_series(model, record, "organised_recruits_arrived", title="Arrived at the job", **more),
    )


def draw(table: pd.DataFrame) -> Figure:
    with style():
        sheet, axes = new_sheet(2, "Organised recruitment", columns=1, caption=WHERE)
        for axis, panel in zip(axes, dict.fromkeys(table["panel"]), strict=True):
            drawn = draw_dots if panel == RUSSIA else draw_panel
            drawn(axis, table[table["panel"] == panel], panel)
        axes[0].set_ylim(bottom=0.0)
    return sheet
