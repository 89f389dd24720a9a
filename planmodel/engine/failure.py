"""Where a run broke off, in one line: component, function, month, member, operation, values.

A floating-point error says neither where it happened nor for which member. The traceback knows the operation
to the column of the source; done again with errors ignored, it shows for which members the result is no
number. All this happens once, when a run has failed already: it may be slow.
"""

from __future__ import annotations

import ast
import linecache
import traceback
from collections.abc import Mapping, Sequence
from datetime import date
from types import FrameType, TracebackType
from typing import Any, NamedTuple

import numpy as np

from planmodel.engine.board import Board
from planmodel.engine.component import Component
from planmodel.engine.errors import EquationError, PlanmodelError, ProcessError
from planmodel.engine.types import Array

_SHOWN = 3  # values or members named, at most
_LONGEST = 80  # characters of an operation or of an error's own words
_OURS = "planmodel.engine.arithmetic"
_FOREIGN = ("numpy", "scipy", _OURS)  # code that is called and is not to blame


class _Place(NamedTuple):
    frame: FrameType
    summary: traceback.FrameSummary


def broken_off(
    error: Exception,
    owner: str,
    day: date,
    members: Sequence[int],
    board: Board,
    reads: Sequence[str] | None = None,
) -> PlanmodelError:
    """Return the error of a process of a component as one that names itself.

    Parameters
    ----------
    error
        What the process raised.
    owner
        Name of the component, where its traceback shows none.
    day
        When.
    members
        Numbers of the columns of all arrays.
    board
        Variables, as they stood when the phase opened.
    reads
        Names that the equation reads; of a component they are found in its code.

    Returns
    -------
    EquationError
        If the arithmetic failed: a property of one or more members.
    ProcessError
        Otherwise: a fault of the component.
    """
    places = _places(error.__traceback__)
    home = next((p for p in reversed(places) if isinstance(p.frame.f_locals.get("self"), Component)), None)
    own = [p for p in places if not str(p.frame.f_globals.get("__name__", "")).startswith(_FOREIGN)]
    inner = own[-1] if own else None
    name = owner if home is None else f"{home.frame.f_locals['self'].name}.{home.frame.f_code.co_name}"
    what = _cut(str(error)) if isinstance(error, FloatingPointError) else _cut(_named(error))
    if places and places[-1].frame.f_globals.get("__name__") == _OURS:
        what = what.partition(" in ")[0]  # of which step within the function says nothing of the model
    at = ""
    if inner is not None:
        at = f" ({inner.frame.f_globals.get('__name__')}, line {inner.summary.lineno})"
    if inner is None or not isinstance(error, ArithmeticError):
        return ProcessError(f"{name}, {day:%B %Y}: {what}{at}")
    who, values = "", ""
    tree = _operation(inner)
    if tree is None:  # such as `a /= b`, which has left its result in `a`
        bad, left = _bad_local(inner.frame, len(members))
        who, values = (f", {members_named(bad, members)}", f"; {left}") if bad.size else ("", "")
    else:
        what += f" in {_cut(ast.unparse(tree))}"
        bad = _bad_members(tree, inner.frame, len(members))
        if bad.size:
            who = f", {members_named(bad, members)}"
            values = _values(tree, inner.frame, int(bad[0]), len(members))
            names = home.frame.f_code.co_consts if reads is None and home is not None else reads or ()
            values += _variables_read(names, board, int(bad[0]))
    return EquationError(f"{name}, {day:%B %Y}{who}: {what}{values}{at}")


def not_finite(
    suspects: Mapping[str, Array],
    owners: Mapping[str, str],
    day: date,
    members: Sequence[int],
    phase: str,
    least: float = -np.inf,
) -> EquationError:
    """Return the error of a month or a phase in which quantities are no numbers, too small or too large.

    Parameters
    ----------
    suspects
        Arrays by name, of variables or proposed flows.
    owners
        Component by the name of what it declares.
    day, members, phase
        When and for whom.
    least
        What they must be at least.
    """
    for name, array in suspects.items():
        values = np.broadcast_to(array, (len(members),))
        bad = np.flatnonzero(
            ~((values >= least) & (np.abs(values) < 1e150))
        )  # squares and products of it are no numbers either
        if bad.size:
            who = members_named(bad, members)
            what = f"{name} is {values[bad[0]]:.6g}"
            return EquationError(f"{owners[name]}, {day:%B %Y}, {who}: {what} at the end of '{phase}'")
    return EquationError(f"settlement of '{phase}', {day:%B %Y}: too large or no number")


def members_named(columns: np.ndarray, members: Sequence[int]) -> str:
    """Say which members: all of a few, the first of many."""
    numbers = list(dict.fromkeys(members[int(column)] for column in columns))
    text = ", ".join(str(number) for number in numbers[:_SHOWN])
    more = len(numbers) - _SHOWN
    return f"member{'s' if len(numbers) > 1 else ''} {text}{f' and {more} more' if more > 0 else ''}"


def _places(trace: TracebackType | None) -> list[_Place]:
    frames = [frame for frame, _ in traceback.walk_tb(trace)]
    return [_Place(f, s) for f, s in zip(frames, traceback.extract_tb(trace), strict=True)]


def _operation(place: _Place) -> ast.expr | None:
    """Return the operation that failed, by the columns that the traceback notes; None if it is not clear."""
    about: Any = place.summary  # typeshed does not know that the columns may be missing
    if None in (about.lineno, about.end_lineno, about.colno, about.end_colno):
        return None
    lines = linecache.getlines(about.filename)[about.lineno - 1 : about.end_lineno]
    if not lines:
        return None
    text = [line.encode() for line in lines]
    text[-1] = text[-1][: about.end_colno]
    text[0] = text[0][about.colno :]
    try:
        return ast.parse(f"({b''.join(text).decode()})", mode="eval").body
    except (SyntaxError, UnicodeDecodeError):
        return None


def _evaluate(tree: ast.expr, frame: FrameType) -> Any:
    """Do an operation of a frame again, with errors ignored; None if that cannot be done."""
    code = compile(ast.Expression(tree), "<the operation that failed>", "eval")
    try:
        with np.errstate(all="ignore"):
            return eval(code, frame.f_globals, frame.f_locals)
    except Exception:
        return None


def _by_member(value: Any, members: int) -> Array | None:
    """Return a value as one number or column a member; None if it has no members."""
    if not isinstance(value, np.ndarray | float | int) or isinstance(value, bool):
        return None
    array = np.asarray(value)
    if array.dtype.kind not in "fiu" or (array.ndim and array.shape[-1] != members):
        return None
    return np.broadcast_to(array, (members,)) if array.ndim == 0 else array


def _operands(tree: ast.expr) -> list[ast.expr]:
    if isinstance(tree, ast.BinOp):
        return [tree.left, tree.right]
    if isinstance(tree, ast.UnaryOp):
        return [tree.operand]
    return list(tree.args) if isinstance(tree, ast.Call) else []


def _finite(array: Array) -> np.ndarray:
    """Tell of each member whether all its numbers are finite."""
    return np.logical_and.reduce(np.isfinite(array).reshape(-1, array.shape[-1]), axis=0)


def _bad_members(tree: ast.expr, frame: FrameType, members: int) -> np.ndarray:
    """Return the columns in which the operation makes no number of numbers."""
    result = _by_member(_evaluate(tree, frame), members)
    if result is None:
        return np.array([], dtype=int)
    bad = ~_finite(result)
    for operand in _operands(tree):
        array = _by_member(_evaluate(operand, frame), members)
        if array is not None:
            bad &= _finite(array)
    return np.flatnonzero(bad)


def _bad_local(frame: FrameType, members: int) -> tuple[np.ndarray, str]:
    """Return the columns in which a local array is no number, and which array that is."""
    for name, value in frame.f_locals.items():
        array = _by_member(value, members) if isinstance(value, np.ndarray) else None
        if array is not None and not _finite(array).all():
            bad = np.flatnonzero(~_finite(array))
            return bad, f"{name} = {array.reshape(-1, members)[:, bad[0]].max():.6g}"
    return np.array([], dtype=int), ""


def _values(tree: ast.expr, frame: FrameType, column: int, members: int) -> str:
    """Say what the operands were for a member."""
    found = []
    for operand in _operands(tree):
        array = _by_member(_evaluate(operand, frame), members)
        if array is not None and not isinstance(operand, ast.Constant):
            numbers = array.reshape(-1, members)[:, column]
            shown = (
                f"{numbers[0]:.6g}" if numbers.size == 1 else f"{numbers.min():.6g} to {numbers.max():.6g}"
            )
            found.append(f"{_cut(ast.unparse(operand))} = {shown}")
    return f"; {', '.join(found[:_SHOWN])}" if found else ""


def _variables_read(read: Sequence[Any], board: Board, column: int) -> str:
    """Name the variables of the board that the function reads and that are zero, negative or no number."""
    names = [text for text in read if text in board.variables]
    found = [f"{name} = {board[name][column]:.6g}" for name in names if not board[name][column] > 0.0]
    return f"; reads {', '.join(found[:_SHOWN])}" if found else ""


def _named(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
