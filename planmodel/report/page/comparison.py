"""The page of a comparison of scenarios."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from planmodel.kernel import UserError
from planmodel.report.page.content import Block, Commands, Note, Page, Section, Text, share, table, words
from planmodel.report.page.drawing import sheets
from planmodel.report.page.parts import (
    READING,
    difference_table,
    provenance_section,
    quoted,
    read_csv,
    rerun_section,
)
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
    about = (
        f"Medians over members, and the band of 90 % of them. More than in the first: in which share of the "
        f"members the quantity is higher than in {first}."
    )
    outcome = table(rows, _COLUMNS, f"All {len(rows)} rows", {"more": share, "year": "{:.0f}".format})
    alone = tuple(quoted("planmodel", "check", name) for name in names)

    def in_words(file: Path) -> tuple[str, str]:
        shown = ", ".join(dict.fromkeys(rows["title"]))
        return words(file.stem).capitalize(), f"Paths of {', '.join(names)}: {shown}. The table has numbers."

    return Page(
        f"{first} against {', '.join(others)}" if others else first,
        f"Comparison of {len(names)} scenarios over {members} common members",
        (
            Section("question", "Question", (Text(question), Note(given), Note(READING))),
            _scenarios(manifest["scenarios"]),
            Section("outcome", "What came out", (Text(about), outcome)),
            Section("figures", "Figures", sheets(folder, in_words) or (Text("No figures."),)),
            Section(
                "checks",
                "Reality checks",
                (Text("Scenarios are judged one by one, with the runs that checks need:"), Commands(alone)),
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
        said = [part for part in (name, scenario.title, scenario.description) if part]
        blocks.append(Text(". ".join(part.rstrip(".") for part in said) + "."))
        if name != first and first in loaded:
            blocks.append(difference_table(loaded[first], scenario))
    return Section("scenario", "Scenarios", tuple(blocks))
