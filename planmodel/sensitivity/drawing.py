"""Figures of an analysis."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from planmodel.sensitivity.analyse import Result
from planmodel.sensitivity.convergence import Indices
from planmodel.sensitivity.draw_boxes import draw_boxes
from planmodel.sensitivity.indices import DUMMY, Estimate
from planmodel.sensitivity.measuring import Series
from planmodel.sensitivity.schema import Method
from planmodel.sensitivity.words import input_name
from planmodel.show.plot import (
    GREY,
    LINES,
    draw_bars,
    draw_path,
    draw_points,
    drawn,
    new_sheet,
    style,
    wrapped,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_BARS, _LINES, _DOTS = 10, 5, 3  # inputs shown as bars, as lines, as scatter
_MAIN: dict[Method, str] = {
    "morris": "mu_star",
    "sobol": "ST",
    "delta": "delta",
    "pawn": "pawn",
    "prcc": "prcc",
}


def draw_analysis(result: Result, folder: Path) -> list[Path]:
    """Draw all that an analysis has; return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for method in dict.fromkeys(method for method, _ in result.indices):
        single = [(s, result.indices[method, s.name]) for s in result.single()]
        if single:
            files.append(_each(single, folder / f"{method}_bars.png", _bars, method))
            files.append(_each(single, folder / f"{method}_growing_sample.png", _growing, method))
            files.append(_heat_map(single, folder / f"{method}_heat_map.png", method))
            files.append(_scatter(result, single, folder / f"{method}_scatter.png", method))
            if method == "morris":
                files.append(_each(single, folder / "morris_mu_star_sigma.png", _mu_star_sigma, method))
        files += _evolution(result, method, folder)
    if result.shares:
        files += _shares(result, folder)
    return files + draw_boxes(result, folder)


def main_index(indices: Indices, method: Method) -> Estimate:
    """Return the index that stands for a method."""
    return next(e for e in indices.estimates if e.index == _MAIN[method])


def _order(found: Estimate) -> list[int]:
    """Return the inputs, the largest index first, without the shuffled one."""
    order = np.argsort(-np.abs(np.nan_to_num(found.value)), kind="stable")
    return [int(i) for i in order if found.names[i] != DUMMY]


def _judged(indices: Indices, method: Method) -> str:
    verdict = indices.verdicts[indices.estimates.index(main_index(indices, method))]
    return "" if verdict.converged else " (not converged)"


def _sheet(file: Path, panels: int, caption: str, columns: int = 2) -> AbstractContextManager[list[Axes]]:
    """Give so many plots on one sheet, and write it."""
    beside = min(columns, panels)
    return drawn(file, panels, "", columns, 2.7, caption, width=4.2 * beside + 1.0)


Panel = Callable[["Axes", Series, Indices, Method], None]


def _each(single: Sequence[tuple[Series, Indices]], file: Path, panel: Panel, method: Method) -> Path:
    """Draw a panel for each output."""
    with _sheet(file, len(single), f"{method}: 95 % intervals; grey where not converged") as axes:
        for axis, (series, indices) in zip(axes, single, strict=True):
            axis.set_title(wrapped(series.title + _judged(indices, method)), fontsize=9)
            panel(axis, series, indices, method)
    return file


def _bars(axis: Axes, series: Series, indices: Indices, method: Method) -> None:
    found = main_index(indices, method)
    chosen = _order(found)[:_BARS]
    colour = GREY if _judged(indices, method) else LINES[0]
    draw_bars(axis, [input_name(found.names[i]) for i in chosen], found.value[chosen], found.low[chosen],
                found.high[chosen], colour)  # fmt: skip
    label = {"ST": "bar: total index; tick: alone (S1)", "mu_star": f"mean effect, {series.unit}"}
    axis.set_xlabel(label.get(found.index, found.index))
    if found.index == "ST":
        alone = next(e for e in indices.estimates if e.index == "S1").value[chosen]
        axis.plot(alone, np.arange(len(chosen))[::-1], "|", color=LINES[1], markersize=11, markeredgewidth=2)
    if DUMMY in found.names:
        axis.axvline(found.high[found.names.index(DUMMY)], color=LINES[1], linewidth=0.9, linestyle="--")
        axis.set_xlabel(f"{found.index}; dashed: an input without influence")


def _growing(axis: Axes, series: Series, indices: Indices, method: Method) -> None:
    found, trace = main_index(indices, method), indices.trace
    for line, i in enumerate(_order(found)[:_LINES]):
        mine = trace[(trace["index"] == found.index) & (trace["input"] == found.names[i])]
        axis.plot(mine["samples"], mine["value"], color=LINES[line % 5], marker="o", markersize=3,
                  label=input_name(found.names[i]))  # fmt: skip
    if len(trace):
        axis.legend(fontsize=6.5)
    axis.set_xlabel(f"samples; {found.index}")


def _mu_star_sigma(axis: Axes, series: Series, indices: Indices, method: Method) -> None:
    star = main_index(indices, method)
    sigma = next(e for e in indices.estimates if e.index == "sigma").value
    top = float(np.nanmax(star.value)) if np.isfinite(star.value).any() else 1.0
    axis.plot([0.0, top], [0.0, top], color="#c0c0c0", linewidth=0.8)
    axis.errorbar(star.value, sigma, xerr=np.vstack([star.value - star.low, star.high - star.value]),
                  fmt="o", color=LINES[0], markersize=3.5, linewidth=0.8)  # fmt: skip
    for i in _order(star)[:6]:
        if np.isfinite(sigma[i]):
            axis.annotate(input_name(star.names[i]), (star.value[i], sigma[i]), fontsize=6, xytext=(3, 2),
                          textcoords="offset points")  # fmt: skip
    axis.set_xlabel(f"mu*, {series.unit}")
    axis.set_ylabel("sigma: bent, or acting with others")


def _heat_map(single: Sequence[tuple[Series, Indices]], file: Path, method: Method) -> Path:
    """Draw outputs against inputs; what has not converged is crossed out."""
    found = [main_index(indices, method) for _, indices in single]
    scaled = np.stack([np.nan_to_num(e.value / e.scale) for e in found])
    names = found[0].names
    shown = [i for i in np.argsort(-np.abs(scaled).max(axis=0), kind="stable") if names[i] != DUMMY][:40]
    low = -1.0 if method == "prcc" else 0.0
    with style():
        sheet, (axis,) = new_sheet(1, height=0.34 * len(single) + 1.8, width=0.32 * len(shown) + 3.5)
        axis.grid(visible=False)
        image = axis.imshow(
            scaled[:, shown], cmap="RdBu_r" if low else "Blues", vmin=low, vmax=1.0, aspect="auto"
        )
        for row, (_, indices) in enumerate(single):
            if _judged(indices, method):
                axis.plot(range(len(shown)), [row] * len(shown), "x", color="#909090", markersize=5)
        axis.set_xticks(range(len(shown)), [input_name(names[i]) for i in shown], rotation=90, fontsize=7)
        axis.set_yticks(range(len(single)), [wrapped(s.title, 42) for s, _ in single], fontsize=7)
        sheet.colorbar(image, label="mu* over the largest" if method == "morris" else found[0].index)
        axis.set_title("Outputs against inputs; crosses: not converged")
        sheet.savefig(file)
    return file


def _scatter(result: Result, single: Sequence[tuple[Series, Indices]], file: Path, method: Method) -> Path:
    """Draw each output against the inputs with the largest indices (of a group, its first)."""
    design, columns = result.prepared.design, [s.name for s in result.series]
    with _sheet(file, len(single) * _DOTS, "Members: output against input", columns=_DOTS) as axes:
        panels = iter(axes)
        for series, indices in single:
            found = main_index(indices, method)
            output = result.outputs[:, columns.index(series.name)]
            chosen = _order(found)[:_DOTS]
            for i in chosen:
                name = found.names[i]
                at = design.groups.index(name) if design.groups else design.inputs.index(name)
                axis = next(panels)
                axis.plot(design.points[:, at], output, ".", markersize=1.5, color=LINES[0], alpha=0.4)
                axis.set_xlabel(input_name(design.inputs[at]), fontsize=7.5)
                axis.set_title(wrapped(series.title, 36), fontsize=8)
            for _ in range(_DOTS - len(chosen)):
                next(panels).set_visible(False)
    return file


def _evolution(result: Result, method: Method, folder: Path) -> list[Path]:
    """Draw, for outputs of every year, how the largest indices go over the years."""
    outputs = list(dict.fromkeys(s.output for s in result.series if s.year is not None))
    if not outputs:
        return []
    file = folder / f"{method}_evolution.png"
    with _sheet(file, len(outputs), f"{method}: by year, with 95 % intervals; hollow: not converged") as axes:
        for axis, output in zip(axes, outputs, strict=True):
            series = [s for s in result.series if s.output == output and s.year is not None]
            by_year = [result.indices[method, s.name] for s in series]
            _over_years(axis, [s.year for s in series], by_year, method)
            axis.set_title(wrapped(series[0].title.rpartition(", ")[0]), fontsize=9)
    return [file]


def _over_years(axis: Axes, years: Sequence[Any], by_year: Sequence[Indices], method: Method) -> None:
    found = [main_index(indices, method) for indices in by_year]
    largest = np.nanmax(np.abs(np.nan_to_num([e.value / e.scale for e in found])), axis=0)
    names = found[0].names
    chosen = [int(i) for i in np.argsort(-largest, kind="stable") if names[i] != DUMMY][:_LINES]
    good = np.array([not _judged(indices, method) for indices in by_year])
    for line, i in enumerate(chosen):
        value, low, high = (np.array([getattr(e, part)[i] / e.scale for e in found])
                            for part in ("value", "low", "high"))  # fmt: skip
        colour = LINES[line % len(LINES)]
        draw_path(axis, years, value, [(low, high)], colour, input_name(names[i]), width=1.4)
        draw_points(axis, years, value, colour, filled=good, size=3.5)
    axis.legend(fontsize=6.5)
    _whole_years(axis)
    axis.set_ylabel("mu* over the largest" if method == "morris" else found[0].index)


def _whole_years(axis: Axes) -> None:
    from matplotlib.ticker import MaxNLocator

    axis.xaxis.set_major_locator(MaxNLocator(integer=True))


def _shares(result: Result, folder: Path) -> list[Path]:
    """Draw Shapley values with intervals; outputs of every year as stacked evolution."""
    files, single = [], result.single()
    if single:
        file = folder / "shares.png"
        words = "Shares of mechanisms (Shapley values): mean and 90 % of the draws; grey: not interpreted"
        with _sheet(file, len(single), words) as axes:
            for axis, series in zip(axes, single, strict=True):
                shares = result.shares[series.name]
                table = shares.table.reindex(shares.table["shapley"].abs().sort_values(ascending=False).index)
                value, low, high = (table[c].to_numpy() for c in ("shapley", "shapley_low", "shapley_high"))
                colour = LINES[0] if shares.interpretable else GREY
                draw_bars(axis, table["title"].tolist(), value, low, high, colour)
                axis.set_title(wrapped(series.title), fontsize=9)
                axis.set_xlabel(series.unit)
        files.append(file)
    outputs = list(dict.fromkeys(s.output for s in result.series if s.year is not None))
    if outputs:
        file = folder / "shares_evolution.png"
        with _sheet(file, len(outputs), "Shapley values by year, mean over draws") as axes:
            for axis, output in zip(axes, outputs, strict=True):
                series_of = [s for s in result.series if s.output == output]
                tables = [result.shares[s.name].table for s in series_of]
                years: list[Any] = [s.year for s in series_of]
                for i, title in enumerate(tables[0]["title"]):
                    line: dict[str, Any] = {"color": LINES[i % 5], "linestyle": ("-", "--", ":")[i // 5 % 3]}
                    axis.plot(years, [t["shapley"].iloc[i] for t in tables], label=title, **line)
                axis.legend(fontsize=6.5)
                axis.set_title(wrapped(series_of[0].title.rpartition(", ")[0]), fontsize=9)
                _whole_years(axis)
                axis.set_ylabel(series_of[0].unit)
        files.append(file)
    return files
