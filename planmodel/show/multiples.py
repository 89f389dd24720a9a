"""Small multiples: one plot a place, all of one quantity, with points whose versions are named.

Where the places have a level of their own (food a head, a share), all plots have one scale, so that they can
be compared at sight. Amounts have a scale each: a large place would flatten the small ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from planmodel.show import plot
from planmodel.show.points import Points, draw_versions

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLUMNS = 4
_LINE, _LEGEND, _AXES = plot.LINES[0], 0.16, 1.35  # colour; inches of a line of a legend, and of a plot
_ROOM = 0.08  # that a scale leaves above what is highest


@dataclass(frozen=True)
class Small:
    """One plot: a line with its bands, and the points of each version."""

    title: str
    x: Any
    middle: Any
    bands: Sequence[plot.Band]
    points: tuple[Points, ...] = ()

    @property
    def highest(self) -> float:
        """The highest value of all that is drawn."""
        return max(self._ends(np.max), default=0.0)

    @property
    def lowest(self) -> float:
        """The lowest value of all that is drawn."""
        return min(self._ends(np.min), default=0.0)

    def _ends(self, end: Any) -> list[float]:
        values = [self.middle, *(one for band in self.bands for one in band)]
        values += [ends for one in self.points for ends in (one.y, one.low, one.high)]
        arrays = [np.asarray(value, dtype=float) for value in values]
        return [float(end(some)) for array in arrays if (some := array[np.isfinite(array)]).size]


def scale_of(panels: Sequence[Small]) -> tuple[float, float]:
    """Return the scale that all panels have in common: from zero, or below it where something is."""
    low, high = min(0.0, *(one.lowest for one in panels)), max(one.highest for one in panels)
    return low, high + _ROOM * ((high - low) or 1.0)


def draw_small(
    axis: Axes, small: Small, years: tuple[float, float], scale: tuple[float, float] | None = None
) -> None:
    """Draw one plot: see :class:`Small`.

    Parameters
    ----------
    axis
        Where to draw.
    small
        What to draw.
    years
        Ends of the axis of time.
    scale
        Ends of the other axis, where it is that of all plots; else it is that of this one.
    """
    from matplotlib.ticker import MaxNLocator

    plot.draw_path(axis, small.x, small.middle, small.bands, _LINE, width=1.5)
    draw_versions(axis, small.points)
    axis.set_ylim(*(scale or scale_of([small])))
    axis.set_xlim(*years)
    axis.xaxis.set_major_locator(MaxNLocator(nbins=4, integer=True))
    axis.xaxis.set_major_formatter("{x:.0f}")
    axis.yaxis.set_major_locator(MaxNLocator(nbins=4))
    axis.ticklabel_format(axis="y", scilimits=(-3, 4))  # there is no room for more digits
    axis.tick_params(labelsize=8)


def picture(small: Small, years: tuple[float, float], scale: tuple[float, float] | None) -> str:
    """Return one plot as the source of a picture in a page, versions named below it."""
    lines = len(small.points)
    with plot.alone(bottom=0.3 + _LEGEND * lines, height=_AXES + 0.4 + _LEGEND * lines, width=2.9) as axis:
        draw_small(axis, small, years, scale)
        if lines:
            axis.legend(
                loc="upper left", bbox_to_anchor=(-0.14, -0.18), fontsize=8, handlelength=1, borderpad=0,
                labelspacing=0.25, handletextpad=0.5,
            )  # fmt: skip
        return plot.source_of(axis)


def sheet(
    panels: Sequence[Small],
    title: str,
    years: tuple[float, float],
    common: bool,
    file: Path,
    caption: str = "",
) -> Path:
    """Draw all plots on one sheet, four beside each other, and the versions below them.

    Parameters
    ----------
    panels
        What to draw.
    title
        Of the quantity, with its unit.
    years
        Ends of the axis of time.
    common
        Whether all have one scale.
    file
        To write.
    caption
        Below the plots.
    """
    scale = scale_of(panels) if common else None
    with plot.style():
        drawn, axes = plot.new_sheet(len(panels), title, COLUMNS, height=2.2, width=13.0)
        named: dict[str, Any] = {}
        for axis, small in zip(axes, panels, strict=True):
            draw_small(axis, small, years, scale)
            axis.set_title(small.title)
            handles, labels = axis.get_legend_handles_labels()
            named |= {label: named.get(label, handle) for label, handle in zip(labels, handles, strict=True)}
        below = drawn.legend(
            list(named.values()), list(named), loc="outside lower left", ncols=3, fontsize=8.5,
            handlelength=1, title=caption, title_fontsize=8, alignment="left",
        )  # fmt: skip
        below.get_title().set_color(plot.NOTE)
        drawn.savefig(file)
    return file
