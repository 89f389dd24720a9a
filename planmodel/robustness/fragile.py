"""Fragile directions: in which parameters the draws that hold differ from those that fail."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from planmodel.engine import Array
from planmodel.robustness.holding import Outcome

MOST = 8  # directions of an outcome
FEWEST = 5  # draws on either side without which nothing is said
BY_CHANCE = 4.0  # standard errors that a difference must have: the largest of hundreds is looked at


def directions(outcome: Outcome, values: Mapping[str, Array], most: int = MOST) -> pd.DataFrame:
    """Return the parameters that tell most between draws in which an outcome holds and in which it fails.

    Parameters
    ----------
    outcome
        What holds or fails.
    values
        What was drawn, by full key.
    most
        How many.

    Returns
    -------
    DataFrame
        Columns parameter, difference (of the means of draws that hold and that fail, over the standard
        deviation of all), error (what chance alone gives it), clear (more than four of these). The largest
        difference first; empty where fewer than five draws hold, or fail.
    """
    holds, names = outcome.holds, [key.removeprefix("parameters.") for key in values]
    held, failed = int(holds.sum()), int((~holds).sum())
    if min(held, failed) < FEWEST:
        return pd.DataFrame({"parameter": [], "difference": [], "error": [], "clear": []})
    drawn = np.stack(list(values.values()), axis=1)
    spread = drawn.std(axis=0)
    apart = drawn[holds].mean(axis=0) - drawn[~holds].mean(axis=0)
    difference = np.divide(apart, spread, out=np.zeros_like(apart), where=spread > 0.0)
    error = float(np.sqrt(1.0 / held + 1.0 / failed))
    order = np.argsort(-np.abs(difference), kind="stable")[:most]
    return pd.DataFrame(
        {
            "parameter": [names[i] for i in order],
            "difference": difference[order],
            "error": error,
            "clear": np.abs(difference[order]) > BY_CHANCE * error,
        }
    )
