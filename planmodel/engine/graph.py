"""Who reads whom: what the names of equations stand for, from declarations and signatures alone.

No run is needed: the graph of an economy is made of its blocks, and any tool may ask it which equations read
a quantity, by itself or through auxiliaries, and which write it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from planmodel.engine.axes import Axes, Family
from planmodel.engine.equations import CALENDAR, Block, Equation
from planmodel.engine.names import SHARED
from planmodel.engine.wholes import whole_of
from planmodel.engine.workspace import axes_of_return

_BY_MONTH = "_by_month"
_OF_CALENDAR = {
    "day": "day of the month",
    "month": "month, 1 to 12",
    "year": "year",
    "years": "years since the day of the bases",
    "years_run": "years since the day of the opening stocks",
    "base_month": "months since the year of the bases began, 1 to 12; zero in other years",
}


@dataclass(frozen=True)
class Quantity:
    """Something of an economy that has a name.

    Attributes
    ----------
    key
        Its name; that of a parameter with its block, ``metal.upkeep``, for two blocks may use one name.
    kind
        The kind of its row in a table; or auxiliary, calendar, entity, shared.
    block
        The block that declares it; empty for the calendar.
    declared
        The declaration; the equation of an auxiliary.
    """

    key: str
    kind: str
    block: str
    unit: str
    meaning: str
    declared: Any = None

    @property
    def name(self) -> str:
        """Its name within its block."""
        return self.key.rpartition(".")[2]


@dataclass(frozen=True)
class Named:
    """What a name in an equation stands for.

    Attributes
    ----------
    how
        ``moved``, ``ever``, ``rank``, ``whole year`` or empty: what of a quantity is meant.
    axes
        Axes of the array; the quantities are its rows.
    quantities
        None if the name stands for nothing.
    """

    name: str
    how: str
    axes: tuple[str, ...]
    quantities: tuple[Quantity, ...]

    @property
    def kind(self) -> str:
        """The kind of what is named."""
        return self.quantities[0].kind if self.quantities else "unknown"


class Graph:
    """The equations of an economy and what they read and write.

    Parameters
    ----------
    blocks
        As of :attr:`planmodel.scenario.economy.Economy.blocks`.
    """

    def __init__(self, blocks: Sequence[Block]) -> None:
        shared = blocks[0].shared if blocks else None
        self.blocks: tuple[Block, ...] = shared.blocks if shared else tuple(blocks)
        self.axes: Axes = shared.axes if shared else Axes(())
        self.equations = [f for b in self.blocks for f in b.functions]
        self.quantities: dict[str, Quantity] = {q.key: q for b in self.blocks for q in _quantities(b)}
        self.quantities |= {
            name: Quantity(name, "calendar", "", "", _OF_CALENDAR.get(name, name))
            for name in (*CALENDAR, *SHARED)
        }
        self._over = shared.over if shared else {}
        self._wholes = shared.wholes if shared else {}
        self._known: dict[tuple[str, str], Named] = {}
        self._axes: dict[str, tuple[str, ...]] = {}  # of auxiliaries

    # ---- names ---------------------------------------------------------------------------------------------

    def named(self, name: str, block: str) -> Named:
        """Return what a name stands for in an equation of a block, as an argument or as a result."""
        key = (name, block)
        if key not in self._known:
            self._known[key] = self._named(name, block)
        return self._known[key]

    def written(self, name: str, equation: Equation) -> Named:
        """Return what a result of an equation stands for.

        No parameter is a result: where a variable has the name of one, the variable is meant.
        """
        over = self._over.get(equation.block, "")
        return (self._spread(name, "", over) if over else None) or self.named(name, "")

    def _spread(self, name: str, block: str, over: str) -> Named | None:
        """Return what a name stands for along the axis over which a block holds."""
        family = self.axes.over(name, over, lambda n: self._single(n, block) is not None)
        return None if family is None else self._together(name, family, block)

    def _named(self, name: str, block: str) -> Named:
        own = f"{block}.{name}" in self.quantities  # a flow may have the name of a parameter, and is not read
        spread = None if own else self._spread(name, block, self._over.get(block, ""))
        if spread is not None:
            return spread
        one = self._single(name, block)
        if one is not None:
            how, quantity = one
            axes = self._axes_of(quantity.declared) if quantity.kind == "auxiliary" else ()
            return Named(name, how, axes, (quantity,))
        family = self.axes.family(name, lambda n: bool(self._rows(n, block)))
        return self._together(name, family or Family((), (name,)), block)

    def _together(self, name: str, family: Family, block: str) -> Named:
        rows = [row for n in family.names for row in self._rows(n, block)]
        own = [a for _, q in rows if q.kind == "auxiliary" for a in self._axes_of(q.declared)]
        axes = self.axes.arranged((*family.axes, *own))
        return Named(name, rows[0][0] if rows else "", axes, tuple(quantity for _, quantity in rows))

    def _rows(self, name: str, block: str) -> list[tuple[str, Quantity]]:
        """Return what an elementary name stands for, and what of it is meant: several where it is a whole."""
        one = self._single(name, block)
        whole = whole_of(name, self._wholes)
        if one is not None or whole is None:
            return [] if one is None else [one]
        how = name.partition("_")[0] if whole.kind == "flow" else ""
        return [(how, self.quantities[part]) for part in whole.parts]

    def _axes_of(self, auxiliary: Equation) -> tuple[str, ...]:
        """Return the axes of the value of an auxiliary."""
        if auxiliary.name not in self._axes:
            self._axes[auxiliary.name] = ()  # one that reads itself is refused when the economy is built
            held = {n.name: set(n.axes) for n in self.reads(auxiliary)}
            self._axes[auxiliary.name] = self.axes.arranged(axes_of_return(auxiliary, held))
        return self._axes[auxiliary.name]

    def _single(self, name: str, block: str) -> tuple[str, Quantity] | None:
        """Return what a name without axes stands for, and what of it is meant."""
        head, _, bare = name.partition("_")
        if f"{block}.{name}" in self.quantities:
            return "", self.quantities[f"{block}.{name}"]
        if head == "parameter" and f"{block}.{bare}" in self.quantities:
            return "", self.quantities[f"{block}.{bare}"]
        if name in self.quantities:
            return "", self.quantities[name]
        other = {"lever": f"lever {bare}", "given": f"input {bare}", "drawn": f"draw {bare}"}.get(head, "")
        if other in self.quantities:
            return "", self.quantities[other]
        for kind in ("lever", "input"):
            if f"{kind} {name}" in self.quantities:
                return "", self.quantities[f"{kind} {name}"]
        if head in ("moved", "ever", "rank") and bare in self.quantities:
            return head, self.quantities[bare]
        table = name.removesuffix(_BY_MONTH)
        return ("whole year", self.quantities[table]) if table in self.quantities else None

    def find(self, name: str) -> list[Quantity]:
        """Return the quantities that a user may mean by a name: of parameters the block may be left out."""
        return [q for q in self.quantities.values() if name in (q.key, q.name, q.key.replace(" ", "_"))]

    def find_equations(self, name: str) -> list[Equation]:
        """Return the equations and variants of a name, with or without that of the block."""
        return [e for e in self.equations if name in (e.name, f"{e.block}.{e.name}")]

    # ---- reads and writes ----------------------------------------------------------------------------------

    def reads(self, equation: Equation) -> list[Named]:
        """Return what the arguments of an equation stand for."""
        return [self.named(name, equation.block) for name in equation.reads]

    def writes(self, equation: Equation) -> list[Named]:
        """Return what the results of an equation stand for; an auxiliary writes itself."""
        return [self.written(name, equation) for name in equation.results or (equation.name,)]

    def readers(self, key: str) -> list[Equation]:
        """Return the equations, auxiliaries and variants that have a quantity among their arguments."""
        return self._read_by.get(key, [])

    def acting_readers(self, key: str) -> list[Equation]:
        """Return the equations with a phase that a quantity reaches, by itself or through auxiliaries."""
        found: dict[int, Equation] = {}
        seen, waiting = {key}, [key]
        while waiting:
            at = waiting.pop()
            for equation in self.readers(at):
                if equation.phase:
                    found[id(equation)] = equation
                elif equation.name not in seen:
                    seen.add(equation.name)
                    waiting.append(equation.name)
            for lag in self._lags_of.get(at, []):
                if lag not in seen:
                    seen.add(lag)
                    waiting.append(lag)
        return [e for e in self.equations if id(e) in found]

    def writers(self, key: str) -> list[Equation]:
        """Return the equations that write a quantity; of a stock, those that move something to or from it."""
        names = [key, *self.flows_of(key)]
        found = {id(e): e for name in names for e in self._written_by.get(name, [])}
        return list(found.values())

    def flows_of(self, key: str) -> list[str]:
        """Return the flows to and from a stock; none if the name is not that of a stock."""
        return self._flows_of.get(key, [])

    @cached_property
    def _read_by(self) -> dict[str, list[Equation]]:
        return self._index((e, q.key) for e in self.equations for n in self.reads(e) for q in n.quantities)

    @cached_property
    def _written_by(self) -> dict[str, list[Equation]]:
        return self._index((e, q.key) for e in self.equations for n in self.writes(e) for q in n.quantities)

    @cached_property
    def _flows_of(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for flow in (f for b in self.blocks for f in b.flows):
            for end in (flow.source, flow.destination):
                found.setdefault(f"{flow.commodity}_{end}", []).append(flow.name)
        return found

    @cached_property
    def _lags_of(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for lag in (lag for b in self.blocks for lag in b.declared.lags):
            for key in (lag.of, f"lever {lag.of}"):
                if key in self.quantities:
                    found.setdefault(key, []).append(lag.name)
        return found

    @staticmethod
    def _index(pairs: Iterable[tuple[Equation, str]]) -> dict[str, list[Equation]]:
        found: dict[str, list[Equation]] = {}
        for equation, key in pairs:
            known = found.setdefault(key, [])
            if not any(e is equation for e in known):
                known.append(equation)
        return found

    # ---- state ---------------------------------------------------------------------------------------------

    def state(self) -> Iterator[Quantity]:
        """Yield all that is carried from one month to the next: what a saved run must hold."""
        for kind in ("stock", "variable", "state", "lag", "entity"):
            yield from (q for q in self.quantities.values() if q.kind == kind)


def chapter_of(block: Block) -> str:
    """Return the chapter of a block: the name of the module of its equations."""
    return Path(block.functions[0].file).stem if block.functions else block.name


def _quantities(block: Block) -> Iterator[Quantity]:
    """Yield all that a block declares."""
    d, name = block.declared, block.name
    units = {
        c.name: c.unit for b in (block.shared.blocks if block.shared else (block,)) for c in b.commodities
    }
    for key, p in d.parameters.declared.items():
        yield Quantity(f"{name}.{key}", "parameter", name, p.unit, p.meaning, p)
    for c in d.constants:
        yield Quantity(c.name, "constant", name, c.unit, c.meaning, c)
    for a in d.accounts:
        yield Quantity(f"{a.commodity}_{a.name}", a.kind, name, units.get(a.commodity, ""), a.meaning, a)
    for f in d.flows:
        unit = units.get(f.commodity, "")
        yield Quantity(f.name, "flow", name, f"{unit}/month" if unit else "", f.meaning, f)
    for v in d.variables:
        yield Quantity(v.name, "variable" if v.recorded else "state", name, v.unit, v.meaning, v)
    for lag in d.lags:
        yield Quantity(lag.name, "lag", name, "", f"{lag.of} of {lag.months} months before", lag)
    # Levers, inputs and draws may have the name of a variable that follows them.
    for lever in d.levers:
        yield Quantity(f"lever {lever.name}", "lever", name, "", lever.meaning, lever)
    for i in d.inputs:
        yield Quantity(f"input {i.name}", "input", name, i.unit, i.meaning, i)
    for draw in d.draws:
        yield Quantity(f"draw {draw.name}", "draw", name, "", draw.meaning, draw)
    for event in d.announcements:
        yield Quantity(event.name, "event", name, "", event.text, event)
    for function in block.functions:
        if not function.phase and not function.without:
            yield Quantity(function.name, function.kind, name, "", function.sentence, function)
    for key, made in block.entities.items():
        yield Quantity(key, "entity", name, "", (made.__doc__ or "").partition("\n")[0], made)
