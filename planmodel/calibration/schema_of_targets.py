"""The schema of what is fitted to: documented figures or stated ones, and their standard errors."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from planmodel.engine.parameters import Evidence

STRICT = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)
Transform = Literal["level", "growth", "ratio", "share", "rate"]
Scale = Literal["relative", "absolute"]
Size = Annotated[float, Field(ge=0, le=10)]


class Errors(BaseModel):
    """Standard errors by mark, as shares of the figure (or, for shares, in absolute terms).

    ``recalled`` is added (in squares) where a figure is written down from memory, or is the user's own, whose
    page nobody here has checked; ``reading`` where it is our number for words: at least as much; ``spread``
    multiplies the standard deviation between the versions of a date; ``discrepancy`` is what the model, right
    or wrong in its forms, is not expected to hit; ``persistence`` is the correlation of errors from one
    figure of a series to the next, which makes long series worth less than the number of their points.
    """

    model_config = STRICT
    high: Size = 0.03
    medium: Size = 0.06
    contested: Size = 0.15
    ocr_doubt: Size = 0.15
    recalled: Size = 0.02
    reading: Size = 0.10
    spread: Size = 1.0
    discrepancy: Size = 0.05
    persistence: Annotated[float, Field(ge=0, le=0.95)] = 0.5

    @model_validator(mode="after")
    def _words_are_the_weakest(self) -> Self:
        if self.reading < self.recalled:
            raise ValueError(f".reading: {self.reading:g} is below that of recalled figures; "
                             f"allowed: {self.recalled:g} or more")  # fmt: skip
        return self


class Target(BaseModel):
    """A documented series, or a stated value or bound, that the model is fitted to.

    ``transform`` says what is compared: the ``level``; the ``growth`` since the figure before; the ``ratio``
    to the figure of ``base``; the ``share`` in another series (``of``); or, where the record itself holds
    growth, the ``rate``. With ``bias`` the series has a constant bias of its own, which is estimated too: the
    figures are those of the model times exp(b) (plus b for shares), b normal around zero with this standard
    deviation. A ``firm`` target keeps its declared discrepancy in the posterior, where that of the others is
    estimated: draws that miss it are ruled out, however ill the best fit does.
    """

    model_config = STRICT
    series: str | None = None
    model: str | None = None
    version: str | Annotated[list[str], Field(min_length=1)] | None = None
    kinds: Annotated[list[str], Field(min_length=1)] | None = None
    years: str | Annotated[list[int], Field(min_length=1)] | None = None
    transform: Transform = "level"
    base: str | None = None
    of: str | None = None
    scale: Scale | None = None
    error: Annotated[float, Field(ge=1e-6, le=10)] | None = None
    discrepancy: Size | None = None
    weight: Annotated[float, Field(ge=0, le=100)] = 1.0
    bias: Annotated[float, Field(ge=1e-6, le=10)] | None = None
    firm: bool = False
    use: bool = True
    date: str | None = None
    value: float | None = None
    below: float | None = None
    above: float | None = None
    between: Annotated[list[float], Field(min_length=2, max_length=2)] | None = None
    source: Annotated[str, Field(min_length=3)] | None = None
    evidence: Evidence | None = None

    @property
    def stated(self) -> bool:
        """Whether the figure stands in the configuration itself."""
        return self.date is not None

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        given = [k for k in ("value", "below", "above", "between") if getattr(self, k) is not None]
        if self.stated:
            if len(given) != 1:
                raise ValueError("a stated target needs one of value, below, above, between")
            if self.source is None or self.evidence is None or self.error is None:
                raise ValueError("a stated target needs source, evidence and error")
            if self.version or self.years or self.kinds:
                raise ValueError("give either date (a stated target) or version (a series of the record)")
            if self.between is not None and self.between[0] >= self.between[1]:
                raise ValueError(".between: the first must be below the second")
        elif given:
            raise ValueError(f".{given[0]}: a stated target needs its date")
        elif self.version is None:
            raise ValueError("a series of the record needs its version")
        return self

    @model_validator(mode="after")
    def _transform_complete(self) -> Self:
        for needed, key in (("ratio", "base"), ("share", "of")):
            if self.transform == needed and getattr(self, key) is None:
                raise ValueError(f'.transform: "{needed}" needs {key}')
            if self.transform != needed and getattr(self, key) is not None:
                raise ValueError(f'.{key}: belongs to transform = "{needed}"')
        if self.bias is not None and self.transform not in ("level", "share"):
            raise ValueError('.bias: cancels out here; allowed: with transform = "level" or "share"')
        if self.transform == "growth" and self.stated:
            raise ValueError('.transform: "growth" needs a series; for a stated growth take "rate"')
        return self
