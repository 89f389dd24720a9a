"""What a calibration shows on the screen."""

from __future__ import annotations

import pandas as pd
from rich.console import Console
from rich.table import Table

from planmodel.calibration.calibrate import Result
from planmodel.calibration.identifiability import allowed
from planmodel.calibration.screen_latent import show_latents
from planmodel.calibration.summary import COVERED, NARROW, summary
from planmodel.calibration.tables import parameters_table, series_table
from planmodel.calibration.validation import NAIVE
from planmodel.plausibility import said
from planmodel.report.fitted import print_table
from planmodel.runs.resolve import notes_of


def show_calibration(result: Result, console: Console) -> None:
    """Print the scored series, the parameters, what is not determined, and the time it took."""
    print_table(console, _series(result))
    console.print(
        "Before, after: root mean square deviation of logarithms (of shares: absolute). Errors: the same "
        "over the standard errors of figure and model. Share: of the misfit. In band, half: figures within "
        "the 90 % band of the posterior, and half of its width over the level.\n",
        style="dim",
    )
    print_table(console, _parameters(result))
    _show_undetermined(result, console)
    if result.draws is not None:
        _show_posterior(result, console)
    if result.latents is not None:
        show_latents(result.calibration, result.latents, console)
    if result.forecast is not None and result.left_out is not None:
        until = result.calibration.validation.fit_until
        _show_scores(result.forecast, f"Fitted up to {until}, forecast after", console)
        _show_scores(result.left_out, "Each series from a fit to the others", console)
    if result.points.left_out:
        few = ", ".join(result.points.left_out[:6])
        more = len(result.points.left_out) - 6
        console.print(
            f"\nNote: {len(result.points.left_out)} figures are outside the run and left out: {few}"
            f"{f' and {more} more' if more > 0 else ''}",
            markup=False,
        )
    for note in notes_of([result.laid]):
        console.print(f"Note: {note}", markup=False)
    judged = "Best fit" if result.draws is None else "Draws of the posterior"
    console.print(f"\n{judged}. {said(result.plausibility)}", markup=False)
    starts = ", ".join(f"{m:.1f}" for m in result.fit.misfit)
    rounds = ", ".join(f"{m:.1f}" for m in result.fit.trace.min(axis=1))
    took = ", ".join(f"{stage} {seconds:.0f} s" for stage, seconds in result.seconds.items())
    rate = result.runs / max(sum(result.seconds.values()), 1e-9)
    console.print(
        f"\nMisfit of the best ends: {starts}; lowest by round: {rounds}.\n"
        f"{result.runs:,} runs ({result.remembered:,} more remembered), {rate:.0f} a second: {took}."
    )
    if result.damaged:
        console.print(f"Note: {result.damaged} entries of the journal were damaged, and evaluated anew.")


def _series(result: Result) -> Table:
    table = _table(f"Series of {result.calibration.name}, the worst first", "series", "figures", "before",
                   "after", "errors", "share")  # fmt: skip
    if result.bands is not None:
        table.add_column("in band", justify="right")
        table.add_column("half", justify="right")
    for row in series_table(result).to_dict("records"):
        cells = [
            str(row["series"]),
            str(row["figures"]),
            f"{row['before']:.2f}",
            f"{row['after']:.2f}",
            f"{row['in_errors']:.1f}",
            f"{100 * row['share']:.0f} %",
        ]
        if result.bands is not None:
            cells += [f"{100 * row['covered']:.0f} %", f"{100 * row['half_width']:.0f} %"]
        table.add_row(*cells)
    return table


def _parameters(result: Result) -> Table:
    table = _table("Parameters", "parameter", "was", "fitted", "kept", "starts")
    for row in parameters_table(result).to_dict("records"):
        width = row["high"] - row["low"]
        table.add_row(
            str(row["parameter"]),
            f"{row['was']:.3g}",
            f"{row['value']:.3g}{'*' if row['at_bound'] else ' '}",
            f"{100 * row['together']:.0f} %",
            f"{100 * (row['highest_start'] - row['lowest_start']) / width:.0f} %",
        )
    return table


def _table(title: str, first: str, *others: str) -> Table:
    """Return an empty table that fits a terminal of 80 columns."""
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    table.add_column(first, overflow="fold")
    for column in others:
        table.add_column(column, justify="right", no_wrap=True)
    return table


def _show_undetermined(result: Result, console: Console) -> None:
    found = result.information
    undetermined, alike = found.undetermined(), found.alike()
    names = ", ".join(undetermined) if undetermined else "none"
    console.print(
        f"Kept: standard deviation over that of the prior, all others unknown; * at a bound. Starts: how far "
        f"apart the starts ended, over the range.\n\n"
        f"[bold]Not determined by the record[/bold] (more than 70 % of the prior's width kept): {names}."
    )
    if alike:
        pairs = "; ".join(f"{a} and {b} ({r:+.2f})" for a, b, r in alike)
        console.print(f"[bold]Known only together[/bold] (correlation of the estimates above 0.9): {pairs}.")
    combined = " ".join(f"{weight:+.2f} {name}" for name, weight in found.weakest_combination())
    console.print(
        f"Collinearity of the parameters that matter: {min(found.collinearity, 1e4):.0f} (15: high); the "
        f"record tells least of {combined or 'none'}."
    )
    if result.profiles is not None:
        wide = allowed(result.profiles)
        flat = wide.loc[wide["allowed"] > 0.7, "parameter"].tolist()
        console.print(f"Profiles: flat over more than 70 % of the range: {', '.join(flat) or 'none'}.")


def _show_posterior(result: Result, console: Console) -> None:
    draws, found = result.draws, summary(result)
    assert draws is not None
    word = "converged" if draws.converged else "NOT converged: more steps are needed"
    console.print(
        f"\nPosterior: {word}; chain of {draws.length:.0f} autocorrelation times, "
        f"effective draws {draws.effective.min():.0f} to {draws.effective.max():.0f}, "
        f"scale reduction up to {draws.convergence.max():.2f}, {100 * draws.acceptance:.0f} % accepted.\n"
        f"Coverage: of {len(result.points)} figures {100 * found['covered']:.0f} % lie in the 90 % band "
        f"(wanted: {100 * COVERED:.0f} or more); width: the median half-width of quantities is "
        f"{100 * found['half_width']:.0f} % of the level (wanted: below {100 * NARROW:.0f})."
    )


def _show_scores(scores: pd.DataFrame, title: str, console: Console) -> None:
    """Show errors of the model and of naive forecasts, the series in which the model loses first."""
    moving = scores[scores["moves"]]
    table = _table(
        f"\n{title}: series that move", "series", "figures", "model", "last", "trend", "growth", ""
    )
    order = (moving["model"] - moving["best_naive"]).sort_values(ascending=False, kind="stable").index
    for row in moving.loc[order].to_dict("records"):
        table.add_row(
            str(row["series"]),
            str(row["figures"]),
            f"{row['model']:.3f}",
            *(f"{row[n]:.3f}" for n in NAIVE),
            "" if row["model_wins"] else "loses",
        )
    print_table(console, table)
    won = int(moving["model_wins"].sum())
    console.print(
        f"The model beats the best of the naive forecasts (last value, linear trend, constant growth) in "
        f"{won} of {len(moving)} series."
    )
