"""What is told of mechanisms: the table of what each moves, and the manifest."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from planmodel.liveness.moving import Life, Mechanism, Move, Refit, Verdict
from planmodel.provenance import provenance
from planmodel.show.content import Block, Column, Note, Result, Text, table
from planmodel.show.numbers import fixed

WRITER = "planmodel liveness"
VERDICTS: tuple[Verdict, ...] = ("alive", "alive only without refit", "dead")
_COLUMNS = ["verdict", "mechanism", "kind", "meaning", "stands", "null"]
_MOVES = ["largest", "where", "rms", "refitted_largest", "refitted_where", "refitted_rms"]


def frame_of(lives: Sequence[Life]) -> pd.DataFrame:
    """Return one row a mechanism: those alive first, and of these the one that moves most."""
    rows = []
    for life in sorted(lives, key=lambda life: (VERDICTS.index(life.verdict), -life.move.largest)):
        one = life.mechanism
        kind = "switch" if one.null is None else "parameter"
        about = [life.verdict, one.name, kind, one.meaning, one.stands, one.null]
        rows.append([*about, *_plain(life.move), *_plain(life.refitted)])
    frame = pd.DataFrame(rows, columns=[*_COLUMNS, *_MOVES])
    numbers = [name for name in (*_COLUMNS[4:], *_MOVES) if not name.endswith("where")]
    return frame.astype(dict.fromkeys(numbers, float))


def _plain(move: Move | None) -> tuple[float, str, float]:
    if move is None:
        return np.nan, "", np.nan
    if move.broken:
        return np.inf, "the run breaks off", np.inf
    return move.largest, move.where if move.largest > 0.0 else "", move.rms


def counted(lives: Sequence[Life]) -> str:
    """Say how many mechanisms there are of each verdict."""
    found = Counter(life.verdict for life in lives)
    return f"{len(lives)} mechanisms: " + ", ".join(f"{found[verdict]} {verdict}" for verdict in VERDICTS)


def result_of(lives: Sequence[Life], idle: Sequence[Mechanism], about: dict[str, Any], of: Refit) -> Result:
    """Return table, sentences and manifest; ``about`` is what was asked for."""
    frame = frame_of(lives)
    errors = Column("errors", lambda value: fixed(value, 1), right=True)
    columns: dict[str, str | Column] = {
        "mechanism": "mechanism",
        "largest": errors,
        "where": "figure that moves most",
        "rms": Column("all", lambda value: fixed(value, 2), right=True),
        "refitted_largest": Column("refitted", lambda value: fixed(value, 1), right=True),
        "verdict": "verdict",
    }
    note = (
        "errors: standard errors by which the figure moves without the mechanism; all: root mean square over "
        f"{len(of.points)} figures; refitted: largest move when {len(of.cube.keys)} unknowns make up for it"
    )
    blocks: list[Block] = [
        table(frame, columns, "What each mechanism moves", note=note),
        Text(counted(lives)),
    ]
    if idle:
        off = ", ".join(one.name for one in idle)
        blocks.append(Note(f"off in this scenario, so not asked: {off}"))
    scenario = of.scenario
    manifest = {**about, "counted": dict(Counter(life.verdict for life in lives))}
    manifest |= provenance(scenario.declared, data=scenario.data_hashes)
    manifest |= {"scenario_sha256": scenario.digest(), "command": ["planmodel", *sys.argv[1:]]}
    return Result("Liveness", tuple(blocks), {"liveness": frame}, manifest=manifest)


def as_json(lives: Sequence[Life], idle: Sequence[Mechanism], about: dict[str, Any]) -> dict[str, Any]:
    """Return all that is told as plain values; what is no number is none."""
    frame = frame_of(lives).replace([np.inf], np.nan)
    rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return {**about, "mechanisms": rows, "off": [one.name for one in idle]}
