"""What a calibration shows of latent values: how far they moved, and what published versions are worth."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table

from planmodel.calibration.latent import FAR, Latents
from planmodel.calibration.schema import Calibration
from planmodel.report.fitted import print_table


def show_latents(calibration: Calibration, latents: Latents, console: Console) -> None:
    """Print latent values beside their priors, the versions of what they show in, and the biases."""
    print_table(console, _values(latents))
    far = latents.far
    names = ", ".join(f"{row['year']} ({row['moved']:+.1f})" for row in far.to_dict("records")) or "none"
    console.print(
        "Moved: in standard deviations of the prior; root mean square "
        f"{latents.root_mean_moved:.2f} (1 is what the prior expects); further than {FAR:g}: {names}. "
        "Where a latent value moves far, the model may be wrong and not the reading of the weather. "
        "Kept: standard deviation over that of the prior; alone: without the figures of the harvest."
    )
    for latent in calibration.latent.values():
        mine = latents.published[latents.published["indicator"] == latent.indicator]
        for year in latent.shown:
            rows = mine[mine["year"] == year]
            if len(rows):
                print_table(console, _published(rows.to_dict("records"), latent.indicator, year))
    how = "the posterior" if latents.sampled else "the slopes at the best fit"
    console.print(
        f"Fit, alone: with and without the figures of this quantity; 90 % by {how} (alone: slopes)."
    )
    if len(latents.biases):
        said = "; ".join(
            f"{row['series']} {row['bias']:.2f} ({row['low']:.2f} to {row['high']:.2f})"
            for row in latents.biases.to_dict("records")
        )
        console.print(f"[bold]Biases of published series[/bold] (figure over the model's): {said}.")


def _values(latents: Latents) -> Table:
    table = Table(title="\nLatent values", title_justify="left", box=None, pad_edge=False)
    for column in ("year", "prior", "fitted", "moved", "90 %", "kept", "alone", "kept alone"):
        table.add_column(column, justify="right", no_wrap=True)
    for row in latents.values.to_dict("records"):
        table.add_row(
            str(row["year"]),
            f"{row['prior']:+.2f}",
            f"{row['fitted']:+.3f}",
            f"{row['moved']:+.1f}",
            f"{row['low']:+.2f} to {row['high']:+.2f}",
            f"{100 * row['kept']:.0f} %",
            f"{row['alone']:+.3f}",
            f"{100 * row['kept_alone']:.0f} %",
        )
    return table


def _published(rows: list[dict[Any, Any]], indicator: str, year: int) -> Table:
    first = rows[0]
    title = (
        f"\n{indicator} {year}: fit {first['model']:.1f} ({first['low']:.1f} to {first['high']:.1f}), "
        f"alone {first['alone']:.1f} ({first['alone_low']:.1f} to {first['alone_high']:.1f})"
    )
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    table.add_column("version", overflow="fold")
    for column in ("figure", "over fit", "agrees", "over alone", "agrees"):
        table.add_column(column, justify="right", no_wrap=True)
    marks = {"estimate_low": " floor", "estimate_high": " ceiling"}
    for row in rows:
        table.add_row(
            f"{row['version']}{marks.get(str(row['kind']), '')}",
            f"{row['recorded']:.1f}",
            f"{row['ratio']:.2f}",
            "yes" if row["within"] else "no",
            f"{row['ratio_alone']:.2f}",
            "yes" if row["within_alone"] else "no",
        )
    return table
