"""The balance as a judge of estimates of Ukraine's harvest of 1932: what would follow from each."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np
from famine_beside import Beside, facts
from famine_causes import YEAR, size
from famine_runs import FAMINE, UKRAINE, Asked, and_so, answers, dead, of_region, usual, village

from planmodel.engine import Array
from planmodel.show.markdown import markdown
from planmodel.show.numbers import fixed

KEY = f"exogenous.weather_{UKRAINE}.values.{YEAR}"
NAMES = ("harvest", "taken", "died", "died in 1933", "country")


def _asked() -> list[Asked]:
    harvest_of, taken = (of_region(name, UKRAINE) for name in ("grain_harvest", "grain_procurement"))
    return [
        Asked(harvest_of, str(YEAR)), Asked(taken, "1932/33"), dead(UKRAINE, FAMINE), dead(UKRAINE, "1933"),
        dead("country", FAMINE),
    ]  # fmt: skip


@cache
def _grid() -> tuple[Array, Array]:
    """Return weathers of Ukraine in 1932, and what follows from each."""
    weather = np.linspace(size("worst_weather") - 0.98, 1.2, 100)
    return weather, answers(village(), _asked(), {KEY: weather}, len(weather))


def at_harvests(wanted: Mapping[str, float]) -> dict[str, dict[str, float]]:
    """Return what follows from harvests of Ukraine in 1932 that its weather is set to give."""
    grid, seen = _grid()
    weather = np.interp([*wanted.values()], seen[:, 0], grid)  # better weather, larger harvest
    found = answers(village(), _asked(), {KEY: weather}, len(weather))
    return {
        name: {"weather": float(w), **dict(zip(NAMES, line, strict=True))}
        for name, w, line in zip(wanted, weather, found, strict=True)
    }


def harvest_at(name: str, value: float) -> float:
    """Return the harvest at which so many die, or so much is taken; nothing where none does."""
    _, seen = _grid()
    column = seen[:, NAMES.index(name)]
    sign = 1.0 if column[-1] > column[0] else -1.0
    if not min(column) <= value <= max(column):
        return float("nan")
    order = np.maximum.accumulate(sign * column)  # monotone but for what hardly moves at the ends
    return float(np.interp(sign * value, order, seen[:, 0]))


def estimates() -> dict[str, float]:
    """Return the estimates of Ukraine's harvest of 1932 on record, and that of the model."""
    found = {one.version.replace("_", " "): one.value for one in facts()
             if (one.title, one.where, one.asked.dates) == ("Harvest", UKRAINE, str(YEAR))}  # fmt: skip
    own = usual([Asked(of_region("grain_harvest", UKRAINE), str(YEAR))])[0]
    others = {
        "at which deaths are those on record": harvest_at("died", _mean("Excess deaths", FAMINE)),
        "at which as much is taken as on record": harvest_at("taken", _mean("Grain taken", "1932/33")),
    }
    others = {name: value for name, value in others.items() if np.isfinite(value)}
    return {**found, "the model's own": float(own), **others}


def _mean(title: str, dates: str) -> float:
    return float(np.mean([one.value for one in _recorded(title, dates)]))


def _recorded(title: str, dates: str) -> list[Beside]:
    return [one for one in facts() if one.title == title and one.where == UKRAINE
            and one.asked.dates == dates and one.factual]  # fmt: skip


def near(value: float, figures: list[Beside], tolerance: float) -> bool:
    """Tell whether a value is so near to the nearest of several figures."""
    return any(abs(one.deviation(value)) <= tolerance for one in figures)


def judged() -> str:
    """Return what follows from each estimate, and what of it is on record."""
    rows = []
    for name, found in at_harvests(estimates()).items():
        taken = near(found["taken"], _recorded("Grain taken", "1932/33"), 0.2)
        died = near(found["died"], _recorded("Excess deaths", FAMINE), 0.25)
        rows.append(
            (name, *(fixed(found[k], d, sign=k == "weather") for k, d in (
                ("harvest", 1), ("weather", 2), ("taken", 1), ("died", 2), ("died in 1933", 2),
                ("country", 1))), "yes" if taken else "no", "yes" if died else "no")
        )  # fmt: skip
    heads = ("Estimate", "Barn harvest, Mt", "weather that gives it", "taken 1932/33, Mt", "died 1932-34, m",
             "in 1933", "country, m", "taken near the record", "deaths near the record")  # fmt: skip
    return markdown(heads, rows)


def judged_in_words() -> str:
    """Say which estimates go with procurement and deaths on record."""
    fit, half = [], []
    found = at_harvests(estimates())
    for name, seen in found.items():
        both = (
            near(seen["taken"], _recorded("Grain taken", "1932/33"), 0.2),
            near(seen["died"], _recorded("Excess deaths", FAMINE), 0.25),
        )
        if not name.startswith("at which"):
            (fit if all(both) else half if any(both) else []).append(name)
    words = f"Of the estimates, both procurement and deaths of the record follow from: {and_so(fit)}"
    words += f"; one of the two from: {and_so(half)}." if half else "."
    meant = {name: seen["harvest"] for name, seen in found.items() if name.startswith("at which")}
    for name, value in meant.items():
        words += f" The harvest {name}: {fixed(value, 1)} million tonnes."
    if not meant:
        words += " No weather of Ukraine alone gives the deaths or the procurement on record."
    return words
