"""Write the table of calibration.md of the targets that the shipped fit did not see.

``python docs/generate_targets.py`` fills what stands between the markers. It takes some seconds.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from planmodel.calibration.load import load_calibration
from planmodel.calibration.problem import Points, prepare
from planmodel.calibration.targets import Point
from planmodel.engine import Array
from planmodel.runs.history import run
from planmodel.runs.observe import observer_of
from planmodel.scenario import load_scenario
from planmodel.show.markdown import markdown
from planmodel.show.numbers import between, fixed, short

PAGE = Path(__file__).with_name("calibration.md")
CALIBRATION = "archival"
SCENARIOS = ("baseline", "calibrated")
# Until the next fit: what it will see for the first time. Then this table, and this program, may go.
UNSEEN = (
    "state_grain_stocks",
    "grain_procurement_in_1932",
    "investment_plan_to_plan",
    "commissioned_plan_to_plan",
    "investment_at_current_prices_growth",
    "industrial_output_in_1937",
)
COMPARED = {"level": "", "rate": "over the year before", "ratio": "over {base}"}
_BLOCK = re.compile(r"(<!-- unseen begins -->\n).*?(<!-- unseen ends -->)", re.DOTALL)


def said(name: str, points: Points) -> tuple[Array, Array]:
    """Return what a scenario says of each point, and by how many standard errors it misses."""
    scenario = load_scenario(name)
    observer = observer_of(scenario.declared, scenario.period.start, scenario.period.end, points.observations)
    predicted = points.predicted(observer.read(run(scenario)))[0]
    return predicted, points.deviations(predicted[np.newaxis])[0] / points.sd


def recorded(point: Point) -> str:
    """Return the figure of a point: a number, a range or a bound."""
    if point.low == point.high:
        return short(point.low - point.offset)
    if not np.isfinite(point.low):
        return f"at most {short(point.high - point.offset)}"
    return between(point.low - point.offset, point.high - point.offset)


def table() -> str:
    """Return the table: each figure, what the scenarios say, and the misses, the worst of them first."""
    calibration = load_calibration(CALIBRATION)
    _, points, _ = prepare(calibration)
    sides = [said(name, points) for name in SCENARIOS]
    places = [i for i, point in enumerate(points.points) if point.target in UNSEEN]
    places.sort(key=lambda i: -max(abs(misses[i]) for _, misses in sides))
    rows = []
    for i in places:
        point = points.points[i]
        target = calibration.targets[point.target]
        over = COMPARED[target.transform].format(base=target.base)
        row = [f"`{point.target}`", f"{point.label} {over}".strip(), recorded(point)]
        for predicted, misses in sides:
            row += [short(predicted[i] - point.offset), fixed(misses[i], 1, sign=True)]
        rows.append(row)
    heads = ["Target", "Of", "Record"]
    return markdown([*heads, *(head for name in SCENARIOS for head in (name, "errors"))], rows)


def page() -> str:
    """Return calibration.md with the table of the version at hand."""
    return _BLOCK.sub(lambda m: f"{m[1]}{table()}\n{m[2]}", PAGE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
