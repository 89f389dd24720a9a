"""The command ``planmodel``.

Each command imports what it needs when it is called, so that ``planmodel --help`` answers at once.
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from planmodel.cli import (
    balance,
    calibrate,
    centre,
    check,
    compare,
    ensemble,
    equations,
    explore,
    liveness,
    new,
    of_result,
    plan,
    prior,
    report,
    reproduce,
    rivals,
    robustness,
    run,
    scenario,
    score,
    sensitivity,
    series,
)
from planmodel.cli.interrupt import interruptible
from planmodel.cli.streams import patient_screen
from planmodel.trust import only_named

STOPPED = 130  # status of a command that was asked to stop, which `main` makes that of the signal

app = typer.Typer(
    name="planmodel",
    help="A discrete-event macro model of the Soviet planned economy, 1928-1940.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
app.command("run")(run.run)
app.command("table")(of_result.table)
app.command("plot")(of_result.plot)
app.command("export")(of_result.export)
app.command("balance")(balance.balance)
app.command("plan")(plan.plan)
app.command("score")(score.score)
app.command("prior")(prior.prior)
app.command("calibrate")(calibrate.calibrate)
app.command("rivals")(rivals.rivals)
app.command("forecast")(rivals.forecast)
app.command("check")(check.check)
app.command("robustness")(robustness.robustness)
app.command("centre")(centre.centre)
app.command("liveness")(liveness.liveness)
app.command("report")(report.report)
app.command("compare")(compare.compare)
app.command("reproduce")(reproduce.reproduce)
app.command("explore")(explore.explore)
app.command("sensitivity")(sensitivity.sensitivity)
app.command("new")(new.new)
app.command("diff")(scenario.diff)
app.command("validate")(scenario.validate)
app.command("params")(scenario.params)
app.command("equations")(equations.equations)
app.command("scenarios")(scenario.scenarios)
app.add_typer(ensemble.app, name="ensemble")
app.add_typer(series.app, name="series")


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(version("planmodel"))
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[bool, typer.Option("--version", callback=_version, help="Show the version.")] = False,
    economy: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FOLDER", help="An economy elsewhere whose equations may be run where a file names it."
        ),
    ] = None,
) -> None:
    """Options of the command itself."""
    if economy:  # main() takes note of it, as of all paths that are given: see planmodel.trust
        from planmodel.scenario.finding import find_economy

        for folder in economy:
            find_economy(folder, "--economy")


def main() -> None:
    """Run the command; what the user got wrong is one line and status 2."""
    with patient_screen() as screen, interruptible() as interrupt, only_named(sys.argv[1:]):
        status = _status()
    sys.exit(interrupt.status if status == STOPPED else status or screen.complain())


def _status() -> str | int | None:
    """Run the command; return what it ends with."""
    try:
        app()
    except SystemExit as left:
        return left.code
    except KeyboardInterrupt:
        typer.echo("stopped; nothing was written", err=True)
        return STOPPED
    except Exception as error:
        from planmodel.engine.errors import PlanmodelError, UserError
        from planmodel.extras import EXTRA, missing
        from planmodel.storage.files import WriteError

        if isinstance(error, ModuleNotFoundError) and error.name in EXTRA:
            typer.echo(f"error: {missing('this', error.name)}", err=True)
            return 2
        if not isinstance(error, PlanmodelError):
            raise
        typer.echo(f"error: {error}", err=True)
        return 2 if isinstance(error, UserError | WriteError) else 1
    return 0
