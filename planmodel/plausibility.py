"""What no reading of the record would accept, in one place, and the count of members that leave it.

The bounds of parameters say what each may be, one at a time; drawn together over their whole bounds most
members leave history altogether. These limits stop nothing and are fitted to nothing: they are wide enough
that every estimate ever made of the USSR of these years lies within them, with room to spare, and they mark a
member that does not. The marks travel with the members (coordinate ``implausible``), and their count stands
in every manifest and beside every table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr

from planmodel.engine.limits import MARKS, Limit
from planmodel.sectors.population import GROUPS, INMATES, TOWN, UNFREE

_PEOPLE = tuple(f"people_{group}" for group in GROUPS + UNFREE)
_HARVEST = tuple(f"grain_harvest_{form}" for form in ("individual", "kolkhoz", "state_farm"))
_HUNGER = tuple(f"excess_deaths_{group}" for group in GROUPS + UNFREE)

LIMITS = (
    Limit(
        "population", _PEOPLE, 100.0, 220.0, "million persons",
        "censuses: 147 in 1926, 167-170 in 1939; 100 means losses of a third, which no estimate comes near; "
        "220 means growth of 3 % a year without crisis, above that of any large country then",
    ),
    Limit(
        "share_of_towns", tuple(f"people_{group}" for group in TOWN), 0.08, 0.6, "1",
        "18 % in 1926, 33 % in 1939 (censuses); below 8 % towns would have emptied by more than half, above "
        "60 % they would be as large as those of 1975",
        over=_PEOPLE,
    ),
    Limit(
        "deaths_from_hunger", _HUNGER, 0.0, 20.0, "million persons a year",
        "highest estimates of excess deaths of 1932-33 in all: 8 to 10 million",
        span="year",
    ),
    Limit(
        "inmates", tuple(f"people_{group}" for group in INMATES), 0.0, 20.0, "million persons",
        "archives: 2 to 3 million; highest claims before they were opened: 12 to 15 million",
    ),
    Limit(
        "village_calories", ("village_calories",), 800.0, 4500.0, "kcal/person/day, mean of a year",
        "below 800 for a year nobody lives; 4500 is what lumberjacks eat, men and in season",
        span="mean",
    ),
    Limit(
        "town_food", ("town_nutrition",), 0.3, 2.0, "1928 = 1, mean of a year",
        "0.3 of what was eaten in 1928 is below 800 kcal; twice as much is more than anybody eats",
        span="mean",
    ),
    Limit(
        "grain_harvest", _HARVEST, 20.0, 150.0, "million tonnes a year",
        "37 in the famine year of 1921, 54 to 95 in the 1930s by all versions; 150 was reached in 1966",
        span="year",
    ),
    Limit(
        "grain_yield", _HARVEST, 0.25, 2.0, "tonnes a hectare",
        "about 0.5 in 1921, 0.6 to 0.95 in the 1930s by all versions; 2 was first neared in the 1970s",
        span="year", over=("growing_area", "state_farm_area"),
    ),
    Limit(
        "cattle", ("cattle_household", "cattle_socialised"), 5.0, 150.0, "million head",
        "67 in 1928, 33 to 38 in 1933: a fall beyond 90 % is told by nobody; 115 was the peak of the USSR",
    ),
    Limit(
        "horses", ("horses_household", "horses_socialised"), 1.5, 60.0, "million head",
        "32 in 1928, 15 to 17 in 1933-34; 38 was the peak before 1914",
    ),
    Limit(
        "retail_prices", ("retail_price_index",), 0.2, 100.0, "1928 = 1",
        "highest estimates for 1940: 6 to 8; a hundredfold in twelve years is the collapse of a currency, "
        "as in 1922, and would have been told as such",
    ),
    Limit(
        "market_prices", ("kolkhoz_market_price",), 0.1, 1000.0, "1928 = 1",
        "estimates of the peak of 1932-33: 15 to 30 times 1928, single goods and places up to 100",
    ),
    Limit(
        "money_wage", ("average_money_wage",), 200.0, 70_000.0, "roubles a year",
        "703 in 1928, 4054 in 1940; a hundredfold rise is the collapse of a currency",
    ),
    Limit(
        "real_wage", ("real_wage",), 0.1, 3.0, "1928 = 1, mean of a year",
        "lowest estimates: 0.4 to 0.5 in 1932-37; at a tenth nobody who lives by a wage lives",
        span="mean",
    ),
    Limit(
        "industrial_output", ("industrial_output",), 0.2, 20.0, "1928 = 1, mean of a year",
        "2.5 to 7.6 in 1940 from the lowest estimate to the official index; a fifth is the output of 1920",
        span="mean",
    ),
    Limit(
        "steel", ("steel",), 0.3, 60.0, "million tonnes a year",
        "4.25 in 1928, 18.3 in 1940; 60 was the largest output in the world, of the USA; 0.3 that of 1922",
        span="year",
    ),
    Limit(
        "investment", ("investment_pace",), 0.2, 100.0, "billion roubles of 1928 a year, mean of a year",
        "about 4 in 1928, 10 to 16 later; a twentieth of it is less than wear; 100 is all that was produced",
        span="mean",
    ),
    Limit(
        "share_in_kolkhozes", ("collectivised_share",), 0.0, 1.0, "1",
        "a share",
    ),
    Limit(
        "share_in_first_rank", ("first_rank_share",), 0.0, 1.0, "1",
        "a share",
    ),
)  # fmt: skip


def marks_of(dataset: xr.Dataset) -> np.ndarray | None:
    """Return the marks of all members (bits, 0: none), or None if they were not judged."""
    if MARKS not in dataset.coords or not dataset.coords[MARKS].attrs.get("judged"):
        return None
    return np.asarray(dataset.coords[MARKS].values)


def count_marks(dataset: xr.Dataset) -> dict[str, Any] | None:
    """Count the members that leave declared limits, as a manifest holds it; None if none was judged.

    Returns
    -------
    dict
        ``members`` judged, ``outside`` (those that leave any limit), ``limits`` (how many leave each that
        anybody leaves) and ``not_judged`` (those that need a whole year, in a run that has none).
    """
    marks = marks_of(dataset)
    if marks is None:
        return None
    about = dataset.coords[MARKS].attrs
    names = str(about["flag_meanings"]).split()
    counts = {name: int(((marks >> bit) & 1).sum()) for bit, name in enumerate(names)}
    judged = set(str(about["judged"]).split())
    return {
        "members": int(marks.size),
        "outside": int((marks != 0).sum()),
        "limits": {name: count for name, count in counts.items() if count},
        "not_judged": [name for name in names if name not in judged],
    }


def added_up(counts: Sequence[Mapping[str, Any] | None]) -> dict[str, Any] | None:
    """Return the counts of several runs as one; None if none of them was judged."""
    given = [count for count in counts if count is not None]
    if not given:
        return None
    limits: dict[str, int] = {}
    for count in given:
        for name, number in count["limits"].items():
            limits[name] = limits.get(name, 0) + number
    return {
        "members": sum(count["members"] for count in given),
        "outside": sum(count["outside"] for count in given),
        "limits": limits,
        "not_judged": sorted({name for count in given for name in count["not_judged"]}),
    }


def said(count: Mapping[str, Any] | None) -> str:
    """Say the count in a line for screens and pages."""
    if count is None:
        return "Limits of plausibility: not judged."
    if not count["outside"]:
        many = count["members"] > 1
        what = f"none of {count['members']} members leaves" if many else "the history leaves none of"
        return f"Limits of plausibility: {what} them."
    which = ", ".join(f"{name} ({number})" for name, number in count["limits"].items())
    return f"{count['outside']} of {count['members']} members leave declared limits of plausibility: {which}."


def said_of_each(counts: Mapping[str, Mapping[str, Any] | None]) -> list[str]:
    """Say the counts of several runs: one line where nobody leaves a limit, else one a run that does."""
    lines = [f"{name}: {said(c)}" for name, c in counts.items() if c is not None and c["outside"]]
    return lines or [said(added_up(list(counts.values())))]


def said_of_manifest(manifest: Mapping[str, Any]) -> list[str]:
    """Say what a manifest holds: of one run, or by run."""
    count = manifest.get("plausibility")
    if not isinstance(count, Mapping) or "outside" in count:
        return [said(count)]
    return said_of_each(count)
