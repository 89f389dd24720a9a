"""What a simulation is made of, in hashes: its equations and tables, and what it was given.

A saved state is gone on with by the economy that made it. Words do not count (docstrings, meanings, sources),
nor where in a file an equation stands.
"""

from __future__ import annotations

import ast
import hashlib
import inspect
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import date
from typing import Any

import numpy as np

from planmodel.engine.clock import Clock
from planmodel.engine.component import Component, Series
from planmodel.engine.equations import Block, Constant, Declared, Equation
from planmodel.engine.limits import Limit
from planmodel.engine.types import Array

_WORDS = ("meaning", "evidence")
_LENGTH = 16  # characters of a hash that are kept


def of_code(
    parts: Sequence[type[Component] | Block], clock: Clock, limits: Iterable[Limit]
) -> dict[str, str]:
    """Return a hash of each equation and table of an economy, of its axes, calendar and limits."""
    blocks = [part for part in parts if isinstance(part, Block)]
    shared = blocks[0].shared if blocks else None
    found = {"calendar": _hash(repr((clock.phases, sorted(clock.seasons.items()))))}
    judged = [(x.name, x.parts, x.low, x.high, x.span, x.over) for x in limits]
    found["limits"] = _hash(repr(judged))
    found |= {part.name: _hash(inspect.getsource(part)) for part in parts if not isinstance(part, Block)}
    if shared is not None:
        found["axes"] = _hash(repr([(a.name, a.labels, a.along) for a in shared.axes.by_name.values()]))
    for block in shared.blocks if shared else blocks:
        found[f"{block.name} (table)"] = _hash(_table(block.declared))
        for function in block.functions:
            without = f" without {', '.join(function.without)}" if function.without else ""
            found[f"{block.name}.{function.name}{without}"] = _hash(_equation(function))
        for name, kind in block.entities.items():
            text = _texts(_parsed(inspect.getsource(kind)), vars(inspect.getmodule(kind)), {kind.__name__})
            found[f"{block.name}.{name}"] = _hash("\n".join(text))
    return found


def of_series(
    series: Mapping[str, Series], clock: Clock, names: Iterable[str], done: date
) -> dict[str, dict[str, str]]:
    """Return a hash of what exogenous series say in each year, up to a day, on the days of phases."""
    days = dict.fromkeys([clock.start, *(day for day, _ in clock.openings() if day <= done)])
    found: dict[str, dict[str, str]] = {}
    for name in sorted(names):
        by_year: dict[str, Any] = {}
        for day in days:
            value = np.asarray(compact(series[name].on(day)), dtype=float)
            by_year.setdefault(str(day.year), hashlib.sha256()).update(value.tobytes())
        found[name] = {year: hashed.hexdigest()[:_LENGTH] for year, hashed in by_year.items()}
    return found


def compact(value: Array | float) -> Array | float:
    """Return one number where all members have the same."""
    array = np.atleast_1d(np.asarray(value, dtype=float))
    return float(array[0]) if (array == array[0]).all() else array.copy()


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_LENGTH]


def _table(declared: Declared) -> str:
    """Return the rows of a block's table that decide numbers; parameters are compared by their values."""
    rows: list[Any] = sorted(declared.parameters.declared)
    for kind in (f.name for f in fields(Declared) if f.name != "parameters"):
        for thing in getattr(declared, kind):
            words = (*_WORDS, "source") if isinstance(thing, Constant) else _WORDS
            rows.append((kind, {key: value for key, value in asdict(thing).items() if key not in words}))
    return repr(rows)


def _equation(equation: Equation) -> str:
    """Return what an equation says and when it acts, with the helpers that it calls."""
    when = (equation.kind, equation.phase, equation.months, equation.without)
    return "\n".join([repr(when), *_texts(equation.tree, equation.declared.__globals__, set())])


def _texts(tree: ast.FunctionDef | ast.ClassDef, known: Mapping[str, Any], seen: set[str]) -> list[str]:
    """Return the text of a function or class without its words, and of what of ours it uses."""
    tree = _bare(tree)
    texts = [ast.unparse(tree)]
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    own = {a.arg for a in ast.walk(tree) if isinstance(a, ast.arg)}
    own |= {node.id for node in names if isinstance(node.ctx, ast.Store)}
    for name in sorted({node.id for node in names} - own - seen):
        used = known.get(name)
        if isinstance(used, set | frozenset):  # in no order that another process would have
            texts.append(f"{name} = {sorted(map(repr, used))}")
        elif isinstance(used, bool | int | float | str | tuple | range | list | dict):
            texts.append(f"{name} = {used!r}")
        elif (inspect.isfunction(used) or inspect.isclass(used)) and used.__module__.startswith("planmodel"):
            seen.add(name)
            texts += [name, *_texts(_parsed(inspect.getsource(used)), vars(inspect.getmodule(used)), seen)]
    return texts


def _bare(tree: ast.FunctionDef | ast.ClassDef) -> ast.FunctionDef | ast.ClassDef:
    """Return a copy of a function or class without decorator and docstrings."""
    copied = _parsed(ast.unparse(tree))
    copied.decorator_list.clear()
    for node in ast.walk(copied):
        if (
            isinstance(node, ast.FunctionDef | ast.ClassDef)
            and ast.get_docstring(node, clean=False) is not None
        ):
            node.body = node.body[1:] or [ast.Pass()]
    return copied


def _parsed(text: str) -> ast.FunctionDef | ast.ClassDef:
    """Return the tree of a function or a class."""
    tree = ast.parse(textwrap.dedent(text)).body[0]
    assert isinstance(tree, ast.FunctionDef | ast.ClassDef)
    return tree
