"""Figures of scenario discovery: how a box was peeled, and where it lies."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from planmodel.sensitivity.analyse import Result
from planmodel.sensitivity.prim import Box
from planmodel.sensitivity.words import input_name
from planmodel.show.plot import GREY, LINES, drawn, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def draw_boxes(result: Result, folder: Path) -> list[Path]:
    """Draw each outcome that has a way of peeling: coverage and density, and the box; return the files."""
    files = []
    for name, box in result.boxes.items():
        if not box.trajectory:
            continue
        file = folder / f"box_{name}.png"
        title = result.analysis.outcomes[name].title or name.replace("_", " ")
        caption = "Left: each dot a box, half of the members; right: all members"
        with drawn(file, 2, "", 2, 2.7, caption, width=9.4) as axes:
            _peeling(axes[0], box, result.analysis.density)
            _plane(axes[1], box, result, result.outcomes[name])
            axes[0].set_title(wrapped(title), fontsize=9)
        files.append(file)
    return files


def _peeling(axis: Axes, box: Box, density: float) -> None:
    coverage = [step.coverage for step in box.trajectory]
    axis.plot(coverage, [step.density for step in box.trajectory], ".-", color=LINES[0], linewidth=0.8)
    axis.plot([box.coverage], [box.density], "o", color=LINES[1], label="chosen box, other half")
    axis.vlines(box.coverage, box.density_low, box.density_high, color=LINES[1], linewidth=1)
    axis.axhline(density, color=GREY, linewidth=0.8, linestyle="--")
    axis.set_xlabel("coverage: share of the outcome in the box")
    axis.set_ylabel("density: share of the box with it")
    axis.legend(fontsize=7)


def _plane(axis: Axes, box: Box, result: Result, holds: np.ndarray) -> None:
    """Draw the members over the two inputs that limit the box most."""
    from matplotlib.patches import Rectangle

    design = result.prepared.design
    columns = [*box.restricted, *(i for i in range(len(design.inputs)) if i not in box.restricted)][:2]
    if len(columns) < 2:
        axis.set_visible(False)
        return
    x, y = design.points[:, columns[0]], design.points[:, columns[1]]
    for mask, colour, label in ((~holds, GREY, "without"), (holds, LINES[1], "with the outcome")):
        axis.plot(x[mask], y[mask], ".", markersize=3, color=colour, label=label)
    corners = []
    for i, values in zip(columns, (x, y), strict=True):
        corners.append((max(box.low[i], values.min()), min(box.high[i], values.max())))
    (left, right), (bottom, top) = corners
    axis.add_patch(
        Rectangle((left, bottom), right - left, top - bottom, fill=False, color=LINES[0], linewidth=1.6)
    )
    axis.set_xlabel(input_name(design.inputs[columns[0]]), fontsize=8)
    axis.set_ylabel(input_name(design.inputs[columns[1]]), fontsize=8)
    axis.legend(fontsize=7)
