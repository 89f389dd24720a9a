"""What made the harvest of Ukraine in 1932 lower.

The barn harvest is a product of factors that the results hold or that follow from them; how much of the
fall is whose is the mean over all orders in which the factors can take the values of 1932
(Shapley), in logarithms.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from math import factorial

import numpy as np
from famine_runs import (
    UKRAINE,
    Asked,
    and_so,
    answers,
    given,
    of_region,
    usual,
    usual_months,
    village,
)  # fmt: skip

from planmodel.engine import Array
from planmodel.robustness.draws import value_of
from planmodel.show.markdown import markdown
from planmodel.show.numbers import fixed, percent

MONTHS = (7, 8, 9)
YEAR, BEFORE, ORDINARY = 1932, 1930, 0
# What is said of a factor -> the values that it is made of.
FACTORS: dict[str, tuple[str, ...]] = {
    "weather": ("weather",),
    "area": ("area", "state_farms"),
    "the share of kolkhoz land": ("collectivised",),
    "draught and hands": ("draught_individual", "draught_kolkhoz", "hands"),
    "food of those in the fields": ("food",),
    "effort": ("effort",),
    "losses in the field": ("lost_individual", "lost_kolkhoz", "lost_state_farms"),
    "hiding": ("hidden",),
}
Values = Mapping[str, Array | float]


def size(name: str) -> float:
    """Return a parameter or a constant of the baseline, by its own name or ``component.name``."""
    constants = village().declared.constants()
    return float(constants[name].value) if name in constants else value_of(village(), name)


def values_of(year: int, label: str = UKRAINE) -> dict[str, Array | float]:
    """Return the values of all factors in the months of the harvest of a year; 0 is an ordinary year.

    Ordinary is weather of nought, the fields of 1928, and draught, hands, food and effort as they should be.
    """
    state_farm_area = _monthly("state_farm_area", label, 1928 if year == ORDINARY else year)
    if year == ORDINARY:
        loss, hidden = size("cropping.harvest_loss"), size("cropping.hidden_always")
        land = size("cropping.grain_area") * size(f"cropping.land_share_{label}")
        return {
            **{"weather": 0.0, "area": land, "state_farms": state_farm_area, "collectivised": 0.0},
            **{"draught_individual": 1.0, "draught_kolkhoz": 1.0, "hands": 1.0, "food": 1.0, "effort": 1.0},
            **{"lost_individual": loss, "lost_kolkhoz": loss, "lost_state_farms": loss, "hidden": hidden},
        }
    found = {
        "weather": _monthly("weather", label, year)[0],
        "area": _monthly("growing_area", label, year)[1],  # that of July stands from then on
        "state_farms": state_farm_area,
        "collectivised": _monthly("collectivised_share", label, year),
        "draught_individual": _monthly("draught_individual", label, year),
        "draught_kolkhoz": _monthly("draught_kolkhoz", label, year),
        "hands": _monthly("field_labour", label, year),
        "food": _monthly("field_nutrition", label, year),
        "effort": _monthly("effort", label, year),
    }
    return {**found, **_lost(found), "hidden": _hidden(label, year)}


def _monthly(name: str, label: str, year: int) -> Array:
    months = [12 * (year - 1928) + month - 1 for month in MONTHS]
    found: Array = np.asarray(usual_months()[f"{name}_{label}"].values)[months]
    return found


def _lost(found: Mapping[str, Array]) -> dict[str, Array]:
    weak, slack = size("cropping.loss_from_weakness"), size("cropping.loss_from_slack")
    loss, most = size("cropping.harvest_loss"), size("most_lost")
    hands = np.minimum(found["hands"], 1.0)
    unable = {
        form: 1.0 - np.sqrt(np.minimum(found[f"draught_{form}"], 1.0) * hands)
        for form in ("individual", "kolkhoz")
    }
    withheld = np.minimum(loss + slack * (1.0 - found["effort"]), most)
    return {
        "lost_individual": np.minimum(loss + weak * unable["individual"], most),
        "lost_kolkhoz": np.minimum(withheld + weak * unable["kolkhoz"], most),
        "lost_state_farms": withheld,
    }


def _hidden(label: str, year: int) -> float:
    """Return the share of what peasants and kolkhozes brought in that is kept from the barn."""
    months = [12 * (year - 1928) + month - 1 for month in MONTHS]
    dataset = usual_months()
    kept, barn = (
        sum(float(np.asarray(dataset[f"{name}_{form}_{label}"].values)[months].sum())
            for form in ("individual", "kolkhoz"))
        for name in ("hidden", "grain_harvest")
    )  # fmt: skip
    return kept / max(kept + barn, 1e-9)


def harvest(values: Values) -> float:
    """Return the barn harvest that the factors make, up to the yield of 1928, the same in all years."""
    parts = np.asarray(village().declared.constants()["harvest_part"].value)[[m - 1 for m in MONTHS]]
    common = np.maximum(1.0 + values["weather"], size("worst_weather"))
    common = common * values["food"] ** size("cropping.nutrition_elasticity")
    hands = values["hands"] ** size("cropping.labour_elasticity")
    draught = size("cropping.draught_elasticity")
    shared = values["collectivised"]
    own = (1.0 - shared) * values["draught_individual"] ** draught * (1.0 - values["lost_individual"])
    kolkhoz = shared * values["draught_kolkhoz"] ** draught * values["effort"]
    kolkhoz = kolkhoz * (1.0 - values["lost_kolkhoz"])
    peasants = values["area"] * hands * (own + kolkhoz) * (1.0 - values["hidden"])
    state = values["state_farms"] * size("cropping.state_farm_yield") * (1.0 - values["lost_state_farms"])
    return float(np.sum(parts * common * (peasants + state)))


@dataclass(frozen=True)
class Fall:
    """The fall of a harvest, and what each factor has of it, in logarithms (below zero: it fell)."""

    whole: float
    of: Mapping[str, float]
    first: Mapping[str, float]  # of each alone, all else as it was before
    last: Mapping[str, float]  # of each alone, all else as in the later year
    unexplained: float

    def share(self, name: str) -> float:
        """Return the part of a factor in the whole; nothing where hardly anything fell."""
        return self.of[name] / self.whole if abs(self.whole) > 0.02 else float("nan")


def fall(before: int, year: int = YEAR, label: str = UKRAINE) -> Fall:
    """Return what made the harvest of a year differ from an earlier one, or from an ordinary one."""
    start, end = values_of(before, label), values_of(year, label)
    names = tuple(FACTORS)
    made: dict[frozenset[str], float] = {}

    def with_those(chosen: frozenset[str]) -> float:
        if chosen not in made:
            moved = {value for name in chosen for value in FACTORS[name]}
            mixed = {name: (end if name in moved else start)[name] for name in start}
            made[chosen] = float(np.log(harvest(mixed)))
        return made[chosen]

    everything, of = frozenset(names), {}
    for name in names:
        others = [one for one in names if one != name]
        of[name] = sum(
            factorial(size) * factorial(len(others) - size) / factorial(len(names))
            * (with_those(frozenset(some) | {name}) - with_those(frozenset(some)))
            for size in range(len(others) + 1)
            for some in combinations(others, size)
        )  # fmt: skip
    nothing: frozenset[str] = frozenset()
    first = {n: with_those(frozenset({n})) - with_those(nothing) for n in names}
    last = {n: with_those(everything) - with_those(everything - {n}) for n in names}
    whole = with_those(everything) - with_those(nothing)
    return Fall(whole, of, first, last, 0.0 if before == ORDINARY else _told(before, year, label) - whole)


def _told(before: int, year: int, label: str) -> float:
    """Return by how much the harvest of the run itself differs, in logarithms."""
    early, late = usual([Asked(of_region("grain_harvest", label), str(when)) for when in (before, year)])
    return float(np.log(late / early))


def factors() -> str:
    """Return the table of what made the fall."""
    falls = {"from 1930": fall(BEFORE), "from an ordinary year": fall(ORDINARY)}
    rows = []
    for name in FACTORS:
        line = [name[:1].upper() + name[1:]]
        for one in falls.values():
            line += [fixed(one.of[name], 3, sign=True), percent(one.share(name))]
            line.append(f"{fixed(one.first[name], 3, sign=True)}, {fixed(one.last[name], 3, sign=True)}")
        rows.append(line)
    rows.append(["Together"])
    for one in falls.values():
        rows[-1] += [fixed(one.whole, 3, sign=True), percent(1.0), ""]
    heads = [head for name in falls for head in (f"{name}: log", "of the fall", "moved first, last")]
    return markdown(("Ukraine, harvest of 1932", *heads), rows)


def calm() -> dict[str, float]:
    """Return Ukraine's harvest of 1932 as it is, and with ordinary weather there in 1932 and in 1931."""
    asked = [Asked(of_region("grain_harvest", UKRAINE), str(YEAR))]
    key = f"exogenous.weather_{UKRAINE}.values"
    runs = {"as it is": {}, "1932": {f"{key}.1932": 0.0}, "1931 and 1932": {
        f"{key}.1931": 0.0, f"{key}.1932": 0.0}}  # fmt: skip
    return {name: float(answers(village(changes), asked)[0, 0]) for name, changes in runs.items()}


def factors_in_words() -> str:
    """Say whether weather makes more or less than a third of the fall, and what makes the rest."""
    words = []
    for name, one in (("From 1930", fall(BEFORE)), ("From an ordinary year", fall(ORDINARY))):
        if not one.whole < -0.02:
            words.append(f"{name} to 1932 the harvest of Ukraine does not fall in this history.")
            continue
        part = one.share("weather")
        others = sorted((n for n in FACTORS if n != "weather"), key=lambda n: one.of[n])
        most = [f"{n} ({percent(one.share(n))})" for n in others if one.share(n) >= 0.1] or [
            f"nothing else that reaches a tenth (the largest is {others[0]}, {percent(one.share(others[0]))})"
        ]
        words.append(
            f"{name} to 1932 it falls by {percent(1.0 - np.exp(one.whole))}, of which weather makes "
            f"{percent(part)}, {'more' if part > 1 / 3 else 'less'} than a third; besides it {and_so(most)}."
        )
    weather = {when: given("weather", UKRAINE, str(when)) for when in (1930, 1931, 1932)}
    told = ", ".join(f"{fixed(value, 2, sign=True)} in {when}" for when, value in weather.items())
    found = calm()
    words.append(
        f"Why: the weather of Ukraine that is put in is {told}; that of 1930 and 1931 comes from printed "
        "yields over those of 1928-30 and a reading for the country, that of 1932 is a guess. With ordinary "
        f"weather there in 1932 its harvest would have been {fixed(found['1932'], 1)} instead of "
        f"{fixed(found['as it is'], 1)} million tonnes, and {fixed(found['1931 and 1932'], 1)} with that of "
        "1931 ordinary as well: what a year leaves in bodies and herds is felt in the next."
    )
    gap = max(abs(fall(BEFORE).unexplained), 0.0)
    words.append(f"The product of the factors differs from the run by {percent(gap, 1)}.")
    return " ".join(words)
