"""What the deaths of regions go with: weather that was put in, harvests and grain taken that came out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from famine_runs import Asked, and_so, dead, given, of_region, said, titles, usual
from scipy.stats import spearmanr

from planmodel.engine import Array
from planmodel.show.markdown import markdown
from planmodel.show.numbers import fixed, percent

FIRM = 0.74  # rank correlation of eight regions that chance alone exceeds in one case of twenty


def ranks() -> tuple[dict[str, float], dict[str, Array]]:
    """Return rank correlations over the regions with deaths over people, and what they are of."""
    labels = list(titles())
    asked = [one for label in labels for one in (
        dead(label), Asked(of_region("rural_population", label), "1932-01-01"),
        Asked(of_region("grain_procurement", label), "1932/33"),
        Asked(of_region("grain_harvest", label), "1932"))]  # fmt: skip
    died, people, taken, harvest = usual(asked).reshape(len(labels), -1).T
    of: dict[str, Array] = {
        "weather of 1931": np.array([given("weather", label, "1931") for label in labels]),
        "weather of 1932": np.array([given("weather", label, "1932") for label in labels]),
        "share of the harvest taken in 1932/33": taken / harvest,
        "harvest of 1932 per head": harvest / people,
        "grain left per head, 1932/33": (harvest - taken) / people,
    }
    shares = died / people
    columns = {"share that died": shares, **of}
    return {name: _rank(values, shares) for name, values in of.items()}, columns


def _rank(values: Array, shares: Array) -> float:
    if np.ptp(values) < 1e-9 or np.ptp(shares) < 1e-9:
        return float("nan")  # alike everywhere: they rank nothing
    return float(spearmanr(values, shares).statistic)


def ranking() -> str:
    """Return what each region has of it, and the correlations in the last row."""
    correlated, columns = ranks()
    rows: list[Iterable[str]] = []
    for place, label in enumerate(titles()):
        of = [columns[name][place] for name in columns]
        rows.append((said(label), percent(of[0], 1), *(fixed(value, 2) for value in of[1:])))
    rows.append(("Rank correlation with deaths", "", *(fixed(r, 2, sign=True) for r in correlated.values())))
    return markdown(("Region", *(name[:1].upper() + name[1:] for name in columns)), rows)


def ranks_in_words(found: Mapping[str, float]) -> str:
    """Say what of the correlations is more than chance among eight regions."""
    firm = {name: r for name, r in found.items() if abs(r) >= FIRM}
    clear = and_so([f"{name} ({fixed(r, 2, sign=True)})" for name, r in firm.items()])
    drought, share = found["weather of 1931"], found["share of the harvest taken in 1932/33"]
    words = [f"Of eight regions a correlation is more than chance from about {FIRM}: here {clear}."]
    if drought <= -FIRM:
        words.append("Deaths follow the weather of 1931 that was put in, so that where people die in this "
                     "history is in part an input.")  # fmt: skip
    else:
        words.append("Deaths do not simply follow the weather of 1931 that was put in.")
    if not np.isfinite(share) or abs(share) < FIRM:
        words.append("The share of the harvest that was taken does not by itself tell where people died.")
    else:
        words.append("More died where " + ("more" if share > 0 else "less") + " of the harvest was taken.")
    return " ".join(words)
