"""How deaths follow harvests: of all years at once, of 1932 alone, of each region; and where they jump."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from famine_runs import REPUBLICS, answers, dead, given, said, titles, village

from planmodel.engine import Array
from planmodel.robustness.draws import value_of
from planmodel.show.markdown import markdown
from planmodel.show.numbers import fixed, percent

LEVEL = "cropping.harvest_1928"  # of which the yields of all years and regions are shares
STEPS = np.arange(-4.0, 4.01, 0.25)  # per cent
SPAN = "1930..1934"
REACH = 0.02  # of the harvest, to either side, for elasticities
CLIFF = 0.2  # of the level: what no step of a quarter of a per cent should reach
LEAST = 0.05  # million dead below which a change in per cent says nothing
PLACES = ("country", *REPUBLICS)


@cache
def scan() -> tuple[Array, Array]:
    """Return the steps within the bounds of the level, and deaths by step and place, million."""
    low, high = village().declared.parameters()["cropping"]["harvest_1928"].bounds
    level = value_of(village(), LEVEL) * (1.0 + STEPS / 100.0)
    within = (level >= low) & (level <= high)
    asked = [dead(where, SPAN) for where in PLACES]
    values = {f"parameters.{LEVEL}": level[within]}
    return STEPS[within], answers(village(), asked, values, int(within.sum()))


def jump(steps: Array, deaths: Array) -> tuple[float, int]:
    """Return the largest change between neighbours over the level, and its place."""
    before = np.maximum(deaths[:-1], LEAST)
    parts = np.abs(np.diff(deaths)) / before
    place = int(np.nanargmax(parts))
    return float(parts[place]), place


def levels() -> str:
    """Return deaths by the level of all harvests: whole per cents of the scan."""
    steps, deaths = scan()
    rows = [
        (f"{step:+.0f}", *(fixed(value, 2) for value in line))
        for step, line in zip(steps, deaths, strict=True)
        if step % 1 == 0
    ]
    heads = ("All harvests, %", *("Country" if one == "country" else said(one) for one in PLACES))
    return markdown(heads, rows)


def levels_in_words() -> str:
    """Say where the largest steps are, and whether one is a cliff."""
    steps, deaths = scan()
    told, cliffs = [], []
    for place, name in enumerate(PLACES):
        size, at = jump(steps, deaths[:, place])
        where = "the country" if name == "country" else said(name)
        told.append(f"{where} {percent(size)} ({steps[at]:+.2f} to {steps[at + 1]:+.2f} %)")
        cliffs += [where] if size > CLIFF else []
    words = f"Largest change between neighbours a quarter of a per cent apart: {', '.join(told)}. "
    if cliffs:
        words += f"Above a fifth of the level: {', '.join(cliffs)}. Such a step is no finding but a warning. "
    else:
        words += "None reaches a fifth of the level: there is no cliff. "
    if len(steps) < len(STEPS):
        words += f"The bounds of the level leave {steps[0]:+.2f} to {steps[-1]:+.2f} %. "
    return words.strip()


@cache
def elasticities() -> dict[str, dict[str, float]]:
    """Return by how many per cent deaths move with one per cent of a harvest, by whose harvest it is."""
    labels = list(titles())
    moved: dict[str, list[str]] = {"all harvests at once": [], "the harvest of 1932, everywhere": labels}
    moved |= {f"the harvest of 1932 of {said(label)}": [label] for label in labels}
    places = (*PLACES, *(label for label in labels if label not in PLACES))
    asked = [dead(where, SPAN) for where in places]
    ends = answers(village(), asked, _two_ways(list(moved.values())), 2 * len(moved))
    return {
        name: {w: _slope(*ends[2 * row : 2 * row + 2, place]) for place, w in enumerate(places)}
        for row, name in enumerate(moved)
    }


def _two_ways(moved: Sequence[Sequence[str]]) -> dict[str, Array]:
    """Return two members for each set of regions: their harvest of 1932 a little lower, and higher.

    No region at all stands for all harvests at once.
    """
    level, way = value_of(village(), LEVEL), np.array([1.0 - REACH, 1.0 + REACH])
    values = {f"parameters.{LEVEL}": np.concatenate([level * way if not of else [level] * 2 for of in moved])}
    for label in titles():
        usual = 1.0 + given("weather", label, "1932")
        ends = [usual * way if label in of else [usual] * 2 for of in moved]
        values[f"exogenous.weather_{label}.values.1932"] = np.concatenate(ends) - 1.0
    return values


def _slope(low: float, high: float) -> float:
    if min(low, high) < LEAST:
        return float("nan")
    return float(np.log(high / low) / np.log((1.0 + REACH) / (1.0 - REACH)))


def slopes() -> str:
    """Return the elasticities: of the country, the republics, and the region whose harvest moves."""
    rows = []
    for name, found in elasticities().items():
        own = next((label for label in titles() if name.endswith(f" of {said(label)}")), None)
        line = [name[:1].upper() + name[1:], *(fixed(found[one], 1) for one in PLACES)]
        rows.append((*line, fixed(found[own], 1) if own else ""))
    heads = ("One per cent more of", "Country", *(said(one) for one in REPUBLICS), "The region itself")
    return markdown(heads, rows)


def slopes_in_words() -> str:
    """Say how steep it is, beside what the sketch of the famine and the old form had."""
    found = elasticities()
    every, last = (found[name]["country"] for name in (
        "all harvests at once", "the harvest of 1932, everywhere"))  # fmt: skip
    if not (np.isfinite(every) and np.isfinite(last)):
        return "So few die that a change in per cent says nothing."
    twice = f"{fixed(100.0 * (2.0 ** (-1.0 / every) - 1.0), 1)} %" if every < 0 else "no"
    return (
        f"One per cent of all harvests moves deaths of the country by {fixed(every, 1)} %, one of that of "
        f"1932 alone by {fixed(last, 1)} %: {twice} less grain in all years doubles them. The sketch of this "
        "design had about -8 and -2 in draws that met the record; one country with the old forms about -40. "
        + ("It is steeper here: nobody knows harvests so well, so numbers of dead are no forecast. "
           if every < -8.0 else "It is no steeper here than in the sketch. ")
        + "Small numbers (fewer than fifty thousand) have no slope in the table."
    )  # fmt: skip
