"""What of a scenario falls outside the days of its run, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from planmodel.scenario.schema import Scenario

_SHOWN = 6  # names of one kind; the others are counted


def outside_the_run(scenario: Scenario) -> Iterator[str]:
    """Yield notes: decrees and works before the start and after the end, what has no base year."""
    start, end = scenario.period.start, scenario.period.end
    decrees = {name: d.date for name, d in scenario.decrees.items() if d.enabled and d.date is not None}
    enabled = {name: work for name, work in scenario.works.items() if work.enabled}
    works = {name: work.start for name, work in enabled.items() if work.start is not None}
    founded = {n: scenario.decrees.get(w.decree) for n, w in enabled.items() if w.decree is not None}
    early = [name for name, day in decrees.items() if day < start]
    if early:
        yield f"in force from the first day, dated before {start}: {_counted(early, 'decree')}"
    begun = [name for name, day in works.items() if day < start]
    if begun:
        yield f"left out, begun before the first day, {start}: {_counted(begun, 'named work')}"
    idle = [name for name, decree in founded.items() if decree is not None and not decree.enabled]
    if idle:
        yield f"left out, as their decrees are not enabled: {_counted(idle, 'named work')}"
    late = [name for name, day in works.items() if day > end]
    late += [name for name, decree in founded.items() if decree is None]
    left_out = [
        _counted(names, kind)
        for names, kind in ((scenario.period.left_out, "decree"), (late, "named work"))
        if names
    ]
    if left_out:
        yield f"left out, dated after the last day, {end}: {'; '.join(left_out)}"
    indicators = scenario.declared.indicators
    without = [
        f"{name} ({base})"
        for name in scenario.record
        for base in sorted(scenario.declared.bases(indicators[name]))
        if not scenario.period.holds(base)
    ]
    if without:
        yield (
            "not compared with the record, as the year in which the index is one, or of its prices, is "
            f"not whole in the run: {_counted(without, 'series', 'series')}"
        )


def _counted(names: Sequence[str], one: str, many: str = "") -> str:
    """Return the number of names and the first of them, such as ``2 decrees (a, b)``."""
    kind = one if len(names) == 1 else many or f"{one}s"
    more = len(names) - _SHOWN
    return f"{len(names)} {kind} ({', '.join(names[:_SHOWN])}{f' and {more} more' if more > 0 else ''})"
