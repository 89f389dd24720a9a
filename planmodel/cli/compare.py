"""``planmodel compare``: scenarios side by side over common draws."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from planmodel.cli.options import Data


def compare(
    scenarios: Annotated[
        list[str], typer.Argument(help="Names of ready scenarios, or TOML files; the first is the base.")
    ],
    draws: Annotated[
        Path | None, typer.Option(metavar="POSTERIOR", help="Parameters and weather from a posterior file.")
    ] = None,
    data: Data = None,
    number: Annotated[
        int | None, typer.Option(help="How many draws of the posterior, evenly spaced; 200 or all.")
    ] = None,
    members: Annotated[int, typer.Option(help="Without a posterior: members, each with its weather.")] = 100,
    seed: Annotated[int, typer.Option(help="Seed of the weather.")] = 1,
    out: Annotated[
        Path | None, typer.Option(help="Folder for table, paths and figure; default out/compare.")
    ] = None,
    figures: Annotated[bool, typer.Option("--figures/--no-figures", help="Draw figures.")] = True,
    force: Annotated[bool, typer.Option("--force", help="Replace what the folder holds.")] = False,
) -> None:
    """Run scenarios with the same members; show medians in three years, and how often each has more."""
    from rich.console import Console

    from planmodel.engine.errors import UserError
    from planmodel.experiments.compare import compare as run_all
    from planmodel.experiments.paths import WRITER, comparison_result, write_comparison
    from planmodel.runs.posterior import read_posterior
    from planmodel.scenario import load_scenario
    from planmodel.scenario.data import given
    from planmodel.show.screen import show
    from planmodel.storage import reserve

    console = Console(highlight=False)
    if not 1 <= members <= 4000:
        raise UserError(f"--members {members}: out of bounds; allowed: 1 to 4000")
    own = given(data)
    folder = out or Path("out/compare")
    loaded = [load_scenario(name, record=own) for name in scenarios]
    chosen = None if draws is None else read_posterior(draws).some(number)
    about = {"draws": None if draws is None else str(draws), "seed": seed}
    with reserve(folder, WRITER, force):
        comparison = run_all(
            loaded, chosen, members, seed, lambda name: console.print(f"{name} has run", style="dim")
        )
        result = comparison_result(comparison, about)
        write_comparison(comparison, result, folder, force, figures)
    show(console, result.blocks)
    drawn = "by_region.csv, " if comparison.regional is not None else ""
    drawn += "paths.png, paths.svg, " if figures else ""
    console.print(f"\n{folder}: table.csv, paths.nc, {drawn}manifest.json", markup=False)
