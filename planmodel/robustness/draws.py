"""Draws around a scenario: which sizes differ, and by how much of the width of their priors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase

import numpy as np

from planmodel.engine import Array, UserError
from planmodel.scenario import Scenario
from planmodel.scenario.names import hint

Ranges = Mapping[str, tuple[float, float]]


def parameter_names(scenario: Scenario) -> list[str]:
    """Return all parameters of the economy of a scenario, as ``component.name``."""
    declared = scenario.declared.parameters()
    return [f"{component}.{name}" for component, group in declared.items() for name in group]


def chosen(scenario: Scenario, patterns: Sequence[str]) -> list[str]:
    """Return the parameters that names, or patterns with ``*``, stand for; all without any.

    Raises
    ------
    UserError
        If one stands for nothing.
    """
    known = parameter_names(scenario)
    for pattern in patterns:
        if not any(fnmatchcase(name, pattern) for name in known):
            raise UserError(f"--keys {pattern}: stands for no parameter{hint(pattern, known)}")
    return [name for name in known if not patterns or any(fnmatchcase(name, p) for p in patterns)]


def ball(scenario: Scenario, names: Sequence[str], within: float) -> dict[str, tuple[float, float]]:
    """Return where each parameter is drawn: around the scenario, cut at its bounds.

    Parameters
    ----------
    scenario
        Whose values are the centre.
    names
        Of parameters, as ``component.name``.
    within
        Reach to either side, as a share of the width of the declared bounds.

    Returns
    -------
    dict
        Without those whose value in the scenario lies outside of their bounds, as in a limiting case.
    """
    found = {}
    for full in names:
        component, _, name = full.partition(".")
        low, high = scenario.declared.parameters()[component][name].bounds
        value, reach = value_of(scenario, full), within * (high - low)
        if low <= value <= high:
            found[full] = (max(low, value - reach), min(high, value + reach))
    return found


def value_of(scenario: Scenario, full: str) -> float:
    """Return what a scenario says of a parameter, ``component.name``."""
    component, _, name = full.partition(".")
    return float(getattr(getattr(scenario.parameters, component), name))


def uniform(ranges: Ranges, number: int, seed: int, step: int | None = None) -> dict[str, Array]:
    """Draw each parameter by itself within its range, so that the draws of one do not hang on the others.

    Parameters
    ----------
    ranges
        Where each is drawn.
    number
        Of draws.
    seed
        Of the random stream.
    step
        Tells sets of draws of one seed apart.

    Returns
    -------
    dict
        By full key of the scenario, each of shape ``(number,)``.
    """
    found, of = {}, [seed] if step is None else [seed, step]
    for full, (low, high) in ranges.items():
        stream = np.random.default_rng([*of, *full.encode()])
        found[f"parameters.{full}"] = np.clip(low + stream.random(number) * (high - low), low, high)
    return found
