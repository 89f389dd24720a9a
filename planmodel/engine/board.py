"""Declared quantities that are not conserved: prices, pressures, effort, yields.

A reader sees the value as it stood when the phase opened; what is written becomes visible when the phase is
settled. One writer a variable and phase: a second one would make the result depend on order.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from planmodel.engine.errors import DeclarationError, same_names
from planmodel.engine.memory import matrix
from planmodel.engine.types import Array


@dataclass(frozen=True)
class Variable:
    """A quantity of the state that is not conserved.

    ``bounds`` are those of the value that a scenario may begin with: at most one for a share that cannot be
    more, above zero for a price. What is not ``recorded`` is state that no economist asks for: it is saved
    and stands in no result.
    """

    name: str
    unit: str
    meaning: str
    initial: float = 0.0
    bounds: tuple[float, float] = (0.0, math.inf)
    recorded: bool = True


class Board:
    """The values of all declared variables, shape ``(variables, members)``."""

    def __init__(self, variables: Iterable[Variable], members: int) -> None:
        self.variables: dict[str, Variable] = {}
        for variable in variables:
            if variable.name in self.variables:
                raise DeclarationError(f"variable '{variable.name}' is declared twice")
            self.variables[variable.name] = variable
        self._row = {name: row for row, name in enumerate(self.variables)}
        self.values = matrix(len(self.variables), members)
        for name, variable in self.variables.items():
            self.values[self._row[name]] = variable.initial
        self._written: dict[str, Array] = {}
        self.proposed: list[Array] = []  # what was written in this phase, as it came

    def row(self, name: str) -> int:
        """Return the row of a variable in ``values``."""
        return self._row[name]

    def __getitem__(self, name: str) -> Array:
        """Return the value at the opening of the phase, shape ``(members,)``; do not write into it."""
        return self.values[self._row[name]]

    def __setitem__(self, name: str, value: Array | float) -> None:
        """Propose a new value, visible after settlement."""
        if name not in self._row:
            raise DeclarationError(f"variable '{name}' is not declared")
        if name in self._written:
            raise DeclarationError(f"variable '{name}' is written twice in one phase")
        array = np.asarray(value, dtype=float)
        # A view of another variable would change under us when that one is settled.
        self._written[name] = array if array.base is None else array.copy()
        self.proposed.append(self._written[name])

    def write(self, names: Sequence[str], values: Array) -> None:
        """Propose new values of several variables, shape ``(names, members)``, as each by itself."""
        for name in names:
            if name in self._written:
                raise DeclarationError(f"variable '{name}' is written twice in one phase")
        kept = values if values.base is None else values.copy()
        self._written.update(zip(names, kept, strict=True))
        self.proposed.append(kept)

    def save(self) -> dict[str, Any]:
        """Return the state, as :meth:`restore` takes it."""
        return {"variables": list(self.variables), "values": self.values.copy()}

    def restore(self, saved: Mapping[str, Any]) -> None:
        """Go on from a state of the same variables."""
        same_names("variable", saved["variables"], self.variables)
        self.values[:] = saved["values"]
        self.withdraw()

    @property
    def written(self) -> Collection[str]:
        """The variables that are proposed anew in this phase."""
        return self._written.keys()

    def withdraw(self) -> None:
        """Take back all that was written in this phase."""
        self._written.clear()
        self.proposed.clear()

    def settle(self) -> None:
        """Make what was written in this phase visible."""
        for name, value in self._written.items():
            self.values[self._row[name]] = value
        self.withdraw()
