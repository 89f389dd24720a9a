"""Points of the record: one look a version, wherever they are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planmodel.show import plot

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MARKERS = ("o", "s", "D", "P", "X", "<", ">", "p", "h", "d")  # ^ and v are ends of ranges
# After Okabe and Ito: colours that colour-blind readers can tell apart, from each other and from the model.
COLOURS = ("#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#7A5195", "#5C5C5C", "#A6761D", "#0072B2")


@dataclass(frozen=True)
class Points:
    """Figures of one version.

    Attributes
    ----------
    label
        Names it.
    style
        Its place among all versions of the quantity: by it marker and colour are chosen.
    x, y
        Years, and values.
    low, high
        Ends of ranges; equal to the values where there is none.
    span
        Half of the years that each stands for, where it is more than one; else zero.
    hollow
        Whether they are no figures of what was, such as plans.
    """

    label: str
    style: int
    x: tuple[float, ...]
    y: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    span: tuple[float, ...]
    hollow: bool = False


def look(place: int) -> tuple[str, str]:
    """Return colour and marker of a version by its place: the first 90 differ."""
    return COLOURS[place % len(COLOURS)], MARKERS[place % len(MARKERS)]


def draw_versions(axis: Axes, points: Sequence[Points], size: float = 4.2) -> None:
    """Draw the figures of each version, with their ranges and spans; versions are named in the legend."""
    for one in points:
        colour, marker = look(one.style)
        ends = [np.where(np.isfinite(end), end, one.y) for end in (one.low, one.high)]
        plot.draw_points(
            axis, one.x, one.y, colour, one.label, filled=not one.hollow, size=size, marker=marker,
            reach=(ends[0], ends[1]), span=np.asarray(one.span),
        )  # fmt: skip
