"""The page of a run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from planmodel.indicators import INDICATORS
from planmodel.report.balances import KINDS, balance, movements, not_recorded, transactions, whole_years
from planmodel.report.comparison import SHOWN_YEARS, compare, summary
from planmodel.report.page.content import (
    Block,
    Note,
    Page,
    Section,
    Table,
    Text,
    cell,
    number,
    percent,
    share,
    table,
    words,
)
from planmodel.report.page.drawing import figures_of_run
from planmodel.report.page.parts import (
    READING,
    provenance_section,
    quoted,
    read,
    read_csv,
    rerun_section,
    scenario_section,
)
from planmodel.report.page.reality import judge_results, reality_section
from planmodel.report.score import score, summary_lines
from planmodel.scenario import Scenario, load_scenario

_SHOWN = {"grain": 1932, "manpower": 1932, "money": 1937}  # balances that are shown whole


def run_page(folder: Path, manifest: Mapping[str, Any]) -> Page:
    """Return the page of a run."""
    scenario = load_scenario(folder / "scenario.toml")
    dataset = read(folder / "results.nc", xr.load_dataset)
    members = dataset.sizes["member"]
    again = ["planmodel", "run", folder / "scenario.toml", "--out", "out/again"]
    number_of = dataset["member"].values
    alone = members == 1 and number_of[0] != 0
    again += [] if members == 1 else ["--members", members]
    again += [] if manifest["seed"] == 0 else ["--seed", manifest["seed"]]
    line = quoted(*manifest["command"]) if alone else quoted(*again)
    histories = "one history" if members == 1 else f"{members} histories that differ in their weather"
    check = quoted("planmodel", "check", folder / "scenario.toml")
    return Page(
        scenario.title or words(scenario.name),
        f"Run of scenario {scenario.name}: {histories}, {scenario.period.start} to {scenario.period.end}",
        (
            _question(scenario, histories),
            scenario_section(scenario),
            _summary(dataset, scenario),
            _figures(dataset, scenario),
            _record(dataset, scenario),
            reality_section(judge_results(dataset, scenario), members, check),
            _balances(dataset, manifest),
            _events(read_csv(folder / "events.csv")),
            provenance_section(manifest, [("members", manifest["members"])]),
            rerun_section([line], "The scenario of this run stands whole in scenario.toml of its folder."),
        ),
    )


def _question(scenario: Scenario, histories: str) -> Section:
    asked = scenario.description or scenario.title
    blocks = [Text(asked)] if asked else []
    blocks.append(
        Text(
            f"What follows, month by month, if decrees, documented series and sizes are those of scenario "
            f"{scenario.name}: {histories}. Crises are not scheduled; what the record says is shown beside."
        )
    )
    return Section("question", "Question", (*blocks, Note(READING)))


def _summary(dataset: xr.Dataset, scenario: Scenario) -> Section:
    rows = summary(dataset, compare(dataset, scenario))
    columns = {"title": "quantity", "unit": "unit"}
    for year in SHOWN_YEARS:
        columns |= {f"model {year}": f"{year} model", f"recorded {year}": "record"}
    columns |= {"misfit": "misfit"}
    figures = [name for name in columns if name.startswith("model")]
    rows = rows[rows[figures].notna().any(axis=1)]
    rows = rows.assign(unit=rows["unit"].replace({"1": "share"}))
    shown = table(rows, columns, "Model and record in some years", {"misfit": share})
    about = "Medians over members. Misfit: mean absolute error over all dates of the record, as a share."
    return Section("outcome", "What came out", (Text(about), shown))


def _figures(dataset: xr.Dataset, scenario: Scenario) -> Section:
    many = dataset.sizes["member"] > 1
    about = "Lines: the model" + (" (median; bands: 50 % and 90 % of members)" if many else "")
    about += "; points: the record. Where a quantity is a flow, by year."
    return Section("figures", "Figures", (Text(about), *figures_of_run(dataset, scenario)))


def _record(dataset: xr.Dataset, scenario: Scenario) -> Section:
    met = compare(dataset, scenario)
    if met.empty:
        none = Text("The scenario names no version of the record for the dates of this run.")
        return Section("record", "Model against record", (none,))
    met = met.assign(
        title=[INDICATORS[name].title for name in met["variable"]],
        unit=met["unit"].replace({"1": "share"}),
    )
    columns = {"title": "quantity", "variable": "name", "version": "version", "date": "date", "unit": "unit"}
    columns |= {"recorded": "record", "model": "model", "error": "error"}
    blocks: list[Block] = [Text(line + ".") for line in summary_lines(score(dataset, met))]
    about = (
        "A point is near if the model lies within 30 % of it; base years of indices and series that are given "
        "to the model are not counted. In a still economy nothing moves after the first year: what it comes "
        "near to needs no model."
    )
    blocks += [Text(about), table(met, columns, f"All {len(met)} points", {"error": percent})]
    return Section("record", "Model against record", tuple(blocks))


def _balances(dataset: xr.Dataset, manifest: Mapping[str, Any]) -> Section:
    """Return how the books close: the audit of all months and members, and balances of the first member."""
    worst, allowed = (manifest["audit"][k] for k in ("worst_residual_over_turnover", "tolerance"))
    blocks: list[Block] = [
        Text(
            f"Every commodity was audited in every month and member. Largest residual: {worst:.1e} of a month's "
            f"turnover; above {allowed:g} the run would have stopped."
        )
    ]
    rows = []
    for kind in KINDS:
        if not_recorded(dataset, kind):
            blocks.append(Note(f"The balance of {kind} cannot be drawn up: the run did not record it whole."))
            continue
        for year in whole_years(dataset, kind):
            drawn = balance(dataset, kind, year)
            turnover = max(float(drawn["in"].sum()), 1e-12)
            gap = float(drawn["gap"].abs().max())
            unit = str(dataset[f"{KINDS[kind].commodity}_{drawn.index[0]}"].attrs["units"])
            rows.append((kind, year, unit, turnover, gap, gap / turnover))
    if rows:
        columns = {"kind": "balance", "year": "year", "unit": "unit", "turnover": "turnover"}
        columns |= {"gap": "largest gap", "relative": "over turnover"}
        frame = pd.DataFrame(rows, columns=list(columns))
        caption = "Closing of the balances of the first member (opening + in - out - closing, by account)"
        tiny = {"gap": _small, "relative": _small, "year": "{:.0f}".format}
        blocks.append(table(frame, columns, caption, tiny, folded=True))
        for kind, year in _SHOWN.items():
            if not not_recorded(dataset, kind) and year in whole_years(dataset, kind):
                blocks += _whole(dataset, kind, year)
    return Section("balances", "Balances", tuple(blocks))


def _whole(dataset: xr.Dataset, kind: str, year: int) -> list[Block]:
    """Return a balance with its movements; of money the matrix of transactions."""
    if kind == "money":
        matrix = transactions(dataset, year)
        return [_matrix(matrix, f"Transactions of {year}, billion roubles: receipts +, payments -")]
    span = f"{year}/{(year + 1) % 100:02d}" if KINDS[kind].agricultural else str(year)
    drawn = balance(dataset, kind, year)
    drawn.loc["total"] = drawn.sum()
    frame = drawn.reset_index(names="account").assign(account=lambda f: f["account"].map(words))
    columns = {name: name for name in frame.columns}
    unit = str(dataset[f"{KINDS[kind].commodity}_{balance(dataset, kind, year).index[0]}"].attrs["units"])
    moved = movements(dataset, kind, year)
    moved = moved.assign(**{column: moved[column].map(words) for column in ("from", "to")})
    shown = {"gap": _small}
    return [
        table(frame, columns, f"Balance of {kind}, {span}, {unit}", shown, folded=True),
        table(moved, {n: n for n in moved.columns}, f"Movements of {kind}, {span}, {unit}", folded=True),
    ]


def _matrix(matrix: pd.DataFrame, caption: str) -> Table:
    rows = tuple(
        (cell(words(name)), *(cell(round(float(v), 3) + 0.0, number) for v in row))
        for name, row in zip(matrix.index, matrix.to_numpy(), strict=True)
    )
    return Table(caption, ("payment", *map(words, matrix.columns)), rows, folded=True)


def _small(value: float) -> str:
    return "0" if value == 0 else f"{value:.0e}" if np.isfinite(value) else "-"


def _events(events: pd.DataFrame) -> Section:
    about = Text("Decrees are given to the model; all other events came out of it.")
    columns = {name: words(name) for name in events.columns}
    return Section("events", "Events", (about, table(events, columns, f"{len(events)} events", folded=True)))
