"""The page of a calibration."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from planmodel.calibration.reality import judge_results, reality_section
from planmodel.calibration.screen import TRIAL, table_of_parameters, table_of_scores, table_of_series
from planmodel.engine import UserError
from planmodel.runs.history import run_fully
from planmodel.scenario import load_scenario
from planmodel.sections import (
    other_tables,
    provenance_section,
    quoted,
    read_csv,
    reading_of,
    rerun_section,
    scenario_section,
)
from planmodel.show.content import Block, Note, Page, Section, Text, sheets, table
from planmodel.show.numbers import number, signed_percent, words

_POINTS = {
    "series": "series",
    "date": "date",
    "version": "version",
    "low": "record",
    "high": "or up to",
    "model": "model",
    "deviation": "deviation",
    "in_errors": "in errors",
    "band_low": "5 %",
    "band_high": "95 %",
    "band_inside": "in band",
}


def calibration_page(folder: Path, manifest: Mapping[str, Any]) -> Page:
    """Return the page of a calibration."""
    about, name = manifest["configuration"], manifest["calibration"]
    series = read_csv(folder / "series.csv", "series", "before", "after")
    parameters = read_csv(folder / "parameters.csv", "parameter", "value")
    points = read_csv(folder / "points.csv", "series", "date", "model")
    return Page(
        about.get("title") or f"Calibration {words(name)}",
        f"Calibration {name}: {len(parameters)} parameters fitted to {len(points)} figures of "
        f"{len(series)} series",
        (
            _question(manifest, len(parameters), len(points)),
            _outcome(manifest, series),
            _parameters(parameters),
            _figures(folder, series),
            _record(points),
            *_forecasts(folder, about),
            *_others(folder),
            *_fitted_parts(folder),
            provenance_section(
                manifest,
                [
                    ("runs", manifest.get("runs")),
                    ("seconds by stage", _stages(manifest.get("seconds", {}))),
                ],
            ),
            rerun_section(
                [
                    quoted(*manifest.get("command", ())),
                    quoted("planmodel", "run", folder / "calibrated.toml", "--out", "out/calibrated"),
                ],
                "The first line calibrates again (to another folder: --out, or --force); the second runs "
                "the fitted scenario.",
            ),
        ),
    )


def _question(manifest: Mapping[str, Any], parameters: int, points: int) -> Section:
    about = manifest["configuration"]
    said = [about["description"]] if about.get("description") else []
    text = (
        f"Which values of {parameters} parameters, within the ranges allowed, bring scenario "
        f"{manifest.get('scenario', about.get('scenario'))} nearest to {points} figures of the record, and "
        f"which of them does the record determine at all?"
    )
    believed = (
        "The fit holds for the versions of the record that were chosen, the errors that they were given, and "
        "the forms of the model. Agreement with figures that were fitted to is no evidence for the model."
    )
    return Section(
        "question", "Question", (*map(Text, said), Text(text), Note(believed), Note(reading_of(manifest)))
    )


def _outcome(manifest: Mapping[str, Any], series: pd.DataFrame) -> Section:
    starts = ", ".join(number(m) for m in manifest["misfit_by_start"])
    runs = f"{manifest['runs']:,} runs were made" if "runs" in manifest else "The runs are not counted"
    from_journal = manifest.get("evaluations_from_journal", 0)
    text = (
        f"{runs}, {from_journal:,} answers came from the journal of an earlier start. "
        f"Misfit at the ends of all starts: {starts}. Before and after: root mean square deviation of "
        f"logarithms (of shares: absolute). In errors: the same over the standard errors of figure and model."
    )
    shown = table_of_series(series, "Series, the worst fitted first")
    trial = (Note(TRIAL),) if manifest["configuration"].get("trial") else ()
    return Section("outcome", "What came out", (*trial, Text(text), shown))


def _parameters(parameters: pd.DataFrame) -> Section:
    kept = (
        "Kept of the prior: standard deviation over that of a uniform distribution over the allowed range, "
        "with all others unknown. Near 100 % the record says nothing of the parameter, whatever was fitted."
    )
    blocks: list[Block] = [Text(kept)]
    if "together" in parameters:
        unknown = parameters.loc[parameters["together"] > 0.7, "parameter"].tolist()
        said = f"Not determined by the record (more than 70 % kept): {', '.join(unknown) or 'none'}."
        blocks.append(Note(said) if unknown else Text(said))
    if "scale_reduction" in parameters and (parameters["scale_reduction"] > 1.1).any():
        blocks.append(Note("The posterior has not converged (scale reduction above 1.1): bands are rough."))
    blocks.append(table_of_parameters(parameters, f"{len(parameters)} parameters"))
    return Section("parameters", "Parameters", tuple(blocks))


def _figures(folder: Path, series: pd.DataFrame) -> Section:
    fit = "; ".join(
        f"{words(row['series'])} {number(row['before'])} before, {number(row['after'])} after"
        for row in series.to_dict("records")
    )

    def in_words(file: Path) -> tuple[str, str]:
        name = file.stem
        if name.startswith("series"):
            title = f"Series, sheet {name.removeprefix('series_')}"
            return title, (
                f"{title}: model, model before the fit and record by date, the worst fitted series first. "
                f"Deviations of all series: {fit}."
            )
        if name == "parameters":
            text = "Fitted values within the allowed ranges, and how much of the prior is kept; the table of "
            return "Parameters", text + "parameters holds the numbers."
        if name == "profiles":
            return "Profiles", "Misfit along the range of each parameter, all others fitted anew."
        return words(name).capitalize(), f"Figure {words(name)} of the calibration."

    return Section("figures", "Figures", sheets(folder / "figures", in_words))


def _record(points: pd.DataFrame) -> Section:
    about = Text("Two numbers of the record are a range, one alone a floor or a ceiling.")
    shown = table(points, _POINTS, f"All {len(points)} figures", {"deviation": signed_percent})
    return Section("record", "Model against record", (about, shown))


def _forecasts(folder: Path, about: Mapping[str, Any]) -> tuple[Section, ...]:
    """Return how the fit does on what it was not given, where that was asked for."""
    until = about.get("validation", {}).get("fit_until", "an earlier year")
    titles = {
        "forecast": f"Fitted up to {until}, forecast after: mean errors",
        "left_out": "Each series from a fit to the others: mean errors",
    }
    blocks: list[Block] = []
    for name, title in titles.items():
        if (folder / f"{name}.csv").exists():
            scores = read_csv(folder / f"{name}.csv", "series", "moves", "model_wins")
            moving = scores[scores["moves"]]
            won = int(moving["model_wins"].sum())
            blocks.append(Text(f"{title}. The model is best in {won} of {len(moving)} series that move."))
            blocks.append(table_of_scores(scores, title))
    return (Section("validation", "What was left out of the fit", tuple(blocks)),) if blocks else ()


def _others(folder: Path) -> tuple[Section, ...]:
    """Return what else the folder holds: latent weather, biases, profiles, whatever a calibration wrote."""
    shown = {"series", "parameters", "points", "forecast", "left_out"}
    blocks = other_tables(folder, shown)
    return (Section("others", "Other tables", tuple(blocks)),) if blocks else ()


def _fitted_parts(folder: Path) -> tuple[Section, ...]:
    """Return the fitted scenario, its reality checks and its books: it is run once, here and now."""
    try:
        scenario = load_scenario(folder / "calibrated.toml")
        done = run_fully(scenario)
    except UserError as error:
        note = Note(f"The fitted scenario cannot be run here: {error}")
        return (Section("scenario", "Scenario", (note,)),)
    command = quoted("planmodel", "check", folder / "calibrated.toml")
    posterior = folder / "posterior.nc"
    if posterior.exists():
        command += " " + quoted("--draws", posterior)
    closing = (
        f"The fitted scenario was run for this page with the code of today; every commodity was audited in "
        f"every month. Largest residual: {done.worst_residual:.1e} of a month's turnover; allowed 1e-09."
    )
    return (
        scenario_section(scenario),
        reality_section(judge_results(done.dataset, scenario), 1, command),
        Section("balances", "Balances", (Text(closing),)),
    )


def _stages(seconds: Mapping[str, float]) -> str:
    return ", ".join(f"{stage} {time:.0f}" for stage, time in seconds.items())
