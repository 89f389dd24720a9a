"""The schema of a calibration: which parameters are fitted, to which figures, with what errors, and how."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, Field, model_validator

from planmodel.calibration.schema_of_method import Posterior, Search, Tempering, Validation
from planmodel.calibration.schema_of_targets import STRICT, Errors, Target
from planmodel.documented import Record
from planmodel.documented.vocabulary import Firmness
from planmodel.scenario import Scenario, registry
from planmodel.scenario.data import Data, record_of, with_data
from planmodel.scenario.economy import Economy
from planmodel.scenario.names import hint
from planmodel.scenario.of_economy import OfEconomy


class Range(BaseModel):
    """Where a fitted parameter is sought: uniform over the declared bounds, or over a part of them."""

    model_config = STRICT
    low: float | None = None
    high: float | None = None


class Latent(BaseModel):
    """An exogenous series whose values are not known but estimated: those of ``years``, all by default.

    The prior of each is normal around the value of the scenario, with the standard deviation ``sd``, cut off
    at three of them. ``indicator`` is what it shows itself in: the report sets the model's ``shown`` years of
    it beside every version of the record.
    """

    model_config = STRICT
    sd: Annotated[float, Field(ge=1e-6, le=10)]
    years: str | Annotated[list[int], Field(min_length=1)] | None = None
    indicator: str
    shown: Annotated[list[int], Field(min_length=1)]


class Plausible(BaseModel):
    """What a draw of the prior must keep to, or it is none: a quantity on a date, between two values.

    It says what nobody holds whatever the figures that are fitted to, and ``why``.
    """

    model_config = STRICT
    of: str
    date: str
    between: Annotated[list[float], Field(min_length=2, max_length=2)]
    why: Annotated[str, Field(min_length=3)]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.between[0] >= self.between[1]:
            raise ValueError(".between: the first must be below the second")
        return self


class Rival(BaseModel):
    """Another form of the model, to be held against the same figures: see :meth:`Calibration.rival`.

    It may run another scenario, switch mechanisms off, change any value of the scenario, and seek parameters
    and latent values besides those of the calibration; what it holds it does not seek. ``source`` says who
    would have it so.
    """

    model_config = STRICT
    title: Annotated[str, Field(min_length=3)]
    source: str = ""
    scenario: str | None = None
    switch_off: list[str] = Field(default_factory=list)
    changes: dict[str, Any] = Field(default_factory=dict)
    fit: dict[str, dict[str, Range]] = Field(default_factory=dict)
    hold: dict[str, dict[str, float]] = Field(default_factory=dict)
    latent: dict[str, Latent] = Field(default_factory=dict)


class Calibration(OfEconomy):
    """Everything that defines a calibration, apart from the seed.

    ``prior`` says what the prior of a fitted parameter is that has no range of its own: ``bounds``, uniform
    over the declared bounds or, with ``around``, a part of them; or ``declared``, the density of its row in
    the table of the economy. ``openings`` are opening stocks that are estimated too, by such a row;
    ``plausible`` is what a draw of the prior must keep to.

    ``switch_off`` and ``changes`` are laid over the scenario; ``rivals`` are other forms of it.

    ``data`` are figures of the user's own, those of the scenario among them: see
    :mod:`planmodel.scenario.data`. A ``trial`` says of itself, wherever its result is read, that it is no
    whole fit. ``evidence`` is the least firm mark of figures that are fitted to; a target that has none is
    out of use.
    """

    model_config = STRICT
    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+$")]
    title: str = ""
    description: str = ""
    scenario: str = "baseline"
    data: Data = None
    around: Annotated[float, Field(gt=0, le=1)] | None = None
    prior: Literal["bounds", "declared"] = "bounds"
    evidence: Firmness | None = None
    openings: list[str] = Field(default_factory=list)
    plausible: dict[Annotated[str, Field(pattern=r"^[a-z0-9_]+$")], Plausible] = Field(default_factory=dict)
    fit: dict[str, dict[str, Range]]
    hold: dict[str, dict[str, float]] = Field(default_factory=dict)
    latent: dict[str, Latent] = Field(default_factory=dict)
    switch_off: list[str] = Field(default_factory=list)
    changes: dict[str, Any] = Field(default_factory=dict)
    rivals: dict[Annotated[str, Field(pattern=r"^[A-Za-z0-9_]+$")], Rival] = Field(default_factory=dict)
    trial: bool = False
    targets: dict[Annotated[str, Field(pattern=r"^[a-z0-9_]+$")], Target]
    errors: Errors = Errors()
    search: Search = Search()
    posterior: Posterior = Posterior()
    tempering: Tempering = Tempering()
    validation: Validation = Validation()

    @cached_property
    def documented(self) -> Record:
        """The documented record, together with the figures of ``data``."""
        return record_of(self.data)

    @cached_property
    def economy(self) -> Economy:
        """The economy that it speaks of; it answers to the variables of ``data`` too."""
        return with_data(registry.economy(self._economy), self.data)

    def ranges(self, scenario: Scenario | None = None) -> dict[str, tuple[float, float]]:
        """Return where each fitted parameter is sought, in the order of the file.

        That is within its declared bounds, or with ``around`` within this share of their width on either
        side of its value in ``scenario``; ``low`` and ``high`` of its own come before both.
        """
        found = {}
        for component, group in self.fit.items():
            for name, sought in group.items():
                low, high = self.economy.parameters()[component][name].bounds
                if self.around is not None and scenario is not None:
                    value = getattr(getattr(scenario.parameters, component), name)
                    reach = self.around * (high - low)
                    low, high = max(low, value - reach), min(high, value + reach)
                low = low if sought.low is None else sought.low
                found[f"{component}.{name}"] = (low, high if sought.high is None else sought.high)
        return found

    def rival(self, name: str) -> Self:
        """Return the calibration of a rival: the same figures, held against another form of the model."""
        own = self.rivals[name]
        return self.model_copy(
            update={
                "name": name,
                "title": own.title,
                "description": own.source,
                "scenario": own.scenario or self.scenario,
                "switch_off": [*self.switch_off, *own.switch_off],
                "changes": self.changes | own.changes,
                "fit": _laid(_less(self.fit, own.hold), own.fit),
                "hold": _laid(_less(self.hold, own.fit), own.hold),
                "latent": self.latent | own.latent,
                "rivals": {},
            }
        )

    def used(self) -> dict[str, Target]:
        """Return the targets in use."""
        return {name: target for name, target in self.targets.items() if target.use}

    @model_validator(mode="after")
    def _sound(self) -> Self:
        self._check()
        for name in self.rivals:
            try:
                self.rival(name)._check()
            except ValueError as error:
                raise ValueError(f"rivals.{name}.{error}") from None
        return self

    def _check(self) -> None:
        """Refuse names that the economy does not have, and values out of bounds."""
        if self.prior == "declared" and self.around is not None:
            raise ValueError(f'around: {self.around:g} does not go with prior = "declared"; '
                             "allowed: one of the two")  # fmt: skip
        twice = next((name for i, name in enumerate(self.openings) if name in self.openings[:i]), None)
        if twice is not None:
            raise ValueError(f"openings: '{twice}' is named twice")
        self._parameters_known()
        self._within_bounds()
        self._latent_known()
        self._switches_known()

    def _parameters_known(self) -> None:
        for place, component, name in self._named():
            known = self.economy.parameters()
            if component not in known:
                raise ValueError(f"{place}.{component}: no such component{hint(component, known)}")
            if name not in known[component]:
                raise ValueError(f"{place}.{component}.{name}: no such parameter"
                                 f"{hint(name, known[component])}")  # fmt: skip
        if not any(self.fit.values()):
            raise ValueError("fit: names no parameter; allowed: one or more, see `planmodel params`")

    def _within_bounds(self) -> None:
        for component, group in self.hold.items():
            for name, value in group.items():
                if name in self.fit.get(component, {}):
                    raise ValueError(f"hold.{component}.{name}: is held and fitted; allowed: one of the two")
                low, high = self.economy.parameters()[component][name].bounds
                if not low <= value <= high:
                    raise ValueError(f"hold.{component}.{name}: {value:g} is out of bounds; "
                                     f"allowed: {low:g} to {high:g}")  # fmt: skip
        for dotted, sought in self.ranges().items():
            component, _, name = dotted.partition(".")
            low, high = self.economy.parameters()[component][name].bounds
            for side, value in zip(("low", "high"), sought, strict=True):
                if not low <= value <= high:
                    raise ValueError(f"fit.{dotted}.{side}: {value:g} is out of bounds; "
                                     f"allowed: {low:g} to {high:g}")  # fmt: skip
            if sought[0] >= sought[1]:
                raise ValueError(f"fit.{dotted}: low {sought[0]:g} must be below high {sought[1]:g}")

    def _latent_known(self) -> None:
        for name, latent in self.latent.items():
            known = self.economy.inputs()
            if name not in known:
                raise ValueError(f"latent.{name}: no such exogenous series{hint(name, known)}")
            if latent.indicator not in self.economy.indicators:
                raise ValueError(f"latent.{name}.indicator: no such indicator of the model"
                                 f"{hint(latent.indicator, self.economy.indicators)}")  # fmt: skip

    @model_validator(mode="after")
    def _something_to_fit(self) -> Self:
        if not any(target.weight > 0 for target in self.used().values()):
            raise ValueError("targets: none is in use with a weight above zero")
        return self

    def _switches_known(self) -> None:
        known = self.economy.switches()
        for name in self.switch_off:
            if name not in known:
                raise ValueError(f"switch_off: '{name}' is no mechanism{hint(name, known)}")

    def _named(self) -> Iterator[tuple[str, str, str]]:
        for place, groups in (("fit", self.fit), ("hold", self.hold)):
            for component, group in groups.items():
                for name in group:
                    yield place, component, name


Groups = dict[str, dict[str, Any]]


def _laid(below: Groups, above: Groups) -> Groups:
    """Return groups of parameters, with others laid over them one by one."""
    return {name: below.get(name, {}) | above.get(name, {}) for name in {**below, **above}}


def _less(groups: Groups, taken: Groups) -> Groups:
    """Return groups of parameters without those that others name."""
    return {c: {n: v for n, v in group.items() if n not in taken.get(c, {})} for c, group in groups.items()}
