"""Shares of mechanisms in an output, over draws: tables with intervals, judged as indices are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from planmodel.engine import Array
from planmodel.sensitivity.attributing import Game
from planmodel.sensitivity.shapley import knock_outs, pairs_lost, shapley, shapley_by_order

_QUANTILES = (0.05, 0.95)
_MISSING = 0.1


@dataclass(frozen=True)
class Shares:
    """How one output is shared out.

    ``table`` has one row a player, ``pairs`` one a pair; ``trace`` the shares over growing numbers of draws
    (or of orders, where not all coalitions were run). ``whole``: output with all mechanisms less output
    without any, mean over draws, with its interval. Where ``interpretable`` is false, ``note`` says why.
    """

    table: pd.DataFrame
    pairs: pd.DataFrame
    trace: pd.DataFrame
    full: float
    none: float
    whole: tuple[float, float, float]
    draws: int
    interpretable: bool
    note: str


def share_out(game: Game, output: Array, tolerance: float) -> Shares:
    """Share out one output among the players of a game.

    Parameters
    ----------
    game
        Who plays in which member.
    output
        Shape ``(members,)``; draws in which it has no value in some coalition are left out.
    tolerance
        Largest half width of the interval of a mean share that is interpreted.

    Returns
    -------
    Shares
        Values are means over draws; intervals hold 90 % of the draws. The values of the players sum to the
        whole in each draw, and so do their means.
    """
    worth = output.reshape(len(game.masks), game.draws)
    good = np.isfinite(worth).all(axis=0)
    missing, worth = 1.0 - good.mean(), worth[:, good]
    number = len(game.players)
    if not good.any():
        return _empty(game)
    if game.orders is None:
        values, by_order = shapley(game.masks, worth, number), None
    else:
        by_order = shapley_by_order(game.masks, worth, game.orders)
        values = by_order.mean(axis=0)
    top, bottom = worth[game.masks == 2**number - 1][0], worth[game.masks == 0][0]
    whole = _spread(top - bottom)
    error = _error(values, by_order)
    table = _table(game, worth, values, whole[0], error)
    note, holds = _verdict(whole, error, missing, tolerance, int(good.sum()))
    return Shares(
        table, _pairs(game, worth), _trace(game, values, by_order, top - bottom), float(top.mean()),
        float(bottom.mean()), whole, int(good.sum()), holds, note,
    )  # fmt: skip


def _table(game: Game, worth: Array, values: Array, whole: float, error: Array) -> pd.DataFrame:
    lost, alone = knock_outs(game.masks, worth, len(game.players))
    scale = whole if whole != 0.0 else np.nan
    rows = []
    for i, (name, title) in enumerate(zip(game.players, game.titles, strict=True)):
        row: dict[str, object] = {"player": name, "title": title}
        for key, found in (("shapley", values[i]), ("lost_without", lost[i]), ("alone", alone[i])):
            row |= dict(zip((key, f"{key}_low", f"{key}_high"), _spread(found), strict=True))
        ends = sorted(v / scale for v in _spread(values[i])[1:])
        row |= {"share": values[i].mean() / scale, "share_low": ends[0], "share_high": ends[1]}
        row["error"] = error[i]
        rows.append(row)
    return pd.DataFrame(rows)


def _pairs(game: Game, worth: Array) -> pd.DataFrame:
    rows = []
    for (i, j), (both, more) in pairs_lost(game.masks, worth, len(game.players)).items():
        row: dict[str, object] = {"first": game.players[i], "second": game.players[j]}
        for key, found in (("lost_without_both", both), ("more_than_one_by_one", more)):
            row |= dict(zip((key, f"{key}_low", f"{key}_high"), _spread(found), strict=True))
        rows.append(row)
    return pd.DataFrame(rows)


def _error(values: Array, by_order: Array | None) -> Array:
    """Return the standard error of the mean of each player: of draws, and of orders where they are drawn."""
    players, draws = values.shape
    squared = np.zeros(players)
    if draws > 1:
        squared += values.var(axis=1, ddof=1) / draws
    if by_order is not None:
        squared += by_order.mean(axis=2).var(axis=0, ddof=1) / len(by_order)
    return np.sqrt(squared)


def _trace(game: Game, values: Array, by_order: Array | None, whole: Array) -> pd.DataFrame:
    """Return the mean share of each player over growing numbers of draws or orders."""
    steps = values.shape[1] if by_order is None else len(by_order)
    rows = []
    for size in sorted({max(1, steps // part) for part in (8, 4, 2, 1)}):
        if by_order is None:
            mean, of = values[:, :size].mean(axis=1), whole[:size].mean()
        else:
            mean, of = by_order[:size].mean(axis=(0, 2)), whole.mean()
        for name, value in zip(game.players, mean, strict=True):
            rows.append((name, size, value / of if of != 0.0 else np.nan))
    return pd.DataFrame(rows, columns=["player", "samples", "share"])


def _verdict(
    whole: tuple[float, float, float], error: Array, missing: float, tolerance: float, draws: int
) -> tuple[str, bool]:
    problems = []
    if whole[1] <= 0.0 <= whole[2]:
        problems.append("what the mechanisms do together may be nothing: there is no whole to share")
    else:
        half = 1.96 * float(error.max()) / abs(whole[0])
        if half > tolerance:
            problems.append(f"the mean shares are known to {half:.2f} only, more draws may help")
    if missing > _MISSING:
        problems.append(f"{100 * missing:.0f} % of the draws have no value in some combination")
    if problems:
        return "; ".join(problems), False
    return "one set of parameters: no interval" if draws == 1 else f"mean shares within {half:.2f}", True


def _spread(values: Array) -> tuple[float, float, float]:
    """Return the mean over draws, and the quantiles that hold 90 % of them."""
    low, high = np.quantile(values, _QUANTILES)
    return float(values.mean()), float(low), float(high)


def _empty(game: Game) -> Shares:
    none = np.full((len(game.masks), 1), np.nan)
    values = np.full((len(game.players), 1), np.nan)
    table = _table(game, none, values, np.nan, values[:, 0])
    trace = pd.DataFrame(columns=["player", "samples", "share"])
    nothing = (np.nan, np.nan, np.nan)
    note = "has no value in some combination of every draw"
    return Shares(table, _pairs(game, none), trace, np.nan, np.nan, nothing, 0, False, note)
