"""Write the table of robustness.md: ``python docs/generate_robustness.py``. It takes some seconds."""

from __future__ import annotations

import re
from pathlib import Path

from planmodel.calibration.load import load_calibration
from planmodel.robustness.content import figures
from planmodel.robustness.draws import ball, parameter_names
from planmodel.robustness.holding import Robustness, facts_of, robustness
from planmodel.runs.checks import load_checks, load_joints
from planmodel.scenario import Scenario, load_scenario
from planmodel.show.markdown import table_of
from planmodel.show.numbers import fixed, percent

PAGE = Path(__file__).with_name("robustness.md")
SCENARIO, CALIBRATION, NUMBER, SEED = "baseline", "accumulation", 8000, 0
WITHIN = (0.02, 0.05, 0.10)
DEATHS = "value of excess_deaths, 1932..1934"
_BLOCK = re.compile(r"(<!-- robustness begins -->\n).*?(<!-- robustness ends -->)", re.DOTALL)


def drawn(scenario: Scenario, fitted: bool, within: float) -> Robustness:
    """Return the draws of one row: of all parameters, or of those that the calibration fits."""
    names = list(load_calibration(CALIBRATION).ranges()) if fitted else parameter_names(scenario)
    checks = facts_of(load_checks(economy=scenario.declared))
    return robustness(
        scenario, checks, load_joints(economy=scenario.declared), ball(scenario, names, within), NUMBER, SEED
    )


def shares(found: Robustness, fitted: bool, within: float) -> list[str]:
    """Return a row of the first table."""
    together = [percent(outcome.share) for outcome in found.outcomes if outcome.kind != "fact"]
    deaths = figures(found).set_index("measure").loc[DEATHS]
    words = ", ".join(fixed(deaths[name], 1) for name in ("low", "median", "high"))
    what = f"the {len(found.ranges)} fitted" if fitted else f"all {len(found.ranges)}"
    return [what, percent(within), *together, fixed(found.number_of_facts, 1), words]


def tables() -> str:
    """Return both tables: what holds together, and each fact where all parameters are drawn."""
    scenario = load_scenario(SCENARIO)
    rows = {(fitted, w): drawn(scenario, fitted, w) for fitted in (False, True) for w in WITHIN}
    first = next(iter(rows.values()))
    titles = [outcome.title for outcome in first.outcomes if outcome.kind != "fact"]
    heads = ("Drawn", "Within", *titles, "Facts on average", "Excess deaths 1932-34, m (5, 50, 95 %)")
    by_fact = [
        [fact.name.removeprefix("fact "), *(percent(rows[False, w].facts[place].share) for w in WITHIN)]
        for place, fact in enumerate(first.facts)
    ]
    what = f"{NUMBER} draws a row, seed {SEED}, around `{SCENARIO}`; fitted: by `{CALIBRATION}`.\n"
    facts = "The facts one by one, where all parameters are drawn:\n"
    return "\n".join(
        [
            what,
            table_of(heads, [shares(found, *row) for row, found in rows.items()]),
            facts,
            table_of(("Fact", *(f"within {percent(w)}" for w in WITHIN)), by_fact),
        ]
    )


def page() -> str:
    """Return robustness.md with the tables of the version at hand."""
    return _BLOCK.sub(lambda m: f"{m[1]}{tables()}\n{m[2]}", PAGE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
