"""Growth, investment and the tightest constraint by month in two crises."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from planmodel.experiments.dates import YEARS, years_of
from planmodel.experiments.drawing import CAPTION, draw_panel
from planmodel.experiments.results import Record, Results, always, mean_growth, ratio
from planmodel.experiments.tables import (
    compare_figures,
    compare_series,
    join,
    model_and_record,
    model_path,
    table_of,
)
from planmodel.show.plot import new_sheet, style

RATIOS = {
    "metal_ratio": "metal for sites",
    "equipment_ratio": "equipment for sites",
    "builders_ratio": "builders",
    "let_through": "the centre lets sites do less",
    "metal_ratio_engineering": "metal for engineering",
    "carried_coal_and_ore": "railways",
    "upkeep_ratio": "repairs",
}
GOT = "What factories and towns got over need"
NEEDS = {
    "input_ratio_consumer_goods": "materials of consumer-goods factories",
    "crop_ratio_fibres": "fibres for mills",
    "town_nutrition": "food of towns, 1928 = 1",
}
NONE = "nothing by more than 3 %"
SLACK = 0.03
GROWTH, NET, BUILDERS = "Growth of industry", "Net investment", "Builders"
LEVEL = "Gross investment, 1936 = 1"
BOUND = "What bound building and heavy industry, "
CRISES = {"1931-34": ("1931-01-31", "1934-12-31"), "1936-40": ("1936-01-31", "1940-12-31")}


def binding(results: Results, span: tuple[str, str], panel: str) -> pd.DataFrame:
    """For each month the share of draws in which each constraint is the tightest of all."""
    time = pd.DatetimeIndex(results.dataset["time"].values)
    inside = (time >= span[0]) & (time <= span[1])
    short = np.stack([1.0 - np.minimum(results.dataset[name].values[:, inside], 1.0) for name in RATIOS])
    tightest = np.where(short.max(axis=0) > SLACK, short.argmax(axis=0), -1)
    rows = []
    for place, (name, title) in enumerate([*RATIOS.items(), ("none", NONE)]):
        place = -1 if name == "none" else place
        shares = (tightest == place).mean(axis=0)
        rows += [
            {"panel": panel, "quantity": name, "title": title, "unit": "1", "run": results.name,
             "dates": str(day.date()), "median": float(share), "low": float(share), "high": float(share)}
            for day, share in zip(time[inside], shares, strict=True)
        ]  # fmt: skip
    return table_of(rows, panel)


def gross_investment(model: Results, record: Record) -> list[pd.DataFrame]:
    """Growth of gross investment, and its level against 1936: the two forms in which it is documented."""
    growth = mean_growth("investment")
    figures = record.series("gross_investment_growth", ["official", "moorsteen_powell"])
    figures = figures[figures["date"].str.len() == 4]
    more = {"name": "gross_investment_growth", "title": "Growth of gross investment", "unit": "1/year"}
    level = {"title": LEVEL, "unit": "index 1936=1"}
    to_1936 = ratio("investment", always("investment", "1936"))
    return [
        model_path(model, growth, dates=YEARS[1:], **more),
        compare_figures(model, figures, growth, prices="1928", **more),
        model_path(model, to_1936, name="gross_investment_relative_to_1936", dates=YEARS, **level),
        compare_series(model, record, "gross_investment_relative_to_1936", title=LEVEL),
        compare_series(model, record, "construction_investment", title=LEVEL),
    ]


def tabulate(results: Mapping[str, Results], record: Record) -> pd.DataFrame:
    model = results["model"]
    growth = mean_growth("industrial_output")
    figures = record.series("industrial_output_growth")
    figures = figures[figures["date"].str.len() == 4]
    more = {"name": "industrial_output_growth", "title": GROWTH, "unit": "1/year"}
    return join(
        model_path(model, growth, dates=YEARS[1:], **more),
        compare_figures(model, figures, growth, prices="1928", **more),
        model_and_record(model, record, "net_fixed_investment", title=NET),
        model_and_record(model, record, "construction_employment", title=BUILDERS),
        *gross_investment(model, record),
        *(model_path(model, name, title=title, panel=GOT) for name, title in NEEDS.items()),
        *(binding(model, span, BOUND + years) for years, span in CRISES.items()),
    )


def draw(table: pd.DataFrame) -> Figure:
    panels = list(dict.fromkeys(table["panel"]))
    colours = dict(zip([*RATIOS.values(), NONE], SHADES, strict=True))
    with style():
        sheet, axes = new_sheet(len(panels), "Two crises, and what bound the economy", caption=CAPTION)
        for axis, panel in zip(axes, panels, strict=True):
            rows = table[table["panel"] == panel]
            if not panel.startswith(BOUND):
                draw_panel(axis, rows, panel)
                continue
            shares = rows.pivot_table(index="dates", columns="title", values="median", sort=False)
            x = [years_of(day) for day in shares.index]
            names = [name for name in colours if name in shares and shares[name].max() > 0.0]
            heights = [shares[name] for name in names]
            axis.stackplot(x, heights, colors=[colours[name] for name in names], labels=names)
            axis.set_ylabel("share of draws")
            axis.set_title(panel)
            axis.set_xlim(x[0], x[-1])
            axis.set_xticks(range(int(x[0]) + 1, int(x[-1]) + 1))
            axis.set_ylim(0.0, 1.0)
            axis.grid(visible=False)
            axis.legend(fontsize=7, loc="upper left", frameon=True, framealpha=0.85)
    return sheet


SHADES = (
    "#1f4e79", "#5b8db8", "#b3472e", "#c9a227", "#4d7c3a", "#7a5c99", "#8a8a8a", "#eeeeee",
)  # fmt: skip
