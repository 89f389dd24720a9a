"""How near the model comes to the documented points of a table, in numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from planmodel.documented.vocabulary import firm_enough
from planmodel.show.numbers import percent

LESS_FIRM = "less firm than asked for"
COLUMNS = (
    "quantity",
    "run",
    "points",
    "within",
    "share_within",
    "median_deviation",
    "worst",
    "worst_deviation",
)


def hold_to(table: pd.DataFrame, evidence: str | None) -> pd.DataFrame:
    """Return a table in which documented figures that are less firm than a mark do not count.

    They stay in the table and in its figure, with ``counted`` saying why they are not counted.
    """
    if evidence is None or "evidence" not in table or "documented" not in table:
        return table
    loose = table["documented"].notna() & ~table["evidence"].isin(["", *firm_enough(evidence)])
    counted = table["counted"].fillna("") if "counted" in table else pd.Series("", index=table.index)
    return table.assign(counted=counted.where(~loose | (counted != ""), LESS_FIRM))


def left_out(table: pd.DataFrame) -> str:
    """Say how many points do not count because they are less firm than asked for; nothing if all do."""
    number = int((table["counted"] == LESS_FIRM).sum()) if "counted" in table else 0
    return f"{number} {LESS_FIRM} and left out" if number else ""


def agreement(table: pd.DataFrame) -> pd.DataFrame:
    """Return one row a quantity and run with counted points, and one for all of them.

    A point counts if both sides are known and its ``counted`` is empty. It is *within* if the documented
    value, or a part of a documented range, lies between 5 and 95 % of the draws.

    Returns
    -------
    DataFrame
        quantity, run, points, within, share_within (1), median_deviation (median over points of the absolute
        deviation of the model's median, as a share of the documented value), worst (dates of the point with
        the largest deviation) and worst_deviation (its deviation with its sign). The row of all points has
        the quantity ``all``.
    """
    points = counted_points(table)
    rows = []
    if len(points):
        groups = [
            ((name, run), mine) for (name, run), mine in points.groupby(["quantity", "run"], sort=False)
        ]
        rows = [_row(str(name), str(run), mine) for (name, run), mine in groups]
        rows.append(_row("all", "", points))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def counted_points(table: pd.DataFrame) -> pd.DataFrame:
    """Return the points that count, with ``within`` and ``deviation``."""
    if "documented" not in table or "median" not in table:
        return pd.DataFrame(columns=[*table.columns, "within", "deviation"])
    points = table[table["documented"].notna() & table["median"].notna()]
    if "counted" in points:
        points = points[points["counted"].fillna("") == ""]
    if "run" not in points:
        points = points.assign(run="")
    low = points["documented_low"] if "documented_low" in points else points["documented"]
    high = points["documented_high"] if "documented_high" in points else points["documented"]
    # Numbers in a CSV have six places: what is on the edge by rounding is within.
    slack = 1e-6 * points["documented"].abs()
    within = (low <= points["high"] + slack) & (high >= points["low"] - slack)
    nearest = points["median"].clip(low, high)
    size = points["documented"].abs()
    deviation = (points["median"] - nearest) / size.where(size > 0.0)
    return points.assign(within=within, deviation=deviation)


def _row(quantity: str, run: str, points: pd.DataFrame) -> tuple[object, ...]:
    deviations = points["deviation"].dropna()
    inside = int(points["within"].sum())
    share = inside / len(points)
    if deviations.empty:
        return (quantity, run, len(points), inside, share, np.nan, "", np.nan)
    worst = int(deviations.abs().to_numpy().argmax())
    where = str(points.loc[deviations.index[worst], "dates"])
    if quantity == "all":
        where = f"{points.loc[deviations.index[worst], 'title']}, {where}"
    middle = float(deviations.abs().median())
    return (quantity, run, len(points), inside, share, middle, where, float(deviations.iloc[worst]))


def agreement_line(found: pd.DataFrame) -> str:
    """Say the agreement of all points in a few words."""
    if found.empty:
        return "nothing to compare"
    row = found.iloc[-1]
    line = f"{row['within']} of {row['points']} documented points within the 90 % band"
    if np.isfinite(row["median_deviation"]):
        line += f", median deviation {percent(row['median_deviation'])}"
    return line
