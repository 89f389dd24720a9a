"""Real answers: members that are run, and what they come to by year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from planmodel.engine import Array
from planmodel.explore.asked import Explored
from planmodel.explore.looked_at import LookedAt, looked_at
from planmodel.runs.chunks import Chunk, add_up
from planmodel.runs.observe import Observer, year_of
from planmodel.scenario import Scenario

LEVELS = (0.05, 0.5, 0.95)
_DIGITS = 6


class Asker:
    """Runs scenarios and reads off all that is looked at.

    Parameters
    ----------
    explored
        The scenario that is open.
    members, seed
        As of ``planmodel run``: the histories are those of that command.
    """

    def __init__(self, explored: Explored, members: int, seed: int) -> None:
        period = explored.scenario.period
        self.explored, self.members, self.seed = explored, members, seed
        self.looked_at: list[LookedAt] = looked_at(explored)
        self.years = list(range(period.start.year, period.end.year + 1))
        asked = [(one.indicator, *year_of(one.indicator, y)) for one in self.looked_at for y in self.years]
        self._observer = Observer(pd.date_range(period.start, period.end, freq="ME"), asked)

    def read(
        self, scenario: Scenario, numbers: Sequence[int], values: Mapping[str, Array] | None = None
    ) -> Array:
        """Run members; return what is looked at, shape ``(members, quantities, years)``."""
        members = np.array(numbers)
        chunk = Chunk(0, 0, len(members), scenario, self.seed, members, members, values or {})
        answers = self._observer.read_sums(add_up(chunk, self._observer.sums), len(members))
        return answers.reshape(len(members), len(self.looked_at), len(self.years))

    def answer(self, scenario: Scenario) -> dict[str, Any]:
        """Run the members of a scenario; return low, median and high by quantity, a list over years each."""
        found = np.quantile(self.read(scenario, range(self.members)), LEVELS, axis=0)
        return {one.key: plain(found[:, row]) for row, one in enumerate(self.looked_at)}


def plain(values: Array, digits: int = _DIGITS) -> Any:
    """Return an array as nested lists that JSON can hold: what is not known is None."""
    if values.ndim > 1:
        return [plain(row, digits) for row in values]
    return [float(f"{v:.{digits}g}") if np.isfinite(v) else None for v in values.tolist()]
