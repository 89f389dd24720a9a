"""Write odd.md, the model by the ODD protocol: ``python docs/generate_odd.py``. It takes seconds.

Words stand in ``odd_words.py``; lists and counts are made of what economy and baseline declare.
"""

from __future__ import annotations

import inspect
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import odd_words as words_of
from chapter_page import EconomyPages

from planmodel.engine.equations import Equation
from planmodel.engine.graph import chapter_of
from planmodel.runs.checks import load_checks
from planmodel.scenario import registry
from planmodel.show.markdown import table_of
from planmodel.show.numbers import short

PAGE = Path(__file__).with_name("odd.md")
EVIDENCE = ("transcribed", "recalled", "reading", "assumption")
OPENING = "opening"  # equations that are reckoned once, before the first month


class Odd:
    """The parts of the page that follow from declarations; `one` is the economy as one country."""

    def __init__(self) -> None:
        self.whole = EconomyPages(registry.economy())
        self.one = self.whole.as_one
        self.declared, self.scenario = self.whole.declared, self.whole.scenario
        self.acting = [e for e in self.whole.graph.equations if e.phase and not e.without]
        self.kinds = Counter(q.kind for q in self.whole.graph.quantities.values())
        self.kinds_of_one = Counter(q.kind for q in self.one.graph.quantities.values())

    def patterns(self) -> Iterator[Sequence[str]]:
        """Yield the facts that the model must bring forth: number, and what is stated."""
        facts = [check for check in load_checks("stylised_facts").values() if check.fact is not None]
        for check in sorted(facts, key=lambda one: one.fact or 0):
            yield str(check.fact), check.statement, check.source

    def axes(self) -> Iterator[Sequence[str]]:
        """Yield what quantities are kept by."""
        axes = self.whole.graph.axes
        for name in axes.order:
            axis = axes.by_name[name]
            labels = ", ".join(f"`{label}`" for label in axis.labels)
            yield f"`{name}`", str(len(axis.labels)), labels, axis.meaning

    def commodities(self) -> Iterator[Sequence[str]]:
        """Yield what is conserved, with its accounts and flows, of one country and by region."""
        graphs = (self.one.graph, self.whole.graph)
        held = [[q for q in g.quantities.values() if q.kind in ("stock", "flow")] for g in graphs]
        for one in self.declared.commodities():
            counts = [
                str(sum(q.kind == kind and q.declared.commodity == one.name for q in quantities))
                for kind in ("stock", "flow")
                for quantities in held
            ]
            yield f"`{one.name}`", one.meaning, one.unit, *counts

    def state(self) -> Iterator[Sequence[str]]:
        """Yield how many quantities of each kind there are, of one country and by region."""
        for kind, meaning in words_of.KINDS.items():
            yield kind, str(self.kinds_of_one[kind]), str(self.kinds[kind]), meaning

    def phases(self) -> Iterator[Sequence[str]]:
        """Yield the phases of a month in their order; equations of a season stand in the phase of it."""
        phase_of = {season.name: season.phase for season in self.declared.seasons}
        for phase in self.declared.phases:
            days = ", ".join(str(day) if day else "last" for day in phase.days)
            own = [e for e in self.acting if phase_of.get(e.phase, e.phase) == phase.name]
            yield phase.name, days, str(len(own)), self._chapters(own)

    def seasons(self) -> Iterator[Sequence[str]]:
        """Yield the parts of phases that are held in some months only."""
        for season in self.declared.seasons:
            months = ", ".join(map(str, season.months))
            own = [e for e in self.acting if e.phase == season.name]
            yield season.name, season.phase, months, str(len(own)), self._chapters(own)

    def _chapters(self, equations: Sequence[Equation]) -> str:
        pages = dict.fromkeys(self.whole.page_of[e.block] for e in equations)
        return ", ".join(f"[{page}](equations/{page}.md)" for page in pages)

    def draws(self) -> Iterator[Sequence[str]]:
        """Yield what is drawn by name."""
        for q in self.one.graph.quantities.values():
            if q.kind == "draw":
                yield f"`{q.declared.name}`", q.declared.when, q.meaning

    def opening(self) -> Iterator[Sequence[str]]:
        """Yield what the country holds on the first day, and how it is known, by commodity."""
        initial: Any = self.one.scenario.initial
        for one in self.declared.commodities():
            values = list(dict(getattr(initial, one.name, ())).values())
            if values:
                known = Counter(value.evidence for value in values)
                together = short(sum(value.value for value in values))
                counts = (str(known[word] or "") for word in EVIDENCE)
                yield f"`{one.name}`", together, one.unit, str(len(values)), *counts

    def inputs(self) -> Iterator[Sequence[str]]:
        """Yield the exogenous series of one country, and where the baseline has them from."""
        for name, series in self.one.declared.inputs().items():
            given: Any = getattr(self.one.scenario.exogenous, name)
            source = f"record: `{given.series}`, `{given.version}`" if given.series else given.source
            yield f"`{name}`", series.unit, series.meaning, source, given.evidence or "by figure"

    def decrees(self) -> Iterator[Sequence[str]]:
        """Yield the decrees of the baseline in the order of their days."""
        enabled = [decree for decree in self.scenario.decrees.values() if decree.enabled]
        for decree in sorted(enabled, key=lambda one: one.date or date.max):
            levers = ", ".join(f"`{lever}` {value:g}" for lever, value in decree.effects.items())
            yield f"{decree.date}" if decree.date else "by a condition", decree.title, levers

    def submodels(self) -> Iterator[Sequence[str]]:
        """Yield the chapters of equations, with how many sizes they have and how many of these are ours."""
        for chapter in self.whole.chapters:
            blocks = [b for b in self.whole.graph.blocks if chapter_of(b) == chapter]
            module = inspect.getmodule(blocks[0].functions[0].declared)
            title = (inspect.getdoc(module) or chapter).partition("\n")[0].rstrip(".")
            sizes = [p for b in blocks for p in b.declared.parameters.declared.values()]
            ours = sum(p.evidence == "assumption" for p in sizes)
            acting = sum(self.whole.page_of[e.block] == chapter for e in self.acting)
            yield f"[{chapter}](equations/{chapter}.md)", title, str(acting), str(len(sizes)), str(ours)

    def sizes(self) -> str:
        """Say how the sizes of the economy are known."""
        every = [p for group in self.declared.parameters().values() for p in group.values()]
        known = Counter(p.evidence for p in every)
        told = ", ".join(f"{known[word]} {word}" for word in EVIDENCE)
        return f"{len(every)} parameters, those of regions among them: {told}."

    def counts(self) -> dict[str, str]:
        """Return the numbers that words speak of."""
        period = self.scenario.period
        months = 12 * (period.end.year - period.start.year) + period.end.month - period.start.month + 1
        by_region = sum(bool(block.over) for block in self.declared.blocks)
        numbers = {
            "months": months,
            "blocks": len(self.declared.blocks),
            "by_region": by_region,
            "equations": len(self.acting),
            "auxiliaries": sum(not e.phase and not e.without for e in self.whole.graph.equations),
            "opening": sum(e.phase == OPENING for e in self.acting),
            "lags": self.kinds_of_one["lag"],
            "switches": len(self.declared.switches()),
            "levers": self.kinds["lever"],
            "works": sum(work.enabled for work in self.scenario.works.values()),
            "indicators": len(self.declared.indicators),
            "variables": self.kinds["variable"],
        }
        told = {key: str(number) for key, number in numbers.items()}
        return told | {"start": f"{period.start}", "end": f"{period.end}", "sizes": self.sizes()}


def page() -> str:
    """Return the text of the page."""
    odd = Odd()
    tables = {name: table_of(heads, getattr(odd, name)()).strip() for name, heads in words_of.HEADS.items()}
    return words_of.PAGE.format(**odd.counts(), **{f"table_of_{name}": text for name, text in tables.items()})


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
