"""Which numbers a phase reads and writes: the places of the compiled equations in memory.

Every elementary name that is read has a number, and every flow, variable, rank and announcement that is
written has one: compiled equations find them by these, in tables of addresses that each chunk of members
fills in for itself.
"""

from __future__ import annotations

import hashlib
import inspect
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from planmodel.engine.axes import Family
from planmodel.engine.compiled.elements import NotCompiledError
from planmodel.engine.equations import Equation

if TYPE_CHECKING:
    from planmodel.engine.component import Context
    from planmodel.engine.workspace import Workspace

Kind = Literal["flow", "variable", "rank", "event", "value"]


class Leaf(NamedTuple):
    """An elementary name, as an equation of a block reads it."""

    name: str
    block: str


class Result(NamedTuple):
    """What an equation writes: all names of a family, each with a row of its own from ``first`` on."""

    kind: Kind
    names: tuple[str, ...]
    axes: tuple[str, ...]
    first: int


class Argument(NamedTuple):
    """What stands for an argument along axes: leaves by their numbers, auxiliaries by their names.

    An auxiliary has besides what axes its value has.
    """

    axes: tuple[str, ...]
    parts: tuple[int | str, ...]


class Writes(NamedTuple):
    """What is written in a month: numbers of flows and of variables, and the rows that hold them."""

    flows: tuple[int, ...]
    amounts: tuple[int, ...]
    variables: tuple[int, ...]
    values: tuple[int, ...]


@dataclass
class Layout:
    """The equations of a phase, and where they read and write; the same for all chunks of an economy.

    Attributes
    ----------
    groups
        Equations by the months in which they act; empty for those that always act.
    kept
        Leaves that are rows of the books: a number a member in every chunk, whatever is the same for all.
    auxiliaries
        By name, in the order in which they are first read.
    values
        The auxiliaries that procedures of the phase read, and the rows in which they are left.
    rows
        Number of rows that are written.
    """

    groups: dict[tuple[int, ...], list[Equation]]
    leaves: dict[Leaf, int] = field(default_factory=dict)
    kept: set[int] = field(default_factory=set)
    arguments: dict[tuple[str, str], Argument] = field(default_factory=dict)
    auxiliaries: dict[str, Equation] = field(default_factory=dict)
    results: dict[tuple[str, str, str], Result] = field(default_factory=dict)
    values: dict[str, Result] = field(default_factory=dict)
    rows: int = 0
    _writes: dict[frozenset[tuple[int, ...]], Writes] = field(default_factory=dict)

    @classmethod
    def of(cls, workspace: Workspace, acting: Sequence[Equation]) -> Layout:
        """Return the layout of equations and of what procedures read.

        Raises
        ------
        NotCompiledError
            If one reads what is no number.
        """
        equations = [one for one in acting if one.kind != "procedure"]
        groups: dict[tuple[int, ...], list[Equation]] = {(): []}
        for one in equations:
            groups.setdefault(one.months, []).append(one)
        layout = cls(groups)
        for one in layout.equations():
            layout._read(workspace, one)
            layout._write(workspace, one)
        for procedure in (one for one in acting if one.kind == "procedure"):
            for name in procedure.reads:
                layout._value(workspace, name, procedure.block)
        return layout

    def equations(self) -> Iterator[Equation]:
        """Yield the equations in the order in which they are compiled."""
        for some in self.groups.values():
            yield from some

    def of_kind(self, kind: Kind) -> list[tuple[Equation, Result]]:
        """Return the results of a kind, with their equations."""
        every = ((e, self.results[e.block, e.name, name]) for e in self.equations() for name in e.results)
        return [(equation, result) for equation, result in every if result.kind == kind]

    @cached_property
    def events(self) -> list[Result]:
        """What is announced, in the order of the table in which a kernel tells that it happens."""
        return [result for _, result in self.of_kind("event")]

    def writes(self, month: int, context: Context) -> Writes:
        """Return what is written in a month: one and the same for all months in which the same acts."""
        months = frozenset(some for some in self.groups if not some or month in some)
        if months not in self._writes:
            found: list[dict[int, int]] = []
            for kind, number in (("flow", context.ledger.index), ("variable", context.board.row)):
                rows: dict[int, int] = {}
                for equation, result in self.of_kind(kind):  # type: ignore[arg-type]
                    if equation.acts_in(month):
                        rows |= {number(name): at for at, name in enumerate(result.names, result.first)}
                found.append(rows)
            flows, variables = found
            self._writes[months] = Writes(*map(tuple, (flows, flows.values(), variables, variables.values())))
        return self._writes[months]

    def _read(self, workspace: Workspace, equation: Equation) -> None:
        names, block = workspace.names, equation.block
        for name in equation.reads:
            if (name, block) in self.arguments:
                continue
            family = names.family(name, block) or Family((), (name,))
            parts = tuple(self._part(workspace, part, block) for part in family.names)
            self.arguments[name, block] = Argument(family.axes, parts)

    def _part(self, workspace: Workspace, name: str, block: str) -> int | str:
        auxiliary = workspace.auxiliary_of(name, block)
        if auxiliary is None:
            return self._leaf(workspace, Leaf(name, block))
        if name not in self.auxiliaries:
            self._read(workspace, auxiliary.equation)
            self.auxiliaries[name] = auxiliary.equation
        return name

    def _leaf(self, workspace: Workspace, leaf: Leaf) -> int:
        if leaf not in self.leaves:
            self.leaves[leaf] = len(self.leaves)
            if workspace.names.reader(leaf.name, leaf.block, leaf.name).row is not None:
                self.kept.add(self.leaves[leaf])
        return self.leaves[leaf]

    def _value(self, workspace: Workspace, name: str, block: str) -> None:
        auxiliary = workspace.auxiliary_of(name, block)
        if auxiliary is not None and name not in self.values:
            self.arguments[name, block] = Argument((), (self._part(workspace, name, block),))
            number = math.prod(workspace.names.axes.sizes(auxiliary.bound.kept))
            self.values[name] = Result("value", (name,) * number, auxiliary.bound.kept, self.rows)
            self.rows += number

    def _write(self, workspace: Workspace, equation: Equation) -> None:
        results = workspace.results
        for name in equation.results:
            told, family = results.told(name, equation.block), results.named(name, equation.block)
            if told is not None:
                kind, of = told
                made = Result(kind, of.names, of.axes, self.rows)
            else:
                assert family is not None  # as the workspace has found
                board = workspace.context.board.variables
                kinds: set[Kind] = {"variable" if n in board else "flow" for n in family.names}
                if len(kinds) > 1:
                    raise NotCompiledError(f"'{name}' is of flows and of variables")
                made = Result(kinds.pop(), family.names, family.axes, self.rows)
            self.results[equation.block, equation.name, name] = made
            self.rows += len(made.names)

    def key(self) -> str:
        """Return a hash of all that the compiled code depends on: text and places."""
        made = [*self.equations(), *self.auxiliaries.values()]
        functions = [one.declared for one in made]
        functions += [h for f in functions for h in f.__globals__.values() if getattr(h, "helper", False)]
        files = sorted({inspect.getsourcefile(f) or "?" for f in functions})
        lines = [(one.block, one.name, one.line) for one in made]
        places = (self.arguments, sorted(self.kept), self.results, self.values, list(self.groups))
        told = repr((places, lines, [_content(f) for f in files]))
        return hashlib.sha256(told.encode()).hexdigest()


@cache
def _content(file: str) -> str:
    """Return a hash of a file as it is when it is first asked for."""
    return hashlib.sha256(Path(file).read_bytes()).hexdigest()
