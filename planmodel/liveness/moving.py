"""What each mechanism moves: it is put to nothing, and the figures of a calibration are looked at again.

Moves are those of the model against itself, with all mechanisms and without one, in standard errors of the
figures. A mechanism is alive if it moves one by more than its error, and if it still does when the fitted
unknowns are moved so as to bring the figures back, against the pull of their priors: by a few steps, each
the best one were the model as linear as its slopes at the scenario say. What is told is what the model
itself does there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Self

import numpy as np

from planmodel.calibration.evaluate import Evaluator
from planmodel.calibration.gauss_newton import jacobian
from planmodel.calibration.load import load_calibration
from planmodel.calibration.problem import Points, Problem, prepare
from planmodel.calibration.unknowns import Cube, Key, standing
from planmodel.engine import Array, UserError
from planmodel.scenario import Scenario
from planmodel.scenario.load import change_scenario, load_scenario

ERRORS = 1.0  # standard errors that a figure must move
_STEPS = 3  # of the refit
_SHARES = (1.0, 0.5, 0.2)  # of a step that are tried: the model is not linear
_BROKEN = 1e3  # move of a figure of a run that broke off
Verdict = Literal["alive", "alive only without refit", "dead"]


@dataclass(frozen=True)
class Mechanism:
    """A switch, or a parameter whose null value is declared: ``null`` is None for a switch."""

    key: str
    meaning: str
    stands: float | None = None
    null: float | None = None

    @property
    def name(self) -> str:
        """Its name without the table of the scenario."""
        return self.key.partition(".")[2]

    @property
    def taken_out(self) -> Change:
        """What differs in a run without it."""
        if self.null is None:
            return Change(others={self.key: False})
        return Change(sizes={self.key: (0.0, self.null)})


@dataclass(frozen=True)
class Change:
    """What differs in a run.

    Attributes
    ----------
    sizes
        By the full key of a parameter or a value by date: what it is multiplied by, and what is added.
    others
        By dotted key: what needs a scenario of its own.
    """

    sizes: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    others: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Move:
    """How far figures are moved, in standard errors: the one that moves most, and all of them."""

    largest: float
    where: str
    rms: float

    @property
    def broken(self) -> bool:
        """Whether the run broke off."""
        return self.largest >= _BROKEN


@dataclass(frozen=True)
class Life:
    """What a mechanism moves, and what it still moves when the rest is refitted (None: was not asked)."""

    mechanism: Mechanism
    move: Move
    refitted: Move | None = None

    @property
    def verdict(self) -> Verdict:
        """Whether it moves a figure by more than its error."""
        if self.move.largest <= ERRORS:
            return "dead"
        if self.refitted is not None and self.refitted.largest <= ERRORS:
            return "alive only without refit"
        return "alive"


def mechanisms(scenario: Scenario) -> tuple[list[Mechanism], list[Mechanism]]:
    """Return the mechanisms of a scenario: those that do something there, and those that are off in it."""
    declared = scenario.declared
    found = [
        (Mechanism(f"switches.{name}", switch.meaning), bool(getattr(scenario.switches, name)))
        for name, switch in declared.switches().items()
    ]
    for component, group in declared.parameters().items():
        for name, about in group.items():
            if about.null is not None:
                stands = float(getattr(getattr(scenario.parameters, component), name))
                one = Mechanism(f"parameters.{component}.{name}", about.meaning, stands, about.null)
                found.append((one, stands != about.null))
    return [one for one, acts in found if acts], [one for one, acts in found if not acts]


def liveness(
    about: Refit, asked: Sequence[Mechanism], progress: Callable[[int, int], None] | None = None
) -> list[Life]:
    """Take out each mechanism by itself, in the order in which they are asked for.

    Parameters
    ----------
    about
        What they are taken out of, and how the rest is refitted.
    asked
        Of :func:`mechanisms`.
    progress
        Called with those that are done, and all.
    """
    switches = [one for one in asked if one.null is None]
    sizes = [one for one in asked if one.null is not None]
    found: dict[str, Life] = {}
    for together in [sizes, *([one] for one in switches)]:  # a switch needs a scenario of its own
        if together:
            found |= {life.mechanism.key: life for life in _lives(about, together)}
        if progress is not None:
            progress(len(found), len(asked))
    return [found[one.key] for one in asked]


def _lives(about: Refit, together: Sequence[Mechanism]) -> list[Life]:
    """Look at mechanisms that can be taken out of one scenario."""
    found = tried(about, [one.taken_out for one in together])
    return [Life(one, trial.move, trial.refitted) for one, trial in zip(together, found, strict=True)]


@dataclass(frozen=True)
class Tried:
    """What a change moves: in all, when the rest is refitted (None: was not asked), and each figure.

    ``moved`` has the shape ``(points,)``, in standard errors.
    """

    move: Move
    refitted: Move | None
    moved: Array


def tried(about: Refit, changes: Sequence[Change]) -> list[Tried]:
    """Make each change by itself, and refit the rest where a figure moves by more than its error.

    Parameters
    ----------
    about
        What is changed, and how the rest is refitted: what a change says itself is held.
    changes
        Alike in what needs a scenario of its own.
    """
    with _Changed(about, changes) as changed:
        units = np.repeat(about.origin[None], len(changes), axis=0)
        moved = changed.moved(units, np.arange(len(changes)))
        first, before = moved.copy(), [_move(about.points, row) for row in moved]
        again = [i for i, move in enumerate(before) if move.largest > ERRORS and not move.broken]
        for _ in range(_STEPS if again else 0):
            steps = [about.step_back(units[i], moved[i], changes[i].sizes) for i in again]
            found = np.array(
                [units[i] + share * step for i, step in zip(again, steps, strict=True) for share in _SHARES]
            ).clip(0.0, 1.0)
            rows = changed.moved(found, np.repeat(again, len(_SHARES)))
            cost = about.cost(found, rows).reshape(len(again), -1)
            for place, i in enumerate(again):
                best = place * len(_SHARES) + int(cost[place].argmin())
                if cost[place].min() < about.cost(units[i : i + 1], moved[i : i + 1])[0]:
                    units[i], moved[i] = found[best], rows[best]
        after = {i: _move(about.points, moved[i]) for i in again}
    return [Tried(before[i], after.get(i), first[i]) for i in range(len(changes))]


def _move(points: Points, moved: Array) -> Move:
    """Return the largest of the moves of all figures, and their root mean square."""
    at = int(np.abs(moved).argmax())
    point = points.points[at]
    where = f"{point.target} {point.label}"
    return Move(float(abs(moved[at])), where, float(np.sqrt(np.mean(moved**2))))


class Refit:
    """What mechanisms are taken out of, and how the fitted unknowns can make up for one.

    Parameters
    ----------
    scenario, points, cube
        Of a calibration: see :func:`planmodel.calibration.problem.prepare`.
    step
        Of the finite differences, in the unit cube.
    workers
        Processes.
    """

    def __init__(
        self, scenario: Scenario, points: Points, cube: Cube, step: float, workers: int | None = 1
    ) -> None:
        self.scenario, self.points, self.cube, self.workers = scenario, points, cube, workers
        # What the scenario says outside of the range of a fit is put at its end.
        self.origin = cube.unit(np.array([standing(scenario, key) for key in cube.keys]))
        with Evaluator(scenario, cube.keys, points.observations, workers) as evaluate:
            problem = Problem(points, cube, evaluate)

            def ask(unit: Array) -> Array:
                return points.compared(problem.predict(unit)) / points.sd

            self.base = ask(self.origin[None])
            self._slopes = np.nan_to_num(jacobian(ask, self.origin[None], self.base, step)[0])

    def step_back(self, unit: Array, moved: Array, held: Collection[str]) -> Array:
        """Return the step in the unit cube that brings figures back, were the model linear.

        Parameters
        ----------
        unit
            Where the unknowns are.
        moved
            By how many standard errors each figure is moved there.
        held
            Full keys that are held, where they are unknowns.
        """
        rooted = np.sqrt(self.points.weight)
        free = np.array([key.full not in held for key in self.cube.keys])
        slopes = self._slopes * rooted[:, None] * free
        normal = slopes.T @ slopes + np.diag(self.cube.prior_sd**-2.0)
        pull = (unit - self.origin) / self.cube.prior_sd**2
        step: Array = -np.linalg.solve(normal, slopes.T @ (rooted * moved) + pull)
        return step

    def cost(self, unit: Array, moved: Array) -> Array:
        """Return what is made small: the squares of what is moved, and those of the pull of the priors."""
        pull = (unit - self.origin) / self.cube.prior_sd
        cost: Array = np.sum(self.points.weight * moved**2, axis=1) + np.sum(pull**2, axis=1)
        return cost


def refit_of(scenario: str, calibration: str, workers: int | None = 1) -> Refit:
    """Return what mechanisms of a scenario are taken out of: figures and unknowns are those of a calibration.

    Raises
    ------
    UserError
        If they are not of one economy, or a target has no figure within the run.
    """
    about, loaded = load_calibration(calibration), load_scenario(scenario)
    if about.economy.name != loaded.declared.name:
        raise UserError(
            f"{scenario}: is of the economy '{loaded.declared.name}', and the calibration {calibration} of "
            f"'{about.economy.name}'; allowed: both of one"
        )
    prepared = prepare(about.model_copy(update={"scenario": scenario}))
    return Refit(*prepared, about.search.step, workers)


class _Changed:
    """Runs a scenario with one of some changes under many sets of unknowns.

    A size may lie outside of the bounds of its parameter, which say what history allows.
    """

    def __init__(self, about: Refit, changes: Sequence[Change]) -> None:
        scenario, keys = about.scenario, list(about.cube.keys)
        fitted = {key.full for key in keys}
        if changes[0].others:
            scenario = change_scenario(scenario, changes[0].others, "liveness")
        named = dict.fromkeys(name for change in changes for name in change.sizes)
        beside = [name for name in named if name not in fitted]
        keys += [Key(name.removeprefix("parameters."), 0.0, 1.0) for name in beside]
        places = {key.full: place for place, key in enumerate(keys)}
        self._about = about
        self._stands = np.array([stands(scenario, name) for name in beside], dtype=float)
        self._sizes = [[(places[name], *size) for name, size in change.sizes.items()] for change in changes]
        self._evaluate = Evaluator(scenario, keys, about.points.observations, about.workers)
        self._problem = Problem(about.points, about.cube, self._evaluate)

    def moved(self, unit: Array, which: np.ndarray) -> Array:
        """Return by how many standard errors figures are moved, shape ``(members, points)``.

        Parameters
        ----------
        unit
            Unknowns of each member, in the unit cube.
        which
            Number of the change that is made in each member.
        """
        natural = self._about.cube.natural(unit)
        natural = np.hstack([natural, np.tile(self._stands, (len(unit), 1))])
        for row, one in enumerate(which):
            for place, factor, more in self._sizes[one]:
                natural[row, place] = factor * natural[row, place] + more
        predicted = self._problem.expected(unit, self._evaluate(natural))
        points = self._about.points
        moved = points.compared(predicted) / points.sd - self._about.base
        return np.where(np.isfinite(moved), moved, _BROKEN)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *left: object) -> None:
        self._evaluate.close()


def stands(scenario: Scenario, key: str) -> float:
    """Return where a parameter stands, or a value by date of an input."""
    table, group, *names = key.split(".")
    about: Any = getattr(getattr(scenario, table), group)
    if table == "parameters":
        return float(getattr(about, names[0]))
    return float(about.values[names[1]])
