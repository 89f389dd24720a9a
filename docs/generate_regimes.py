"""Write the tables of regimes.md: ``python docs/generate_regimes.py [--draws POSTERIOR] [--number N]``.

Only what stands between the markers is written; the prose around them says nothing that a new posterior could
make untrue.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from planmodel.experiments.compare import Comparison, compare
from planmodel.provenance import code_sha256
from planmodel.runs.checking import Verdict, judge
from planmodel.runs.checks import load_checks
from planmodel.runs.posterior import read_posterior
from planmodel.scenario import Scenario, load_scenario
from planmodel.scenario.load import change_scenario
from planmodel.show.markdown import markdown
from planmodel.show.numbers import hundredths, percent, short, unit_of, with_range

PAGE = Path(__file__).with_name("regimes.md")
UNCOMPELLED = ("forced", "nep", "joint_opposition", "voluntary")
COMPELLED = ("forced", "moderate_plan", "no_exports_1931_33", "no_camps", "early_markets")
ROADS = tuple(dict.fromkeys(UNCOMPELLED + COMPELLED))
_FREE = "decrees.end_of_emergency_measures.effects"
# What NEP hangs on: what is said of it in the table -> what is set otherwise.
ASSUMPTIONS: dict[str, dict[str, Any]] = {
    "as configured": {},
    "the state's price does not answer": {f"{_FREE}.procurement_price_response": 0.0},
    "the state pays less (`price_ceiling` 1.5)": {"parameters.procurement.price_ceiling": 1.5},
    "the state pays all that bread bears (2.3)": {"parameters.procurement.price_ceiling": 2.3},
    "peasants keep food and all feed (`kept_for_use` 1)": {"parameters.procurement.kept_for_use": 1.0},
    "peasants keep food only (0.5)": {"parameters.procurement.kept_for_use": 0.5},
    "acreage does not answer (`area_elasticity` 0)": {"parameters.cropping.area_elasticity": 0.0},
    "the push of the plans (`accumulation_push` 1)": {
        "decrees.accumulation_by_the_market.effects.accumulation_push": 1.0
    },
}
ASKED = (
    ("grain_procurement", 1932),
    ("grain_procurement", 1937),
    ("town_nutrition", 1937),
    ("excess_deaths", 1940),
    ("cattle", 1940),
    ("output_a", 1940),
)
_MARKS = re.compile(r"<!-- (\w+) begins -->\n.*?<!-- \1 ends -->", re.DOTALL)


def outcomes(comparison: Comparison, names: Sequence[str]) -> str:
    """Return some scenarios side by side: medians, in brackets how often more than in the first."""
    lines = []
    for (_, title, unit, year), group in _by_quantity(comparison.table(comparison.usual_years)):
        found = {row["scenario"]: row for row in group}
        cells = [f"{short(found[n]['median'])} ({hundredths(found[n]['more'])})" for n in names]
        cells[0] = short(found[names[0]]["median"])
        what = f"{title}, {unit_of(unit)}" if year == comparison.usual_years[0] else ""
        lines.append((what, str(year), *cells))
    return markdown(("Quantity", "Year", *names), lines)


def assumptions(draws: Mapping[str, Any]) -> str:
    """Return the table of what NEP gives when one of its assumptions is another."""
    nep = load_scenario("nep")
    roads = [
        change_scenario(nep, changes, said).model_copy(update={"name": said})
        for said, changes in ASSUMPTIONS.items()
    ]
    table = compare(roads, draws).table(sorted({year for _, year in ASKED}))
    heads = {(q, y): f"{t}, {u}, {y}" for (q, t, u, y), _ in _by_quantity(table)}
    lines = []
    found = {(r["quantity"], r["year"], r["scenario"]): r for r in table.to_dict("records")}
    for road in roads:
        rows = [found[quantity, year, road.name] for quantity, year in ASKED]
        cells = [with_range(r["median"], r["low"], r["high"]) for r in rows]
        lines.append((road.name, *cells))
    return markdown(("", *(heads[key] for key in ASKED)), lines)


def verdicts(judged: Sequence[Verdict]) -> str:
    """Return the statements on the roads and what became of them."""
    rows = [
        (verdict.check.statement, "passed" if verdict.passed else "**failed**", percent(verdict.share))
        for verdict in judged
    ]
    return markdown(("Statement", "Verdict", "Draws in which it holds"), rows)


def origin(draws: str, number: int) -> str:
    """Return from what the tables are."""
    return (
        f"{number} draws of the posterior `{draws}`, common to all roads: the same parameters and the same\n"
        f"weather. Code of the model: `{code_sha256()[:12]}`."
    )


def filled(page: str, blocks: Mapping[str, str]) -> str:
    """Return the page with new blocks between its markers.

    Raises
    ------
    ValueError
        If a block has no markers, or markers have no block.
    """
    marked = set(_MARKS.findall(page))
    if marked != set(blocks):
        raise ValueError(f"markers {sorted(marked)}, blocks {sorted(blocks)}")

    def block(found: re.Match[str]) -> str:
        name = found.group(1)
        return f"<!-- {name} begins -->\n{blocks[name]}\n<!-- {name} ends -->"

    return _MARKS.sub(block, page)


def _by_quantity(table: pd.DataFrame) -> list[tuple[tuple[str, str, str, int], list[dict[str, Any]]]]:
    groups = table.groupby(["quantity", "title", "unit", "year"], sort=False)
    return [(key, group.to_dict("records")) for key, group in groups]


def main() -> None:
    """Run the roads and write the tables."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--draws", default="archival")
    asked.add_argument("--number", type=int, default=20)
    given = asked.parse_args()
    roads: list[Scenario] = [load_scenario(name) for name in ROADS]
    draws = read_posterior(given.draws).some(given.number)
    comparison = compare(roads, draws)
    blocks = {
        "origin": origin(given.draws, given.number),
        "uncompelled": outcomes(comparison, UNCOMPELLED),
        "compelled": outcomes(comparison, COMPELLED),
        "assumptions": assumptions(draws),
        "checks": verdicts(judge(load_checks("regimes"), load_scenario("baseline"), draws)),
    }
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8"), blocks), encoding="utf-8")


if __name__ == "__main__":
    main()
