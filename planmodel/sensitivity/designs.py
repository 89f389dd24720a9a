"""Where in the space of inputs the members stand: the designs of Morris and of Sobol."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from SALib.sample import sobol
from SALib.sample.morris import sample as sample_morris

from planmodel.engine import Array, UserError
from planmodel.runs.design import check_size
from planmodel.sensitivity.schema import Analysis

MORRIS_LEVELS = 4


@dataclass(frozen=True)
class Design:
    """The inputs, and what each member has of them.

    ``points`` has the shape ``(members, inputs)``: points of the unit cube for Morris and Sobol, values for
    the others. ``groups`` names the group of each input. ``block`` members belong together: a trajectory of
    Morris, a base point of Sobol with its neighbours.
    """

    inputs: list[str]
    points: Array
    groups: tuple[str, ...] = ()
    block: int = 1

    @property
    def names(self) -> list[str]:
        """What has an index: the groups in the order of their first input, or the inputs."""
        return list(dict.fromkeys(self.groups)) if self.groups else self.inputs

    @property
    def problem(self) -> dict[str, Any]:
        """The inputs as SALib wants them."""
        found: dict[str, Any] = {
            "num_vars": len(self.inputs),
            "names": self.inputs,
            "bounds": [[0.0, 1.0]] * len(self.inputs),
        }
        if self.groups:
            found["groups"] = list(self.groups)
        return found

    def __len__(self) -> int:
        """Return the number of blocks."""
        return len(self.points) // self.block


def make_design(
    analysis: Analysis, inputs: Sequence[str], groups: Sequence[str], place: str = "analysis"
) -> Design:
    """Return the design of Morris (trajectories) or Sobol (Saltelli's scheme) on the unit cube.

    Parameters
    ----------
    analysis
        Gives method, samples and seed.
    inputs
        Names of the inputs.
    groups
        The group of each.
    place
        Name of the file, for messages.

    Raises
    ------
    UserError
        If there are fewer than two inputs or groups.
    """
    grouped = tuple(groups) if analysis.groups else ()
    bare = Design(list(inputs), np.empty((0, len(inputs))), grouped)
    size = len(bare.names)
    if size < 2:
        raise UserError(
            f"{place}: vary: {size} input alone has nothing to compare with; allowed: two or more"
        )
    morris = analysis.methods == ["morris"]
    each = size + 1 if morris else (2 * size + 2) if analysis.second_order else size + 2
    check_size(each * analysis.samples, len(inputs), f"{place}: samples: {analysis.samples}", each)
    if morris:
        points = sample_morris(bare.problem, analysis.samples, num_levels=MORRIS_LEVELS, seed=analysis.seed)
        return Design(bare.inputs, points, grouped, each)
    points = sobol.sample(
        bare.problem, analysis.samples, calc_second_order=analysis.second_order, seed=analysis.seed
    )
    return Design(bare.inputs, points, grouped, each)
