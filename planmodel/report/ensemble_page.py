"""The page of an ensemble."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from planmodel.calibration.reality import judge_results, reality_section
from planmodel.report.fans import fan_table
from planmodel.report.page_figures import figures_of_ensemble
from planmodel.report.regional_figures import regional_section
from planmodel.runs import open_ensemble, read_design, read_scenario
from planmodel.runs.wholeness import Wholeness, wholeness_of
from planmodel.scenario import Scenario
from planmodel.scenario.difference import flatten
from planmodel.sections import (
    provenance_section,
    quoted,
    read,
    rerun_section,
    scenario_section,
)
from planmodel.show.content import Block, Note, Page, Section, Text, listed, table
from planmodel.show.numbers import percent, unit_of, words

_FIGURES = 32  # fan charts at most; those with points of the record come first


def ensemble_page(folder: Path, manifest: Mapping[str, Any]) -> Page:
    """Return the page of an ensemble, finished or not."""
    scenario = read_scenario(folder)
    with read(folder, open_ensemble) as dataset:
        met = read(folder, lambda _: fan_table(dataset, scenario))
        title = manifest["title"] or f"Ensemble of {words(scenario.name)}"
        there = wholeness_of(dataset)
        subtitle = (
            f"Ensemble of {manifest['members']} members around scenario {scenario.name}, "
            f"{scenario.period.start} to {scenario.period.end}"
        )
        return Page(
            title,
            subtitle,
            (
                _question(manifest, scenario, there),
                _design(folder, manifest, scenario),
                scenario_section(scenario),
                _figures(dataset, scenario, met),
                *regional_section(dataset, scenario),
                _record(met),
                _checks(folder, dataset, scenario),
                _balances(folder, there),
                provenance_section(
                    manifest,
                    [
                        ("members", str(there)),
                        ("ensemble, SHA-256", manifest["ensemble_sha256"]),
                        ("design, SHA-256", manifest["identity"]["design_sha256"]),
                    ],
                ),
                rerun_section(
                    [
                        quoted(*manifest["command"]),
                        quoted(
                            "planmodel", "run", "--member", 0, "--design", folder, "--out", "out/member_0"
                        ),
                    ],
                    "The first line goes on where the ensemble was stopped, or does nothing if it is whole; "
                    "the second runs one member alone, bit for bit the same on such a machine.",
                ),
            ),
        )


def _question(manifest: Mapping[str, Any], scenario: Scenario, there: Wholeness) -> Section:
    keys = len(manifest["keys"])
    how = manifest["identity"]["configuration"]
    weather = "own weather each" if how["shocks"] == "own" else "the same weather"
    text = (
        f"How far the history of scenario {scenario.name} depends on {keys} "
        f"{'key' if keys == 1 else 'keys'} and on weather: {there} are here, "
        f"drawn by the design {how['design']}, with {weather}."
    )
    blocks: list[Block] = [Text(text)]
    lacking = there.note()
    if lacking is not None:
        blocks.append(Note(f"Not whole: {lacking}."))
    spread = (
        "Bands show what follows from these ranges and this weather, in this model. They are no statement of "
        "probability about history unless the ranges are one."
    )
    return Section("question", "Question", (*blocks, Note(spread), Note(scenario.declared.reading)))


def _design(folder: Path, manifest: Mapping[str, Any], scenario: Scenario) -> Section:
    """Return what differs between members, and how far."""
    design = read(folder, read_design)
    base = flatten(scenario.model_dump())
    rows = []
    for name, about in manifest["keys"].items():
        column = design[name]
        if about["kind"] == "number":
            values: list[Any] = [float(v) for v in np.quantile(column.to_numpy(float), [0.0, 0.5, 1.0])]
        else:
            different = sorted({str(value) for value in column})
            values = [", ".join(different[:5]) + (" ..." if len(different) > 5 else ""), None, None]
        unit = "" if about["unit"] == "1" else about["unit"]
        rows.append((name, unit, base.get(name), *values))
    headings = ("key", "unit", scenario.name, "lowest", "median", "highest")
    groups = [g for g in manifest.get("groups", []) if g.get("pattern")]
    blocks: list[Block] = [listed(rows, headings, "Values over members")]
    if groups:
        lines = [(g["number"], g["members"], str(g["pattern"])) for g in groups]
        blocks.append(listed(lines, ("group", "members", "differs in"), "Groups of one scenario each"))
    return Section("design", "What differs between members", tuple(blocks))


def _figures(dataset: xr.Dataset, scenario: Scenario, met: pd.DataFrame) -> Section:
    counted = met.groupby("variable", sort=False)["recorded"].count()
    names = counted.sort_values(ascending=False, kind="stable").index.tolist()
    shown = [name for name in met["variable"].unique() if name in set(names[:_FIGURES])]
    about = "Line and bands: median, 50 % and 90 % of the members; points: the record on its own days."
    if len(names) > len(shown):
        about += f" {len(shown)} of {len(names)} quantities are shown, those with points of the record first."
    return Section("figures", "Figures", (Text(about), figures_of_ensemble(dataset, scenario, shown)))


def _record(met: pd.DataFrame) -> Section:
    rows = met.dropna(subset=["recorded"])
    if rows.empty:
        return Section("record", "Model against record", (Text("No point of the record is met."),))
    inside = (rows["recorded"] >= rows["q5"]) & (rows["recorded"] <= rows["q95"])
    rows = rows.assign(
        inside=inside,
        date=[f"{day:%Y-%m-%d}" for day in rows["time"]],
        unit=rows["unit"].map(unit_of),
    )
    columns = {"title": "quantity", "date": "drawn at", "unit": "unit", "q5": "5 %", "q50": "median"}
    columns |= {"q95": "95 %", "recorded": "record", "inside": "in the 90 % band"}
    about = (
        f"{int(inside.sum())} of {len(rows)} points of the record lie within the 90 % band of the members "
        f"({percent(float(inside.mean()))}). Each is set beside the nearest value that was kept."
    )
    shown = table(rows, columns, f"All {len(rows)} points")
    return Section("record", "Model against record", (Text(about), shown))


def _checks(folder: Path, dataset: xr.Dataset, scenario: Scenario) -> Section:
    command = quoted("planmodel", "check", folder / "scenario.toml")
    monthly = "member" in dataset.dims and dataset.sizes["time"] > 1
    if monthly:
        first, second = pd.DatetimeIndex(dataset["time"].values[:2])
        monthly = (second - first).days < 32
    if monthly:
        return reality_section(judge_results(dataset, scenario), dataset.sizes["member"], command)
    none = "Checks need months, and this ensemble keeps years or statistics: none is judged here."
    about = (
        "The scenario that the members have in common can be judged (planmodel check), "
        "and so can draws of a posterior (its option --draws)."
    )
    return Section("checks", "Reality checks", (Text(none), Text(about)))


def _balances(folder: Path, there: Wholeness) -> Section:
    blocks: list[Block] = [
        Text(
            f"Every commodity of every member is audited in every month; a member whose books do not close "
            f"by 1e-9 of a month's turnover breaks off and counts as failed. {there.done} members closed."
        )
    ]
    file = folder / "failures.json"
    failures = read(file, lambda path: json.loads(path.read_text("utf-8"))) if file.exists() else []
    if failures:
        rows = [(str(f["members"]), str(f["error"])) for f in failures]
        blocks.append(listed(rows, ("members", "error"), "Members that failed"))
    elif not there.missing:
        blocks.append(Text("No member failed."))
    return Section("balances", "Balances", tuple(blocks))
