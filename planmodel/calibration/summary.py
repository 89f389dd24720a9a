"""The figures by which a calibration is judged, in one place: for the screen, the manifest and the pages."""

from __future__ import annotations

from typing import Any

import numpy as np

from planmodel.calibration.calibrate import Result

COVERED = 0.75  # share of figures within the 90 % band that is asked for
NARROW = 0.25  # half-width of the bands over the level, in the median of quantities, that is allowed
BEATEN = 0.6  # share of moving series in which the forecast is to beat the naive ones


def summary(result: Result) -> dict[str, Any]:
    """Return misfit, coverage, convergence, moves of latent values and wins of forecasts.

    Returns
    -------
    dict
        Only of the stages that were done; plain numbers, to be written as JSON.
    """
    found: dict[str, Any] = {
        **({"trial": True} if result.calibration.trial else {}),
        "unknowns": len(result.cube.keys),
        "figures": len(result.points),
        "series": len({p.target for p in result.points.points}),
        "misfit": float(result.fit.misfit[0]),
        "not_determined": result.information.undetermined(),
        "collinearity": float(result.information.collinearity),
    }
    if result.draws is not None and result.bands is not None:
        draws, bands = result.draws, result.bands
        quantities = result.points.relative  # half a band over its level says little of shares
        found |= {
            "covered": float(bands["inside"].mean()),
            "half_width": float(np.median(bands["half_width"][quantities])),
            "converged": draws.converged,
            "effective_draws": float(draws.effective.min()),
            "scale_reduction": float(draws.convergence.max()),
            "chain_length": draws.length if draws.islands is None else None,
            "acceptance": draws.acceptance,
        }
        if draws.islands is not None:
            agreed = draws.islands
            found |= {
                "islands": len(agreed.log_evidence),
                "log_evidence": agreed.evidence,
                "log_evidence_apart": agreed.apart,
                "bulk_draws": float(agreed.bulk.min()),
                "tail_draws": float(agreed.tail.min()),
                "distance_of_halves": float(agreed.distance.max()),
                "prior_kept": agreed.kept,
            }
    if result.latents is not None:
        found["latent_moved"] = result.latents.root_mean_moved
        found["latent_far"] = result.latents.far["unknown"].tolist()
    for name in ("forecast", "left_out"):
        scores = getattr(result, name)
        if scores is not None:
            moving = scores[scores["moves"]]
            found[name] = {"moving": len(moving), "won": int(moving["model_wins"].sum())}
    return found
