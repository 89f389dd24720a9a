"""All experiments and texts side by side: how far each agrees with the record, and what of it is a test.

A point is *circular* if the model compares an input with itself: what it is given, what a size was read from,
or an answer that is the figure in every draw. Circular points are left out before anything is ranked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from planmodel.engine import UserError
from planmodel.experiments.agreement import counted_points
from planmodel.experiments.load import read_about, ready_experiments
from planmodel.experiments.reproduce import read_table
from planmodel.experiments.schema import ExperimentFile
from planmodel.show.content import Column, Table, table
from planmodel.show.numbers import percent
from planmodel.storage import read_manifest
from planmodel.storage.manifest import damaged
from planmodel.texts.answers import CALIBRATED, fitted
from planmodel.texts.bands import Point, fits_of, keys, predicted
from planmodel.texts.loading import cells_of, texts
from planmodel.texts.tally import deviations, directions, tally

TEST, PARTLY, CIRCULAR, BESIDE, ALONE = STANDINGS = (
    "a test", "partly circular", "circular", "no test", "record alone",
)  # fmt: skip
MEANING = {
    TEST: "every point that counts is one that the model could have missed",
    PARTLY: "some are; the circular ones are left out",
    CIRCULAR: "what could count is an input compared with itself, or a figure that a size was read from",
    BESIDE: "answers stand beside, and none counts: other prices, territory or quantity, plans, variants",
    ALONE: "the model has no counterpart, or the table is of the model alone",
}
COLUMNS = (
    "kind", "name", "title", "run", "standing", "points", "circular", "fitted", "within", "within_draws",
    "median_deviation", "right", "directions", "kept", "bounds",
)  # fmt: skip
_GIVEN = (
    "given",
    "input",
    "set from",
)  # words of an experiment by which a point that does not count is circular
_READ = ("given", "read")  # marks of the texts
_SAME = 1e-6


def ranked(rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Return rows of experiments and texts, those that agree best first.

    Ranked are those with points that are a test: by the share of them within the band of what is predicted,
    then by the median deviation, then by the number of points. After them come the others, by standing: those
    that are held to signs and bounds alone, the circular ones, and those in which nothing counts.
    """
    frame = pd.DataFrame(list(rows), columns=list(COLUMNS))
    share = (frame["within"] / frame["points"].where(frame["points"] > 0)).fillna(-1.0)
    order = pd.DataFrame(
        {
            "unranked": frame["points"] == 0,
            "stands": [max(STANDINGS.index(str(one)), 1) for one in frame["standing"]],
            "share": -share,
            "off": frame["median_deviation"].fillna(np.inf),
            "points": -frame["points"],
            "name": frame["name"],
        }
    )
    return frame.loc[order.sort_values(list(order.columns)).index].reset_index(drop=True)


def of_experiment(name: str, about: ExperimentFile, rows: pd.DataFrame) -> dict[str, Any]:
    """Return how far an experiment agrees, from the table that was written of it."""
    rows = _whole(rows)
    counted = counted_points(rows)
    known = rows[rows["documented"].notna() & rows["median"].notna()]
    given = sum(any(word in str(why) for word in _GIVEN) for why in known["counted"])
    circular = _circular(counted)
    points = counted[~circular].assign(mark="")
    points = points.assign(quantity=points["quantity"].astype(str) + "/" + points["title"].astype(str))
    off = deviations(points).dropna().abs() if len(points) else pd.Series(dtype=float)
    low, high = predicted(counted[~circular], about)
    slack = 1e-6 * points["documented"].abs()
    inside = (points["documented_low"] <= high + slack) & (points["documented_high"] >= low - slack)
    signs = [sign for _, mine in points.groupby("run", sort=False) for sign in directions(mine)]
    both = int(circular.sum()) + given
    return {
        "kind": "experiment",
        "name": name,
        "title": about.title,
        "run": "",
        "standing": _standing(len(points), both, len(known)),
        "points": len(points),
        "circular": both,
        "fitted": sum(
            point in fitted(run)
            for point, run in zip(keys(points, counted), fits_of(points, about), strict=True)
        ),
        "within": int(inside.sum()),
        "within_draws": int(points["within"].sum()),
        "median_deviation": float(off.median()) if len(off) else np.nan,
        "right": sum(signs),
        "directions": len(signs),
        "kept": 0,
        "bounds": 0,
    }


def of_text(number: str, title: str, rows: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Yield how far the answers to a text agree: for each side of the record, or for all its runs at once."""
    sides = [run for run in CALIBRATED if run in set(rows["run"])]
    of_runs = {run: rows[rows["run"] == run] for run in sides} if len(sides) > 1 else {"": rows}
    for run, mine in of_runs.items():
        found = tally(mine)
        answered = mine[mine["median"].notna() & (mine["mark"] != "base")]
        circular = int(answered["mark"].isin(_READ).sum())
        off = deviations(answered[answered["counted"] == ""]).dropna().abs()
        yield {
            "kind": "text",
            "name": number,
            "title": title,
            "run": run,
            "standing": _standing(found.counted + found.bounds, circular, len(answered)),
            "points": found.counted,
            "circular": circular,
            "fitted": found.fitted,
            "within": found.within,
            "within_draws": found.within_draws,
            "median_deviation": float(off.median()) if len(off) else np.nan,
            "right": found.right,
            "directions": found.directions,
            "kept": found.kept,
            "bounds": found.bounds,
        }


def ranked_results(folder: Path) -> tuple[pd.DataFrame, list[str]]:
    """Rank the results of ready experiments that stand in a folder.

    Returns
    -------
    DataFrame
        As :func:`ranked` returns it.
    list of str
        What could not be ranked, and why, a line each.

    Raises
    ------
    UserError
        If no result stands there.
    """
    rows, left = [], []
    for name, place in ready_experiments().items():
        try:
            wrong = damaged(folder / name, read_manifest(folder / name), "table.csv")
        except (FileNotFoundError, NotADirectoryError):
            left.append(f"{folder / name}: is not there; planmodel reproduce {name} makes it")
            continue
        if wrong is None or wrong:
            left.append(
                f"{folder / name}: is not as it was written; planmodel reproduce {name} makes it anew"
            )
            continue
        rows.append(of_experiment(name, read_about(place), read_table(folder / name / "table.csv")))
    if not rows:
        raise UserError(f"{folder}: holds no result of a ready experiment; allowed: what reproduce wrote")
    return ranked(rows), left


def shown(found: pd.DataFrame, link: bool = False) -> Table:
    """Return a ranking as it is shown; with ``link``, titles lead to the README of an experiment."""
    rank = np.where(found["points"] > 0, np.arange(1, len(found) + 1).astype(str), "")
    cells = [_cells(row, link) for row in found.to_dict("records")]
    frame = pd.DataFrame(cells, columns=list(_HEADS)).assign(rank=rank)
    return table(frame, _HEADS)


_HEADS: dict[str, str | Column] = {
    "rank": Column("Rank", right=True), "name": "Experiment", "standing": "Stands",
    "points": "Points", "circular": "Circular", "fitted": "Fitted", "within": Column("In band", right=True),
    "draws": Column("In draws", right=True), "off": Column("Median off", right=True),
    "ways": Column("Direction", right=True), "kept": Column("Bounds", right=True),
}  # fmt: skip


def _cells(row: Mapping[Any, Any], link: bool) -> dict[str, object]:
    name = str(row["name"])
    if link:
        path = "texts.md" if row["kind"] == "text" else f"../experiments/{name}/README.md"
        path = "tables.md" if row["run"] else path
        name = f"[{row['title']}]({path})"
    elif row["kind"] == "text":
        name = f"text {name}"
    points, ways = row["points"], row["directions"]
    return {
        "rank": "",
        "name": f"{name}, `{row['run']}`" if row["run"] else name,
        "standing": row["standing"],
        **{what: int(row[what]) for what in ("points", "circular", "fitted")},
        "within": f"{row['within']} of {points}" if points else "",
        "draws": f"{row['within_draws']} of {points}" if points else "",
        "off": percent(row["median_deviation"], none=""),
        "ways": f"{row['right']} of {ways}" if ways else "",
        "kept": f"{row['kept']} of {row['bounds']}" if row["bounds"] else "",
    }


def _whole(rows: pd.DataFrame) -> pd.DataFrame:
    """Return a table with all columns that are asked for: an experiment may have one of its own form."""
    words = ("title", "unit", "run", "dates", "version", "counted")
    rows = rows.assign(**dict.fromkeys((name for name in words if name not in rows), ""))
    for name, like in _LIKE.items():
        if name not in rows:
            rows = rows.assign(**{name: rows[like] if like else np.nan})
    return rows


_LIKE = {  # a column that is missing -> the one in its place
    "documented": "", "documented_low": "documented", "documented_high": "documented", "median": "",
    "low": "median", "high": "median",
}  # fmt: skip


def _standing(points: int, circular: int, answered: int) -> str:
    if points:
        return PARTLY if circular else TEST
    if not answered:
        return ALONE
    return CIRCULAR if circular else BESIDE


def _circular(points: pd.DataFrame) -> pd.Series:
    """Tell which counted points compare an input with itself: by the texts, or the same in every draw."""
    if points.empty:
        return pd.Series(False, index=points.index)
    size = _SAME * points["documented"].abs()
    ends = ((points[end] - points["documented"]).abs() <= size for end in ("low", "median", "high"))
    same = pd.concat(list(ends), axis=1).all(axis=1)
    return same | pd.Series([key in _read_from() for key in keys(points, points)], index=points.index)


@cache
def _read_from() -> frozenset[Point]:
    """Return the figures that the model is given or was read from, as the texts mark every use of them."""
    marks: dict[Point, set[bool]] = {}
    for folder in texts().values():
        for cell in cells_of(folder):
            if cell.variable and cell.line.expression is not None and cell.line.mark != "base":
                key = (cell.variable, cell.version, cell.dates)
                marks.setdefault(key, set()).add(cell.line.mark in _READ)
    return frozenset(key for key, said in marks.items() if said == {True})
