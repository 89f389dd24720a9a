"""Mathematics from the text of equations: what is computed is run on symbols and written down.

An equation within the rules (see :mod:`planmodel.engine.rules`) is assignments and a return, so that it can
be followed with symbols in the place of arrays. Symbols of parameters are declared in their rows; other names
are written as words, or by the notation of an economy (``notation.csv``). What only keeps a division from
zero is not shown; helpers have a name of their own and are not written out; an ``if`` on the calendar and
``np.where`` become cases.
"""

from __future__ import annotations

import ast
import csv
import inspect
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import takewhile
from pathlib import Path
from typing import Any

from planmodel.engine.equations import Equation
from planmodel.engine.errors import DeclarationError
from planmodel.engine.graph import Graph, Named
from planmodel.engine.reading import Line, Reading
from planmodel.engine.styles import ATOM, Expr, Latex, Style, visible

_SIGNS = {"month": "m", "years": "y"}
_LONGEST = 100  # letters of a line
_SAID = {"ever": "{} to date", "rank": "rank of {}"}


def read_notation(folder: Path) -> dict[str, str]:
    """Read the symbols of names that have none in a table of declarations; none where there is no file.

    Raises
    ------
    DeclarationError
        If a name has two symbols, or a line is not a name and a symbol.
    """
    file = folder / "notation.csv"
    found: dict[str, str] = {}
    if not file.is_file():
        return found
    with file.open(newline="", encoding="utf-8") as lines:
        reader = csv.reader(lines, skipinitialspace=True)
        next(reader, None)
        for cells in reader:
            name = cells[0].strip() if cells else ""
            if len(cells) != 2 or name in found:
                raise DeclarationError(f"{file}:{reader.line_num}: '{name}': not one name and one symbol")
            found[name] = cells[1].strip()
    return found


class Notation:
    """Writes the equations of an economy.

    Parameters
    ----------
    graph
        Of the economy.
    style
        :class:`~planmodel.engine.styles.Latex` or plain text.
    symbols
        Of names that have none in their row, as :func:`read_notation` returns them; for LaTeX.
    """

    def __init__(self, graph: Graph, style: Style, symbols: Mapping[str, str] | None = None) -> None:
        self.graph, self.style = graph, style
        self.symbols = dict(symbols or {}) if isinstance(style, Latex) else {}
        self._masks: dict[str, bool] = {}

    # ---- names ---------------------------------------------------------------------------------------------

    def names(self, equation: Equation) -> tuple[dict[str, Expr], dict[str, Expr]]:
        """Return how the arguments and how the results of an equation are written; no two alike.

        A result may have the name of a parameter that is an argument, and be something else.
        """
        graph = self.graph
        together = [*graph.reads(equation), *graph.writes(equation)]
        written = [self.symbol(named) for named in together]
        for at, named in enumerate(together):  # a parameter keeps its symbol, others yield
            twins = [other for other, e in zip(together, written, strict=True) if e.text == written[at].text]
            if named.kind != "parameter" and any(_meant(other) != _meant(named) for other in twins):
                written[at] = self._indexed(named, self._words(named))
        first = len(equation.reads)
        arguments = {n.name: e for n, e in zip(together[:first], written[:first], strict=True)}
        return arguments, {n.name: e for n, e in zip(together[first:], written[first:], strict=True)}

    def symbol(self, named: Named) -> Expr:
        """Return how one name is written."""
        if not isinstance(self.style, Latex):
            return Expr(named.name, ATOM, len(named.name), mask=self.is_mask(named.name))
        kind = named.kind
        if kind == "parameter":
            return self._parameter(named)
        if named.name in self.symbols:
            return self._indexed(named, self.symbols[named.name])
        if named.name in _SIGNS:
            return self._own(_SIGNS[named.name])
        if kind == "lag":
            text = f"{self.symbol(self._lagged(named)).text}^{{(-{named.quantities[0].declared.months})}}"
            return self._own(text)
        bare = self._words(named)
        if named.how in ("ever", "rank"):
            bare = self.style.words(_SAID[named.how].format(named.quantities[0].name))
        if kind == "lever":
            bare = rf"\Lambda_{{{bare}}}"
        elif kind == "draw":
            bare = rf"\xi_{{{bare}}}"
        elif kind == "input":
            bare = rf"{bare}^{{\text{{given}}}}"
        return replace(self._indexed(named, bare), mask=self.is_mask(named.name))

    def _own(self, text: str) -> Expr:
        return Expr(text, ATOM, visible(text))

    def _lagged(self, named: Named) -> Named:
        """Return that of which a lag is: along its axes where several quantities are read as one."""
        names = [q.declared.of for q in named.quantities]
        if len(names) == 1:
            return self.graph.named(names[0], "")
        stem = _common(names).rpartition("_")[0]
        return Named(stem, "", named.axes, tuple(self.graph.quantities[name] for name in names))

    def _words(self, named: Named) -> str:
        """Return a name as words, without what says of what it is, and without its axes."""
        name = named.name
        for prefix in ("moved", "ever", "rank", "lever", "given", "drawn", "parameter"):
            bare = name.removeprefix(f"{prefix}_")
            if bare != name and (
                named.how == prefix or named.kind in ("lever", "input", "draw", "parameter")
            ):
                name = bare
                break
        if len(named.quantities) > 1:
            spelled = [a for a in self.graph.axes.by_name.values() if a.dimension in named.axes]
            for axis in sorted(spelled, key=lambda a: -len(a.name)):
                name = "_".join(f"_{name}_".rsplit(f"_{axis.name}_", 1)).strip("_")
        return self.style.words(name) if name else self.style.no_axes

    def _indexed(self, named: Named, bare: str) -> Expr:
        if not named.axes:
            return Expr(bare, ATOM, visible(bare))
        index = ", ".join(self.style.words(axis) for axis in named.axes)
        if "_{" in bare and bare.endswith("}"):
            return Expr(f"{bare[:-1]}, {index}}}", ATOM, visible(bare) + 6)
        return Expr(
            f"{{{bare}}}_{{{index}}}" if "_" in bare else f"{bare}_{{{index}}}", ATOM, visible(bare) + 6
        )

    def _parameter(self, named: Named) -> Expr:
        """Return the declared symbol; of several that differ in one place, that with the axis there.

        Where some of them are constants, which have no symbol, it is words.
        """
        symbols = [q.declared.symbol if q.kind == "parameter" else "" for q in named.quantities]
        if not all(symbols):
            return self._indexed(named, self._words(named))
        if len(symbols) == 1:
            return self._own(symbols[0])
        head, tail = _common(symbols), _common([s[::-1] for s in symbols])[::-1]
        if not head or head.count("{") != head.count("}") + tail.count("}") - tail.count("{"):
            return self._indexed(named, self._words(named))
        index = ", ".join(self.style.words(axis) for axis in named.axes)
        index = index if head.endswith("{") else f"{{{index}}}"
        return Expr(f"{head}{index}{tail}", ATOM, visible(head) + 6)

    def is_mask(self, name: str) -> bool:
        """Tell whether an auxiliary says yes or no."""
        if name not in self._masks:
            self._masks[name] = False
            quantity = self.graph.quantities.get(name)
            if quantity is not None and quantity.kind == "auxiliary":
                *_, last = self._reading(quantity.declared).lines()
                self._masks[name] = last.value.mask
        return self._masks[name]

    # ---- whole equations -----------------------------------------------------------------------------------

    def _reading(self, equation: Equation) -> Reading:
        arguments, results = self.names(equation)
        space = equation.declared.__globals__
        return Reading(self.graph, self.style, arguments, results, space, equation)

    def lines(self, equation: Equation) -> list[Line]:
        """Return the mathematics of an equation or auxiliary; none of a procedure or of the calendar."""
        if equation.kind not in ("equation", "auxiliary"):
            return []
        return list(self._reading(equation).lines())

    def text(self, equation: Equation) -> str:
        """Return the mathematics as a block of LaTeX, or as lines of text."""
        lines = self.lines(equation)
        if not lines:
            return ""
        if not isinstance(self.style, Latex):
            return "\n".join(f"{x.left} {x.sign} {x.value.text}" for x in lines)
        rows = [row for line in lines for row in _broken(line)]
        return "\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}"

    def form(self, helper: Callable[..., Any]) -> str:
        """Return what a helper is, by its text."""
        tree = _tree_of(helper)
        arguments = [a.arg for a in tree.args.args]
        written = {a: self._own(self.style.words(a)) for a in arguments}
        reading = Reading(self.graph, self.style, written, {}, helper.__globals__)
        *_, last = reading.body(tree, reading.helper(helper, [written[a] for a in arguments]).text)
        return f"{last.left} = {last.value.text}"


def _tree_of(function: Callable[..., Any]) -> ast.FunctionDef:
    tree = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    assert isinstance(tree, ast.FunctionDef)
    return tree


def _meant(named: Named) -> tuple[str, ...]:
    """Return what is meant by a name: a flow of the month is the same as a result and as what moved."""
    return (*(q.key for q in named.quantities), named.how.replace("moved", ""))


def _common(texts: list[str]) -> str:
    """Return with what all texts begin."""
    letters = takewhile(lambda column: len(set(column)) == 1, zip(*texts, strict=False))
    return "".join(column[0] for column in letters)


def _broken(line: Line) -> list[str]:
    """Break a long line at the terms of its sum or the factors of its product."""
    value = line.value
    first = f"{line.left} &{line.sign} "
    if value.form not in ("+", "*") or value.width <= _LONGEST:
        return [first + value.text]
    rows, width = [value.parts[0].text], value.parts[0].width
    for part in value.parts[1:]:
        if width + part.width > _LONGEST:
            rows.append(part.text)
            width = part.width
        else:
            rows[-1] += f" {part.text}"
            width += part.width
    return [first + rows[0], *(rf"&\quad {row}" for row in rows[1:])]
