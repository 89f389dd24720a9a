"""The schema of how a fit is made: the search for the best point, draws of the posterior, the forecast."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field, model_validator

from planmodel.calibration.schema_of_targets import STRICT, Size

DAMPINGS = 5  # trial steps of Gauss-Newton that are taken side by side


class Search(BaseModel):
    """How the best parameters are sought.

    Of a ``sample`` of the cube the best ``points`` descend for ``descent`` steps of Gauss-Newton; in each of
    ``rounds`` they are crossed and the children descend; the best ``starts`` end with ``polish`` steps.
    ``step`` is that of the finite differences, in the unit cube.
    """

    model_config = STRICT
    sample: Annotated[int, Field(ge=1, le=1_000_000)] = 1000
    points: Annotated[int, Field(ge=1, le=1000)] = 24
    descent: Annotated[int, Field(ge=1, le=1000)] = 6
    rounds: Annotated[int, Field(ge=0, le=1000)] = 10
    starts: Annotated[int, Field(ge=1, le=64)] = 3
    polish: Annotated[int, Field(ge=0, le=1000)] = 15
    step: Annotated[float, Field(ge=1e-6, le=0.1)] = 0.004
    loss: Literal["gaussian", "cauchy"] = "cauchy"
    loss_scale: Annotated[float, Field(ge=0.1, le=100)] = 3.0

    def runs(self, keys: int, rounds: int) -> int:
        """Return how many runs a search of so many parameters takes at most, polish apart."""
        return sum(self.calls(keys, rounds))

    def calls(self, keys: int, rounds: int, polish: bool = False) -> list[int]:
        """Return how many runs are asked for at a time, by turns, at most."""
        step = [self.points * keys, self.points * DAMPINGS]  # a Jacobian and the trial steps
        found = [self.sample, *(rounds + 1) * [self.points, *self.descent * step]]
        ends = [self.starts, *self.polish * [self.starts * keys, self.starts * DAMPINGS]]
        return found + (ends if polish else [])

    @model_validator(mode="after")
    def _enough(self) -> Self:
        if self.starts > self.points:
            raise ValueError(f".starts: {self.starts} of {self.points} points; allowed: at most as many")
        if self.points - 1 > self.sample:
            raise ValueError(
                f".points: {self.points} of a sample of {self.sample}; allowed: one more at most"
            )
        return self


class Posterior(BaseModel):
    """How the posterior is drawn.

    ``walkers`` move together from the best point, for so many ``steps``; ``tempered`` particles begin as
    draws of the whole prior, by the sizes of ``[tempering]``.
    """

    model_config = STRICT
    method: Literal["walkers", "tempered"] = "walkers"
    walkers: Annotated[int, Field(ge=8, le=100_000)] = 1000
    steps: Annotated[int, Field(ge=2, le=1_000_000)] = 400
    burn: Annotated[float, Field(ge=0, le=0.9)] = 0.5
    draws: Annotated[int, Field(ge=10, le=100_000)] = 1000


class Tempering(BaseModel):
    """How the posterior is drawn from the whole prior: see :mod:`planmodel.calibration.tempering`.

    ``effective`` is the share of particles that a step leaves effective; ``moves`` are made at each power of
    the likelihood, ``last_moves`` at the last; after ``most_powers`` it is broken off. A posterior is drawn
    by so many ``islands``, each with all ``particles`` of its own: what they agree in can be believed.
    """

    model_config = STRICT
    islands: Annotated[int, Field(ge=2, le=64)] = 4
    particles: Annotated[int, Field(ge=20, le=100_000)] = 1000
    moves: Annotated[int, Field(ge=1, le=1000)] = 8
    last_moves: Annotated[int, Field(ge=1, le=10_000)] = 24
    effective: Annotated[float, Field(ge=0.05, le=0.95)] = 0.5
    most_powers: Annotated[int, Field(ge=1, le=10_000)] = 200


class Validation(BaseModel):
    """Fit up to ``fit_until``, forecast what comes after."""

    model_config = STRICT
    fit_until: Annotated[int, Field(ge=1900, le=1960)] = 1936
    moves: Size = 0.05
