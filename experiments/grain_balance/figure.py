"""The grain balance of agricultural years: what was harvested, taken, exported, eaten, sown and kept."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from planmodel.engine import Array, total
from planmodel.experiments.drawing import CAPTION, draw_panel
from planmodel.experiments.results import Record, Results
from planmodel.experiments.tables import compare_series, join, model_path
from planmodel.scenario import registry
from planmodel.scenario.indicators import Indicator
from planmodel.show.plot import new_sheet, style

YEARS = [str(year) for year in range(1928, 1934)]
CAMPAIGNS = [f"{year}/{(int(year) + 1) % 100}" for year in YEARS]
FIRST_OF_JULY = [f"{year}-07-01" for year in range(1929, 1935)]
INDICATORS = registry.economy().indicators
HARVEST, PROCURED = INDICATORS["grain_harvest"].parts, INDICATORS["grain_procurement"].parts
LEFT = Indicator(
    "village_grain_balance", "Left in the village", "million tonnes", "flow", HARVEST, less=PROCURED
)
STOCKS = ("individual", "kolkhoz", "members", "state_farms", "state", "reserve", "town")
USES = {
    "seed": ("seed_individual", "seed_kolkhoz", "seed_state_farm"),
    "feed": ("feed_socialised", "feed_from_individual", "feed_from_members"),
    "food of the village": ("food_individual", "food_members"),
    "food of the towns": ("food_town",),
    "army and camps": ("grain_to_army", "grain_to_camps"),
    "industry": ("grain_to_industry",),
    "exports": ("grain_export",),
}
USED, HELD = "Where the grain went", "Grain held by the state, 1 July"


def tabulate(results: Mapping[str, Results], record: Record) -> pd.DataFrame:
    model = results["model"]
    return join(
        model_path(model, "grain_harvest", dates=YEARS, title="Harvest"),
        compare_series(model, record, "grain_harvest", "postwar_revision", title="Harvest", dates=YEARS[:2]),
        compare_series(model, record, "grain_harvest", "davies_wheatcroft_mid", title="Harvest"),
        compare_series(
            model,
            record,
            "grain_harvest",
            ["davies_wheatcroft_low", "davies_wheatcroft_high", "postwar_revision"],
            title="Harvest",
            dates=YEARS[2:],
            counted="another estimate",
        ),
        _campaign(
            model,
            record,
            "grain_procurement",
            "davies_wheatcroft_moshkov",
            "Procurement",
            "grain_procurement",
        ),
        _campaign(
            model,
            record,
            "grain_export_agricultural_year",
            "davies_wheatcroft",
            "Exports",
            "grain_export",
            counted="the plan of grain exports is an input",
        ),
        _campaign(
            model,
            record,
            "village_grain_balance",
            ["davies_wheatcroft", "lewin"],
            "Left in the village",
            LEFT,
        ),
        model_path(model, "state_grain_stocks", title=HELD, dates=FIRST_OF_JULY),
        compare_series(model, record, "state_grain_stocks", title=HELD),
        *_uses(model),
    )


def _campaign(
    model: Results,
    record: Record,
    name: str,
    version: str | list[str],
    title: str,
    answer: str | Indicator,
    counted: str = "",
) -> pd.DataFrame:
    return join(
        model_path(model, answer, name=name, title=title, unit="million tonnes", dates=CAMPAIGNS),
        compare_series(
            model, record, name, version, model=answer, title=title, dates=CAMPAIGNS, counted=counted
        ),
    )


def _uses(model: Results) -> list[pd.DataFrame]:
    """Return the model's uses of a July-to-June year, what was put into stock, and what does not close."""

    def put_by(_: Results, dates: str) -> Array:
        return total(_growth_of(model, f"grain_{account}", dates) for account in STOCKS)

    def used(_: Results, dates: str) -> Array:
        return total(model.need(part, dates) for parts in USES.values() for part in parts)

    def gap(_: Results, dates: str) -> Array:
        return total(model.need(part, dates) for part in HARVEST) - used(model, dates) - put_by(model, dates)

    answers = {
        **{use: Indicator(use, use, "million tonnes", "flow", parts) for use, parts in USES.items()},
        "put into stock": put_by,
        "does not close": gap,
    }
    return [
        model_path(
            model,
            answer,
            name=use.replace(" ", "_"),
            title=use,
            unit="million tonnes",
            panel=USED,
            dates=CAMPAIGNS,
        )
        for use, answer in answers.items()
    ]


def _growth_of(model: Results, stock: str, dates: str) -> Array:
    first, last = (f"{int(dates[:4]) + more}-07-01" for more in (0, 1))
    return model.need(stock, last) - model.need(stock, first)


def draw(table: pd.DataFrame) -> Figure:
    panels = list(dict.fromkeys(table["panel"]))
    with style():
        sheet, axes = new_sheet(len(panels), "The grain balance, 1928/29-1933/34", caption=CAPTION)
        for axis, panel in zip(axes, panels, strict=True):
            rows = table[table["panel"] == panel]
            if panel == USED:
                _stack(axis, rows)
                continue
            draw_panel(axis, rows, panel)
            axis.set_ylim(bottom=0.0)
    return sheet


def _stack(axis: Axes, rows: pd.DataFrame) -> None:
    """Draw the medians of uses as stacked bars; what is taken out of stock hangs below zero."""
    colours = ("#b58900", "#d8b365", "#5ab4ac", "#2166ac", "#636363", "#bdbdbd", "#b2182b", "#f0f0f0")
    uses = [use for use in dict.fromkeys(rows["title"]) if use != "does not close"]
    base = np.zeros(len(CAMPAIGNS))
    for use, colour in zip(uses, colours, strict=True):
        values = rows[rows["title"] == use].set_index("dates").loc[CAMPAIGNS, "median"].to_numpy()
        bottom = np.where(values >= 0.0, base, 0.0)
        axis.bar(
            range(len(CAMPAIGNS)),
            values,
            bottom=bottom,
            color=colour,
            edgecolor="#555555",
            linewidth=0.4,
            label=use,
        )
        base = base + np.maximum(values, 0.0)
    axis.axhline(0.0, color="#222222", linewidth=0.8)
    axis.set_xticks(range(len(CAMPAIGNS)), CAMPAIGNS, fontsize=8)
    axis.set_ylabel("million tonnes")
    axis.set_title(f"{USED} (model, medians)")
    axis.set_ylim(top=1.45 * base.max())
    axis.legend(fontsize=7, ncols=4, loc="upper center")
