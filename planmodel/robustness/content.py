"""What is told of the draws around a scenario: shares, figures, fragile directions; tables and manifest."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from planmodel.provenance import provenance
from planmodel.robustness.fragile import directions
from planmodel.robustness.holding import Outcome, Robustness
from planmodel.show.content import Block, Column, Note, Result, Table, Text, listed
from planmodel.show.numbers import dated, fixed, percent

WRITER = "planmodel robustness"
_TOLD = 3  # directions in the row of a fact


def result_of(found: Robustness, about: dict[str, Any]) -> Result:
    """Return tables, sentences and manifest; ``about`` is what was asked for."""
    frames = {"outcomes": outcomes(found), "figures": figures(found), "directions": all_directions(found)}
    manifest = {**about, **provenance(found.scenario.declared, data=found.scenario.data_hashes)}
    manifest |= {"scenario_sha256": found.scenario.digest(), "command": ["planmodel", *sys.argv[1:]]}
    drawn = pd.DataFrame(dict(found.values)).assign(**{o.name: o.holds for o in found.outcomes})
    return Result("Robustness", tuple(_blocks(found)), {**frames, "draws": drawn}, manifest=manifest)


def as_json(found: Robustness, about: dict[str, Any]) -> dict[str, Any]:
    """Return all that is told as plain values."""
    frames = {"outcomes": outcomes(found), "figures": figures(found), "directions": all_directions(found)}
    plain = {name: _plain(frame) for name, frame in frames.items()}
    return {**about, "facts_on_average": found.number_of_facts, "broken": found.broken, **plain}


def outcomes(found: Robustness) -> pd.DataFrame:
    """Return the shares of what holds: together, all facts, each fact, each check, with standard errors."""
    rows = [(o.kind, o.name, o.title, o.share, len(o.holds)) for o in (*found.outcomes, *found.checks)]
    frame = pd.DataFrame(rows, columns=["kind", "name", "title", "share", "draws"])
    return frame.assign(error=np.sqrt(frame["share"] * (1.0 - frame["share"]) / frame["draws"]))


def figures(found: Robustness) -> pd.DataFrame:
    """Return the figures of all claims over the draws: median, 5 and 95 %, and the share within bounds."""
    rows = []
    for verdict in found.verdicts:
        for judged in verdict.judged:
            finite = judged.figures[np.isfinite(judged.figures)]
            low, median, high = np.quantile(finite, [0.05, 0.5, 0.95]) if finite.size else [np.nan] * 3
            claim = judged.claim
            rows.append(
                (verdict.name, claim.measured(), low, median, high, claim.bound(), judged.holds.mean())
            )
    return pd.DataFrame(rows, columns=["check", "measure", "low", "median", "high", "wanted", "share"])


def all_directions(found: Robustness) -> pd.DataFrame:
    """Return the fragile directions of everything that holds in some draws and fails in others."""
    told = (*found.outcomes, *found.checks)
    parts = [directions(o, found.values).assign(kind=o.kind, outcome=o.name) for o in told]
    columns = ["kind", "outcome", "parameter", "difference", "error", "clear"]
    kept = [part for part in parts if len(part)]
    return pd.concat(kept, ignore_index=True)[columns] if kept else pd.DataFrame({c: [] for c in columns})


def _plain(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a frame; what is no number is none."""
    plain = frame.astype(object).where(frame.notna(), None)
    return plain.to_dict("records")  # type: ignore[return-value]


def _blocks(found: Robustness) -> Iterator[Block]:
    together = [outcome for outcome in found.outcomes if outcome.kind != "fact"]
    rows = [(outcome.title, outcome.share) for outcome in together]
    yield listed(rows, ("together", Column("share", percent)), "Share of the draws that hold")
    yield Text(f"{fixed(found.number_of_facts, 1)} of {len(found.facts)} facts hold in a draw, on average")
    yield listed(
        list(_facts(found)),
        ("fact", Column("share", percent), "statement", "holds at"),
        "Share of the draws in which each fact holds",
        note=f"holds at: up to {_TOLD} parameters that are higher (+) or lower (-) where it holds than where "
        "it fails, by more than chance",
    )
    yield _figures(found)
    for outcome in together:
        yield from _fragile(outcome, found)
    if found.broken:
        yield Note(
            f"{found.broken} draws have no history, since their books do not close; nothing holds there"
        )
    if found.left_out:
        yield Note(f"not judged: {', '.join(found.left_out)} (outside of the period, or a sweep of its own)")


def _facts(found: Robustness) -> Iterator[tuple[str, float, str, str]]:
    """Yield a row a fact; below one that has several checks, a row for each of them."""
    for fact in found.facts:
        parts = [check for check in found.checks if check.name in fact.parts]
        several = len(parts) > 1
        title = f"all {len(parts)} below" if several else parts[0].title
        yield fact.name.removeprefix("fact "), fact.share, title, _in_words(fact, found)
        for part in parts if several else ():
            yield "", part.share, part.title, _in_words(part, found)


def _in_words(outcome: Outcome, found: Robustness) -> str:
    rows = directions(outcome, found.values, _TOLD).to_dict("records")
    signed = [f"{row['parameter']} {'+' if row['difference'] > 0 else '-'}" for row in rows if row["clear"]]
    return ", ".join(signed)


def _figures(found: Robustness) -> Table:
    """Return the figures of those checks that are counted together; all where none are."""
    frame = figures(found)
    joined = {check for o in found.outcomes if o.kind == "joint" for check in o.parts}
    shown = frame[frame["check"].isin(joined)] if joined else frame
    rows = shown[["measure", "median", "low", "high", "wanted", "share"]].drop_duplicates().to_numpy()
    numbers = [Column(name, dated, right=True) for name in ("median", "5 %", "95 %")]
    caption = "Figures over the draws" + (", of what is counted together" if joined else "")
    return listed(rows, ("measure", *numbers, "wanted", Column("share", percent)), caption)


def _fragile(outcome: Outcome, found: Robustness) -> Iterator[Block]:
    frame = directions(outcome, found.values)
    if not len(frame):
        yield Text(f"{outcome.title}: holds in {int(outcome.holds.sum())} of {len(outcome.holds)} draws, "
                   "too near none or all to tell what it hangs on")  # fmt: skip
        return
    rows = frame[["parameter", "difference", "clear"]].assign(
        clear=frame["clear"].map({True: "", False: "no"})
    )
    yield listed(
        rows.to_numpy(),
        ("parameter", Column("difference", lambda value: fixed(value, 2, sign=True)), "beyond chance"),
        f"Fragile directions: {outcome.title}",
        note="mean of draws that hold less that of draws that fail, in standard deviations; chance alone "
        f"gives {fixed(frame['error'].iloc[0], 2)}",
    )
