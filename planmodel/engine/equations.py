"""Equations: functions whose arguments are what they read and whose named results are what they propose.

A block is a part of an economy: its equations in a module, its declarations in the rows of a table. An
equation touches the state in no other way than through its signature, so that all that is known of it (who
reads it, in which phase, with which units) is read off its text. See docs/equations.md for the rules.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from planmodel.engine.axes import Axes
from planmodel.engine.board import Variable
from planmodel.engine.books import Account, Commodity, Flow
from planmodel.engine.component import Input, Lever, Switch
from planmodel.engine.errors import DeclarationError
from planmodel.engine.on_arithmetic import remade
from planmodel.engine.parameters import Parameters
from planmodel.engine.texts import parsed
from planmodel.engine.units import STANDARD, Units

if TYPE_CHECKING:
    from planmodel.engine.wholes import Whole

Kind = Literal["equation", "procedure", "auxiliary", "calendar"]
Function = TypeVar("Function", bound=Callable[..., Any])
Made = TypeVar("Made", bound=type)
CALENDAR = ("day", "month", "year", "years", "years_run", "base_month")
OPENING = "opening"  # not a phase of the month: once, before the first one


@dataclass(frozen=True)
class Equation:
    """A function of an economy, and where it acts.

    Attributes
    ----------
    kind
        ``equation``: acts in a phase, within the rules. ``procedure``: acts in a phase, free in its body.
        ``auxiliary``: has a value, reckoned once a phase for whoever reads it. ``calendar``: has a value
        that all members share, from the calendar alone.
    declared
        The function as its module has it.
    phase
        Phase or season in which it acts; empty for auxiliaries and the calendar.
    reads
        Its arguments.
    results
        The names that it proposes; empty for auxiliaries and the calendar.
    months
        Months in which it acts; all unless given.
    without
        The mechanisms in whose absence it takes the place of the function of the same name.
    added
        Whether it takes nobody's place: in their absence it is there, otherwise not.
    """

    name: str
    block: str
    kind: Kind
    declared: Callable[..., Any]
    phase: str
    reads: tuple[str, ...]
    results: tuple[str, ...]
    months: tuple[int, ...]
    without: tuple[str, ...]
    source: str
    file: str
    line: int
    tree: ast.FunctionDef
    added: bool = False

    @cached_property
    def function(self) -> Callable[..., Any]:
        """The function that is called: within the rules, it reckons with our own arithmetic."""
        within = self.kind in ("equation", "auxiliary")
        return remade(self.declared, self.tree, {}) if within else self.declared

    def acts_in(self, month: int) -> bool:
        """Tell whether it acts in a month."""
        return not self.months or month in self.months

    @property
    def place(self) -> str:
        """File, line and name, for messages."""
        return f"{self.file}:{self.line}, {self.kind} '{self.block}.{self.name}'"

    @property
    def sentence(self) -> str:
        """What it does, in the first sentence of its docstring."""
        return (inspect.getdoc(self.declared) or "").partition("\n")[0]


@dataclass(frozen=True)
class Constant:
    """A number, or one a month, that no run may change: calories of bread, months of the harvest."""

    name: str
    value: float | tuple[float, ...]
    unit: str
    meaning: str
    source: str
    evidence: str


@dataclass(frozen=True)
class Draw:
    """A standard normal number of chance: one a year, one a month, or one for all time."""

    name: str
    when: Literal["year", "month", "once"]
    meaning: str

    @property
    def purpose(self) -> str:
        """What the stream of draws is called."""
        return self.name.replace("_", " ")


@dataclass(frozen=True)
class Announcement:
    """Something that is logged in the members in which an equation says that it happened."""

    name: str
    topic: str
    text: str


@dataclass(frozen=True)
class Lag:
    """What a variable or lever was some months before; in the first months, what it was in the first."""

    name: str
    of: str
    months: int
    phase: str


@dataclass
class Declared:
    """The rows of a block's table, by kind."""

    parameters: type[Parameters] = Parameters
    commodities: tuple[Commodity, ...] = ()
    accounts: tuple[Account, ...] = ()
    flows: tuple[Flow, ...] = ()
    variables: tuple[Variable, ...] = ()
    levers: tuple[Lever, ...] = ()
    switches: tuple[Switch, ...] = ()
    inputs: tuple[Input, ...] = ()
    constants: tuple[Constant, ...] = ()
    draws: tuple[Draw, ...] = ()
    announcements: tuple[Announcement, ...] = ()
    lags: tuple[Lag, ...] = ()


@dataclass(frozen=True)
class Shared:
    """What all blocks of an economy have in common.

    Attributes
    ----------
    base
        The day of bases and trends: the years that an equation reads are counted from here.
    blocks
        All blocks of the economy: their auxiliaries and constants are known to each of them.
    axes
        The axes of the economy.
    units
        The nouns in which its tables measure.
    wholes
        What bare names stand for outside the blocks in which they are spread along an axis.
    inputs
        Of inputs that are spread, the bare name of each: a series of the country serves where no other is
        given.
    more
        Of inputs that are spread, what is added to that series, by date.
    """

    base: date
    blocks: tuple[Block, ...]
    axes: Axes
    units: Units = STANDARD
    wholes: Mapping[str, Whole] = field(default_factory=dict)
    inputs: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    @cached_property
    def over(self) -> dict[str, str]:
        """The axis over which a block holds, by block."""
        return {b.name: b.over for b in self.blocks if b.over}


@dataclass
class Block:
    """A part of an economy: equations, and what they are made of.

    ::

        metal = Block("metal")

        @metal.equation("production", source="D-52")
        def make_steel(capacity_metal_and_fuel, metal_capital_1928, ...):
            ...
            return dict(metal_output=output)

    Parameters
    ----------
    name
        Its name in the tables, in the configuration and in the documentation.
    over
        An axis: the block holds at each of its labels. Its stocks, flows, variables, inputs, draws and
        events are spread along it, and its equations read and write all labels at once, without naming it.
    """

    name: str
    functions: list[Equation] = field(default_factory=list)
    entities: dict[str, type] = field(default_factory=dict)
    declared: Declared = field(default_factory=Declared)
    shared: Shared | None = None  # set when the economy is put together
    over: str = ""
    bare: Declared | None = None  # what its table declares where no axis over which a block holds is there

    def equation(
        self,
        phase: str,
        *,
        months: Iterable[int] = (),
        without: str | tuple[str, ...] = (),
        added: bool = False,
        source: str = "",
    ) -> Callable[[Function], Function]:
        """Declare an equation that acts in a phase or season (``"opening"``: once, before the first).

        Parameters
        ----------
        months
            Months in which it acts; all unless given.
        without
            A mechanism: where that is switched off, this takes the place of the equation of the same name.
        added
            Whether it takes nobody's place: it is there where the mechanism is off, and only there.
        source
            Where the equation is from: numbers of mechanisms or facts, literature.
        """
        return self._declare("equation", phase, tuple(months), without, source, added)

    def procedure(
        self,
        phase: str,
        *,
        months: Iterable[int] = (),
        without: str | tuple[str, ...] = (),
        source: str = "",
    ) -> Callable[[Function], Function]:
        """Declare what an equation cannot say, such as work on entities: free in its body, not compiled."""
        return self._declare("procedure", phase, tuple(months), without, source)

    def auxiliary(
        self, function: Function | None = None, *, without: str | tuple[str, ...] = (), source: str = ""
    ) -> Any:
        """Declare a quantity that is reckoned from others once a phase, for whoever reads it by its name."""
        declare = self._declare("auxiliary", "", (), without, source)
        return declare if function is None else declare(function)

    def calendar(self, function: Function) -> Function:
        """Declare a quantity of the calendar, the same for all members."""
        return self._declare("calendar", "", (), (), "")(function)

    def entity(self, made: Made) -> Made:
        """Declare a kind of thing with a state of its own; procedures read it by its name in lower case."""
        self.entities[made.__name__.lower()] = made
        return made

    def _declare(
        self,
        kind: Kind,
        phase: str,
        months: tuple[int, ...],
        without: str | tuple[str, ...],
        source: str,
        added: bool = False,
    ) -> Callable[[Function], Function]:
        off = (without,) if isinstance(without, str) else without

        def declare(function: Function) -> Function:
            made = replace(read_equation(function, self.name, kind, phase, months, off, source), added=added)
            for other in self.functions:
                if (other.name, other.without) == (made.name, made.without):
                    raise DeclarationError(f"{made.place}: the name is that of line {other.line}")
            self.functions.append(made)
            return function

        return declare

    def active(self, switches: Mapping[str, bool]) -> list[Equation]:
        """Return the functions that hold with these mechanisms on or off: variants take their places.

        Raises
        ------
        DeclarationError
            If two variants would take one place, or a variant has no function of its name to replace.
        """
        chosen = {f.name: f for f in self.functions if not f.without}
        taken: dict[str, Equation] = {}
        for variant in (f for f in self.functions if f.without):
            if variant.name not in chosen and not variant.added:
                raise DeclarationError(f"{variant.place}: replaces nothing: no function has this name")
            if any(switches.get(switch, True) for switch in variant.without):
                continue
            other = taken.get(variant.name)
            if other is not None and len(other.without) == len(variant.without):
                raise DeclarationError(f"{variant.place}: {other.place} takes the same place")
            if other is None or len(variant.without) > len(other.without):
                taken[variant.name] = variant
        return list((chosen | taken).values())

    # What a component of an economy declares, under the same names.

    @property
    def parameters(self) -> type[Parameters]:
        """The declared parameters."""
        return self.declared.parameters

    @property
    def commodities(self) -> tuple[Commodity, ...]:
        """What is conserved."""
        return self.declared.commodities

    @property
    def accounts(self) -> tuple[Account, ...]:
        """Who holds it."""
        return self.declared.accounts

    @property
    def flows(self) -> tuple[Flow, ...]:
        """How it moves."""
        return self.declared.flows

    @property
    def variables(self) -> tuple[Variable, ...]:
        """What is not conserved."""
        return self.declared.variables

    @property
    def levers(self) -> tuple[Lever, ...]:
        """What decrees set."""
        return self.declared.levers

    @property
    def switches(self) -> tuple[Switch, ...]:
        """The mechanisms that can be turned off."""
        return self.declared.switches

    @property
    def inputs(self) -> tuple[Input, ...]:
        """The exogenous series that are read."""
        return self.declared.inputs


def helper(function: Function | None = None, *, notation: str = "") -> Any:
    """Mark a function of its arguments alone, which equations may call: it has a symbol of its own.

    Parameters
    ----------
    notation
        How it is written in LaTeX, ``<name>`` standing for an argument and ``<name!>`` for one in brackets
        where it is no single symbol. Without it, its name is written before its arguments.
    """

    def mark(function: Function) -> Function:
        function.__dict__.update(helper=True, notation=notation)
        return function

    return mark if function is None else mark(function)


def read_equation(
    function: Callable[..., Any],
    block: str,
    kind: Kind,
    phase: str = "",
    months: tuple[int, ...] = (),
    without: tuple[str, ...] = (),
    source: str = "",
) -> Equation:
    """Read an equation off the text of its function."""
    tree = parsed(function)
    made = Equation(
        name=tree.name,
        block=block,
        kind=kind,
        declared=function,
        phase=phase,
        reads=tuple(a.arg for a in tree.args.args),
        results=(),
        months=months,
        without=without,
        source=source,
        file=function.__code__.co_filename,
        line=tree.lineno,
        tree=tree,
    )
    special = [tree.args.vararg, tree.args.kwarg, *tree.args.kwonlyargs, *tree.args.defaults]
    if any(special) or tree.args.posonlyargs:
        raise DeclarationError(f"{made.place}: takes plain arguments only, without defaults or stars")
    return replace(made, results=_results(made) if kind in ("equation", "procedure") else ())


def _results(equation: Equation) -> tuple[str, ...]:
    """Return the names in ``return dict(name=...)``."""
    names: list[str] = []
    for node in ast.walk(equation.tree):
        if not isinstance(node, ast.Return) or node.value is None:
            continue
        call = node.value
        named = isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "dict"
        if not named or call.args or any(k.arg is None for k in call.keywords):  # type: ignore[attr-defined]
            raise DeclarationError(
                f"{equation.file}:{node.lineno}, {equation.kind} '{equation.block}.{equation.name}': "
                "does not end with return dict(name=value, ...)"
            )
        names += [k.arg for k in call.keywords if k.arg not in names]  # type: ignore[attr-defined]
    return tuple(names)
