"""What if: the famine under other rules, and how near each comes to the record when it is fitted anew.

A rule alone says what changes where nothing else does. Whether the record could be told with that rule is
another question: sizes are drawn around the baseline, and of the draws that come nearest with the rule and
without it the misfits stand beside each other.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from famine_beside import Beside, facts
from famine_runs import (
    FAMINE,
    PLANS,
    REPUBLICS,
    UKRAINE,
    Asked,
    and_so,
    answers,
    dead,
    given,
    said,
    titles,
    village,
)  # fmt: skip

from planmodel.documented.catalogue import BUILT_IN
from planmodel.documented.vocabulary import COMPARABLE
from planmodel.engine import Array
from planmodel.robustness.draws import ball, parameter_names, uniform
from planmodel.robustness.space import ASSUMED
from planmodel.show.markdown import markdown
from planmodel.show.numbers import fixed, percent

DRAWS, WITHIN, SEED, BEST = 1500, 0.10, 1, 0.05
EXPORTS = Path(__file__).parents[1] / "configs/scenarios/no_exports_1931_33.toml"
SPAN = "1930..1934"
VILLAGE = (  # blocks whose sizes are drawn
    "cropping", "draught", "effort", "kolkhoz", "plots", "livestock", "collectivisation", "centre",
    "procurement", "state_grain", "nutrition", "population", "migration",
)  # fmt: skip


@dataclass(frozen=True)
class Rule:
    """What is changed, and how it is told."""

    name: str
    changes: dict[str, Any] = field(default_factory=dict)
    off: tuple[str, ...] = ()
    refitted: bool = True


def rules() -> list[Rule]:
    """Return the rules, the unchanged ones first."""
    bounds = village().declared.parameters()["state_grain"]
    borders = {f"decrees.{name}.enabled": False for name in ("borders_closed", "borders_opened")}
    return [
        Rule("nothing"),
        Rule("regional plans by the last harvest", _decree("plan_by_harvest", 1.0)),
        Rule("regional shares of 1930 in all campaigns", _plans(1.0, kept=True)),
        Rule("plans of 1931/32 and 1932/33 a tenth lower", _plans(0.9)),
        Rule("plans of 1931/32 and 1932/33 a fifth lower", _plans(0.8)),
        Rule("no exports in 1931-33", _exports()),
        Rule("relief as far as stocks go", {
            "parameters.state_grain.relief": bounds["relief"].bounds[1],
            "parameters.state_grain.reserve_target": bounds["reserve_target"].bounds[0],
        }),
        Rule("no relief and no loans of seed", {
            "parameters.state_grain.relief": 0.0, "parameters.state_grain.seed_loans": 0.0}),
        Rule("no searches", {"parameters.procurement.finding": 0.0}),
        Rule("borders open", borders),
        Rule("weather of 1931 ordinary", _calm(("1931",))),
        Rule("weather of 1932 ordinary", _calm(("1932",))),
        Rule("weather of both ordinary", _calm(("1931", "1932"))),
        *(Rule(f"weather of both ordinary in {said(label)}", _calm(("1931", "1932"), (label,)), (), False)
          for label in titles()),
        Rule("herds that hold", {"parameters.livestock.settlement_losses": 0.0}, ("livestock_slaughter",)),
        Rule("no drive to collectivise", {"decrees.mass_collectivisation.enabled": False}),
    ]  # fmt: skip


def _decree(lever: str, value: float) -> dict[str, Any]:
    key = f"decrees.{lever}_of_1930"
    return {
        f"{key}.date": date(1930, 6, 30), f"{key}.title": "What if", f"{key}.source": "invented",
        f"{key}.effects.{lever}": value,
    }  # fmt: skip


def _plans(part: float, kept: bool = False) -> dict[str, Any]:
    """Return plans of regions times a part from 1931 on, or the shares of 1930 kept in all campaigns.

    The state goes on reckoning with the whole plan: what it does not get is wanting in its stocks.
    """
    found = {}
    for label in titles():
        share = float(getattr(village().parameters.state_grain, f"plan_share_{label}"))
        for day in PLANS:
            shift = 0.0 if kept else given("plan_shift", label, day)
            less = (share + shift) * (1.0 - part) if day > PLANS[0] else 0.0
            found[f"exogenous.plan_shift_{label}.values.{day}"] = shift - less
    return found


def _exports() -> dict[str, Any]:
    entry = tomllib.loads(EXPORTS.read_text(encoding="utf-8"))["exogenous"]["grain_export_plan"]
    values = entry.pop("values")
    key = "exogenous.grain_export_plan"
    return {f"{key}.{name}": value for name, value in entry.items()} | {
        f"{key}.values.{year}": value for year, value in values.items()
    }


def _calm(years: Sequence[str], labels: Sequence[str] = ()) -> dict[str, Any]:
    return {f"exogenous.weather_{label}.values.{year}": 0.0 for label in labels or titles() for year in years}


# ---- how near the record -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Judged:
    """What the misfit is made of: figures by kind, and of each the versions between which it may choose."""

    asked: tuple[Asked, ...]
    versions: tuple[tuple[Beside, ...], ...]
    kinds: tuple[str, ...]

    def misfit(self, seen: Array) -> Array:
        """Return how far members are from the record: 0 meets it, 1 has nothing of it.

        Of an amount the difference over the larger of model and record, of a share the difference; to the
        nearest of several versions. The mean of each kind of figures, and over the kinds.
        """
        apart = np.column_stack([_apart(seen[:, n], of) for n, of in enumerate(self.versions)])
        kinds = sorted(set(self.kinds))
        each = [apart[:, [kind == one for one in self.kinds]].mean(axis=1) for kind in kinds]
        found: Array = np.mean(each, axis=0)
        return np.where(np.isfinite(found), found, np.inf)


def _apart(model: Array, versions: Sequence[Beside]) -> Array:
    each = []
    for one in versions:
        nearest = np.clip(model, one.low, one.high)
        scale = np.maximum(np.maximum(model, nearest), 1e-9) if one.amount else 1.0
        each.append(np.abs(model - nearest) / scale)
    found: Array = np.min(each, axis=0)
    return found


@cache
def judged() -> Judged:
    """Return the figures by regions that the page shows, and the state's stocks of both summers."""
    groups: dict[tuple[str, str, str], list[Beside]] = {}
    for one in [*facts(), *_stocks()]:
        if one.title not in ("Cattle", "Horses", "Sheep and goats"):  # counted in all animals
            groups.setdefault((one.title, one.where, one.asked.dates), []).append(one)
    return Judged(
        tuple(of[0].asked for of in groups.values()),
        tuple(tuple(of) for of in groups.values()),
        tuple(title for title, *_ in groups),
    )


def _stocks() -> list[Beside]:
    indicator = village().declared.indicators["state_grain_stocks"]
    return [
        Beside("country", "Stocks", row["version"], *(float(row["value"]),) * 3,
               Asked(indicator, row["date"]), True)
        for row in BUILT_IN.rows("state_grain_stocks")
        if row["territory"] in COMPARABLE and row["date"] in ("1932-07-01", "1933-07-01")
    ]  # fmt: skip


@cache
def drawn() -> dict[str, Array]:
    """Return the draws of the free sizes of the village: assumptions, and none of a region alone."""
    declared, labels = village().declared.parameters(), tuple(f"_{label}" for label in titles())
    names = []
    for full in parameter_names(village()):
        component, _, name = full.partition(".")
        free = declared[component][name].evidence == ASSUMED and not name.endswith(labels)
        names += [full] if free and component in VILLAGE else []
    return uniform(ball(village(), names, WITHIN), DRAWS, SEED)


@dataclass(frozen=True)
class Fitted:
    """What the best draws of a rule come to: misfit, and deaths of Ukraine in them, million."""

    misfit: Array
    ukraine: Array

    @property
    def best(self) -> float:
        """Mean misfit of the best twentieth."""
        return float(np.mean(np.sort(self.misfit)[: self._few]))

    @property
    def _few(self) -> int:
        return max(int(BEST * len(self.misfit)), 1)

    @property
    def dead(self) -> float:
        """Median of the dead of Ukraine in the best twentieth."""
        return float(np.median(self.ukraine[np.argsort(self.misfit)[: self._few]]))

    def noise(self, parts: int = 4) -> float:
        """Return how far the best of parts of the draws differ: what chance alone makes."""
        each = [np.sort(part)[: max(int(BEST * len(part)), 1)].mean()
                for part in np.array_split(self.misfit, parts)]  # fmt: skip
        return float(np.std(each, ddof=1) / np.sqrt(parts)) * 2.0


def refit(rule: Rule) -> Fitted:
    """Return the draws of a rule; what the rule itself says is not drawn."""
    values = {name: value for name, value in drawn().items() if name not in rule.changes}
    asked = [*judged().asked, dead(UKRAINE, FAMINE)]
    seen = answers(village(rule.changes, rule.off), asked, values, DRAWS)
    return Fitted(judged().misfit(seen[:, :-1]), seen[:, -1])


@dataclass(frozen=True)
class Outcome:
    """Deaths under a rule, million, and its draws if it was fitted anew."""

    rule: Rule
    deaths: Array
    fitted: Fitted | None


@cache
def outcomes() -> list[Outcome]:
    """Return what comes of each rule."""
    asked = [dead(where, SPAN) for where in ("country", *REPUBLICS)]
    return [
        Outcome(
            rule,
            answers(village(rule.changes, rule.off), asked)[0],
            refit(rule) if rule.refitted else None,
        )
        for rule in rules()
    ]


def table() -> str:
    """Return deaths under each rule, and how near it comes to the record when fitted anew."""
    base, rows = outcomes()[0], []
    for one in outcomes():
        again = ("", "") if one.fitted is None else (fixed(one.fitted.best, 3), fixed(one.fitted.dead, 1))
        rows.append((one.rule.name[:1].upper() + one.rule.name[1:], *(fixed(v, 2) for v in one.deaths),
                     percent(one.deaths[0] / base.deaths[0]), *again))  # fmt: skip
    heads = ("Changed", "Country", *(said(name) for name in REPUBLICS), "Left of the country's",
             "Refitted: misfit", "Refitted: Ukraine")  # fmt: skip
    return markdown(heads, rows)


def in_words() -> str:
    """Say which rules save many, and which the record can tell from the unchanged ones."""
    base, *others = outcomes()
    assert base.fitted is not None
    left = {one.rule.name: one.deaths[0] / base.deaths[0] for one in others if one.rule.refitted}
    few = [
        f"{name} ({percent(part)})" for name, part in sorted(left.items(), key=lambda x: x[1]) if part < 0.5
    ]
    same = [name for name, part in left.items() if abs(part - 1.0) < 0.02]
    more = [f"{name} ({percent(part)})" for name, part in left.items() if part > 1.1]
    noise = base.fitted.noise()
    apart = {one.rule.name: one.fitted.best - base.fitted.best for one in others if one.fitted is not None}
    worse = [name for name, gap in apart.items() if gap > max(noise, 0.01)]
    alike = [name for name, gap in apart.items() if abs(gap) <= max(noise, 0.01)]
    better = [name for name, gap in apart.items() if gap < -max(noise, 0.01)]
    lower = max(part for name, part in left.items() if name.startswith("plans of 1931/32"))
    why = (
        " Plans that are lower everywhere save nobody here: where people starve what is taken stands at the "
        "ceiling and not at the plan; less comes from regions that had grain to spare, and relief with it."
        if lower > 1.0 else ""
    )  # fmt: skip
    return (
        f"With nothing refitted, less than half of the dead are left under: {and_so(few)}; the same within "
        f"two per cent under: {and_so(same)}; more under: {and_so(more)}. Refitted, chance alone moves the "
        f"misfit of the best twentieth by {fixed(noise, 3)}, and we call apart what differs by more than "
        f"that and by more than 0.01. The record by regions is further away under: {and_so(worse)}; as near "
        f"under: {and_so(alike)}; nearer under: {and_so(better)}. What is as near cannot be ruled out by "
        "these figures, however many it saves in the column before; nearer says that the sizes of today "
        "leave something to be explained." + why
    )
