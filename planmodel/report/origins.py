"""What said each value in the runs of a result: read from its folder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from planmodel.engine import UserError
from planmodel.scenario.difference import flatten
from planmodel.scenario.explain import shown
from planmodel.scenario.toml import read_toml

_LONG = 50  # characters of a value


@dataclass(frozen=True)
class Said:
    """A value, and what said it; no value is shown where members differ or the folder does not hold it."""

    key: str
    value: str
    said: str


def read_origins(folder: Path) -> dict[str, list[Said]]:
    """Return what said each value, by the runs of a result.

    Parameters
    ----------
    folder
        Of a run, an ensemble, a comparison, a calibration, an analysis (or its ``results``) or an experiment.

    Raises
    ------
    UserError
        If the folder is not one of a result, or was written by a version that did not keep this.
    """
    runs = _manifest(folder).get("origins")
    if not isinstance(runs, dict) or not runs:
        raise UserError(f"{folder}: its manifest does not tell what said the values; run it again")
    file = folder / "scenario.toml"
    values = flatten(read_toml(file)) if file.is_file() and len(runs) == 1 else {}
    return {run: _rows(about, values) for run, about in runs.items()}


def _rows(about: Mapping[str, Mapping[str, str]], values: Mapping[str, Any]) -> list[Said]:
    held = about["held"]
    return [
        Said(
            key,
            shown(values[key], _LONG) if key in values else "",
            f"{layer}; held by it, not drawn" if key in held else layer,
        )
        for key, layer in about["said"].items()
    ]


def _manifest(folder: Path) -> dict[str, Any]:
    for place in (folder, folder / "results"):
        try:
            return dict(json.loads((place / "manifest.json").read_text(encoding="utf-8")))
        except (FileNotFoundError, NotADirectoryError):
            continue
        except (OSError, ValueError, TypeError) as error:
            raise UserError(f"{place / 'manifest.json'}: cannot be read: {error}") from None
    raise UserError(f"{folder}: is not the folder of a result of planmodel")
