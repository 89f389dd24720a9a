"""How many documented points the model comes near, counted so that nothing is counted for free.

A point is *near* if the model lies within a tolerance of it. Not counted are points that say nothing: the
base year of an index, and series that the model is given or nearly given. Beside the model stands a *still*
economy, in which nothing moves after the first year: what it comes near to needs no model.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from planmodel.documented import Record
from planmodel.documented.catalogue import BUILT_IN
from planmodel.report.comparison import other_versions
from planmodel.runs.observe import observe
from planmodel.scenario.economy import Economy
from planmodel.scenario.indicators import Indicator
from planmodel.show.content import Block, Column, Text, table
from planmodel.show.numbers import percent, signed_percent

TOLERANCE = 0.3


@dataclass(frozen=True)
class Score:
    """How near a run comes to the record.

    Attributes
    ----------
    points
        One row a documented point: theme, variable, version, date, recorded, model, still, error, near,
        still_near and counted (empty, or why not).
    tolerance
        Largest error, as a share of the recorded value, that still counts as near.
    economy
        What was scored: its indicators, and the themes of the core in the order of tables.
    record
        The record that it was scored against.
    """

    points: pd.DataFrame
    tolerance: float
    economy: Economy
    record: Record = BUILT_IN

    def share(self, core: bool = True, still: bool = False) -> tuple[int, int]:
        """Return how many counted points are near, of how many."""
        rows = self.points[self.points["counted"] == ""]
        rows = rows[rows["theme"] != ""] if core else rows
        return int(rows["still_near" if still else "near"].sum()), len(rows)

    def by_series(self) -> pd.DataFrame:
        """Return points, near points and near points of a still economy by series, in order of theme."""
        rows = self.points[self.points["counted"] == ""]
        grouped = rows.groupby(["theme", "variable"], sort=False)
        table = grouped.agg(points=("near", "size"), near=("near", "sum"), still=("still_near", "sum"))
        order = {theme: place for place, theme in enumerate([*self.economy.themes, ""])}
        table = table.reset_index()
        return table.sort_values("theme", key=lambda names: names.map(order), kind="stable")

    def misses(self) -> pd.DataFrame:
        """Return the counted core points that are not near, the worst first (by the ratio of the two).

        The column others names the versions of the record that the model does come near on that date.
        """
        rows = self.points[(self.points["counted"] == "") & (self.points["theme"] != "")]
        rows = rows[~rows["near"]]
        ratio = rows["model"] / rows["recorded"]
        distance = np.where(ratio > 0.0, np.abs(np.log(ratio.where(ratio > 0.0, 1.0))), np.inf)
        others = [", ".join(self._versions_near(row)) for row in rows.to_dict("records")]
        return rows.assign(distance=distance, others=others).sort_values(
            ["distance", "variable", "date"], ascending=[False, True, True], kind="stable"
        )

    def _versions_near(self, point: dict[Any, Any]) -> list[str]:
        """Return the versions, at like prices, to which the model does come near on the date of a point."""
        others = other_versions(point["variable"], point["version"], point["date"], self.economy, self.record)
        model = float(point["model"])
        return [version for version, value in others if abs(model - value) <= self.tolerance * abs(value)]


def score(
    dataset: xr.Dataset,
    met: pd.DataFrame,
    economy: Economy,
    tolerance: float = TOLERANCE,
    record: Record = BUILT_IN,
) -> Score:
    """Count the documented points that a run comes near to.

    Parameters
    ----------
    dataset
        Result of a run.
    met
        Its comparison with the record in the versions that a scenario names: see
        :func:`planmodel.report.comparison.compare`.
    economy
        Says which series are of the core, and which it is given.
    tolerance, record
        See :class:`Score`.
    """
    points, indicators = met.copy(), economy.indicators
    still = {name: _first_value(dataset, indicators[name]) for name in set(points["variable"])}
    points["still"] = points["variable"].map(still)
    points["theme"] = points["variable"].map(lambda name: indicators[name].theme)
    points["counted"] = [
        _why_not(indicators[name], start)
        for name, start in zip(points["variable"], points["start"], strict=True)
    ]
    size = points["recorded"].abs() * tolerance
    points["near"] = (points["model"] - points["recorded"]).abs() <= size
    points["still_near"] = (points["still"] - points["recorded"]).abs() <= size
    return Score(points, tolerance, economy, record)


def summary_lines(found: Score) -> list[str]:
    """Say the shares in a line each."""
    lines = []
    for core, what in ((True, "Core series"), (False, "All series")):
        (near, of), (still, _) = found.share(core), found.share(core, still=True)
        if of:
            lines.append(
                f"{what}: {near} of {of} points near the model ({percent(near / of)}); "
                f"still economy {percent(still / of)}"
            )
    return lines


def score_blocks(found: Score, economy: Economy) -> Iterator[Block]:
    """Yield what is near by series, what is missed, how it is counted, and the shares."""
    series = found.by_series()
    themes = series["theme"].replace("", "not core")
    series = series.assign(theme=themes.where(themes != themes.shift(), ""))
    columns = {"theme": "theme", "variable": "series", "points": "points", "near": "near", "still": "still"}
    yield table(series, columns, "Points near the model, by series")
    yield table(
        found.misses(),
        {
            "variable": "series",
            "date": "date",
            "recorded": "record",
            "model": "model",
            "error": Column("error", signed_percent),
            "others": "also near",
        },
        "Misses in the core, the worst first",
    )
    given = sorted(name for name in set(found.points["variable"]) if economy.indicators[name].given)
    yield Text(
        f"Near: within {percent(found.tolerance)} of the recorded value. Still: near in an economy in which "
        "nothing moves after the first year. Also near: other versions of the record on that date. Not "
        f"counted: base years of indices; given or nearly so: {', '.join(given) or 'none'}.",
        quiet=True,
    )
    yield from map(Text, summary_lines(found))


def _why_not(indicator: Indicator, start: pd.Timestamp) -> str:
    if indicator.given:
        return indicator.given
    return "base year of the index" if indicator.base_year == start.year else ""


def _first_value(dataset: xr.Dataset, indicator: Indicator) -> float:
    """Return what a still economy shows: the first year's value, or no growth at all."""
    if indicator.measure == "index":
        return 1.0
    if indicator.measure in ("growth", "change"):
        return 0.0
    first = pd.Timestamp(dataset["time"].values[0])
    start = first.replace(day=1)
    if indicator.measure == "stock":
        start = end = start + pd.offsets.MonthBegin(1)
    else:
        end = start + pd.offsets.MonthEnd(12)
    seen = observe(dataset, indicator, start, end)
    return float("nan") if seen is None else float(np.median(seen))
