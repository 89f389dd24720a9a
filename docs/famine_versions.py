"""The village by seven regions beside the village as one country: the main figures of the country in both."""

from __future__ import annotations

from functools import cache

import numpy as np
from famine_levels import LEVEL, REACH
from famine_runs import LAST, SCENARIO, Asked, answers

from planmodel.engine import Array
from planmodel.robustness.draws import value_of
from planmodel.scenario import Scenario, load_scenario
from planmodel.show.markdown import markdown
from planmodel.show.numbers import fixed, percent, signed_percent

VERSIONS = ("seven", "one")
CLOSE = 0.1  # difference from which versions are said to differ
# Title, indicator, dates, decimals.
SHOWN: tuple[tuple[str, str, str, int], ...] = (
    *((f"Harvest {year}, Mt", "grain_harvest", str(year), 1) for year in (1930, 1931, 1932, 1933)),
    *((f"Grain taken {c}, Mt", "grain_procurement", c, 1) for c in ("1930/31", "1931/32", "1932/33")),
    *((f"Grain of the state, 1 July {y}, Mt", "state_grain_stocks", f"{y}-07-01", 2) for y in (1932, 1933)),
    *((f"Excess deaths {year}, m", "excess_deaths", str(year), 2) for year in (1931, 1932, 1933, 1934)),
    ("Excess deaths 1930-34, m", "excess_deaths", "1930..1934", 2),
    ("Births 1933, m", "births", "1933", 2),
    ("In kolkhozes, 1 March 1930", "collectivised_share", "1930-03-01", 2),
    ("In kolkhozes, 1 July 1931", "collectivised_share", "1931-07-01", 2),
    ("Horses, 1 July 1933, m", "horses", "1933-07-01", 1),
    ("Cattle, 1 July 1933, m", "cattle", "1933-07-01", 1),
    ("Rural people, 31 December 1934, m", "rural_population", "1934-12-31", 1),
)  # fmt: skip


def _scenario(version: str) -> Scenario:
    return load_scenario(SCENARIO, {"regions": version}).until(LAST)


def _asked(scenario: Scenario) -> list[Asked]:
    return [Asked(scenario.declared.indicators[name], dates) for _, name, dates, _ in SHOWN]


@cache
def figures() -> dict[str, Array]:
    """Return the figures of both versions."""
    return {name: answers(_scenario(name), _asked(_scenario(name)))[0] for name in VERSIONS}


@cache
def slopes() -> dict[str, float]:
    """Return by how many per cent deaths of 1930-34 move with one per cent of all harvests, by version."""
    found = {}
    for name in VERSIONS:
        scenario = _scenario(name)
        level = value_of(scenario, LEVEL) * np.array([1.0 - REACH, 1.0 + REACH])
        deaths = Asked(scenario.declared.indicators["excess_deaths"], "1930..1934")
        low, high = answers(scenario, [deaths], {f"parameters.{LEVEL}": level}, 2)[:, 0]
        found[name] = float(np.log(high / low) / np.log((1.0 + REACH) / (1.0 - REACH)))
    return found


def table() -> str:
    """Return the figures of both versions beside each other."""
    seven, one = (figures()[name] for name in VERSIONS)
    rows: list[tuple[str, ...]] = [
        (title, fixed(a, digits), fixed(b, digits), signed_percent(b / a - 1.0))
        for (title, _, _, digits), a, b in zip(SHOWN, seven, one, strict=True)
    ]
    steep = slopes()
    rows.append(("Deaths by one per cent of all harvests, %", *(fixed(steep[n], 1) for n in VERSIONS), ""))
    return markdown(("The country", "Seven regions", "One country", "Difference"), rows)


def in_words() -> str:
    """Say where both versions differ, and what one country cannot say."""
    seven, one = (figures()[name] for name in VERSIONS)
    off = {title: b / a - 1.0 for (title, *_), a, b in zip(SHOWN, seven, one, strict=True)}
    apart = [f"{title} ({percent(part, sign=True)})" for title, part in off.items() if abs(part) > CLOSE]
    steep = slopes()
    steeper = abs(steep["one"]) > abs(steep["seven"])
    return (
        f"{len(off) - len(apart)} of {len(off)} figures of the country are within a tenth of each other. "
        + (f"Further apart: {'; '.join(apart)}. " if apart else "")
        + f"Deaths follow harvests {'more' if steeper else 'less'} steeply in one country "
        f"({fixed(steep['one'], 1)} against {fixed(steep['seven'], 1)} with regions). Sizes are sought with "
        "regions; one country has the same, and two spreads that stand for the differences between regions."
    )
