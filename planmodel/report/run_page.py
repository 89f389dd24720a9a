"""The page of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import xarray as xr

from planmodel.calibration.reality import judge_results, reality_section
from planmodel.netcdf import read_netcdf
from planmodel.report.books import balances_section
from planmodel.report.comparison import compare, left_out, shown_quantities, shown_years, summary
from planmodel.report.page_figures import figures_of_run
from planmodel.report.regional_figures import regional_section
from planmodel.report.regional_score import regional_blocks, score_regions
from planmodel.report.score import TOLERANCE, score, summary_lines
from planmodel.scenario import Scenario, load_scenario
from planmodel.sections import (
    provenance_section,
    quoted,
    read,
    read_csv,
    rerun_section,
    scenario_section,
)
from planmodel.show.content import Block, Note, Page, Section, Text, table
from planmodel.show.numbers import percent, signed_percent, unit_of, words


def run_page(folder: Path, manifest: Mapping[str, Any]) -> Page:
    """Return the page of a run."""
    scenario = load_scenario(folder / "scenario.toml")
    dataset = read(folder / "results.nc", read_netcdf)
    events = read_csv(folder / "events.csv", "date", "kind", "text")
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
            *_regions(dataset, scenario),
            _record(dataset, scenario),
            reality_section(judge_results(dataset, scenario), members, check),
            balances_section(dataset, manifest["audit"], scenario.declared),
            _events(events),
            provenance_section(manifest, [("members", manifest["members"])]),
            rerun_section([line], "The scenario of this run stands whole in scenario.toml of its folder."),
        ),
    )


def _question(scenario: Scenario, histories: str) -> Section:
    blocks = [Text(scenario.description)] if scenario.description else []
    blocks.append(
        Text(
            f"What follows, month by month, if decrees, documented series and sizes are those of scenario "
            f"{scenario.name}: {histories}. Crises are not scheduled; what the record says is shown beside."
        )
    )
    return Section("question", "Question", (*blocks, Note(scenario.declared.reading)))


def _summary(dataset: xr.Dataset, scenario: Scenario) -> Section:
    years = shown_years(dataset["time"].dt.year.values, scenario.declared)
    if not scenario.declared.indicators:
        return _shown(dataset, scenario, years)
    rows = summary(dataset, compare(dataset, scenario), scenario.declared.indicators, years)
    columns = {"title": "quantity", "unit": "unit"}
    for year in years:
        columns |= {f"model {year}": f"{year} model", f"recorded {year}": "record"}
    columns |= {"misfit": "misfit"}
    figures = [name for name in columns if name.startswith("model")]
    rows = rows[rows[figures].notna().any(axis=1)]
    rows = rows.assign(unit=rows["unit"].map(unit_of))
    shown = table(rows, columns, "Model and record in some years", {"misfit": percent})
    about = "Medians over members. Misfit: mean absolute error over all dates of the record, as a share."
    return Section("outcome", "What came out", (Text(about), shown))


def _shown(dataset: xr.Dataset, scenario: Scenario, years: Sequence[int]) -> Section:
    """Return the quantities that an economy shows which compares none with a record."""
    columns = {"title": "quantity", "unit": "unit"} | {f"model {year}": str(year) for year in years}
    rows = shown_quantities(dataset, scenario.declared, years).reindex(columns=list(columns))
    shown = table(rows, columns, "The model in some years")
    about = "Medians over members. Flows: sums over the year; all else: on its last day."
    return Section("outcome", "What came out", (Text(about), shown))


def _figures(dataset: xr.Dataset, scenario: Scenario) -> Section:
    many = dataset.sizes["member"] > 1
    about = "Lines: the model" + (" (median; bands: 50 % and 90 % of members)" if many else "")
    about += "; points: the record. Where a quantity is a flow, by year."
    return Section("figures", "Figures", (Text(about), *figures_of_run(dataset, scenario)))


def _regions(dataset: xr.Dataset, scenario: Scenario) -> tuple[Section, ...]:
    """Return what came out by region, drawn and beside the record; nothing where there are no regions."""
    drawn, scored = regional_section(dataset, scenario), score_regions(dataset, scenario, TOLERANCE)
    if scored is None:
        return drawn
    blocks = [block for section in drawn for block in section.blocks]
    return (Section("by_region", "By region", (*blocks, *regional_blocks(scored))),)


def _record(dataset: xr.Dataset, scenario: Scenario) -> Section:
    met = compare(dataset, scenario)
    if met.empty:
        none = Text("The scenario names no version of the record for the dates of this run.")
        return Section("record", "Model against record", (none,))
    met = met.assign(
        title=[scenario.declared.indicators[name].title for name in met["variable"]],
        unit=met["unit"].map(unit_of),
    )
    columns = {"title": "quantity", "variable": "name", "version": "version", "date": "date", "unit": "unit"}
    columns |= {"recorded": "record", "model": "model", "error": "error"}
    blocks: list[Block] = [Text(line + ".") for line in summary_lines(score(dataset, met, scenario.declared))]
    if said_of_evidence := left_out(scenario):
        blocks.append(Note(f"{said_of_evidence}."))
    about = (
        "A point is near if the model lies within 30 % of it; base years of indices and series that are "
        "given to the model are not counted. In a still economy nothing moves after the first year: what it "
        "comes near to needs no model."
    )
    blocks += [Text(about), table(met, columns, f"All {len(met)} points", {"error": signed_percent})]
    return Section("record", "Model against record", tuple(blocks))


def _events(events: pd.DataFrame) -> Section:
    about = Text("Decrees are given to the model; all other events came out of it.")
    columns = {name: words(name) for name in events.columns}
    return Section("events", "Events", (about, table(events, columns, f"{len(events)} events", folded=True)))
