"""The order of instructions within a kernel: what is reckoned is reckoned when it is asked for.

Equations are written operation by operation, each for all labels of an axis. So many numbers would be in hand
at once that the processor has no room for them. Here each number that is stored is reckoned to its end before
the next is begun. What is reckoned stays the same to the bit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from llvmlite import ir


def one_after_the_other(made: ir.Function) -> None:
    """Order the instructions of a function that stores nothing where it reads later."""
    for block in made.blocks:
        block.instructions[:] = _ordered(block.instructions)


def _ordered(given: list[ir.Instruction]) -> list[ir.Instruction]:
    """Return the instructions of a block: those that act as they stood, before each what it needs."""
    beside: dict[ir.Instruction, list[ir.Instruction]] = {}  # what asks memory for what is read later
    asking: list[ir.Instruction] = []
    here = set(given)
    for one in given:
        if _asks_memory(one):
            asking.append(one)
        elif isinstance(one, ir.instructions.LoadInstr | ir.instructions.StoreInstr):
            beside[one] = asking
            asking = []
    made = {one: None for one in given if isinstance(one, ir.instructions.PhiInstr)}

    def needed(one: ir.Instruction) -> Iterator[ir.Instruction]:
        """Yield what must stand before an instruction."""
        parts: Iterable[Any] = [*beside.get(one, ()), *one.operands]
        return (part for part in parts if part in here and part not in made)

    *others, last = given
    for one in (*filter(_acts, others), *others, last):
        if one not in made:
            _put(one, needed, made)
    return list(made)


def _put(
    last: ir.Instruction,
    needed: Callable[[ir.Instruction], Iterator[ir.Instruction]],
    made: dict[ir.Instruction, None],
) -> None:
    """Put down an instruction after all that it needs."""
    open_ = [(last, needed(last))]
    while open_:
        one, parts = open_[-1]
        part = next(parts, None)
        if part is not None:
            open_.append((part, needed(part)))
        else:
            made[one] = None
            open_.pop()


def _called(one: ir.Instruction) -> str:
    """Return the name of what an instruction calls."""
    return getattr(one.callee, "name", "asm") if isinstance(one, ir.instructions.CallInstr) else ""


def _asks_memory(one: ir.Instruction) -> bool:
    return _called(one).startswith("llvm.prefetch")


def _acts(one: ir.Instruction) -> bool:
    """Tell whether an instruction does more than to reckon or to read."""
    if isinstance(one, ir.instructions.CallInstr):
        return not _called(one).startswith(("llvm.", "planmodel_"))
    return isinstance(one, ir.instructions.StoreInstr)
