"""Whose numbers: two calibrations beside each other, parameters and conclusions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from planmodel.calibration.calibrate import Result
from planmodel.runs.checking import Verdict, covered, judge
from planmodel.runs.checks import load_checks
from planmodel.runs.posterior import PosteriorDraws, bases
from planmodel.scenario import Scenario
from planmodel.scenario.load import change_scenario
from planmodel.show import plot
from planmodel.show.content import Block, Column, Columns, Text, table
from planmodel.show.numbers import fixed, short


def parameters_beside(first: Result, second: Result) -> pd.DataFrame:
    """Return one row a parameter that both fit.

    Returns
    -------
    DataFrame
        parameter, first, second (fitted values), shift (over the range) and shift_in_errors (over the
        standard deviations of both fits together): above 2 whose numbers are believed matters.
    """
    rows = []
    tables = [r.information.table.set_index("parameter") for r in (first, second)]
    for name in tables[0].index.intersection(tables[1].index):
        a, b = (table.loc[name] for table in tables)
        width = max(a["high"], b["high"]) - min(a["low"], b["low"])
        shift = b["value"] - a["value"]
        error = float(np.hypot(a["sd"], b["sd"]))
        rows.append((name, a["value"], b["value"], shift / width, shift / error))
    columns = ["parameter", "first", "second", "shift", "shift_in_errors"]
    table = pd.DataFrame(rows, columns=columns)
    order = table["shift_in_errors"].abs().sort_values(ascending=False, kind="stable").index
    return table.loc[order].reset_index(drop=True)


def conclusions_beside(first: Result, second: Result) -> pd.DataFrame:
    """Return one row a claim of the reality checks: its figure under each fit, and whether the check passes.

    Where there is a posterior, figures are medians over draws.
    """
    checks = {
        name: c
        for name, c in load_checks(economy=first.scenario.declared).items()
        if covered(c, first.scenario)
    }
    verdicts = [judge(checks, _fitted(r), _draws(r)) for r in (first, second)]
    rows = []
    for a, b in zip(*verdicts, strict=True):
        for number, (_, claim) in enumerate(a.check.placed()):
            rows.append({
                "check": a.name,
                "measure": f"{claim.measure} of {claim.of}",
                "wanted": claim.bound(),
                "first": _figure(a, number),
                "second": _figure(b, number),
                "first_passes": a.passed,
                "second_passes": b.passed,
            })  # fmt: skip
    columns = ["check", "measure", "wanted", "first", "second", "first_passes", "second_passes"]
    return pd.DataFrame(rows, columns=columns)


@dataclass(frozen=True)
class Beside:
    """Two calibrations beside each other: see `parameters_beside` and `conclusions_beside`."""

    names: tuple[str, str]
    parameters: pd.DataFrame
    conclusions: pd.DataFrame


def beside(first: Result, second: Result) -> Beside:
    """Set two calibrations beside each other."""
    names = (first.calibration.name, second.calibration.name)
    return Beside(names, parameters_beside(first, second), conclusions_beside(first, second))


def write_beside(found: Beside, folder: Path, figures: bool = True) -> None:
    """Write both tables and, if wanted, a figure into a folder."""
    names, parameters, conclusions = found.names, found.parameters, found.conclusions
    renamed = {"first": names[0], "second": names[1]}
    parameters.rename(columns=renamed).to_csv(folder / "parameters_beside.csv", index=False)
    passes = {"first_passes": f"{names[0]}_passes", "second_passes": f"{names[1]}_passes"}
    conclusions.rename(columns=renamed | passes).to_csv(folder / "conclusions_beside.csv", index=False)
    if figures:
        _draw(parameters, conclusions, names, folder / "beside.png")


def blocks_beside(found: Beside) -> Iterator[Block]:
    """Yield what moves."""
    (first, second), conclusions = found.names, found.conclusions
    columns: Columns = {
        "parameter": "parameter",
        "first": Column(first, short),
        "second": Column(second, short),
        "shift_in_errors": Column("shift in errors", partial(fixed, places=1, sign=True)),
    }
    yield table(found.parameters.head(12), columns, f"Parameters that move most: {first} and {second}")
    turned = conclusions[conclusions["first_passes"] != conclusions["second_passes"]]["check"].unique()
    yield Text(f"Checks that pass under one and fail under the other: {', '.join(turned) or 'none'}.")


def _fitted(result: Result) -> Scenario:
    return change_scenario(result.scenario, result.changes, result.calibration.name, fitted=True)


def _draws(result: Result) -> PosteriorDraws | None:
    if result.draws is None:
        return None
    values = result.cube.values(result.cube.natural(result.draws.unit[:200]))
    return PosteriorDraws(values, result.calibration.name, bases(result.scenario))


def _figure(verdict: Verdict, number: int) -> float:
    return verdict.judged[number].figure if verdict.judged else float("nan")


def _draw(parameters: pd.DataFrame, conclusions: pd.DataFrame, names: tuple[str, str], file: Path) -> None:
    """Draw shifts of parameters, and conclusions under one fit against those under the other."""
    shown = parameters.head(25)
    both = conclusions[["first", "second"]].to_numpy(dtype=float)
    change = np.abs(both[:, 1] - both[:, 0]) / np.maximum(np.abs(both).max(axis=1), 1e-9)
    order = np.argsort(-np.nan_to_num(change), kind="stable")[:25]
    labels = [f"{conclusions['check'].iloc[i]}: {conclusions['measure'].iloc[i]}" for i in order]
    with plot.drawn(file, 2, height=5.9, width=11.0) as (left, right):
        plot.draw_bars(left, shown["parameter"].tolist(), shown["shift_in_errors"])
        left.set_title(f"Shift from {names[0]} to {names[1]}")
        left.set_xlabel("standard deviations of both fits together")
        plot.draw_bars(right, labels, change[order], colour=plot.LINES[1])
        right.set_title("Conclusions that move")
        right.set_xlabel("change over the larger of the two figures")
