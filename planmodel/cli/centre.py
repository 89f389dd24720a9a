"""``planmodel centre``: the centre of a region of sizes that holds the facts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from planmodel.robustness.centre import Search

MOST = 1_000_000
_SHOWN = 10  # parameters that moved furthest


def centre(
    calibration: Annotated[
        str, typer.Argument(help="A ready calibration or a TOML file: its scenario is where it starts.")
    ] = "accumulation",
    within: Annotated[
        float,
        typer.Option(metavar="SHARE", help="Reach of what the calibration fits, of the width of the bounds."),
    ] = 0.1,
    others: Annotated[
        float, typer.Option(metavar="SHARE", help="Reach of all other parameters; 0 leaves them as they are.")
    ] = 0.05,
    steps: Annotated[int, typer.Option(help="Steps of the centre, with those that are there.")] = 40,
    draws: Annotated[int, typer.Option(help="Draws a step.")] = 3000,
    config: Annotated[
        str | None, typer.Option(metavar="FILE", help="Ready checks or a TOML file; default all ready ones.")
    ] = None,
    also: Annotated[
        list[str] | None,
        typer.Option(metavar="CHECK", help="A check that is no fact, asked besides; may be repeated."),
    ] = None,
    heavy: Annotated[
        list[str] | None,
        typer.Option(metavar="CHECK", help="A check that weighs as much as those counted together."),
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of the draws, 0 or more.")] = 0,
    workers: Annotated[int, typer.Option(help="Processes of this machine, 1 to 512.")] = 1,
    out: Annotated[Path | None, typer.Option(help="Folder; default out/centre/<name>.")] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Begin anew over what other settings or other code left here.")
    ] = False,
) -> None:
    """Move sizes to the centre of a region that holds the facts: draw around them, weigh, move, again.

    Each step is kept in the folder; what was stopped goes on when the same command is given again.
    """
    from rich.console import Console

    from planmodel.robustness.centre import Asked, prepared

    _check_numbers(within, others, steps, draws, seed, workers)
    asked = Asked(calibration, within, others, draws, seed, config, tuple(also or ()), tuple(heavy or ()))
    search = prepared(asked)
    folder = out or Path("out") / "centre" / Path(calibration).stem
    console = Console(highlight=False)
    try:
        values = _seek(search, steps, folder, force, workers, console)
    except KeyboardInterrupt:
        typer.echo("stopped; the steps that were done are kept: the same command goes on", err=True)
        raise typer.Exit(130) from None
    _show_moved(search, values, console)
    console.print(
        "\nThe draws moved towards what is counted here, so that these shares are in part a fit."
        f"\nWritten: {folder}/ (centre.toml, steps.csv, centring.json)",
        markup=False,
        soft_wrap=True,
    )


def _check_numbers(within: float, others: float, steps: int, draws: int, seed: int, workers: int) -> None:
    from planmodel.cli.progress import check_number
    from planmodel.engine.errors import UserError
    from planmodel.runs.resolve import check_seed

    if not 0.0 < within <= 1.0:
        raise UserError(f"--within {within:g}: out of bounds; allowed: above 0, up to 1 (the whole width)")
    if not 0.0 <= others <= 1.0:
        raise UserError(f"--others {others:g}: out of bounds; allowed: 0 to 1 (the whole width)")
    check_number("--steps", steps, 1, 10_000)
    check_number("--draws", draws, 20, MOST)
    check_number("--workers", workers, 1, 512)
    check_seed(seed, "--seed")


def _seek(
    search: Search, steps: int, folder: Path, force: bool, workers: int, console: Console
) -> dict[str, float]:
    """Take the steps, and print a row of each as soon as it is done."""
    from planmodel.cli.progress import counting
    from planmodel.robustness.centre import seek
    from planmodel.runs.workers import make_executor
    from planmodel.show.numbers import fixed, percent

    heads: list[str] = []
    said: list[str] = []

    def begun() -> None:
        """Say once what is drawn, when nothing stands in the way of it any more."""
        if not said:
            said.append(_drawn(search))
            console.print(said[0], markup=False, soft_wrap=True)

    def drawing(done: int, of: int) -> None:
        begun()
        advance(done, of)

    def told(row: dict[str, Any]) -> None:
        begun()
        shares = {name.removeprefix("share_"): row[name] for name in row if name.startswith("share_")}
        cells = {
            "step": str(row["step"]),
            "cost": fixed(row["cost"], 1),
            "misfit": fixed(row["misfit"], 0),
            "facts": fixed(row["facts"], 1),
            "moved": f"{100 * row['moved']:.1f} %",
            **{name: percent(share) for name, share in shares.items()},
        }
        widths = [max(6, len(name)) for name in cells]
        if not heads:
            heads.extend(name.rjust(width) for name, width in zip(cells, widths, strict=True))
            console.print(" ".join(heads), markup=False)
        console.print(" ".join(c.rjust(w) for c, w in zip(cells.values(), widths, strict=True)), markup=False)

    with make_executor(workers) as executor, counting(console, "draws") as advance:
        return seek(search, steps, folder, force, executor, told, drawing)


def _drawn(search: Search) -> str:
    """Say what is drawn in each step."""
    reaches = sorted(set(search.space.reach), reverse=True)
    parts = [f"{int((search.space.reach == reach).sum())} within {100 * reach:g} %" for reach in reaches]
    asked = search.asked
    return (
        f"{search.scenario.name}: {asked.draws:,} draws a step, seed {asked.seed}; parameters, "
        f"of the width of their bounds: {', '.join(parts)}\n"
    )


def _show_moved(search: Search, values: dict[str, float], console: Console) -> None:
    """Show which parameters moved furthest, for the width of their bounds."""
    from planmodel.show.content import listed
    from planmodel.show.screen import show

    space = search.space
    width = dict(zip(space.names, space.high - space.low, strict=True))
    start = dict(zip(space.names, space.start, strict=True))
    by = sorted(values, key=lambda name: -abs(values[name] - start[name]) / width[name])
    rows = [(name, f"{start[name]:.3g}", f"{values[name]:.3g}") for name in by[:_SHOWN]]
    console.print()
    if rows:
        caption = f"Moved furthest, of {len(values)} that moved"
        show(console, [listed(rows, ("parameter", "from", "to"), caption)])
    else:
        console.print("No parameter moved by more than chance gives.", markup=False)
