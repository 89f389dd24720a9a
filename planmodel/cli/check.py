"""``planmodel check``: hold a scenario against the reality checks."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from planmodel.runs.checking import Verdict
    from planmodel.runs.checks import Check


def check(
    scenario: Annotated[str, typer.Argument(help="Name of a ready scenario, or a TOML file.")] = "baseline",
    draws: Annotated[
        Path | None,
        typer.Option(metavar="POSTERIOR", help="Judge in the draws of a posterior: file or name."),
    ] = None,
    number: Annotated[
        int | None, typer.Option(help="How many of the draws, evenly spaced; 200 or all.")
    ] = None,
    config: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Ready checks or a TOML file; default all ready ones but those run only by name.",
        ),
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option("--only", metavar="NAME", help="Only checks whose name has this.")
    ] = None,
) -> None:
    """Run the reality checks: each statement with its figures, passed or failed; status 1 if one fails."""
    from rich.console import Console

    from planmodel.engine.errors import UserError
    from planmodel.runs.checking import judge
    from planmodel.runs.checks import CHECKS, load_checks
    from planmodel.runs.posterior import read_posterior
    from planmodel.runs.resolve import notes_of, resolve
    from planmodel.scenario import load_scenario

    console = Console(highlight=False)
    loaded = load_scenario(scenario)
    notes: list[str] = []
    checks = _chosen(load_checks(config, loaded.declared), only or [])
    if not checks:
        raise UserError(
            f"{scenario}: the economy '{loaded.declared.name}' has no ready checks; allowed: --config, or "
            f"{loaded.declared.folder / CHECKS}"
        )
    drawn = None if draws is None else read_posterior(draws).some(number)
    with console.status("running") if console.is_terminal else nullcontext():
        verdicts = judge(checks, loaded, drawn, notice=notes.append)
    for note in (*notes_of([resolve(loaded)]), *notes):
        console.print(f"Note: {note}", markup=False)
    for verdict in verdicts:
        _show(verdict, console, draws is not None)
    passed = sum(v.passed for v in verdicts)
    facts = sorted({v.check.fact for v in verdicts if v.check.fact is not None})
    held = [f for f in facts if all(v.passed for v in verdicts if v.check.fact == f)]
    console.print(f"\n{passed} of {len(verdicts)} checks passed", end="")
    console.print(f"; {len(held)} of {len(facts)} stylised facts." if facts else ".")
    if passed < len(verdicts):
        raise typer.Exit(1)


def _chosen(checks: dict[str, Check], only: list[str]) -> dict[str, Check]:
    from planmodel.engine.errors import UserError
    from planmodel.scenario.names import hint

    for part in only:
        if not any(part in name for name in checks):
            raise UserError(f"--only {part}: no check has it in its name{hint(part, checks)}")
    return {name: c for name, c in checks.items() if not only or any(part in name for part in only)}


def _show(verdict: Verdict, console: Console, with_draws: bool) -> None:
    """Print a statement, passed or failed, and the figure of each of its claims."""
    import numpy as np
    from rich.padding import Padding
    from rich.text import Text

    from planmodel.show.numbers import between, dated, percent

    word, colour = ("pass", "green") if verdict.passed else ("FAIL", "red")
    fact = f" (fact {verdict.check.fact})" if verdict.check.fact is not None else ""
    share = f", in {percent(verdict.share)} of draws" if with_draws else ""
    console.print(Text.assemble((word, colour), f" {verdict.name}{fact}{share}: {verdict.check.statement}"))
    lines = [f"the run broke off: {verdict.problem}"] if verdict.problem else []
    for judged in verdict.judged:
        figure = dated(judged.figure, none="none")
        finite = judged.figures[np.isfinite(judged.figures)]
        if finite.size > 1:
            low, high = np.quantile(finite, [0.05, 0.95])
            figure += f" ({between(low, high, dated)})"
        sign = "+" if judged.holds_in_median else "-"
        lines.append(f"{sign} {judged.claim.measured()}: {figure}; wanted {judged.claim.bound()}")
    for line in lines:
        console.print(Padding(Text(line, style="dim"), (0, 0, 0, 5)))
