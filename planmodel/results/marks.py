"""Which decrees bear on a quantity at once: the levers that they move are read where it is made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from planmodel.engine.errors import UserError
from planmodel.engine.graph import Graph
from planmodel.scenario import Scenario
from planmodel.scenario.decrees import Decree
from planmodel.scenario.economy import Economy
from planmodel.scenario.names import hint


def marked(scenario: Scenario, parts: Iterable[str], asked: bool | Sequence[str]) -> list[Decree]:
    """Return the decrees on a day that are marked, in the order of their days.

    Parameters
    ----------
    scenario
        Whose decrees.
    parts
        What the quantity is made of.
    asked
        Those that bear on it, none, or these.

    Raises
    ------
    UserError
        If one that is asked for is none of the scenario, or has no day of its own.
    """
    issued = {name: d for name, d in scenario.decrees.items() if d.enabled and d.date is not None}
    if isinstance(asked, bool):
        names = _bearing(scenario, tuple(parts), issued) if asked else []
    else:
        names = [asked] if isinstance(asked, str) else list(asked)
        for name in names:
            if name not in issued:
                raise UserError(f"decrees: '{name}' is no decree on a day{hint(name, issued)}")
    return sorted((issued[name] for name in names), key=lambda decree: str(decree.date))


def _bearing(scenario: Scenario, parts: tuple[str, ...], issued: dict[str, Decree]) -> list[str]:
    levers = _levers(scenario.declared, parts)
    return [name for name, decree in issued.items() if levers & set(decree.effects)]


@lru_cache(maxsize=64)
def _levers(economy: Economy, parts: tuple[str, ...]) -> frozenset[str]:
    """Return the levers that the blocks read which make a quantity."""
    graph = Graph(economy.blocks)
    labels = [label for axis in economy.axes.values() for label in axis]
    keys = [key for part in parts for key in (part, *(f"{part}_{label}" for label in labels))]
    blocks = {equation.block for key in keys for equation in graph.writers(key)}
    return frozenset(
        lever
        for lever in economy.levers()
        if any(equation.block in blocks for equation in graph.acting_readers(f"lever {lever}"))
    )
