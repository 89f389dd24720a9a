"""What can be moved and looked at: the file of an economy, ``configs/explore/NAME.toml``."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, Field, ValidationError, model_validator

from planmodel.engine.errors import UserError
from planmodel.scenario import Scenario
from planmodel.scenario.decrees import Decree
from planmodel.scenario.exogenous import read_series
from planmodel.scenario.finding import configuration_folder
from planmodel.scenario.names import hint
from planmodel.scenario.period import STRICT
from planmodel.scenario.toml import read_toml

Name = Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]


class Slider(BaseModel):
    """One number that a reader moves: a parameter, or some years of an exogenous series.

    Of a series ``how`` says what the number does to its years; of a parameter bounds are those declared. A
    ``unit`` is said where that of what is moved would not be understood.
    """

    model_config = STRICT
    id: Name
    group: str
    title: str
    about: str
    parameter: str | None = None
    series: str | None = None
    years: list[int] = []
    how: Literal["set", "times"] = "set"
    low: float | None = None
    high: float | None = None
    step: Annotated[float, Field(gt=0)]
    unit: str = ""

    @model_validator(mode="after")
    def _moves_one_thing(self) -> Self:
        if (self.parameter is None) == (self.series is None):
            raise ValueError(f"sliders {self.id}: allowed: a parameter, or a series with its years")
        if self.series is not None and (not self.years or self.low is None or self.high is None):
            raise ValueError(f"sliders {self.id}: a series needs years, low and high")
        return self


class Key(BaseModel):
    """A number that stays in sight: a quantity in a year; its title says the unit too."""

    model_config = STRICT
    quantity: str
    year: int
    title: str


class Shown(BaseModel):
    """Quantities to choose from, those that are open at first, and the years of the table."""

    model_config = STRICT
    quantities: Annotated[list[str], Field(min_length=1)]
    first: list[str] = []
    years: list[int] = []


class Controls(BaseModel):
    """The whole file."""

    model_config = STRICT
    sliders: list[Slider] = []
    rules: dict[Name, Decree] = {}
    shown: Shown
    key: list[Key] = []


def load_controls(scenario: Scenario) -> Controls:
    """Read what can be moved of the economy of a scenario.

    Raises
    ------
    UserError
        If there is no such file, or it does not fit the economy.
    """
    economy = scenario.declared
    folder = configuration_folder() / "explore"
    file = folder / f"{economy.plain_name}.toml"
    if not file.is_file():
        known = ", ".join(sorted(path.stem for path in folder.glob("*.toml")))
        raise UserError(
            f"{scenario.name}: economy '{economy.plain_name}' has no explorer; allowed: scenarios of {known}"
        )
    try:
        controls = Controls.model_validate(read_toml(file))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise UserError(f"{file}: {place}: {first['msg']}") from None
    for name in controls.shown.quantities:
        if name not in economy.indicators:
            raise UserError(f"{file}: shown.quantities: no quantity '{name}'{hint(name, economy.indicators)}")
    return controls


class Range:
    """A slider at work on a scenario: its bounds, and where the scenario has it.

    Raises
    ------
    UserError
        If the scenario has no such parameter, series or year.
    """

    def __init__(self, slider: Slider, scenario: Scenario) -> None:
        self.slider, self._scenario = slider, scenario
        self.unit = "times"
        if slider.parameter is not None:
            component, _, name = slider.parameter.partition(".")
            declared = scenario.declared.parameters().get(component, {}).get(name)
            if declared is None:
                raise UserError(f"sliders {slider.id}: no parameter is called '{slider.parameter}'")
            bounds, self.unit = declared.bounds, declared.unit
            self.value = float(getattr(getattr(scenario.parameters, component), name))
        else:
            bounds = (slider.low or 0.0, slider.high or 0.0)
            missing = [year for year in slider.years if str(year) not in self.figures]
            if missing:
                raise UserError(f"sliders {slider.id}: {slider.series} has no value of {missing[0]}")
            self.value = 1.0 if slider.how == "times" else self.figures[str(slider.years[0])]
            if slider.how == "set":
                self.unit = scenario.declared.inputs()[str(slider.series)].unit
        low, high = (declared if said is None else said for said, declared in zip(
            (slider.low, slider.high), bounds, strict=True))  # fmt: skip
        # A scenario may be outside of what a slider offers: it must be able to stay where it is.
        self.unit = slider.unit or self.unit
        self.low, self.high = min(low, self.value), max(high, self.value)

    @cached_property
    def figures(self) -> dict[str, float]:
        """The values of the series by year, as the scenario has them before its scale."""
        name = str(self.slider.series)
        unit = self._scenario.declared.inputs()[name].unit
        entry = getattr(self._scenario.exogenous, name)
        return {f.label: f.value for f in read_series(name, entry, unit, self._scenario.documented)}

    def values(self, number: float) -> dict[str, float]:
        """Return what the years of the series become."""
        times = self.slider.how == "times"
        return {str(y): self.figures[str(y)] * number if times else number for y in self.slider.years}

    def check(self, number: Any) -> float:
        """Return the number if it is one and within bounds."""
        place, allowed = f"sliders.{self.slider.id}", f"allowed: {self.low:g} to {self.high:g}"
        if type(number) not in (int, float):
            raise UserError(f"{place}: {str(number)[:40]!r} is not a number; {allowed}")
        if not self.low <= number <= self.high:
            raise UserError(f"{place}: {str(number)[:40]} is out of bounds; {allowed}")
        return float(number)
