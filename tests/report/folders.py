"""Small folders of results, made by the commands, with configurations that say hostile things."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "cli"))
from cli_calls import planmodel

HOSTILE = "<script>document.title='broken'</script><img src=x onerror=alert(1)> \"'&amp; {{ 7*7 }} </main>"
_TEXT = HOSTILE.replace("\\", "\\\\").replace('"', '\\"')

SCENARIO = f"""
extends = "baseline"
name = "hostile"
title = "{_TEXT}"
description = "Asked: {_TEXT}"

[parameters.centre]
patience = 1.6

[decrees.hostile]
date = 1928-03-05
title = "Decree {_TEXT}"
source = "a test"
"""

ENSEMBLE = f"""
title = "{_TEXT}"
scenario = "baseline"
design = "lhs"
members = 6
until = 1929-12-31

[vary]
"parameters.cropping.base_yield" = {{}}

[keep]
frequency = "FREQUENCY"
"""

CALIBRATION = f"""
name = "first"
title = "{_TEXT}"
scenario = "baseline"

[fit]
cropping.base_yield = {{ low = 0.85, high = 1.0 }}
livestock.cattle_slaughter = {{}}

[search]
sample = 4
points = 2
descent = 1
rounds = 0
starts = 1
polish = 0

[targets.grain_harvest]
version = "postwar_revision"

[targets.cattle]
version = "july_count"
"""


def made(kind: str, folder: Path) -> Path:
    """Make the folder of a run, an ensemble (by year or by month) or a calibration."""
    out, config = folder / "out", folder / "config.toml"
    with pytest.MonkeyPatch.context() as patch:
        # Drawing takes longer than all the rest; the page of a run draws its own figures.
        patch.setattr("planmodel.report.folder.draw_figures", lambda *_: [])
        if kind == "run":
            config.write_text(SCENARIO, encoding="utf-8")
            answer = planmodel("run", str(config), "--until", "1933-12-31", "--out", str(out))
        elif kind == "calibration":
            config.write_text(CALIBRATION, encoding="utf-8")
            answer = planmodel("calibrate", str(config), "--workers", "1", "--out", str(out))
        else:
            frequency = "monthly" if kind == "months" else "annual"
            config.write_text(ENSEMBLE.replace("FREQUENCY", frequency), encoding="utf-8")
            answer = planmodel("ensemble", str(config), "--out", str(out))
    assert answer.status == 0, answer.err
    return out
