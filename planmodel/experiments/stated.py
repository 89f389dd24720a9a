"""Rows of a table that a README is to state: what the runs of an experiment say in a few years."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from planmodel.show.markdown import cell, markdown

COLUMN, YES = "stated", "yes"
NOISE = 1e-9  # what is left by rounding where nothing is


def state(table: pd.DataFrame, quantities: Collection[str], dates: Collection[str]) -> pd.DataFrame:
    """Return the table with a column that marks the model's path of some quantities on some dates.

    Parameters
    ----------
    table
        As :mod:`planmodel.experiments.tables` makes it.
    quantities, dates
        What is to be stated.
    """
    path = table["documented"].isna() & table["median"].notna()
    chosen = path & table["quantity"].isin(list(quantities)) & table["dates"].isin(list(dates))
    return table.assign(**{COLUMN: chosen.map({True: YES, False: ""})})


def stated_text(table: pd.DataFrame) -> str:
    """Return the marked rows as markdown: one line a quantity and run, one column a date."""
    rows = table[table[COLUMN] == YES]
    dates = sorted(set(rows["dates"]))
    several = rows["run"].nunique() > 1
    lines = []
    for (_, run), mine in rows.groupby(["quantity", "run"], sort=False):
        first = mine.iloc[0]
        said = dict(zip(mine["dates"], mine.to_dict("records"), strict=True))
        lines.append(
            (
                _label(first),
                *((str(run),) if several else ()),
                *(_with_range(said[day]) if day in said else "-" for day in dates),
            )
        )
    heads = ["median (5 to 95 % of draws)", *(["run"] if several else []), *dates]
    return markdown(heads, lines)


def _label(row: pd.Series) -> str:
    panel, title, unit = (str(row[name]) for name in ("panel", "title", "unit"))
    name = title if panel == title else f"{panel}: {title}"
    return name if unit == "1" else f"{name}, {unit}"


def _with_range(row: dict[object, object]) -> str:
    median, low, high = (cell(_not_noise(float(str(row[name])))) for name in ("median", "low", "high"))
    return f"{median} ({low} to {high})"


def _not_noise(value: float) -> float:
    return 0.0 if abs(value) < NOISE else value
