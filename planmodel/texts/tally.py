"""How far the answers to the figures of a table agree with it, in numbers."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

_CHANGES = ("1/year",)  # units in which a figure is a change itself
WHOLE, PART, BESIDE, INPUTS, ALONE = STANDINGS = (
    "with numbers", "in part", "beside, no test", "read from it", "source alone",
)  # fmt: skip
MEANING = {
    WHOLE: "all figures have an answer, and some of the answers are a test",
    PART: "some have, and some of the answers are a test",
    BESIDE: "answers stand beside, and none is a test: plans, other quantities, superseded estimates",
    INPUTS: "the model is given the figures, or its sizes were set from them",
    ALONE: "the model has no counterpart: the table stands as it is printed",
}


@dataclass(frozen=True)
class Tally:
    """Figures of a table and one run, counted.

    Attributes
    ----------
    figures, answered, counted, fitted
        Printed, without those from which a comparison starts; with an answer of the model; of these, those
        that count as a test; of these, those to which the calibration of the run was fitted.
    within, within_draws
        Of those that count, how many lie in the band of what is predicted, and of the draws alone.
    median
        Median of the deviations of those that count, as a share of the figure; NaN without any. Of a table
        that sizes were read from, where none counts: of all that have an answer.
    kept, bounds
        Floors and ceilings that the median keeps, of how many.
    right, directions
        Changes from one figure to the next, or of figures that are changes, whose sign is right, of how many.
    standing
        Where the table stands, in words.
    """

    figures: int
    answered: int
    counted: int
    fitted: int
    within: int
    within_draws: int
    median: float
    kept: int
    bounds: int
    right: int
    directions: int
    standing: str


def tally(rows: pd.DataFrame) -> Tally:
    """Count the figures of one run, of a table or of a whole text."""
    answered = rows[rows["median"].notna() & (rows["mark"] != "base")]
    counted = answered[answered["counted"] == ""]
    ends = answered[answered["counted"].isin(["at least", "at most"])]
    low, high = counted["documented_low"], counted["documented_high"]
    slack = 1e-6 * counted["documented"].abs()
    within = {
        band: int(((low <= counted[f"{band}high"] + slack) & (high >= counted[f"{band}low"] - slack)).sum())
        for band in ("", "draws_")
    }
    standing = _standing(rows, answered)
    off = deviations(answered if standing == INPUTS else counted).dropna().abs()
    signs = directions(answered)
    return Tally(
        figures=int((rows["mark"] != "base").sum()),
        answered=len(answered),
        counted=len(counted),
        fitted=int((counted["fitted"] == "yes").sum()),
        within=within[""],
        within_draws=within["draws_"],
        median=float(off.median()) if len(off) else np.nan,
        kept=int(
            ((ends["documented_low"] <= ends["median"]) & (ends["median"] <= ends["documented_high"])).sum()
        ),
        bounds=len(ends),
        right=sum(signs),
        directions=len(signs),
        standing=standing,
    )


def deviations(rows: pd.DataFrame) -> pd.Series:
    """Return how far medians are from the figures or the nearest end of ranges, as shares of the figures."""
    nearest = rows["median"].clip(rows["documented_low"], rows["documented_high"])
    size = rows["documented"].abs()
    return (rows["median"] - nearest) / size.where(size > 0.0)


def directions(answered: pd.DataFrame) -> list[bool]:
    """Tell of each change in figures of one run whether the model has its sign.

    Changes are those from one figure of a series to the next, and figures that are changes themselves.
    ``answered`` needs quantity, version, unit, dates, documented, median and mark.
    """
    return [*_moves(answered), *_changes(answered)]


def _standing(rows: pd.DataFrame, answered: pd.DataFrame) -> str:
    """Return whether all figures have an answer, and whether any of the answers is a test."""
    if answered.empty:
        return ALONE
    if answered["mark"].isin(["given", "read"]).all():
        return INPUTS
    if not answered["counted"].isin(["", "at least", "at most"]).any():
        return BESIDE
    return WHOLE if rows["median"].notna().all() else PART


def _moves(answered: pd.DataFrame) -> list[bool]:
    """Tell of each pair of figures that follow each other whether the model moves the same way."""
    found = []
    usable = answered[answered["mark"].isin(["", "debate"]) & ~answered["unit"].isin(_CHANGES)]
    for _, mine in usable.groupby(["quantity", "version", "unit"], sort=False):
        ordered = mine.sort_values("dates").to_dict("records")
        for before, after in pairwise(ordered):
            if before["dates"] == after["dates"]:
                continue
            text, model = after["documented"] - before["documented"], after["median"] - before["median"]
            if text != 0.0:
                found.append(bool(text * model > 0.0))
    return found


def _changes(answered: pd.DataFrame) -> list[bool]:
    """Tell of figures that are changes themselves whether the sign is right."""
    is_change = answered["unit"].isin(_CHANGES) | answered["quantity"].str.contains("change_over_period")
    mine = answered[is_change & answered["mark"].isin([""])]
    return [bool(sign > 0.0) for sign in mine["documented"] * mine["median"]]
