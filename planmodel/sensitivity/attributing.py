"""The members of an attribution: every coalition of mechanisms under every draw of the parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from planmodel.engine import UserError
from planmodel.runs.design import check_size
from planmodel.runs.members import Members
from planmodel.runs.resolve import Laid, resolve
from planmodel.scenario import Scenario
from planmodel.scenario.explain import shown
from planmodel.scenario.keys import Key, find_key
from planmodel.scenario.keys import keys as all_keys
from planmodel.sensitivity.schema import EXACT, Analysis
from planmodel.sensitivity.shapley import all_coalitions, coalitions_of, draw_orders


@dataclass(frozen=True)
class Game:
    """Who plays in which member.

    Member ``c * draws + d`` is coalition ``masks[c]`` (bit i: player i plays) under draw d. ``orders``: those
    in which players join, where there are too many to run all coalitions.
    """

    players: list[str]
    titles: list[str]
    masks: np.ndarray
    draws: int
    members: Members
    orders: np.ndarray | None = None


def make_game(analysis: Analysis, scenario: Scenario, drawn: Members | None, path: Path) -> Game:
    """Make the members of an attribution.

    Parameters
    ----------
    analysis
        With players.
    scenario
        In which all play.
    drawn
        One member a draw; None for the scenario itself.
    path
        The file, for messages.

    Raises
    ------
    UserError
        If a player changes what cannot be changed, nothing, or what another changes.
    """
    players = sorted(analysis.players)  # so that members do not depend on the order of lines in a file
    number = len(players)
    orders = None if number <= EXACT else draw_orders(number, analysis.permutations, analysis.seed)
    masks = all_coalitions(number) if orders is None else coalitions_of(orders)
    draws = 1 if drawn is None else len(drawn)
    inputs = number + (0 if drawn is None else len(drawn.columns))
    check_size(draws * len(masks), inputs, f"{path}: samples: {draws}", len(masks))
    columns = {} if drawn is None else {n: np.tile(c, len(masks)) for n, c in drawn.columns.items()}
    known, taken = all_keys(scenario), dict[str, str]()
    for bit, name in enumerate(players):
        plays = np.repeat((masks >> bit) & 1 == 1, draws)
        for given, off in analysis.players[name].changes.items():
            place = f"{path}: players.{name}"
            key = _key(given, scenario, known, place)
            if key.name in taken:
                raise UserError(f"{place}: {given}: is changed by players.{taken[key.name]} too")
            taken[key.name] = name
            without = _typed(off, key, f"{place}: {given}")
            on = columns.get(key.name)
            if on is None:
                on = _standing(scenario, key, f"{place}: {given}")
                if on == without:
                    already = f"is {shown(off)} in the scenario already"
                    raise UserError(f"{place}: {given}: {already}; allowed: what differs from it")
            columns[key.name] = np.where(plays, on, without)
    own = drawn.numbers if drawn is not None else np.zeros(1, dtype=np.int64)
    numbers = np.tile(own, len(masks))
    # To differ from what the scenario says, by mechanism, is what is asked for.
    laid = Laid(columns, f"players of {path.name}", f"{path}: players: ", over_changes=True)
    members = resolve(scenario, laid, seed=analysis.seed, numbers=numbers)
    members = replace(members, held=drawn.held if drawn is not None else {})
    titles = [analysis.players[name].title or name.replace("_", " ") for name in players]
    return Game(players, titles, masks, draws, members, orders)


def _key(name: str, scenario: Scenario, known: Mapping[str, Key], place: str) -> Key:
    try:
        return find_key(name, scenario, known)
    except UserError as error:
        raise UserError(f"{place}: {error}") from None


def _standing(scenario: Scenario, key: Key, place: str) -> Any:
    """Return what a scenario says under a dotted key."""
    value: Any = scenario
    for part in key.name.split("."):
        value = value.get(part) if isinstance(value, Mapping) else getattr(value, part, None)
    if value is None:
        raise UserError(f"{place}: has no value in the scenario; allowed: a key that has one")
    return _typed(value, key, place)


def _typed(value: Any, key: Key, place: str) -> Any:
    """Return the value as an array of its kind holds it."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if key.kind == "number" and number:
        low, high = key.bounds
        if (low is not None and value < low) or (high is not None and value > high):
            raise UserError(f"{place}: {shown(value)} is out of bounds; allowed: {key.allowed()}")
        return float(value)
    if (key.kind == "switch" and isinstance(value, bool)) or (key.kind == "text" and isinstance(value, str)):
        return value
    if key.kind == "date" and hasattr(value, "isoformat"):
        return np.datetime64(value, "D")
    raise UserError(f"{place}: {shown(value)} is not valid; allowed: {key.allowed()}")
