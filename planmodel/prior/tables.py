"""What draws of the prior come to, as tables: figures beside the record, series, growth by year, facts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from planmodel.calibration.posterior import predictive_bands
from planmodel.calibration.targets import Point
from planmodel.engine import Array
from planmodel.prior.drawing import Histories
from planmodel.prior.subject import RATES

FACTOR = 2.0  # by which median growth may differ from that of the record
BAND = (0.05, 0.5, 0.95)
_SEED = 0  # of the errors that are drawn for the band
_LEAP = 3  # days by which spans of one kind differ


def points(found: Histories) -> pd.DataFrame:
    """Return the figures of the core beside the prior: median and 90 %, and whether the record is inside.

    The band is predictive: errors of the figure and of the model are in it.
    """
    core = found.subject.core
    bands = predictive_bands(core, found.predicted, _SEED)
    about = [(_theme(found, p.target), p.target, p.version, p.label, p.recorded) for p in core.points]
    frame = pd.DataFrame(about, columns=["theme", "series", "version", "date", "recorded"])
    return frame.assign(**{name: bands[name] for name in ("low", "median", "high", "inside")})


def series(found: Histories) -> pd.DataFrame:
    """Return one row a core series: figures, share inside the band, and growth from first to last figure.

    ``growth_recorded`` and ``growth`` (the prior's median) are the last over the first of two figures of one
    version and of spans of one length; ``over`` is the second over the first of the two, and ``like`` tells
    whether that is within a factor of two, where there is growth to compare. ``slowest`` and ``fastest`` are
    the lowest and the highest median growth of a year.
    """
    inside, yearly = points(found).groupby("series")["inside"], years(found).groupby("series")["median"]
    shares, counts = inside.mean(), inside.size()
    slowest, fastest = yearly.min(), yearly.max()
    rows = []
    for name in found.subject.series:
        grown = _growth(found, name)
        over = grown["growth"] / grown["growth_recorded"] if grown else np.nan
        like = None if not grown else bool(1.0 / FACTOR <= over <= FACTOR)
        rows.append({
            "theme": _theme(found, name), "series": name, "figures": counts[name],
            "inside": shares[name], "first": grown.get("first", ""), "last": grown.get("last", ""),
            "growth_recorded": grown.get("growth_recorded", np.nan), "growth": grown.get("growth", np.nan),
            "over": over, "like": like, "slowest": slowest.get(name, np.nan),
            "fastest": fastest.get(name, np.nan),
        })  # fmt: skip
    frame = pd.DataFrame(rows)
    themes = {theme: i for i, theme in enumerate(found.subject.scenario.declared.themes)}
    return frame.sort_values("theme", key=lambda of: of.map(themes), kind="stable", ignore_index=True)


def years(found: Histories) -> pd.DataFrame:
    """Return the growth of each core series by year under the prior: median, 5 and 95 %."""
    asked = {(name, year): one for name, year, one in found.subject.years}
    rows = []
    for (name, year), one in asked.items():
        if (name, year - 1) in asked:
            grown = _quotient(found.of(one), found.of(asked[name, year - 1])) - 1.0
            rows.append((name, year, *_band(grown)))
    return pd.DataFrame(rows, columns=["series", "year", "low", "median", "high"])


def facts(found: Histories) -> pd.DataFrame:
    """Return in which share of the draws each fact holds, all together first."""
    rows = [(o.name, o.title, o.share) for o in found.facts]
    return pd.DataFrame(rows, columns=["fact", "statement", "share"])


def claims(found: Histories) -> pd.DataFrame:
    """Return the figures of the facts under the prior, and what is wanted of them."""
    rows = []
    for verdict in found.verdicts:
        for judged in verdict.judged:
            claim = judged.claim
            about = (verdict.name, claim.measured(), *_band(judged.figures))
            rows.append((*about, claim.bound(), float(judged.holds.mean())))
    return pd.DataFrame(rows, columns=["check", "measure", "low", "median", "high", "wanted", "share"])


def limits(found: Histories) -> pd.DataFrame:
    """Return the share of the draws that leaves each limit of the economy, of those that anybody leaves."""
    rows = [(name, float(left.mean())) for name, left in found.left.items() if left.any()]
    return pd.DataFrame(rows, columns=["limit", "share"])


def unlike(frame: pd.DataFrame) -> list[str]:
    """Return the series whose median growth is not within a factor of two of the record."""
    return [str(name) for name in frame.loc[frame["like"].eq(False), "series"]]


def _growth(found: Histories, name: str) -> dict[str, Any]:
    """Return the growth from the first figure to the last that can be compared with it; empty without."""
    indicator = found.subject.scenario.declared.indicators[name]
    if indicator.measure in RATES:
        return {}
    core = found.subject.core.points
    mine = [i for i, p in enumerate(core) if p.target == name and p.recorded > 0.0]
    mine.sort(key=lambda i: core[i].asked.start)
    if not mine:
        return {}
    if indicator.base_year is not None:  # in which the index is one
        last = mine[-1]
        return _grown(str(indicator.base_year), core[last], core[last].recorded, found.predicted[:, last])
    first = mine[0]
    alike = [i for i in mine if _alike(core[i], core[first])]
    if not alike:
        return {}
    last = alike[-1]
    grown = _quotient(found.predicted[:, last], found.predicted[:, first])
    return _grown(core[first].label, core[last], core[last].recorded / core[first].recorded, grown)


def _grown(first: str, last: Point, recorded: float, grown: Array) -> dict[str, Any]:
    median = float(np.nanmedian(grown))
    return {"first": first, "last": last.label, "growth_recorded": recorded, "growth": median}


def _alike(last: Point, first: Point) -> bool:
    """Tell whether one figure comes after another, of the same version and for as long a span."""
    spans = [(point.asked.end - point.asked.start).days for point in (last, first)]
    after = last.asked.start > first.asked.end
    return after and last.version == first.version and abs(spans[0] - spans[1]) <= _LEAP


def _quotient(now: Array, before: Array) -> Array:
    return np.where(before > 0.0, now / np.where(before > 0.0, before, 1.0), np.nan)


def _band(values: Array) -> tuple[float, float, float]:
    finite = values[np.isfinite(values)]
    if not finite.size:
        return np.nan, np.nan, np.nan
    low, median, high = np.quantile(finite, BAND)
    return float(low), float(median), float(high)


def _theme(found: Histories, name: object) -> str:
    return found.subject.scenario.declared.indicators[str(name)].theme
