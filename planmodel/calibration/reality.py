"""The reality checks that can be judged from the results of a run, without running anything."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import xarray as xr

from planmodel.engine import UserError
from planmodel.runs.checking import Judged, Verdict, covered
from planmodel.runs.checks import Check, Claim, load_checks
from planmodel.runs.measures import measure, parts_of
from planmodel.scenario import Scenario
from planmodel.show.content import Block, Column, Commands, Note, Section, Table, Text, listed, without
from planmodel.show.numbers import fixed, number, percent


@dataclass(frozen=True)
class Checked:
    """Verdicts on results, and names of the checks that these results cannot answer."""

    verdicts: tuple[Verdict, ...]
    open: tuple[str, ...]


def judge_results(dataset: xr.Dataset, scenario: Scenario) -> Checked:
    """Judge those ready checks that speak of the run itself and of what it recorded.

    Checks that set it beside other runs (a mechanism switched off, an extreme) stay open.
    """
    verdicts, left = [], []
    for name, check in load_checks(economy=scenario.declared).items():
        verdict = _judge(name, check, dataset) if _answers(check, dataset, scenario) else None
        if verdict is None:
            left.append(name)
        else:
            verdicts.append(verdict)
    return Checked(tuple(verdicts), tuple(left))


def _answers(check: Check, dataset: xr.Dataset, scenario: Scenario) -> bool:
    claims = [claim for _, claim in check.placed()]
    alone = all(claim.run == "base" and claim.against is None for claim in claims)
    return alone and covered(check, scenario) and all(parts_of(claim) <= set(dataset) for claim in claims)


def _judge(name: str, check: Check, dataset: xr.Dataset) -> Verdict | None:
    try:
        measured = [(claim, measure(claim, dataset)) for _, claim in check.placed()]
    except UserError:  # the run does not cover a span that a date needs, such as the year before
        return None
    return Verdict(name, check, tuple(_judged(claim, figures) for claim, figures in measured))


def _judged(claim: Claim, figures: np.ndarray) -> Judged:
    alone = (Judged(claim, figures[i : i + 1], np.zeros(1, dtype=bool)) for i in range(len(figures)))
    return Judged(claim, figures, np.array([one.holds_in_median for one in alone]))


def reality_section(checked: Checked, members: int, command: str) -> Section:
    """Return the verdicts, one row a claim.

    Parameters
    ----------
    checked
        See :func:`judge_results`.
    members
        How many members were judged.
    command
        Judges all checks, with the runs that the others need.
    """
    passed = sum(verdict.passed for verdict in checked.verdicts)
    blocks: list[Block] = []
    if checked.verdicts:
        of_members = " Figures are medians; a check must also hold in half of the members."
        blocks.append(
            Text(
                f"{passed} of {len(checked.verdicts)} checks that these results can answer are passed."
                + (of_members if members > 1 else "")
            )
        )
        blocks += [_verdicts(checked.verdicts), _claims(checked.verdicts, members)]
    if checked.open:
        blocks.append(
            Note(
                f"Not judged: {len(checked.open)} checks that set the run beside others, or ask for dates or "
                f"quantities that it does not have. This command runs and judges them all:"
            )
        )
        blocks.append(Commands((command,)))
    return Section("checks", "Reality checks", tuple(blocks))


def _verdicts(verdicts: tuple[Verdict, ...]) -> Table:
    rows = [("pass" if v.passed else "FAIL", v.check.statement, v.name, v.check.source) for v in verdicts]
    return listed(rows, ("verdict", "statement", "name", "source"), "Statements, passed or failed")


def _claims(verdicts: tuple[Verdict, ...], members: int) -> Table:
    rows = [
        (
            verdict.name,
            judged.claim.measured(),
            _figure(judged),
            judged.claim.bound(),
            judged.holds_in_median,
            float(judged.holds.mean()),
        )
        for verdict in verdicts
        for judged in verdict.judged
    ]
    shown = listed(
        rows,
        ("name", "claim", Column("figure", right=True), "wanted", "holds", Column("in members", percent)),
        "The claims behind each statement",
        folded=True,
    )
    return shown if members > 1 else without(shown, "in members")


def _figure(judged: Judged) -> str:
    """Write a figure; a date, which is a year and its fraction, with one decimal."""
    is_date = judged.claim.measure.endswith("_date")
    return fixed(judged.figure, 1) if is_date else number(judged.figure, comma=True)
