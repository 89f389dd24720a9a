"""Small folders of results, made by the commands, with configurations that say hostile things."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).parents[1] / "cli"))
from cli_calls import planmodel

HOSTILE = "<script>document.title='broken'</script><img src=x onerror=alert(1)> \"'&amp; {{ 7*7 }} </main>"
_TEXT = HOSTILE.replace("\\", "\\\\").replace('"', '\\"')

SCENARIO = f"""
extends = "one_country"
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
scenario = "one_country"
design = "lhs"
members = 6
until = 1929-12-31

[vary]
"parameters.cropping.harvest_1928" = {{}}

[keep]
frequency = "FREQUENCY"
"""

CALIBRATION = f"""
name = "first"
title = "{_TEXT}"
scenario = "baseline"

[fit]
cropping.harvest_1928 = {{ low = 68, high = 80 }}
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


_ABOUT = {
    "command": ["planmodel", "compare", "baseline", HOSTILE],
    "members": 20,
    "written": "1991-12-26T00:00:00+00:00",
    "git": "unknown",
    "packages": {"planmodel": "0.1.0"},
}
# Kinds whose commands take too long: the files that a page is made of, with numbers that are known.
WRITTEN: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
    "comparison": (
        {**_ABOUT, "scenarios": {"baseline": "0" * 64, HOSTILE: "1" * 64}, "seed": 1, "draws": None},
        {
            "table.csv": "quantity,title,unit,year,scenario,median,low,high,ratio,more\n"
            "deaths,Deaths,million,1932,baseline,5.5,4.5,6.5,1.0,0.5\n"
            "deaths,Deaths,million,1932,other,4.25,3.5,5.0,0.7727,0.25\n"
        },
    ),
    "analysis": (
        {
            **_ABOUT,
            "analysis": "screening",
            "configuration": {
                "title": HOSTILE,
                "methods": ["morris"],
                "vary": {"parameters.cropping.harvest_1928": {"low": 64, "high": 80}},
            },
            "scenario": "baseline",
            "failed": 3,
        },
        {
            "readings.md": f"# {HOSTILE}\n\n- Deaths: not interpreted. {HOSTILE}\n",
            "indices.csv": "method,output,year,title,unit,index,input,value,low,high,samples,converged,note\n"
            "morris,deaths,,Deaths,million,mu_star,parameters.cropping.harvest_1928,0.7,0.6,0.8,12,False,few\n",
        },
    ),
}


def _written(kind: str, out: Path) -> Path:
    manifest, files = WRITTEN[kind]
    place = out / "results" if kind == "analysis" else out
    pictures = place / "figures" if kind == "analysis" else place
    pictures.mkdir(parents=True)
    picture = Path(__file__).parents[2] / "docs" / "images" / "population.png"
    (pictures / "paths.png").write_bytes(picture.read_bytes())
    (place / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    for name, text in files.items():
        (place / name).write_text(text, encoding="utf-8")
    return out


def made(kind: str, folder: Path) -> Path:
    """Make the folder of a run, an ensemble (by year or by month), or another kind."""
    out, config = folder / "out", folder / "config.toml"
    if kind in WRITTEN:
        return _written(kind, out)
    if kind == "run":  # its page draws its own figures
        config.write_text(SCENARIO, encoding="utf-8")
        answer = planmodel("run", str(config), "--until", "1933-12-31", "--no-figures", "--out", str(out))
    elif kind == "calibration":
        config.write_text(CALIBRATION, encoding="utf-8")
        answer = planmodel("calibrate", str(config), "--workers", "1", "--out", str(out))
    else:
        frequency = "monthly" if kind == "months" else "annual"
        config.write_text(ENSEMBLE.replace("FREQUENCY", frequency), encoding="utf-8")
        answer = planmodel("ensemble", str(config), "--out", str(out))
    assert answer.status == 0, answer.err
    return out
