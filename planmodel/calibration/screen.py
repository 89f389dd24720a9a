"""What a calibration shows: its tables, for screen and page alike, and what is said of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import pandas as pd

from planmodel.calibration.calibrate import Result
from planmodel.calibration.identifiability import allowed
from planmodel.calibration.latent import FAR, Latents
from planmodel.calibration.schema import Calibration
from planmodel.calibration.summary import COVERED, NARROW, summary
from planmodel.calibration.tables import parameters_table, series_table
from planmodel.plausibility import said
from planmodel.runs.resolve import notes_of
from planmodel.show.content import Block, Column, Columns, Note, Table, Text, table
from planmodel.show.numbers import Writer, between, fixed, percent, short, with_range

_ONE, _THREE = partial(fixed, places=1), partial(fixed, places=3)
_ABOUT_SERIES = (
    "Before, after: root mean square deviation of logarithms (of shares: absolute). Errors: the same "
    "over the standard errors of figure and model. Share: of the misfit. In band, half: figures within "
    "the 90 % band of the posterior, and half of its width over the level."
)
_SERIES: Columns = {
    "series": "series",
    "figures": "figures",
    "before": Column("before", fixed),
    "after": Column("after", fixed),
    "in_errors": Column("errors", _ONE),
    "worst": Column("worst date", wide=True),
    "share": Column("share", percent),
    "covered": Column("in band", percent),
    "half_width": Column("half", percent),
}
_PARAMETERS: Columns = {
    "parameter": "parameter",
    "was": Column("was", short),
    "value": Column("fitted", short),
    "low": Column("lowest allowed", short, wide=True),
    "high": Column("highest allowed", short, wide=True),
    "q05": Column("5 %", short, wide=True),
    "q50": Column("median", short, wide=True),
    "q95": Column("95 %", short, wide=True),
    "together": Column("kept", percent),
    "starts": Column("starts", percent),
    "at_bound": Column("at a bound"),
    "effective_draws": Column("effective draws", wide=True),
    "scale_reduction": Column("scale reduction", wide=True),
}
_LATENT: Columns = {
    "year": "year",
    "prior": Column("prior", partial(fixed, sign=True)),
    "fitted": Column("fitted", partial(fixed, places=3, sign=True)),
    "moved": Column("moved", partial(fixed, places=1, sign=True)),
    "band": Column("90 %", right=True),
    "kept": Column("kept", percent),
    "alone": Column("alone", partial(fixed, places=3, sign=True)),
    "kept_alone": Column("kept alone", percent),
}
TRIAL = "A trial with fewer runs than the calibration asks for: no whole fit, and not to be cited."
_PUBLISHED: Columns = {
    "year": Column("year", wide=True),
    "version": "version",
    "recorded": Column("figure", _ONE),
    "fit": Column("fit", right=True, wide=True),
    "ratio": Column("over fit", fixed),
    "within": Column("agrees", right=True),
    "balance": Column("alone", right=True, wide=True),
    "ratio_alone": Column("over alone", fixed),
    "within_alone": Column("agrees", right=True),
}
_SCORES: Columns = {
    "series": "series",
    "figures": "figures",
    "model": Column("model", _THREE),
    "last_value": Column("last", _THREE),
    "linear_trend": Column("trend", _THREE),
    "constant_growth": Column("growth", _THREE),
    "model_wins": Column("model is best", right=True),
}  # fmt: skip


def table_of_series(frame: pd.DataFrame, caption: str) -> Table:
    """Return how each series is met."""
    return table(frame, _SERIES, caption)


def table_of_parameters(frame: pd.DataFrame, caption: str) -> Table:
    """Return where each parameter stood and ended, and how well it is known."""
    apart = (frame["highest_start"] - frame["lowest_start"]) / (frame["high"] - frame["low"])
    return table(frame.assign(starts=apart), _PARAMETERS, caption)


def table_of_scores(scores: pd.DataFrame, caption: str) -> Table:
    """Return errors of the model and of naive forecasts, the series in which the model loses first."""
    lead = scores["model"] - scores["best_naive"]
    return table(scores.loc[lead.sort_values(ascending=False, kind="stable").index], _SCORES, caption)


def blocks_of(result: Result) -> Iterator[Block]:
    """Yield the scored series, the parameters, what is not determined, and the time it took."""
    name = result.calibration.name
    if result.calibration.trial:
        yield Note(TRIAL)
    yield table_of_series(series_table(result), f"Series of {name}, the worst first")
    yield Text(_ABOUT_SERIES, quiet=True)
    yield table_of_parameters(parameters_table(result), "Parameters")
    yield Text(
        "Kept: standard deviation over that of the prior, all others unknown. Starts: how far apart the "
        "starts ended, over the range.",
        quiet=True,
    )
    yield from _undetermined(result)
    if result.draws is not None:
        yield from _posterior(result)
    if result.latents is not None:
        yield from latent_blocks(result.calibration, result.latents)
    if result.forecast is not None and result.left_out is not None:
        until = result.calibration.validation.fit_until
        yield from _scores(result.forecast, f"Fitted up to {until}, forecast after")
        yield from _scores(result.left_out, "Each series from a fit to the others")
    yield from _said_of_the_run(result)


def _said_of_the_run(result: Result) -> Iterator[Block]:
    for names, why in (
        (result.points.left_out, "outside the run"),
        (result.points.less_firm, f"less firm than {result.calibration.evidence}"),
    ):
        if names:
            few, more = ", ".join(names[:6]), len(names) - 6
            yield Note(
                f"{len(names)} figures are {why} and left out: {few}{f' and {more} more' if more > 0 else ''}"
            )
    yield from map(Note, notes_of([result.laid]))
    judged = "Best fit" if result.draws is None else "Draws of the posterior"
    yield Text(f"{judged}. {said(result.plausibility)}")
    starts = ", ".join(map(_ONE, result.fit.misfit))
    rounds = ", ".join(map(_ONE, result.fit.trace.min(axis=1)))
    took = ", ".join(f"{stage} {seconds:.0f} s" for stage, seconds in result.seconds.items())
    rate = result.runs / max(sum(result.seconds.values()), 1e-9)
    yield Text(f"Misfit of the best ends: {starts}; lowest by round: {rounds}.")
    yield Text(f"{result.runs:,} runs ({result.remembered:,} more remembered), {rate:.0f} a second: {took}.")
    if result.damaged:
        yield Note(f"{result.damaged} entries of the journal were damaged, and evaluated anew.")


def _undetermined(result: Result) -> Iterator[Block]:
    found = result.information
    names = ", ".join(found.undetermined()) or "none"
    yield Text(f"Not determined by the record (more than 70 % of the prior's width kept): {names}.")
    if found.alike():
        pairs = "; ".join(f"{a} and {b} ({fixed(r, sign=True)})" for a, b, r in found.alike())
        yield Text(f"Known only together (correlation of the estimates above 0.9): {pairs}.")
    combined = " ".join(f"{fixed(w, sign=True)} {name}" for name, w in found.weakest_combination())
    yield Text(
        f"Collinearity of the parameters that matter: {min(found.collinearity, 1e4):.0f} (15: high); the "
        f"record tells least of {combined or 'none'}."
    )
    if result.profiles is not None:
        wide = allowed(result.profiles)
        flat = wide.loc[wide["allowed"] > 0.7, "parameter"].tolist()
        yield Text(f"Profiles: flat over more than 70 % of the range: {', '.join(flat) or 'none'}.")


def _posterior(result: Result) -> Iterator[Block]:
    draws, found = result.draws, summary(result)
    assert draws is not None
    word = "converged" if draws.converged else "NOT converged: more steps are needed"
    yield (
        Text(draws.islands.said())
        if draws.islands is not None
        else Text(
            f"Posterior: {word}; chain of {draws.length:.0f} autocorrelation times, effective draws "
            f"{draws.effective.min():.0f} to {draws.effective.max():.0f}, scale reduction up to "
            f"{fixed(draws.convergence.max())}, {percent(draws.acceptance)} accepted."
        )
    )
    yield Text(
        f"Coverage: of {len(result.points)} figures {percent(found['covered'])} lie in the 90 % band "
        f"(wanted: {100 * COVERED:.0f} or more); width: the median half-width of quantities is "
        f"{percent(found['half_width'])} of the level (wanted: below {100 * NARROW:.0f})."
    )


def _scores(scores: pd.DataFrame, title: str) -> Iterator[Block]:
    moving = scores[scores["moves"]]
    yield table_of_scores(moving, f"{title}: series that move")
    yield Text(
        f"The model beats the best of the naive forecasts (last value, linear trend, constant growth) in "
        f"{int(moving['model_wins'].sum())} of {len(moving)} series."
    )


def latent_blocks(calibration: Calibration, latents: Latents) -> Iterator[Block]:
    """Yield latent values beside their priors, the versions of what they show in, and the biases."""
    yield table_of_latent(latents.values, "Latent values")
    far = ", ".join(f"{row['year']} ({_moved(row)})" for row in latents.far.to_dict("records")) or "none"
    yield Text(
        "Moved: in standard deviations of the prior; root mean square "
        f"{fixed(latents.root_mean_moved)} (1 is what the prior expects); further than {FAR:g}: {far}. "
        "Where a latent value moves far, the model may be wrong and not the reading of the weather. "
        "Kept: standard deviation over that of the prior; alone: without the figures of the harvest."
    )
    for latent in calibration.latent.values():
        mine = latents.published[latents.published["indicator"] == latent.indicator]
        for year, rows in mine[mine["year"].isin(latent.shown)].groupby("year"):
            first = rows.iloc[0]
            fit = with_range(first["model"], first["low"], first["high"], _ONE)
            alone = with_range(first["alone"], first["alone_low"], first["alone_high"], _ONE)
            yield table_of_published(rows, f"{latent.indicator} {year}: fit {fit}, alone {alone}")
    how = "the posterior" if latents.sampled else "the slopes at the best fit"
    yield Text(f"Fit, alone: with and without the figures of this quantity; 90 % by {how} (alone: slopes).")
    if len(latents.biases):
        yield table_of_biases(latents.biases, "Biases of published series: figure over the model's")


def table_of_latent(values: pd.DataFrame, caption: str) -> Table:
    """Return latent values beside their priors."""
    return table(_with_ranges(values, partial(fixed, sign=True), band=("low", "high")), _LATENT, caption)


def table_of_published(rows: pd.DataFrame, caption: str) -> Table:
    """Return the versions of a quantity beside both estimates of it."""
    marks = rows["kind"].map({"estimate_low": " (floor)", "estimate_high": " (ceiling)"}).fillna("")
    shown = rows.assign(version=rows["version"] + marks)
    ranges = {"fit": ("model", "low", "high"), "balance": ("alone", "alone_low", "alone_high")}
    return table(_with_ranges(shown, _ONE, **ranges), _PUBLISHED, caption)


def table_of_biases(biases: pd.DataFrame, caption: str) -> Table:
    """Return the biases of series, with their ranges."""
    shown = _with_ranges(biases, fixed, said=("bias", "low", "high"))
    return table(shown, {"series": "series", "said": Column("bias", right=True)}, caption)


def _with_ranges(frame: pd.DataFrame, write: Writer, **names: tuple[str, ...]) -> pd.DataFrame:
    """Return a frame with columns that say a range, or a number and its range."""
    said = {
        name: [
            between(row[0], row[1], write) if len(row) == 2 else with_range(row[0], row[1], row[2], write)
            for row in frame[list(parts)].itertuples(index=False, name=None)
        ]
        for name, parts in names.items()
    }
    return frame.assign(**said)


def _moved(row: Mapping[Any, Any]) -> str:
    return fixed(row["moved"], 1, sign=True)
