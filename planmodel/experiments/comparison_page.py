"""The page of a comparison of scenarios."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from planmodel.engine import UserError
from planmodel.experiments.paths import beside, beside_by_region, draw_panel, read_paths
from planmodel.runs.checks import checks_by_name
from planmodel.scenario import load_scenario
from planmodel.sections import (
    difference_table,
    economies_in,
    provenance_section,
    quoted,
    read,
    read_csv,
    reading_of,
    rerun_section,
)
from planmodel.show import plot
from planmodel.show.content import Block, Commands, Figure, Figures, Note, Page, Section, Text, sheets, table
from planmodel.show.numbers import percent, unit_of, whole, words

_COLUMNS = {
    "title": "quantity",
    "unit": "unit",
    "year": "year",
    "scenario": "scenario",
    "median": "median",
    "low": "5 %",
    "high": "95 %",
    "ratio": "over the first",
    "more": "more than in the first",
}


def comparison_page(folder: Path, manifest: Mapping[str, Any]) -> Page:
    """Return the page of a comparison."""
    names = [str(name) for name in manifest["scenarios"]]
    members = manifest["members"]
    rows = read_csv(folder / "table.csv", "title", "year", "scenario", "median")
    first, *others = names
    question = (
        f"What comes out otherwise in {', '.join(others) or 'no other scenario'} than in {first}, for the "
        f"same {members} members: the same parameters and the same weather in all of them?"
    )
    given = (
        "Shares of members are probabilities given this model and these members, not of history. A scenario "
        "that was never tried has no record to be held against."
    )
    about = f"Medians over members. In brackets: per cent of members in which there is more than in {first}."
    caption = f"All {len(rows)} figures, with the band of 90 % of the members"
    outcome = table(rows, _COLUMNS, caption, {"more": percent, "year": whole}, folded=True)
    alone = tuple(quoted("planmodel", "check", name) for name in names)
    by_name = [name for economy in economies_in(manifest) for name in checks_by_name(economy)]

    def in_words(file: Path) -> tuple[str, str]:
        shown = ", ".join(dict.fromkeys(rows["title"]))
        return words(file.stem).capitalize(), f"Paths of {', '.join(names)}: {shown}. The table has numbers."

    return Page(
        f"{first} against {', '.join(others)}" if others else first,
        f"Comparison of {len(names)} scenarios over {members} common members",
        (
            Section("question", "Question", (Text(question), Note(given), Note(reading_of(manifest)))),
            Section("outcome", "What came out", (Text(about), beside(rows), outcome)),
            *_regions(folder, first, members),
            Section("figures", "Figures", _figures(folder, in_words)),
            _scenarios(manifest["scenarios"]),
            Section(
                "checks",
                "Reality checks",
                (
                    Text("Scenarios are judged one by one, with the runs that checks need; some ready checks "
                         "are run only where they are named:"),
                    Commands((*alone, *(quoted("planmodel", "check", "--config", n) for n in by_name))),
                ),
            ),
            Section(
                "balances",
                "Balances",
                (Text("Every commodity of every member is audited in every month: a comparison in which "
                      "books do not close by 1e-9 of a month's turnover breaks off and writes nothing."),),
            ),
            provenance_section(manifest, [("members", members), ("draws", manifest.get("draws"))]),
            rerun_section(
                [quoted(*manifest["command"])],
                "To another folder (--out), or with --force; one scenario with its record: planmodel run.",
            ),
        ),
    )  # fmt: skip


def _regions(folder: Path, first: str, members: int) -> tuple[Section, ...]:
    """Return the regions side by side, where some scenario has any."""
    file = folder / "by_region.csv"
    if not file.is_file():
        return ()
    rows = read_csv(file, "title", "region", "year", "scenario", "median")
    about = Text("Medians over members, as above; a scenario that is one country has none.")
    return (Section("by_region", "By region", (about, *beside_by_region(rows, first, members))),)


def _figures(folder: Path, in_words: Callable[[Path], tuple[str, str]]) -> tuple[Block, ...]:
    """Return a figure a quantity, or the sheets of the folder where it has no paths."""
    file = folder / "paths.nc"
    if not file.is_file():
        return sheets(folder, in_words)
    paths = read(file, read_paths)
    about = "Medians over members; the band, of the first only where scenarios are many, holds 90 % of them."
    return (Text(about), _figures_of_paths(paths))


def _figures_of_paths(paths: xr.Dataset) -> Figures:
    """Draw the paths of each quantity in all scenarios.

    Parameters
    ----------
    paths
        Of a comparison: dimensions scenario, member and year.
    """
    drawn = []
    for name in paths.data_vars:
        with plot.alone(bottom=0.95, height=3.7) as axis:
            draw_panel(axis, paths[name])
            axis.set_title("")
            axis.legend(
                loc="upper center", bbox_to_anchor=(0.5, -0.12), ncols=3, fontsize=7.5, handlelength=3
            )
            lines = [(str(line.get_label()), np.asarray(line.get_xydata())) for line in axis.get_lines()]
            picture = plot.source_of(axis)
        about = paths[name].attrs
        title = f"{about['long_name']}, {unit_of(about['units'])}"
        said = "; ".join(plot.path_in_words(label, points) for label, points in lines)
        drawn.append(Figure(title, f"Paths of {title}, medians by scenario. {said}.", picture))
    return Figures("", tuple(drawn))


def _scenarios(digests: Mapping[str, str]) -> Section:
    """Return how each scenario differs from the first, where they are still what they were."""
    blocks: list[Block] = []
    loaded = {}
    for name, digest in digests.items():
        try:
            scenario = load_scenario(name)
        except UserError:
            blocks.append(Note(f"{name}: is no ready scenario; its differences cannot be shown here."))
            continue
        if scenario.digest() != digest:
            blocks.append(Note(f"{name}: has changed since; differences are those of today."))
        loaded[name] = scenario
    first = next(iter(digests))
    for name, scenario in loaded.items():
        said = [part.strip().rstrip(".") for part in (name, scenario.title, scenario.description) if part]
        blocks.append(Text(". ".join(said) + "."))
        if name != first and first in loaded:
            blocks.append(difference_table(loaded[first], scenario, folded=True))
    return Section("scenario", "Scenarios", tuple(blocks))
