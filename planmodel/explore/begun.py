"""What the page is told when it opens: what can be moved, what is shown, and the baseline behind it."""

from __future__ import annotations

from datetime import date
from importlib import metadata
from typing import Any

from planmodel.explore.answering import Asker
from planmodel.explore.asked import Explored
from planmodel.scenario.by_region import regions_of
from planmodel.scenario.decrees import Decree
from planmodel.show.numbers import words


def begun(asker: Asker) -> dict[str, Any]:
    """Return all that the page needs but the drawn members; runs the scenario as it was opened."""
    explored = asker.explored
    scenario, controls = explored.scenario, explored.controls
    regions = regions_of(scenario.declared)
    return {
        "version": metadata.version("planmodel"),
        "scenario": {"name": scenario.name, "title": scenario.title, "source": explored.source},
        "members": asker.members,
        "seed": asker.seed,
        "years": asker.years,
        "period": [scenario.period.start.isoformat(), scenario.period.end.isoformat()],
        "sliders": _sliders(explored),
        "decrees": _decrees(explored),
        "regions": [[label, words(label).title()] for label in regions],
        "quantities": [one.described(asker.years) for one in asker.looked_at],
        "shown": controls.shown.model_dump(),
        "keys": [key.model_dump() for key in controls.key],
        "base": asker.answer(scenario),
    }


def _sliders(explored: Explored) -> list[dict[str, Any]]:
    return [
        {
            "id": name,
            "group": moved.slider.group,
            "title": moved.slider.title,
            "about": moved.slider.about,
            "unit": moved.unit,
            "low": moved.low,
            "high": moved.high,
            "step": moved.slider.step,
            "value": moved.value,
        }
        for name, moved in explored.ranges.items()
    ]


def _decrees(explored: Explored) -> list[dict[str, Any]]:
    """Return rules and decrees, by their days; a rule that the scenario does not have is off."""
    own = explored.scenario.decrees
    dated = sorted(own.items(), key=lambda item: (item[1].earliest, item[0]))
    return [
        {
            "name": name,
            "title": decree.title,
            "source": " ".join(decree.source.split()),
            "when": decree.when or "",
            "date": _day(decree, explored.scenario.period.start).isoformat(),
            "on": decree.enabled and name in own,
            "effects": ", ".join(f"{lever} {value:g}" for lever, value in decree.effects.items()),
        }
        for name, decree in [*explored.rules.items(), *dated]
    ]


def _day(decree: Decree, first: date) -> date:
    """Return the day of a decree, or the first on which its condition is looked at."""
    return decree.date or decree.not_before or first
