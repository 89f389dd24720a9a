"""The page of a sensitivity analysis."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from planmodel.runs.opening import count_members
from planmodel.sections import (
    other_tables,
    provenance_section,
    quoted,
    read,
    read_csv,
    reading_of,
    rerun_section,
)
from planmodel.sensitivity.running import ensemble_folder
from planmodel.show.content import Block, Note, Page, Section, Text, listed, sheets, table
from planmodel.show.numbers import whole, words

_INDICES = ("title", "unit", "year", "method", "index", "input", "value", "low", "high", "samples")
_JUDGED = ("converged", "note")


def sensitivity_page(folder: Path, manifest: Mapping[str, Any]) -> Page:
    """Return the page of an analysis: its folder, or the folder ``results`` in it."""
    results = folder if (folder / "manifest.json").exists() else folder / "results"
    about = manifest["configuration"]
    methods = ", ".join(about.get("methods", ())) or "no index"
    readings = read(results / "readings.md", lambda file: file.read_text("utf-8")).splitlines()
    said: list[Block] = [Text(line.removeprefix("- ")) for line in readings if line.startswith("- ")]
    tables: list[Block] = []
    if (results / "indices.csv").exists():
        indices = read_csv(results / "indices.csv", "input", "value")
        known = [name for name in (*_INDICES, *_JUDGED) if name in indices and indices[name].notna().any()]
        columns = {name: "output" if name == "title" else name for name in known}
        tables.append(table(indices, columns, f"All {len(indices)} indices", {"year": whole}))
    tables += other_tables(results, {"indices"})
    question = (
        f"On which parameters and inputs do these outputs of scenario {manifest['scenario']} hang, when all "
        f"of them vary together over their ranges ({methods}; {manifest['members']:,} members)?"
    )
    ranges = (
        "What is found holds for the ranges that were varied and for this model. A narrow range makes an "
        "input seem unimportant. What is not converged is not interpreted."
    )
    failed = f"{manifest.get('failed', 0)} of {manifest['members']:,}"
    lacking = _lacking(results.parent, manifest.get("ensembles", {}))
    books = (
        f"Every commodity of every member is audited in every month; a member whose books do not close by "
        f"1e-9 of a month's turnover breaks off and counts as failed. {failed} failed."
    )

    def in_words(file: Path) -> tuple[str, str]:
        title = words(file.stem).capitalize()
        return title, f"{title} of the inputs, for each output; the table of indices has the numbers."

    period = f"Scenario {manifest['scenario']}, until {manifest.get('until', 'its end')}."
    varied = [(str(name), _range(given)) for name, given in about.get("vary", {}).items()]
    inputs = listed(varied, ("input", "range"), f"{len(varied)} entries that vary")
    return Page(
        about.get("title") or f"Sensitivity: {words(manifest['analysis'])}",
        f"Sensitivity analysis {manifest['analysis']}: {methods}, {manifest['members']:,} members",
        (
            Section(
                "question", "Question", (Text(question), *lacking, Note(ranges), Note(reading_of(manifest)))
            ),
            Section("scenario", "Scenario", (Text(period), inputs)),
            Section("outcome", "What came out", tuple(said) or (Text("No readings."),)),
            Section("figures", "Figures", sheets(results / "figures", in_words)),
            Section("indices", "Indices and shares", tuple(tables)),
            Section("balances", "Balances", (Text(books),)),
            provenance_section(manifest, [("members", manifest["members"])]),
            rerun_section(
                [quoted(*manifest["command"])], "What was run already is not run again in the same folder."
            ),
        ),
    )


def _lacking(folder: Path, asked: Mapping[str, int]) -> tuple[Note, ...]:
    """Return a note on the ensembles that are not whole: the tables were made when they were."""
    said = []
    for run, members in asked.items():
        place = ensemble_folder(folder, run)
        there = count_members(place, members) if place.is_dir() else None
        note = f"no folder {place.name}" if there is None else there.note()
        if note is not None:
            said.append(f"{run}: {note}")
    return (Note(f"The ensembles are not whole now. {'; '.join(said)}."),) if said else ()


def _range(given: Any) -> str:
    """Say over what an input varies."""
    if isinstance(given, Mapping) and given:
        return ", ".join(f"{words(key)} {value}" for key, value in given.items())
    return "as declared" if isinstance(given, Mapping) else str(given)
