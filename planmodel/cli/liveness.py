"""``planmodel liveness``: which mechanisms move what is documented."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from planmodel.liveness.moving import Mechanism


def liveness(
    scenario: Annotated[str, typer.Argument(help="Name of a ready scenario, or a TOML file.")] = "baseline",
    calibration: Annotated[
        str, typer.Option(metavar="FILE", help="Whose figures and unknowns: a ready one, or a TOML file.")
    ] = "archival",
    keys: Annotated[
        list[str] | None,
        typer.Option(metavar="PATTERN", help="Only these, such as gestation or 'plan.*'; default all."),
    ] = None,
    workers: Annotated[int, typer.Option(help="Processes of this machine, 1 to 512.")] = 1,
    out: Annotated[Path | None, typer.Option(help="Folder for the table; none is written else.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace earlier results of this command.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of the table.")] = False,
) -> None:
    """Take out every mechanism by itself, and look which documented figures move by more than their errors.

    A mechanism is a switch, or a parameter that has a null value. Alive: a figure moves by more than a
    standard error, also when the calibration's unknowns make up for it as far as they can. Dead: none does.
    """
    import json

    from rich.console import Console

    from planmodel.cli.progress import counting
    from planmodel.engine.errors import UserError
    from planmodel.liveness.content import WRITER, result_of
    from planmodel.liveness.content import as_json as plain
    from planmodel.liveness.moving import liveness as take_out
    from planmodel.liveness.moving import mechanisms, refit_of
    from planmodel.scenario import load_scenario
    from planmodel.scenario.names import hint
    from planmodel.show.screen import show
    from planmodel.show.sheets import write_result

    if not 1 <= workers <= 512:
        raise UserError(f"--workers {workers}: out of bounds; allowed: 1 to 512")
    patterns = keys or []
    known = [one for found in mechanisms(load_scenario(scenario)) for one in found]
    for pattern in patterns:
        if not _chosen(known, [pattern]):
            raise UserError(
                f"--keys {pattern}: stands for no mechanism{hint(pattern, [one.name for one in known])}"
            )
    of = refit_of(scenario, calibration, workers)
    acting, idle = (_chosen(found, patterns) for found in mechanisms(of.scenario))
    with counting(Console(stderr=True, quiet=as_json), "mechanisms") as advance:
        lives = take_out(of, acting, advance)
    about: dict[str, Any] = {"scenario": of.scenario.name, "calibration": calibration}
    result = result_of(lives, idle, about, of)
    text = json.dumps(plain(lives, idle, about), indent=2)
    if out is not None:

        def more(folder: Path) -> None:
            (folder / "liveness.json").write_text(text + "\n", encoding="utf-8")

        write_result(result, out, WRITER, force, more, figures=False)
    if as_json:
        typer.echo(text)
        return
    console = Console(highlight=False)
    show(console, result.blocks)
    if out is not None:
        console.print(f"\nWritten: {out}/ (liveness.csv, liveness.json)", markup=False)


def _chosen(found: list[Mechanism], patterns: list[str]) -> list[Mechanism]:
    from fnmatch import fnmatchcase

    return [one for one in found if not patterns or any(fnmatchcase(one.name, p) for p in patterns)]
