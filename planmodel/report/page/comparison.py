"""The page of a comparison of scenarios."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from planmodel.engine import UserError
from planmodel.report.page.content import (
    Block,
    Cell,
    Commands,
    Note,
    Page,
    Section,
    Table,
    Text,
    number,
    share,
    table,
    words,
)
from planmodel.report.page.drawing import figures_of_comparison, sheets
from planmodel.report.page.parts import (
    difference_table,
    economies_in,
    provenance_section,
    quoted,
    read,
    read_csv,
    reading_of,
    rerun_section,
)
from planmodel.report.paths import read_paths
from planmodel.runs.checks import checks_by_name
from planmodel.scenario import load_scenario

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
    outcome = table(rows, _COLUMNS, caption, {"more": share, "year": "{:.0f}".format}, folded=True)
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
            Section("outcome", "What came out", (Text(about), _beside(rows), outcome)),
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


def _beside(rows: pd.DataFrame) -> Table:
    """Return one row a quantity and year, one column a scenario."""
    names = tuple(dict.fromkeys(rows["scenario"]))
    first = names[0] if names else ""
    shown = []
    for (title, unit, year), group in rows.groupby(["title", "unit", "year"], sort=False):
        found = {row["scenario"]: row for row in group.to_dict("records")}
        cells = [
            Cell(f"{title}, {'share' if unit == '1' else unit}"),
            Cell(str(year), str(year), number=True),
        ]
        for name in names:
            row = found.get(name)
            value = np.nan if row is None else float(row["median"])
            more = f" ({100 * row['more']:.0f})" if row is not None and name != first else ""
            order = "" if np.isnan(value) else repr(value)
            cells.append(Cell(number(value) + more, order, number=True))
        shown.append(tuple(cells))
    return Table("Scenarios side by side", ("quantity", "year", *map(words, names)), tuple(shown))


def _figures(folder: Path, in_words: Callable[[Path], tuple[str, str]]) -> tuple[Block, ...]:
    """Return a figure a quantity, or the sheets of the folder where it has no paths."""
    file = folder / "paths.nc"
    if not file.is_file():
        return sheets(folder, in_words) or (Text("No figures."),)
    paths = read(file, read_paths)
    about = "Medians over members; the band, of the first only where scenarios are many, holds 90 % of them."
    return (Text(about), figures_of_comparison(paths))


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
