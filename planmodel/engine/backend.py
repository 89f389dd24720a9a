"""What reckons the equations of a chunk: code compiled for this machine, or NumPy. The bits are the same."""

from __future__ import annotations

import importlib.util
import os
import sys
from typing import TYPE_CHECKING, Literal, get_args

from planmodel.engine.board import Board
from planmodel.engine.errors import UserError
from planmodel.engine.ledger import Ledger

if TYPE_CHECKING:
    from planmodel.engine.compiled.books import Books

Engine = Literal["auto", "numpy", "compiled"]
VARIABLE = "PLANMODEL_ENGINE"


def chosen(engine: str | None = None) -> Engine:
    """Return the engine that is asked for: by an argument, the environment, or ``auto``.

    Raises
    ------
    UserError
        If there is none of this name.
    """
    named = engine or os.environ.get(VARIABLE) or "auto"
    for known in get_args(Engine):
        if named == known:
            return known
    where = "engine" if engine else VARIABLE
    raise UserError(f"{where} = '{named}'; allowed: {', '.join(get_args(Engine))}")


def compiled_books(ledger: Ledger, board: Board, engine: str | None = None) -> Books | None:
    """Return the books under compiled code; None where NumPy is to keep them.

    Raises
    ------
    UserError
        If compiled code is asked for and cannot be had.
    """
    named = chosen(engine)
    if named == "numpy":
        return None
    # On Windows the flags of floating point are not where compiled code looks for them.
    if importlib.util.find_spec("llvmlite") is None or sys.platform == "win32":
        if named == "compiled":
            what = "needs llvmlite (pip install 'planmodel[fast]') and Linux or macOS"
            raise UserError(f"engine 'compiled' {what}; allowed here: numpy, auto")
        return None
    from planmodel.engine.compiled.books import Books

    return Books(ledger, board)
