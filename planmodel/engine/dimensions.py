"""Equations run on units: whether what each adds up, compares and writes is of one kind.

Each equation and auxiliary is called with the declared unit of every name that it reads, and what it returns
must have the unit of what it writes: tonnes are not persons, roubles of 1928 no roubles of the day, and a
thousand of them no million. Time is a pure number here: an equation acts once a month, so that a month counts
as one, a year as twelve, and the flow of a month is an amount; a literal 12 is the months of a year, so that
a rate a year is one a month only when it was divided by it. Levers, draws, the calendar, shares, masks and
indices are pure numbers. Where the rows of an axis are of several units (steel and electricity in a plan),
equations are run on each row for itself, and must not add over the axis. Procedures are not checked: they are
free in their bodies.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple

from planmodel.engine.axes import Family
from planmodel.engine.equations import CALENDAR, Equation, Shared
from planmodel.engine.errors import DeclarationError, nearest
from planmodel.engine.measured import ApartError, Measured, number, of_result
from planmodel.engine.on_units import keywords, on_units, start, text_of, told
from planmodel.engine.units import pure
from planmodel.engine.wholes import untold, whole_of

_YEARS = ("years", "years_run")
_BY_MONTH = "_by_month"


class Fault(NamedTuple):
    """An equation, as ``block.name``, and what in it does not meet."""

    equation: str
    text: str


class SeveralUnitsError(DeclarationError):
    """A name whose rows, along one axis, are of several units."""

    def __init__(self, axis: str, text: str) -> None:
        super().__init__(text)
        self.axis = axis


class Checker:
    """The declared units of an economy, and its equations run on them.

    Parameters
    ----------
    shared
        Its blocks and axes.
    """

    def __init__(self, shared: Shared) -> None:
        self.shared, self.units = shared, shared.units
        declared = [b.declared for b in shared.blocks]
        commodities = {c.name: c.unit for d in declared for c in d.commodities}
        self.variables = {v.name: v.unit for d in declared for v in d.variables}
        self.constants = {c.name: c.unit for d in declared for c in d.constants}
        self.inputs = {i.name: f"{i.unit}/year" if i.of_year else i.unit for d in declared for i in d.inputs}
        self.levers = {lever.name: lever.unit for d in declared for lever in d.levers}
        self.draws = {draw.name for d in declared for draw in d.draws}
        self.lags = {lag.name: lag.of for d in declared for lag in d.lags}
        self.events = {a.name for d in declared for a in d.announcements}
        self.flows = {f.name: commodities[f.commodity] for d in declared for f in d.flows}
        self.stocks = {
            f"{a.commodity}_{a.name}": commodities[a.commodity] for d in declared for a in d.accounts
        }
        self.functions: dict[str, list[Equation]] = {}
        for function in (f for b in shared.blocks for f in b.functions if not f.phase):
            self.functions.setdefault(function.name, []).append(function)
        self.parameters = {b.name: b.parameters.declared for b in shared.blocks}
        self._values: dict[tuple[str, tuple[str, int] | None], Measured] = {}
        self._row: tuple[str, int] | None = None  # axis of several units, and which row of it is run
        self.faults: list[Fault] = []

    def check(self) -> list[Fault]:
        """Return what does not meet: place, text, names and units."""
        for block in self.shared.blocks:
            for equation in block.functions:
                if equation.kind == "equation":
                    self._by_row(self._equation, equation)
                elif equation.kind == "auxiliary":
                    self._by_row(lambda one: self._auxiliary(one.name), equation)
        self.faults = list(dict.fromkeys(self.faults))
        return self.faults

    def _by_row(self, check: Callable[[Equation], Any], equation: Equation) -> None:
        """Check an equation; where it reads an axis of several units, for each row of that axis."""
        try:
            check(equation)
        except SeveralUnitsError as several:
            for number in range(self.shared.axes.size[several.axis]):
                self._row = (several.axis, number)
                check(equation)
            self._row = None

    def _along(self, family: Family) -> tuple[str, ...]:
        """Return the rows of a name that are run together: one, along the axis of several units."""
        if self._row is not None and family.axes == (self._row[0],):
            return (family.names[self._row[1]],)
        return family.names

    def _of_one_unit(self, units: Mapping[str, Measured], family: Family, text: str) -> Measured:
        """Return the unit of rows; those of several can only be run one by one."""
        first, unit = next(iter(units.items()))
        for other, unit_of_other in units.items():
            if not unit_of_other.meets(unit):
                text = f"{text} is of several units: {first} is in {unit}, {other} in {unit_of_other}"
                alone = self._row is None and len(family.axes) == 1
                raise SeveralUnitsError(family.axes[0], text) if alone else DeclarationError(text)
        return unit

    # ---- names ---------------------------------------------------------------------------------------------

    def _declared(self, name: str, block: str) -> str | None:
        """Return the unit that a row of a table gives a name."""
        whole = whole_of(name, self.shared.wholes)
        if whole is not None and whole.how:
            return whole.unit
        head, _, bare = name.partition("_")
        own = self.parameters.get(block, {})
        table = name.removesuffix(_BY_MONTH)
        if name in own or (head == "parameter" and bare in own):
            return own[name if name in own else bare].unit
        if head in ("moved", "ever") and bare in self.flows:
            return self.flows[bare]
        if head == "given" and bare in self.inputs:
            return self.inputs[bare]
        if head == "lever" and bare in self.levers:
            return self.levers[bare]
        if head == "drawn" and bare in self.draws:
            return "1"
        every = (self.variables, self.stocks, self.inputs, self.levers)
        return self.constants.get(table) or next((known[name] for known in every if name in known), None)

    def of(self, name: str, block: str, place: str) -> Measured:
        """Return what a name is measured in, in an equation of a block.

        Raises
        ------
        DeclarationError
            If nothing has this name, or the rows for which it stands are of several units.
        """
        over = self.shared.over.get(block, "")
        family = self.shared.axes.over(name, over, lambda n: self._known(n, block))
        if family is not None:
            return self._of_family(family, name, block, place)
        if name in _YEARS:
            return Measured(pure() * 12)
        if name in CALENDAR:
            return number()
        if name in self.functions:
            return self._auxiliary(name)
        if name in self.lags:
            return self.of(self.lags[name], block, place)
        unit = self._declared(name, block)
        if unit is not None:
            return self.measured(unit)
        family = self.shared.axes.family(name, lambda n: self._known(n, block))
        if family is None:
            known = {*self.variables, *self.stocks, *self.constants, *self.inputs, *self.functions}
            why = untold(name, self.shared.wholes) or nearest(name, known)
            raise DeclarationError(f"{place}: nothing is called '{name}'.{why}")
        return self._of_family(family, name, block, place)

    def _of_family(self, family: Family, name: str, block: str, place: str) -> Measured:
        units = {n: self.of(n, block, place) for n in self._along(family)}
        return self._of_one_unit(units, family, f"{place}: '{name}'")

    def _known(self, name: str, block: str) -> bool:
        return name in self.functions or name in self.lags or self._declared(name, block) is not None

    def measured(self, unit: str) -> Measured:
        """Return a declared unit without its time, and an index as the pure number that it is."""
        found = self.units.quantity(unit)
        for base, power in found.unit_items():
            if base == "month" or base.startswith("index_"):
                found = found / type(found)(1, base) ** power
        return Measured(found)

    # ---- running -------------------------------------------------------------------------------------------

    def _auxiliary(self, name: str) -> Measured:
        """Return what an auxiliary is measured in: all its variants must be in the same."""
        at = (name, self._row)
        if at not in self._values:
            first, *variants = self.functions[name]
            if first.kind == "calendar":
                return number()
            found = self._run(first)
            for variant in variants:
                other = self._run(variant)
                if found is None or other is None or other.meets(found):
                    continue
                self._fault(variant, f"{variant.place}: returns {other}; what it replaces returns {found}")
            self._values[at] = found or Measured(None)  # also where it does not meet
        return self._values[at]

    def _equation(self, equation: Equation) -> None:
        results = self._run(equation)
        for name, value in (results or {}).items():
            try:
                wanted, what = self._written(name, equation)
            except SeveralUnitsError:
                raise
            except DeclarationError as error:
                self._fault(equation, str(error))
                continue
            made = of_result(value)
            if not made.meets(wanted):
                text = next(k.value for k in keywords(equation) if k.arg == name)
                self._fault(
                    equation,
                    f"{start(equation, text.lineno)} '{name}={text_of(text)}' is in {made}, "
                    f"but {what} '{name}' is in {wanted}",
                )

    def _written(self, name: str, equation: Equation) -> tuple[Measured, str]:
        """Return what a result must be measured in, and what it is."""
        if name in self.events or name.startswith("rank_"):
            return number(), "the event" if name in self.events else "the rank"
        known = self.flows | self.variables
        names: tuple[str, ...] = (name,)
        axes, over = self.shared.axes, self.shared.over.get(equation.block, "")
        family = axes.over(name, over, known.__contains__)
        if name not in known or family is not None:
            family = family or axes.family(name, known.__contains__)
            if family is None:
                is_event = self.events.__contains__
                events = axes.over(name, over, is_event) or axes.family(name, is_event)
                if events is not None or name.startswith("rank_"):
                    return number(), "the event"
                raise DeclarationError(f"{equation.place}: no flow or variable is called '{name}'")
            names = self._along(family)
            self._of_one_unit(
                {n: self.measured(known[n]) for n in names}, family, f"{equation.place}: '{name}'"
            )
        return self.measured(known[names[0]]), "the flow" if names[0] in self.flows else "the variable"

    def _run(self, equation: Equation) -> Any:
        """Return what an equation returns on units; None, and a fault, where they do not meet."""
        try:
            arguments = [self.of(name, equation.block, equation.place) for name in equation.reads]
            found = on_units(equation, self._row[0] if self._row else "")(*arguments)
        except SeveralUnitsError:
            raise
        except DeclarationError as error:
            self._fault(equation, str(error))
        except (ApartError, TypeError, ValueError, ZeroDivisionError) as error:
            self._fault(equation, told(equation, error))
        else:
            return found if isinstance(found, dict) else of_result(found)
        return None

    def _fault(self, equation: Equation, text: str) -> None:
        self.faults.append(Fault(f"{equation.block}.{equation.name}", text))


def hold_to_dimensions(shared: Shared, apart: Collection[str] = ()) -> tuple[int, tuple[str, ...]]:
    """Run the equations of an economy on units.

    Parameters
    ----------
    apart
        Equations, as ``block.name``, of which it is known that they do not meet.

    Returns
    -------
    int, tuple of str
        How many equations and auxiliaries meet, and which procedures were not checked.

    Raises
    ------
    DeclarationError
        With place, text, names and units of all that does not meet, or of what is apart without need.
    """
    faults = Checker(shared).check()
    told = [fault.text for fault in faults if fault.equation not in apart]
    needless = sorted(set(apart) - {fault.equation for fault in faults})
    told += [f"units_apart: '{name}' is no equation whose units do not meet" for name in needless]
    if told:
        raise DeclarationError("\n".join(told))
    functions = [f for b in shared.blocks for f in b.functions]
    checked = sum(f.kind in ("equation", "auxiliary") for f in functions) - len(apart)
    return checked, tuple(f"{f.block}.{f.name}" for f in functions if f.kind == "procedure")
