"""What a calibration estimates: parameters, latent values of exogenous series, biases of published versions.

Each unknown has a prior: that of the economy's table (``priors.csv``) or uniform between its bounds for a
parameter, that of the table for an opening stock, normal for a latent value (around that of the scenario) and
for a bias (around zero).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.special import ndtr, ndtri

from planmodel.calibration.densities import Density
from planmodel.calibration.priors import OPENING, priors_of
from planmodel.calibration.schema import Calibration, Latent
from planmodel.documented.dates import parse_date
from planmodel.engine import Array, UserError
from planmodel.scenario import Scenario
from planmodel.scenario.economy import Economy
from planmodel.scenario.folder import PRIORS
from planmodel.scenario.names import hint

_WIDTH = 3.0  # standard deviations of a normal prior to either side
_FURTHEST = 4.0  # normal score to either side at which a declared density is cut off
BIAS = "bias."


class Key(NamedTuple):
    """An unknown and its prior: uniform from low to high, or normal or of a density and cut off there."""

    dotted: str
    low: float
    high: float
    mean: float | None = None
    sd: float | None = None
    density: Density | None = None

    @classmethod
    def declared(cls, dotted: str, density: Density) -> Key:
        """Return an unknown with a declared prior."""
        low, high = density.natural(np.array([-_FURTHEST, _FURTHEST]))
        return cls(dotted, float(low), float(high), density=density)

    @classmethod
    def normal(cls, dotted: str, mean: float, sd: float) -> Key:
        """Return an unknown with a normal prior."""
        return cls(dotted, mean - _WIDTH * sd, mean + _WIDTH * sd, mean, sd)

    @property
    def full(self) -> str:
        """The key of the scenario, such as ``parameters.component.name``."""
        whole = self.dotted.startswith(("exogenous.", OPENING))
        return self.dotted if whole else f"parameters.{self.dotted}"

    @property
    def of_the_model(self) -> bool:
        """Whether the model takes it; a bias belongs to the record."""
        return not self.dotted.startswith(BIAS)

    def described(self, economy: Economy) -> tuple[str, str]:
        """Return the unit, and what it means."""
        if not self.of_the_model:
            return "1", f"bias of the published figures, {self.dotted.removeprefix(BIAS)} (of the logarithm)"
        if self.dotted.startswith(OPENING):
            _, commodity, account, _ = self.dotted.split(".")
            unit = next(c.unit for c in economy.commodities() if c.name == commodity)
            return unit, f"{commodity} of {account} at the start"
        if self.full == self.dotted:
            _, series, _, day = self.dotted.split(".", 3)
            given = economy.inputs()[series]
            return given.unit, f"{given.meaning}, {day}"
        component, _, name = self.dotted.partition(".")
        declared = economy.parameters()[component][name]
        return declared.unit, declared.meaning


@dataclass(frozen=True)
class Cube:
    """The unknowns as numbers between 0 and 1, from the lower to the upper bound."""

    keys: tuple[Key, ...]

    @property
    def low(self) -> Array:
        """Lower bounds in natural units."""
        return np.array([key.low for key in self.keys])

    @property
    def width(self) -> Array:
        """Widths of the ranges in natural units."""
        return np.array([key.high - key.low for key in self.keys])

    @property
    def prior_sd(self) -> Array:
        """Standard deviation of the prior of each unknown, in the unit cube; of a density, by its 90 %."""
        sds = [k.sd if k.density is None else k.density.sd for k in self.keys]
        uniform = 1.0 / np.sqrt(12.0)
        return np.array([
            uniform if sd is None else sd / (k.high - k.low) for k, sd in zip(self.keys, sds, strict=True)
        ])  # fmt: skip

    @property
    def normal(self) -> np.ndarray:
        """Places of the unknowns with a normal prior: latent values and biases."""
        return np.flatnonzero([key.sd is not None for key in self.keys])

    @property
    def dense(self) -> np.ndarray:
        """Places of the unknowns with a density of the economy's table."""
        return np.flatnonzero([key.density is not None for key in self.keys])

    @property
    def pulled(self) -> np.ndarray:
        """Places of the unknowns that their priors pull to a middle: all but the uniform ones."""
        return np.flatnonzero([key.sd is not None or key.density is not None for key in self.keys])

    @property
    def taken(self) -> np.ndarray:
        """Places of the unknowns that the model takes."""
        return np.flatnonzero([key.of_the_model for key in self.keys])

    def natural(self, unit: Array) -> Array:
        """Return unknowns in natural units; what is outside the cube is put on its face."""
        return self.low + np.clip(unit, 0.0, 1.0) * self.width

    def unit(self, natural: Array) -> Array:
        """Return unknowns as numbers between 0 and 1."""
        return np.clip((natural - self.low) / self.width, 0.0, 1.0)

    def moved(self, unit: Array) -> Array:
        """Return how far unknowns are from the middle of their priors, in standard deviations.

        Returns
        -------
        array
            Shape ``(members, pulled)``: residuals whose squares are added to the misfit. Of a density they
            are normal scores.
        """
        return self.standard(unit)[..., self.pulled]

    def from_standard(self, standard: Array) -> Array:
        """Return unknowns in the unit cube whose priors are standard normal in other terms.

        A normal prior reaches beyond its faces, where it is cut off.
        """
        unit: Array = ndtr(standard)
        places = self.normal
        unit[..., places] = 0.5 + standard[..., places] * self.prior_sd[places]
        for place, density in self._densities():
            natural = density.natural(standard[..., place])
            unit[..., place] = (natural - self.keys[place].low) / self.width[place]
        return unit

    def standard(self, unit: Array) -> Array:
        """Return unknowns as numbers whose priors are standard normal: the inverse of `from_standard`."""
        standard: Array = ndtri(np.clip(unit, 1e-12, 1.0 - 1e-12))
        places = self.normal
        standard[..., places] = (unit[..., places] - 0.5) / self.prior_sd[places]
        for place, density in self._densities():
            standard[..., place] = density.score(self.keys[place].low + unit[..., place] * self.width[place])
        return standard

    def _densities(self) -> Iterator[tuple[int, Density]]:
        return ((i, key.density) for i, key in enumerate(self.keys) if key.density is not None)

    def spread(self, uniform: Array) -> Array:
        """Turn uniform numbers into draws from the priors, in the unit cube."""
        return np.clip(self.from_standard(ndtri(np.clip(uniform, 1e-12, 1.0 - 1e-12))), 0.0, 1.0)

    def values(self, natural: Array) -> dict[str, Array]:
        """Return what the model takes, by the full key of the scenario: arrays of shape ``(members,)``."""
        return {self.keys[i].full: natural[:, i] for i in self.taken}


def standing(scenario: Scenario, key: Key) -> float:
    """Return where the scenario stands: in the middle of a normal prior."""
    if key.mean is not None:
        return key.mean
    if key.dotted.startswith(OPENING):
        _, commodity, account, _ = key.dotted.split(".")
        return float(getattr(getattr(scenario.initial, commodity), account).value)
    component, _, name = key.dotted.partition(".")
    return float(getattr(getattr(scenario.parameters, component), name))


def unknowns(calibration: Calibration, scenario: Scenario) -> Cube:
    """Return all that a calibration estimates.

    Raises
    ------
    UserError
        If the scenario gives no value for a latent year, or none of the series; if a declared prior is
        missing.
    """
    found = [*_parameters(calibration, scenario), *_openings(calibration, scenario)]
    for name, latent in calibration.latent.items():
        given = getattr(scenario.exogenous, name).values
        if given is None:
            raise UserError(
                f"latent.{name}: is read from the record; allowed: what the scenario gives by "
                "values, as weather"
            )
        found += [
            Key.normal(f"exogenous.{name}.values.{day}", given[day], latent.sd)
            for day in _chosen(f"latent.{name}", latent, scenario, given)
        ]
    for name, target in calibration.used().items():
        if target.bias is not None:
            found.append(Key.normal(f"{BIAS}{name}", 0.0, target.bias))
    return Cube(tuple(found))


def _parameters(calibration: Calibration, scenario: Scenario) -> Iterator[Key]:
    declared = priors_of(calibration.economy) if calibration.prior == "declared" else {}
    for dotted, (low, high) in calibration.ranges(scenario).items():
        component, _, name = dotted.partition(".")
        own = calibration.fit[component][name]
        if calibration.prior == "bounds" or (own.low is not None and own.high is not None):
            yield Key(dotted, low, high)
        elif dotted not in declared:
            raise UserError(
                f"fit.{dotted}: has no declared prior; allowed: a row in {PRIORS} of the economy "
                f"'{calibration.economy.name}', low and high of its own, or prior = \"bounds\""
            )
        elif own.low is not None or own.high is not None:
            one = "low" if own.high is None else "high"
            raise UserError(f"fit.{dotted}: has only one of low and high, and a declared prior; "
                            f"allowed: both, or no {one}")  # fmt: skip
        else:
            yield Key.declared(dotted, declared[dotted])


def _openings(calibration: Calibration, scenario: Scenario) -> Iterator[Key]:
    declared = priors_of(calibration.economy)
    known = [key.removeprefix(OPENING) for key in declared if key.startswith(OPENING)]
    for opening in calibration.openings:
        if opening not in known:
            raise UserError(
                f"openings: '{opening}' has no declared prior{hint(opening, known)}; "
                f"allowed: {', '.join(known) or f'what {PRIORS} of the economy names'}"
            )
        yield Key.declared(f"{OPENING}{opening}.value", declared[f"{OPENING}{opening}"])


def _chosen(place: str, latent: Latent, scenario: Scenario, given: Mapping[str, float]) -> Iterable[str]:
    """Return the dates of a latent series that are estimated."""
    first, last = scenario.period.start.year, scenario.period.end.year
    held: dict[int, list[str]] = {}
    for day in sorted(given):
        if first <= int(day[:4]) <= last:
            held.setdefault(int(day[:4]), []).append(day)
    allowed = f"allowed: {', '.join(map(str, sorted(held)))}"
    for year in latent.shown:
        if not first <= year <= last:
            raise UserError(f"{place}.shown: {year} is outside the run of '{scenario.name}'; "
                            f"allowed: {first} to {last}")  # fmt: skip
    wanted: Iterable[int]
    if latent.years is None:
        wanted = held
    elif isinstance(latent.years, list):
        wanted = latent.years
    else:
        try:
            period = parse_date(latent.years)
        except ValueError as error:
            raise UserError(f"{place}.years: {error}") from None
        wanted = range(period.start.year, period.end.year + 1)
    for year in wanted:
        if year not in held:
            raise UserError(
                f"{place}.years: the scenario gives no value for {year} within its period; {allowed}"
            )
    return [day for year in sorted(set(wanted)) for day in held[year]]
