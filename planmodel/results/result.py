"""What a run came to: its data by month and year, what happened, and how to look at it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import xarray as xr

from planmodel.engine import State
from planmodel.engine.errors import UserError
from planmodel.runs.history import Run, run_fully
from planmodel.runs.record import annual_names, reduce, whole_years
from planmodel.runs.schema import Keep
from planmodel.scenario import Scenario
from planmodel.scenario.names import hint

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from planmodel.results.table import Table
    from planmodel.results.yearly import Values


@dataclass(frozen=True, repr=False)
class Result:
    """What a run came to.

    Attributes
    ----------
    scenario
        What was run.
    data
        The dataset: dimensions member and time (the last day of each month); every variable has units and a
        long name. Stocks are those at the end of the month, flows what moved in it.
    seed
        Of the random streams.
    events
        What happened on which day, and in which share of the members.
    notes
        What must be said of how the scenario is read.
    state
        What another run can go on from, if that was asked for.
    """

    scenario: Scenario
    data: xr.Dataset
    seed: int
    events: pd.DataFrame
    notes: tuple[str, ...] = ()
    state: State | None = None

    @classmethod
    def of(cls, run: Run, seed: int) -> Result:
        """Return the result of what the engine has run."""
        return cls(run.scenario, run.dataset, seed, run.events.table(), run.notes, run.state)

    @property
    def members(self) -> int:
        """How many histories there are."""
        return int(self.data.sizes["member"])

    @cached_property
    def years(self) -> list[int]:
        """The calendar years that the run covers from beginning to end."""
        return whole_years(self.scenario.period)

    @cached_property
    def quantities(self) -> pd.DataFrame:
        """What there is to look at: name, title, unit, and how a year is made of months."""
        found = self.annual()
        rows = [
            (name, v.attrs["long_name"], v.attrs["units"], v.attrs["by_year"]) for name, v in found.items()
        ]
        return pd.DataFrame(rows, columns=["name", "title", "unit", "by_year"]).set_index("name")

    def annual(self, names: str | Collection[str] | None = None) -> xr.Dataset:
        """Return quantities by year: sums, means or year ends, as each asks; units follow.

        Parameters
        ----------
        names
            Indicators, stocks, flows and variables; all that the run has unless given.

        Returns
        -------
        xarray.Dataset
            Dimensions member and year. The year of procurement is July to June, and stands under the year in
            which it begins.

        Raises
        ------
        UserError
            If the run has no such quantity, or covers no whole year.
        """
        if not self.years:
            raise UserError(f"{self.scenario.name}: the run covers no whole year; allowed: a longer one")
        known = self._names
        wanted = known if names is None else [names] if isinstance(names, str) else list(names)
        for name in wanted:
            if name not in known:
                raise UserError(f"'{name}': the run has no such quantity{hint(name, known)}")
        found = reduce(self.data, Keep(variables=list(dict.fromkeys(wanted))), self.scenario)
        return found.assign_coords(time=self.years).rename(time="year").assign_attrs(self.data.attrs)

    @cached_property
    def _names(self) -> list[str]:
        return annual_names(self.data, self.scenario.declared)

    def table(
        self,
        names: str | Collection[str] | None = None,
        years: Collection[int] | None = None,
        band: float = 0.9,
    ) -> Table:
        """Return the median of quantities in years and the band of members: see :func:`planmodel.table`."""
        from planmodel.results.table import table

        return table(self, names=names, years=years, band=band)

    def compare(
        self,
        other: Result,
        names: str | Collection[str] | None = None,
        years: Collection[int] | None = None,
        band: float = 0.9,
    ) -> Table:
        """Return the table of this result beside another one: see :func:`planmodel.table`."""
        from planmodel.results.table import table

        return table(self, other, names=names, years=years, band=band)

    def plot(
        self,
        name: str,
        band: float = 0.9,
        record: bool = True,
        decrees: bool | Sequence[str] = True,
        *,
        beside: Result | None = None,
        ax: Axes | None = None,
    ) -> Axes:
        """Draw a quantity over time: the median, a band of the members, the record and decrees.

        Parameters
        ----------
        name
            An indicator, a stock, a flow or a variable.
        band
            Share of the members within the band.
        record
            Whether the figures of all versions of the record are drawn, each named in the legend.
        decrees
            Whether decrees are marked that bear on the quantity at once, or which decrees.
        beside
            Another result, drawn behind.
        ax
            Where to draw; a new figure unless given.

        Returns
        -------
        matplotlib.axes.Axes
            With the figure in ``axes.figure``.

        Raises
        ------
        UserError
            If there is no such quantity or decree, the band is no share, or matplotlib is not there.
        """
        from planmodel.results.drawing import draw

        return draw(self, name, band, record, decrees, beside, ax)

    def values(self, names: str | Collection[str] | None = None, monthly: bool = False) -> Values:
        """Return quantities as rows of members and years (or months), to be written: ``.to("values.dta")``.

        Parameters
        ----------
        names
            What to take; unless given, what the economy compares with the record.
        monthly
            Months in place of years.
        """
        from planmodel.results.yearly import values

        return values(self, names, monthly)

    def to_csv(self, file: str | Path) -> Path:
        """Write the values by year: see :meth:`values`; so do the others."""
        return self.values().to_csv(file)

    def to_parquet(self, file: str | Path) -> Path:
        """Write the values by year into a Parquet file."""
        return self.values().to_parquet(file)

    def to_excel(self, file: str | Path) -> Path:
        """Write the values by year into an Excel file."""
        return self.values().to_excel(file)

    def to_stata(self, file: str | Path) -> Path:
        """Write the values by year into a Stata file."""
        return self.values().to_stata(file)

    def to_latex(self, file: str | Path | None = None) -> str:
        """Return the table in LaTeX, and write it if a file is given."""
        return self.table().to_latex(file)

    def __repr__(self) -> str:
        histories = "one history" if self.members == 1 else f"{self.members} histories"
        period = self.scenario.period
        return (
            f"<result of {self.scenario.name}: {histories}, {period.start} to {period.end}, seed {self.seed}>"
        )

    def _repr_html_(self) -> str:
        from planmodel.show.notebook import fragment

        lines = [repr(self)[1:-1], *self.notes]
        return fragment(self.table().shown() if self.years else None, lines)


def run(
    scenario: Scenario | str = "baseline",
    members: int | Sequence[int] = 1,
    seed: int = 0,
    parameters: Mapping[str, Any] | None = None,
    wanted: Collection[str] | None = None,
    progress: Callable[[date], None] | None = None,
    resume: State | None = None,
    branch: bool = False,
    save: bool = False,
) -> Result:
    """Run a scenario.

    Parameters
    ----------
    scenario
        A scenario, or the name or path of one.
    members
        How many members (numbered from 0), or their numbers. Member 0 is the central history; the others draw
        their weather.
    seed
        Seed of the random streams: same seed, same histories, bit for bit on one processor and C library.
    parameters
        Values that differ between members, each of shape ``(members,)``: block -> parameter -> values, or
        values by any dotted key in which members may differ within a run.
    wanted
        Names to record; None records everything.
    progress
        Called with the day at each month's end.
    resume
        The ``state`` of an earlier result of the same members, from which this run goes on.
    branch
        Whether the scenario may be another than that of the state: a counterfactual that begins on its day.
    save
        Keep the state at the end, from which another run can go on.

    Raises
    ------
    UserError
        In one line: what is wrong, and what is allowed.
    """
    done = run_fully(scenario, members, seed, parameters, wanted, progress, resume, branch, save)
    return Result.of(done, seed)
