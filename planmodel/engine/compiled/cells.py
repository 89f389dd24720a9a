"""Numbers of which only the code is known: rules that act on arrays under NumPy are run on them.

What a rule does with such a number is written down as instructions at the place of the builder, on eight
members at once. A choice whose condition is a truth value of Python is made while code is written.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

import numpy as np
from llvmlite import ir

from planmodel.engine.compiled.lanes import Lanes

_FUNCTIONS: dict[Any, str] = {np.maximum: "maximum", np.minimum: "minimum"}


class Cells:
    """A number, or a truth value, of eight members.

    Parameters
    ----------
    lanes
        What writes operations.
    cell
        What holds it.
    """

    __slots__ = ("cell", "lanes")
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, lanes: Lanes, cell: Any) -> None:
        self.lanes, self.cell = lanes, cell

    def _made(self, name: str, *given: Any) -> Self:
        cells = (one.cell if isinstance(one, Cells) else one for one in given)
        return type(self)(self.lanes, self.lanes.operate(name, *cells))

    @property
    def value(self) -> ir.Value:
        """The number as code holds it."""
        return self.lanes.lifted(self.cell)

    @property
    def mask(self) -> ir.Value:
        """The truth value as code holds it."""
        return self.lanes.mask(self.cell)

    def __array_ufunc__(self, ufunc: np.ufunc, _: str, *given: Any, **__: Any) -> Self:
        return self._made(_FUNCTIONS[ufunc], *given)

    def __array_function__(self, function: Any, _: Any, given: tuple[Any, ...], __: Any) -> Any:
        if function is not np.where:
            return NotImplemented
        asked, one, other = given
        if isinstance(asked, bool):
            return one if asked else other
        return self._made("where", asked, one, other)


def _operation(name: str, turned: bool = False) -> Callable[[Cells, Any], Cells]:
    def operate(one: Cells, other: Any) -> Cells:
        return one._made(name, *((other, one) if turned else (one, other)))

    return operate


for _word, _name in {
    "add": "add", "sub": "sub", "mul": "mul", "truediv": "div", "and": "and", "or": "or",
}.items():  # fmt: skip
    setattr(Cells, f"__{_word}__", _operation(_name))
    setattr(Cells, f"__r{_word}__", _operation(_name, turned=True))
for _word, _name in {"lt": "<", "le": "<=", "gt": ">", "ge": ">="}.items():
    setattr(Cells, f"__{_word}__", _operation(_name))
