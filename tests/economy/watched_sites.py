"""A run whose members differ in all parameters, and what its sites did at the end of each month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from one_country import ECONOMY

from planmodel.economies.soviet.sites import BRANCHES, Sites
from planmodel.engine import Array, total
from planmodel.runs.history import History, Run
from planmodel.runs.of_scenario import Overrides
from planmodel.scenario import Scenario, load_scenario

BASELINE = load_scenario("one_country")
DRAWN = 16
CENTRAL, SHOCKED, CALM, LAST = 0, 1, 2, 3 + DRAWN


def chosen() -> Overrides:
    """Two members as in the scenario, one without any cause for a brake, the rest drawn within all bounds."""
    chance = np.random.default_rng(11)
    values = {
        component: {
            name: np.concatenate([np.full(3, p.default), chance.uniform(*p.bounds, DRAWN)])
            for name, p in group.items()
        }
        for component, group in ECONOMY.parameters().items()
    }
    for component, group in BASELINE.parameters.model_dump().items():
        for name, value in group.items():
            values[component][name][:3] = value
    bounds = ECONOMY.parameters()["plan"]
    plan = values["plan"]
    for weight in ("hunger_weight", "stretch_weight", "material_weight", "labour_weight"):
        plan[weight][CALM] = bounds[weight].bounds[0]
    plan["strain_limit"][CALM] = bounds["strain_limit"].bounds[1]
    plan["resolve_spread"][CALM] = bounds["resolve_spread"].bounds[0]
    return values


@dataclass
class Watched:
    """A run, its parameters, and what was seen of its sites at the end of each month."""

    run: Run
    history: History
    parameters: Overrides
    gap: float  # largest of |sum of done - unfinished work in the books|
    beyond: float  # largest of (done - size) / size

    def series(self, name: str) -> Array:
        return np.asarray(self.run.dataset[name].values)


def sites_of(history: History) -> Sites:
    sites = history.workspace.entities["sites"]
    assert isinstance(sites, Sites)
    return sites


def watch_sites(scenario: Scenario) -> Watched:
    """Run members that differ in all parameters, and note what their sites do."""
    parameters = chosen()
    history = History(scenario, [0, 1, 0, *range(2, 2 + DRAWN)], parameters=parameters)
    sites = sites_of(history)
    seen = [m for m in range(LAST) if m != CALM]  # see test_a_branch_with_one_site_keeps_its_books
    gaps, beyond = [0.0], [-1.0]

    def look(_: date) -> None:
        for number, branch in enumerate(BRANCHES):
            rows = [row for row, site in enumerate(sites.sites) if site.branch == number]
            gap = np.abs(total(sites.done[rows]) - history.ledger.stock("works", f"unfinished_{branch}"))
            gaps.append(float(gap[seen].max()))
        beyond.append(float(((sites.done - sites.size) / np.maximum(sites.size, 1e-12)).max()))

    history.progress = look
    return Watched(history.run(), history, parameters, max(gaps), max(beyond))
