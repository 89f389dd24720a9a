"""The schema of an ensemble's configuration."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from planmodel.scenario.data import Data

_STRICT = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)
Text = Annotated[str, Field(min_length=1)]


class Vary(BaseModel):
    """How one key differs between members; without any entry it takes the declared bounds.

    ``low`` and ``high`` are numbers or dates; ``values`` lists what is tried instead. ``distribution`` is
    that of a number between the bounds: ``triangular`` has its peak at ``mode`` (the scenario's value unless
    given), ``normal`` has ``mean`` and ``sd`` and is cut off at the bounds. ``steps`` is for a grid.
    ``around`` sets the bounds by a share of the scenario's value to either side (0.1: a tenth), or of the
    declared range where the value is zero, within the declared bounds.
    """

    model_config = _STRICT
    low: Any = None  # number or date, which the key decides
    high: Any = None
    around: Annotated[float, Field(gt=0, le=1)] | None = None
    values: Annotated[list[Any], Field(min_length=1)] | None = None
    distribution: Literal["uniform", "log_uniform", "triangular", "normal"] = "uniform"
    mode: float | None = None
    mean: float | None = None
    sd: Annotated[float, Field(gt=0)] | None = None
    steps: Annotated[int, Field(ge=2, le=1000)] | None = None

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        if self.values is not None:
            other = sorted(self.model_fields_set - {"values"})
            if other:
                raise ValueError(f".{other[0]}: does not go with values; allowed: one of the two")
        for name in ("low", "high"):
            if self.around is not None and getattr(self, name) is not None:
                raise ValueError(f".{name}: does not go with around; allowed: one of the two")
        for name, of in (("mode", "triangular"), ("mean", "normal"), ("sd", "normal")):
            if getattr(self, name) is not None and self.distribution != of:
                raise ValueError(f'.{name}: is of another distribution; allowed: with distribution = "{of}"')
        if self.distribution == "normal" and (self.mean is None or self.sd is None):
            raise ValueError('.distribution: "normal" needs mean and sd')
        return self


class Keep(BaseModel):
    """What is kept of each member.

    ``variables`` are names of stocks, flows, variables and indicators (all indicators unless given).
    ``statistics`` keeps the quantiles over members at each time instead of the members.
    """

    model_config = _STRICT
    variables: Annotated[list[Text], Field(min_length=1)] | None = None
    frequency: Literal["annual", "monthly"] = "annual"
    statistics: bool = False
    quantiles: Annotated[list[Annotated[float, Field(ge=0, le=1)]], Field(min_length=1)] = [
        0.05,
        0.25,
        0.5,
        0.75,
        0.95,
    ]


class Ensemble(BaseModel):
    """Everything that decides the members of an ensemble and what is kept of them.

    ``changes`` (values by dotted key) and ``until`` (last day) make the scenario that all have in common.
    ``data`` are figures of the user's own. ``shocks``: each member its ``own`` weather, or ``none``.
    """

    model_config = _STRICT
    title: str = ""
    scenario: Text = "baseline"
    data: Data = None
    until: date | None = None
    changes: dict[str, Any] = {}
    seed: Annotated[int, Field(ge=0, le=2**32 - 1)] = 0
    members: Annotated[int, Field(ge=1, le=10_000_000)] | None = None
    design: Literal["lhs", "sobol", "grid", "random", "table", "posterior"]
    shocks: Literal["own", "none"] = "own"
    file: Text | None = None
    vary: dict[str, Vary] = {}
    keep: Keep = Keep()

    @model_validator(mode="after")
    def _design_is_whole(self) -> Self:
        from_file = self.design in ("table", "posterior")
        if from_file and self.file is None:
            raise ValueError(f'file: missing; design = "{self.design}" needs it')
        if not from_file and self.file is not None:
            raise ValueError('file: does not go with this design; allowed: with "table" or "posterior"')
        if not from_file and not self.vary:
            raise ValueError("vary: is empty; allowed: at least one key in which members differ")
        if self.members is None and self.design in ("lhs", "sobol", "random"):
            raise ValueError(f'members: missing; design = "{self.design}" needs it')
        if self.design == "sobol" and self.members is not None and self.members.bit_count() != 1:
            raise ValueError(f"members: {self.members} is not a power of two; allowed: such as 1024")
        for key, vary in self.vary.items():
            if from_file and vary.model_fields_set:
                name = sorted(vary.model_fields_set)[0]
                raise ValueError(f"vary.{key}.{name}: the values are in the file; allowed: an empty table")
            if vary.steps is not None and self.design != "grid":
                raise ValueError(f'vary.{key}.steps: is for a grid; allowed: with design = "grid"')
            if self.design == "grid" and vary.distribution != "uniform":
                raise ValueError(f"vary.{key}.distribution: a grid has none; allowed: low, high and steps")
        return self
