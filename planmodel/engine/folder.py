"""An economy is a folder: equations in modules, and beside each a table of the same name."""

from __future__ import annotations

import importlib
import importlib.util
import re
import sys
import traceback
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import ModuleType

from planmodel.engine.axes import Axes
from planmodel.engine.choices import Choice
from planmodel.engine.equations import Block, Shared
from planmodel.engine.errors import DeclarationError, nearest
from planmodel.engine.one_meaning import hold_to_one_meaning
from planmodel.engine.rules import hold_to_rules, without_sums
from planmodel.engine.spread import Spread
from planmodel.engine.tables import Row, axes_of, declare, hold_to_units, read_rows, units_of
from planmodel.engine.wholes import wholes_of

_NO_CHAPTERS = ("axes", "indicators", "accounts", "priors")  # tables that declare for all chapters


def chapters_of(folder: Path, ordered: Sequence[str] = ()) -> list[str]:
    """Return the chapters of an economy: modules with a table of the same name.

    Parameters
    ----------
    folder
        Where they are.
    ordered
        Those that come first, in this order. The others come after, in the order of their names.

    Raises
    ------
    DeclarationError
        If one that is named is not there, or one half of a chapter is without the other.
    """
    modules = {file.stem for file in folder.glob("*.py")}
    tables = {file.stem for file in folder.glob("*.csv")} - set(_NO_CHAPTERS)
    for name in ordered:
        missing = [
            f"{name}{ending}" for ending, held in ((".py", modules), (".csv", tables)) if name not in held
        ]
        if missing:
            raise DeclarationError(
                f"chapters: '{name}': {folder / missing[0]} is missing.{nearest(name, modules & tables)}"
            )
    for name in sorted(tables - modules):
        if {"block", "kind"} <= set(_head(folder / f"{name}.csv")):
            raise DeclarationError(f"{folder / name}.csv: no module {name}.py beside it has its equations")
    for name in sorted(modules - tables):
        if re.search(r"^\w+ *= *Block\(", (folder / f"{name}.py").read_text(encoding="utf-8"), re.MULTILINE):
            raise DeclarationError(f"{folder / name}.py: no table {name}.csv beside it declares its blocks")
    twice = [name for i, name in enumerate(ordered) if name in ordered[:i]]
    if twice:
        raise DeclarationError(f"chapters: '{twice[0]}' is named twice")
    return [*ordered, *sorted((modules & tables) - set(ordered))]


def _head(file: Path) -> list[str]:
    """Return the names of the columns of a table."""
    with file.open(encoding="utf-8") as lines:
        return [cell.strip() for cell in next(lines, "").split(",")]


def load_axes(folder: Path, chapters: Sequence[str]) -> Axes:
    """Read the axes of an economy: of ``axes.csv``, where there is one, and of its chapters."""
    return _axes(folder, [row for name in chapters for row in read_rows(folder / f"{name}.csv")])


def _axes(folder: Path, rows: Sequence[Row]) -> Axes:
    own = folder / "axes.csv"
    return axes_of([*(read_rows(own) if own.is_file() else ()), *rows])


def load_blocks(
    folder: Path,
    chapters: Sequence[str],
    base: date,
    pending: Collection[str] = (),
    choices: Sequence[Choice] = (),
) -> tuple[Block, ...]:
    """Read the equations and tables of an economy.

    Parameters
    ----------
    folder
        Where they are. Its modules are run: they are code.
    chapters
        Names of the modules, in the order in which a reader meets them.
    base
        The day of bases and trends.
    pending
        Blocks whose modules are not there yet.
    choices
        Axes that an economy may do without, and whether it has them here.

    Raises
    ------
    DeclarationError
        Naming file, line and what is wrong.
    """
    rows = [row for chapter in chapters for row in read_rows(folder / f"{chapter}.csv")]
    every = _axes(folder, rows)
    for choice in choices:
        if choice.axis not in every.order:
            near = nearest(choice.axis, every.order)
            raise DeclarationError(f"versions: '{choice.axis}' is no axis.{near}")
    axes = every.without(choice.axis for choice in choices if not choice.there)
    units = units_of(rows)
    hold_to_units(rows, units)
    blocks: dict[str, Block] = {}
    for chapter in chapters:
        module = module_of(folder, chapter)
        for block in (b for b in vars(module).values() if isinstance(b, Block)):
            if block.name in blocks:
                raise DeclarationError(f"{folder / chapter}.py: block '{block.name}' is declared twice")
            if block.over and block.over not in every.order:
                raise DeclarationError(
                    f"{folder / chapter}.py: block '{block.name}' is over '{block.over}', which is no axis."
                    f"{nearest(block.over, every.order)}"
                )
            # A copy: the module may make another economy too, with the axis or without it.
            blocks[block.name] = replace(block, functions=[without_sums(f, axes) for f in block.functions])
    for row in rows:
        if row["block"] not in blocks and row["block"] not in pending:
            raise row.refuse(f"no block is called '{row['block']}'.{nearest(row['block'], blocks)}")
    over = {block.name: block.over for block in blocks.values() if block.over}
    spread = Spread(rows, axes, over, choices)
    left_out = [replace(choice, there=False) for choice in choices]
    bare = Spread(rows, axes.without(spread.chosen), over, left_out)
    for block in blocks.values():
        mine = [row for row in rows if row["block"] == block.name]
        block.declared = declare(mine, spread)
        block.bare = declare(mine, bare) if spread.there else block.declared
    hold_to_one_meaning(tuple(blocks.values()), rows, spread)
    wholes = wholes_of(tuple(blocks.values()), spread)
    shared = Shared(base, tuple(blocks.values()), axes, units, wholes, spread.inputs, spread.more)
    for block in blocks.values():
        block.shared = shared
    hold_to_rules(shared)
    return shared.blocks


def module_of(folder: Path, chapter: str) -> ModuleType:
    """Import a module of the package, or one of a folder elsewhere."""
    home = Path(__file__).parents[1]
    if folder.resolve().is_relative_to(home):
        dotted = ".".join(folder.resolve().relative_to(home.parent).parts)
        return importlib.import_module(f"{dotted}.{chapter}")
    file = folder / f"{chapter}.py"
    name = f"planmodel_economy_{abs(hash(str(folder.resolve())))}_{chapter}"
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise DeclarationError(f"{file}: cannot be read as a module")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except (DeclarationError, SyntaxError):
        raise
    except Exception as error:  # code of a user raises anything
        lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == str(file)]
        at = f":{lines[-1]}" if lines else ""
        raise DeclarationError(f"{file}{at}: cannot be read: {type(error).__name__}: {error}") from error
    return module
