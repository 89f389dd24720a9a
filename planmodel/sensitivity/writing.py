"""The folder of an analysis: tables, readings, figures and manifest beside the ensembles."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from planmodel.plausibility import said
from planmodel.provenance import code_hashes, data_hashes, git_state, machine, package_versions
from planmodel.runs.resolve import told
from planmodel.sensitivity.analyse import Result as Analysed
from planmodel.sensitivity.drawing import draw_analysis
from planmodel.sensitivity.screen import tables
from planmodel.sensitivity.words import readings
from planmodel.show.content import Block, Note, Result, Text
from planmodel.show.sheets import write_result
from planmodel.storage import Reserved, reserve

_PACKAGES = ("planmodel", "SALib", "simpy", "numpy", "scipy", "pandas", "xarray")
_RESULTS = "results"
WRITER = "planmodel sensitivity"


def results_folder(folder: Path) -> Path:
    """Return where the results of an analysis stand."""
    return folder / _RESULTS


def write_analysis(result: Analysed, folder: Path, figures: bool = True) -> list[Path]:
    """Write the results beside the ensembles, whole or not at all; return the figures, if they are wanted.

    Raises
    ------
    UserError
        If the folder cannot be written.
    """
    more = partial(_write_readings, result)
    return write_result(result_of(result), results_folder(folder), WRITER, True, more, figures)


def reserved_results(folder: Path) -> AbstractContextManager[Reserved]:
    """Hold the results of an analysis; earlier ones of an analysis are replaced, nothing else is."""
    return reserve(results_folder(folder), WRITER, force=True)


def result_of(analysed: Analysed) -> Result:
    """Return what an analysis came to: tables, what they say in words, figures and manifest."""
    blocks: list[Block] = [*tables(analysed), *(Text(line) for line in readings(analysed))]
    blocks.append(Text(said(analysed.plausibility)))
    if analysed.failed:
        blocks.append(Note(f"{analysed.failed} members failed; see failures.json of the ensembles"))
    title = analysed.analysis.title or analysed.analysis.name
    draw = partial(_draw, analysed)
    files = {name: frame for name, frame in _tables(analysed).items() if len(frame)}
    return Result(title, tuple(blocks), files, draw, manifest(analysed))


def _draw(analysed: Analysed, folder: Path) -> None:
    draw_analysis(analysed, folder / "figures")


def _write_readings(analysed: Analysed, folder: Path) -> None:
    """Write what the tables and figures say in words."""
    lines = "\n".join(f"- {line}" for line in readings(analysed))
    title = analysed.analysis.title or analysed.analysis.name
    (folder / "readings.md").write_text(f"# {title}\n\n{lines}\n", encoding="utf-8")


def _tables(result: Analysed) -> dict[str, pd.DataFrame]:
    titles = {s.name: {"output": s.output, "year": s.year} for s in result.series}
    frames = {"indices": result.table()}
    traces = [i.trace.assign(method=m, **titles[n]) for (m, n), i in result.indices.items() if len(i.trace)]
    frames["growing_sample"] = pd.concat(traces, ignore_index=True) if traces else pd.DataFrame()
    for name in ("table", "pairs", "trace"):
        found = [
            getattr(s, name).assign(
                **titles[n], with_all=s.full, without=s.none, draws=s.draws,
                interpretable=s.interpretable, note=s.note,
            )
            for n, s in result.shares.items()
        ]  # fmt: skip
        label = {"table": "shares", "pairs": "pairs", "trace": "growing_shares"}[name]
        frames[label] = pd.concat(found, ignore_index=True) if found else pd.DataFrame()
    frames["boxes"] = _boxes(result)
    return frames


def _boxes(result: Analysed) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    for name, box in result.boxes.items():
        about = {
            "outcome": name, "share": box.share, "coverage": box.coverage, "density": box.density,
            "density_low": box.density_low, "density_high": box.density_high, "members": box.members,
            "interpretable": box.interpretable, "note": box.note,
        }  # fmt: skip
        limits = [
            {"input": result.prepared.design.inputs[i], "at_least": box.low[i], "at_most": box.high[i],
             "by_chance": chance}
            for i, chance in box.restricted.items()
        ]  # fmt: skip
        rows += [about | limit for limit in limits] or [about]
    return pd.DataFrame(rows)


def manifest(result: Analysed) -> dict[str, Any]:
    """Return what is needed to tell how an analysis came about, and to repeat it."""
    scenario = next(iter(result.prepared.members.values())).scenario
    return {
        "analysis": result.analysis.name,
        "configuration": result.analysis.model_dump(mode="json", exclude_none=True, exclude={"data"}),
        "scenario": scenario.name,
        "scenario_sha256": scenario.digest(),
        **data_hashes(scenario.data_hashes),
        "until": str(scenario.period.end),
        "origins": {run: told(members) for run, members in result.prepared.members.items()},
        "members": result.members,
        "ensembles": {run: len(members) for run, members in result.prepared.members.items()},
        "run_just_now": result.run,
        "failed": result.failed,
        "plausibility": result.plausibility,
        "seconds": result.seconds,
        "command": ["planmodel", *sys.argv[1:]],
        "written": datetime.now(UTC).isoformat(timespec="seconds"),
        "git": git_state(),
        **code_hashes(scenario.declared),
        "packages": package_versions(_PACKAGES),
        "machine": machine(),
    }
