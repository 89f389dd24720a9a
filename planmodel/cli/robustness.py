"""``planmodel robustness``: the share of draws around a scenario in which the facts hold."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from planmodel.robustness.holding import Robustness
    from planmodel.scenario import Scenario

MOST = 1_000_000


def robustness(
    scenario: Annotated[str, typer.Argument(help="Name of a ready scenario, or a TOML file.")] = "baseline",
    number: Annotated[int, typer.Option(help="Draws.")] = 400,
    within: Annotated[
        float, typer.Option(metavar="SHARE", help="Reach to either side, of the width of the bounds.")
    ] = 0.05,
    keys: Annotated[
        list[str] | None,
        typer.Option(metavar="PATTERN", help="Parameters drawn, such as 'plan.*'; default all."),
    ] = None,
    fitted: Annotated[
        str | None, typer.Option(metavar="CALIBRATION", help="Draw what a calibration fits, instead.")
    ] = None,
    config: Annotated[
        str | None, typer.Option(metavar="FILE", help="Ready checks or a TOML file; default all ready ones.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of the draws, 0 or more.")] = 0,
    workers: Annotated[int, typer.Option(help="Processes of this machine, 1 to 512.")] = 1,
    out: Annotated[
        Path | None, typer.Option(help="Folder for tables and draws; none is written else.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace earlier results of this command.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """Draw sizes around a scenario: the share in which each fact, and all together, hold; fragile directions.

    Draws are uniform within a share of the width of the declared bounds, cut at the bounds, without shocks.
    """
    import json

    from rich.console import Console

    from planmodel.robustness.content import WRITER, result_of
    from planmodel.robustness.content import as_json as plain
    from planmodel.scenario import load_scenario
    from planmodel.show.screen import show
    from planmodel.show.sheets import write_result

    _check_numbers(number, within, seed, workers)
    loaded = load_scenario(scenario)
    names = _names(loaded, keys or [], fitted)
    console = Console(highlight=False)
    found = _run(loaded, names, number, within, seed, workers, config, Console(stderr=True, quiet=as_json))
    about: dict[str, Any] = {
        "scenario": loaded.name,
        "draws": number,
        "within": within,
        "seed": seed,
        "parameters": list(found.ranges),
        "fitted": fitted,
    }
    result = result_of(found, about)
    text = json.dumps(plain(found, about), indent=2)
    if out is not None:

        def more(folder: Path) -> None:
            (folder / "robustness.json").write_text(text + "\n", encoding="utf-8")

        write_result(result, out, WRITER, force, more, figures=False)
    if as_json:
        typer.echo(text)
        return
    console.print(
        f"{loaded.name}: {number:,} draws of {len(found.ranges)} parameters within {100 * within:g} % of the "
        f"width of their bounds, seed {seed}\n",
        markup=False,
    )
    show(console, result.blocks)
    if out is not None:
        console.print(f"\nWritten: {out}/ (tables, draws, robustness.json)", markup=False)


def _check_numbers(number: int, within: float, seed: int, workers: int) -> None:
    from planmodel.engine.errors import UserError
    from planmodel.runs.resolve import check_seed

    if not 1 <= number <= MOST:
        raise UserError(f"--number {number}: out of bounds; allowed: 1 to {MOST}")
    if not 0.0 < within <= 1.0:
        raise UserError(f"--within {within:g}: out of bounds; allowed: above 0, up to 1 (the whole width)")
    if not 1 <= workers <= 512:
        raise UserError(f"--workers {workers}: out of bounds; allowed: 1 to 512")
    check_seed(seed, "--seed")


def _names(scenario: Scenario, keys: list[str], fitted: str | None) -> list[str]:
    """Return the parameters that are drawn."""
    from planmodel.calibration.load import load_calibration
    from planmodel.engine.errors import UserError
    from planmodel.robustness.draws import chosen, parameter_names

    if fitted is None:
        return chosen(scenario, keys)
    if keys:
        raise UserError(f"--fitted {fitted}: does not go with --keys; allowed: one of the two")
    sought, known = list(load_calibration(fitted).ranges()), parameter_names(scenario)
    for name in sought:
        if name not in known:
            raise UserError(
                f"--fitted {fitted}: fits {name}, which the economy '{scenario.declared.name}' has not; "
                "allowed: a calibration of that economy"
            )
    return sought


def _run(
    scenario: Scenario,
    names: list[str],
    number: int,
    within: float,
    seed: int,
    workers: int,
    config: str | None,
    console: Console,
) -> Robustness:
    from planmodel.cli.progress import counting
    from planmodel.engine.errors import UserError
    from planmodel.robustness.draws import ball
    from planmodel.robustness.holding import facts_of
    from planmodel.robustness.holding import robustness as measure
    from planmodel.runs.checks import CHECKS, load_checks, load_joints
    from planmodel.runs.workers import make_executor

    economy = scenario.declared
    checks = load_checks(config, economy)
    if not checks:
        raise UserError(
            f"{scenario.name}: the economy '{economy.name}' has no ready checks; allowed: --config, or "
            f"{economy.folder / CHECKS}"
        )
    joints, ranges = load_joints(config, economy), ball(scenario, names, within)
    with make_executor(workers) as executor, counting(console, "draws") as advance:
        return measure(scenario, facts_of(checks), joints, ranges, number, seed, executor, advance)
