"""Which part of the code a profiler's seconds belong to."""

from __future__ import annotations

import cProfile
import pstats
from collections import Counter
from pathlib import Path

Place = tuple[str, int, str]
"""File, line and name of a function, as the profiler has them."""

# By module of the engine, and by function where a module does several things; the rest goes by its module.
OF_FUNCTIONS = {
    ("ledger", "settle"): "settlement",
    ("ledger", "audit"): "audit and closing",
    ("ledger", "close_month"): "audit and closing",
    ("compiled/books", "close_month"): "audit and closing",
}
SERVING = ("types", "rules", "books")
OF_MODULES = {
    "settlement": "settlement",
    "rationing": "settlement",
    "recorder": "recorder",
    "limits": "limits of plausibility",
    "clock": "processes (SimPy)",
    "simulation": "processes (SimPy)",
    "results": "equations, what they propose",
    "board": "equations, what they propose",
    "ledger": "equations, what they propose",
    "names": "equations, what they read",
    "workspace": "equations, what they read",
    "arithmetic": "powers, exponentials, logarithms",
    "compiled/books": "settlement",
    "compiled/phases": "equations, compiled",
    "compiled/queues": "queues of sites",
    "queues": "queues of sites",
    "serving": "queues of sites",
}


def part_of(file: str, function: str) -> str | None:
    """Return the part that a function belongs to; None if it works for whoever calls it."""
    if file.startswith("<equations of "):
        return f"{file.strip('<>')} (phase)"
    path = Path(file).with_suffix("").parts
    if "simpy" in path:
        return "processes (SimPy)"
    if "planmodel" not in path:
        return None
    room, *inner = path[len(path) - path[::-1].index("planmodel") :]
    if room == "economies":
        return "procedures and helpers"
    if room != "engine" or not inner:
        return "record as a dataset"
    module = "/".join(inner)
    if module in SERVING:
        return None
    return OF_FUNCTIONS.get((module, function)) or OF_MODULES.get(module, f"engine: {module}")


def seconds_by_part(profile: cProfile.Profile) -> dict[str, float]:
    """Return the seconds of each part; what serves all counts for its callers, in proportion.

    Work of NumPy that is no call in Python counts for the line it stands in.
    """
    stats = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    spent: Counter[str] = Counter()
    for place, (_, _, own, _, _) in stats.items():
        for part, share in _shares(place, stats, ()).items():
            spent[part] += own * share
    return dict(spent)


def _shares(place: Place, stats: dict[Place, tuple], seen: tuple[Place, ...]) -> dict[str, float]:  # type: ignore[type-arg]
    """Return for which parts a function works, and how much for each."""
    part = part_of(place[0], place[2])
    if part is not None:
        return {part: 1.0}
    callers = {c: told[3] for c, told in stats[place][4].items() if c not in seen and c != place}
    weight = sum(callers.values())
    if not weight:
        return {"the rest": 1.0}
    shares: Counter[str] = Counter()
    for caller, cumulative in callers.items():
        for name, share in _shares(caller, stats, (*seen, place)).items():
            shares[name] += share * cumulative / weight
    return dict(shares)
