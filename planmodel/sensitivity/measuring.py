"""What is measured of the members: the measures of reality checks, kept in place of variables."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from planmodel.documented.dates import parse_date
from planmodel.engine import Array, UserError
from planmodel.runs import measures
from planmodel.runs.checking import compared, within
from planmodel.runs.checks import Claim
from planmodel.scenario import Scenario
from planmodel.scenario.of_economy import context
from planmodel.sensitivity.schema import Analysis, Outcome, Output

KEPT = "outputs"  # name of the array that a chunk holds


@dataclass(frozen=True)
class Series:
    """One figure a member: an output, or one year of an output that is measured every year."""

    name: str
    output: str
    title: str
    unit: str
    claim: Claim
    year: int | None = None


def series_of(analysis: Analysis) -> list[Series]:
    """Return all that is measured for the outputs of an analysis."""
    found = []
    for name, output in analysis.outputs.items():
        title, unit = output.title or output.measured(), unit_of(output)
        if output.yearly:
            found += [Series(f"{name}@{y}", name, f"{title}, {y}", unit, o, y) for y, o in output.by_year()]
        else:
            found.append(Series(name, name, title, unit, output))
    return found


def unit_of(claim: Claim) -> str:
    """Return the unit of what a claim measures, in words."""
    if claim.measure in ("trough_date", "peak_date"):
        return "years" if claim.against is not None and claim.compare == "difference" else "date"
    plain = claim.measure in ("growth", "trough_depth") or claim.over is not None
    if plain or (claim.against is not None and claim.compare == "ratio"):
        return "share"
    unit = claim.economy.quantity(claim.of).unit
    return "share" if unit == "1" else unit


@dataclass(frozen=True)
class Measures:
    """The reduction of a chunk to figures: dimensions member and output."""

    claims: tuple[Claim, ...]

    @property
    def wanted(self) -> set[str]:
        """Names that a run must record."""
        return set().union(*(measures.parts_of(claim) for claim in self.claims))

    def __call__(self, dataset: xr.Dataset) -> xr.Dataset:
        """Return what is measured of each member."""
        columns = [measures.measure(claim, dataset) for claim in self.claims]
        labels = [claim.measured() for claim in self.claims]
        coordinates = {"member": dataset["member"], "output": labels}
        return xr.Dataset({KEPT: (("member", "output"), np.stack(columns, axis=1))}, coords=coordinates)

    def identity(self) -> dict[str, Any]:
        """Return the claims, and the hash of the code that measures them."""
        code = hashlib.sha256(Path(measures.__file__).read_bytes()).hexdigest()
        return {
            "claims": [_plain(claim).model_dump(exclude_defaults=True) for claim in self.claims],
            "code": code,
        }


class Reader:
    """Which claims are measured in which run, and how the figures of series and outcomes follow.

    Parameters
    ----------
    series
        What is asked of the members.
    outcomes
        What is asked of them as true or false.
    """

    def __init__(self, series: Sequence[Series], outcomes: Mapping[str, Outcome]) -> None:
        self.series, self.outcomes = list(series), dict(outcomes)
        asked: dict[str, dict[str, Claim]] = {}
        for claim in [s.claim for s in series] + [c for o in outcomes.values() for c in o.claims]:
            for run in (claim.run, claim.against):
                if run is not None:
                    asked.setdefault(run, {})[_label(claim)] = _plain(claim)
        self._asked = asked

    @property
    def runs(self) -> list[str]:
        """Names of the runs that are needed."""
        return list(self._asked)

    def measures(self, run: str) -> Measures:
        """Return what is measured in a run."""
        return Measures(tuple(self._asked[run].values()))

    def values(self, kept: Mapping[str, Array]) -> Array:
        """Return the figures, shape ``(members, series)``, from what was kept of each run."""
        return np.stack([self._figures(series.claim, kept) for series in self.series], axis=1)

    def held(self, outcome: str, kept: Mapping[str, Array]) -> np.ndarray:
        """Return which members have an outcome, shape ``(members,)``."""
        about = self.outcomes[outcome]
        holds = np.stack([within(claim, self._figures(claim, kept)) for claim in about.claims])
        return np.asarray(holds.all(axis=0) if about.need == "all" else holds.any(axis=0))

    def _figures(self, claim: Claim, kept: Mapping[str, Array]) -> Array:
        figures = kept[claim.run][:, self._column(claim.run, claim)]
        if claim.against is None:
            return figures
        return compared(claim, figures, kept[claim.against][:, self._column(claim.against, claim)])

    def _column(self, run: str, claim: Claim) -> int:
        return list(self._asked[run]).index(_label(claim))


def _plain(claim: Claim) -> Claim:
    """Return the claim as something that is measured in one run."""
    return Output.model_validate(
        claim.model_dump(include={"measure", "of", "over", "dates"}, exclude_none=True),
        context=context(claim.economy),
    )


def _label(claim: Claim) -> str:
    return _plain(claim).measured()


def last_day(claims: Sequence[Claim], scenario: Scenario) -> date:
    """Return the last day that the claims need, as the end of a month within the period."""
    days = [scenario.period.first_month_end]
    for claim in claims:
        texts = [claim.dates] if isinstance(claim.dates, str) else claim.dates
        days += [parse_date(text).end for text in texts]
        for name in filter(None, (claim.of, claim.over)):
            days += [date(year, 12, 31) for year in claim.economy.bases(claim.economy.quantity(name))]
    last = pd.Timestamp(max(days)) + pd.offsets.MonthEnd(0)
    return min(last.date(), scenario.period.end)


def check_covered(claim: Claim, scenario: Scenario, place: str) -> None:
    """Refuse a claim whose dates a run does not cover, by measuring a run in which everything is one.

    Raises
    ------
    UserError
        Naming the place and the dates.
    """
    time = pd.date_range(scenario.period.start, scenario.period.end, freq="ME")
    one = (("member", "time"), np.ones((1, len(time))))
    arrays = dict.fromkeys(measures.parts_of(claim), one)
    try:
        measures.measure(claim, xr.Dataset(arrays, coords={"member": [0], "time": time}))
    except UserError as error:
        period = f"{scenario.period.start} to {scenario.period.end}"
        raise UserError(f"{place}: {error}; allowed: within {period}, after its first day") from None
