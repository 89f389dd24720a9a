"""A parameter is declared once, beside the component that uses it.

The declaration carries unit, bounds (the prior), source, symbol and one line of meaning. The configuration
schema, the reference table in the docs, sensitivity ranges and priors are read from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Self

import numpy as np

from planmodel.engine.errors import DeclarationError
from planmodel.engine.types import Array

Evidence = Literal["transcribed", "recalled", "reading", "assumption"]  # from the firmest to the weakest


@dataclass(frozen=True)
class Parameter:
    """A declared parameter.

    ``evidence`` says how the default is known: ``transcribed`` (read in a text or file that we hold),
    ``recalled`` (known from the literature, page still to be checked), ``reading`` (our number for words of
    a text that gives none) or ``assumption`` (ours, or moved by a search from the size that the source
    suggests). ``null`` is the size at which a mechanism whose strength it is does nothing.
    """

    default: float
    unit: str
    bounds: tuple[float, float]
    symbol: str
    meaning: str
    source: str
    evidence: Evidence
    null: float | None = None

    def __post_init__(self) -> None:
        """Check that the default lies within the bounds."""
        low, high = self.bounds
        if not low <= self.default <= high:
            raise DeclarationError(f"default {self.default} of '{self.meaning}' outside {self.bounds}")


def parameter(
    default: float,
    *,
    unit: str,
    bounds: tuple[float, float],
    symbol: str,
    meaning: str,
    source: str,
    evidence: Evidence = "assumption",
) -> Any:
    """Declare a parameter as a class attribute of a :class:`Parameters` subclass."""
    return Parameter(default, unit, bounds, symbol, meaning, source, evidence)


class Parameters:
    """The parameters of one component, as arrays of shape ``(members,)``.

    Subclasses declare them::

        class Draught(Parameters):
            horse_power: Array = parameter(0.35, unit="horsepower", bounds=(0.2, 0.5), ...)
    """

    declared: ClassVar[dict[str, Parameter]] = {}

    def __init_subclass__(cls) -> None:
        """Collect the declarations of a subclass."""
        super().__init_subclass__()
        own = {name: value for name, value in vars(cls).items() if isinstance(value, Parameter)}
        cls.declared = cls.declared | own

    @classmethod
    def resolve(cls, values: Mapping[str, float | Array], members: int) -> Self:
        """Return the parameters with the given values and defaults elsewhere, one value a member."""
        unknown = set(values) - set(cls.declared)
        if unknown:
            raise DeclarationError(f"{cls.__name__} declares no {', '.join(sorted(unknown))}")
        resolved = cls()
        for name, declared in cls.declared.items():
            value = np.asarray(values.get(name, declared.default), dtype=float)
            setattr(resolved, name, np.ascontiguousarray(np.broadcast_to(value, (members,))))
        return resolved
