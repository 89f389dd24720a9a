"""The famine by regions: the central history of the model beside every version of the record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from famine_runs import (
    FAMINE,
    KAZAKHSTAN,
    REPUBLICS,
    RSFSR,
    UKRAINE,
    Asked,
    and_so,
    dead,
    herds,
    months_of,
    of_region,
    said,
    titles,
    together,
    usual,
    usual_months,
    village,
)  # fmt: skip

from planmodel.documented.catalogue import BUILT_IN
from planmodel.documented.regional_points import RegionalPoint, regional_points
from planmodel.documented.vocabulary import COMPARABLE
from planmodel.show.markdown import markdown
from planmodel.show.numbers import fixed, percent

YEARS = ("1930", "1931", "1932", "1933", "1934")
CAMPAIGNS = ("1930/31", "1931/32", "1932/33", "1933/34")
HERDS = ("livestock", "cattle", "horses", "sheep_and_goats")


@dataclass(frozen=True)
class Beside:
    """A figure of the record, and what is asked of the model for it."""

    where: str
    title: str
    version: str
    value: float
    low: float
    high: float
    asked: Asked
    amount: bool  # compared by its ratio; else by the difference
    held: float = 1.0

    @property
    def factual(self) -> bool:
        """Whether it is more than a floor or a ceiling."""
        return np.isfinite(self.low) and np.isfinite(self.high)

    def deviation(self, model: float) -> float:
        """Return how far the model is from it: nothing within its range."""
        nearest = min(max(model, self.low), self.high)
        return model / nearest - 1.0 if self.amount else model - nearest


def deaths_on_record() -> list[Beside]:
    """Return all figures of excess deaths of the three republics."""
    found = [_beside("excess_deaths", "Excess deaths", point) for point in _points("excess_deaths")]
    rows = BUILT_IN.rows("excess_deaths")
    for row in (row for row in rows if row["territory"] == RSFSR):
        value, asked = float(row["value"]), dead(RSFSR, row["date"])
        found.append(Beside(RSFSR, "Excess deaths", row["version"], value, value, value, asked, True))
    return found


def facts() -> list[Beside]:
    """Return the figures of the record that the page shows beside the model, plans aside."""
    found = deaths_on_record()
    for name, title in (("grain_procurement", "Grain taken"), ("grain_harvest", "Harvest")):
        found += [_beside(name, title, point) for point in _points(name) if point.kind != "plan"]
    found += [_beside("collectivised_share", "Collectivised share", one)
              for one in _points("collectivised_share")]  # fmt: skip
    for name in HERDS:
        title = "All animals" if name == "livestock" else name.replace("_", " ").capitalize()
        found += [_beside(name, title, one) for one in _points(name) if one.region == KAZAKHSTAN]
    known = set(_covered(found))
    return [one for place, one in enumerate(found) if place in known]


def _points(name: str) -> list[RegionalPoint]:
    last = pd.Timestamp(village().period.end)
    return [one for one in regional_points(name) if one.end <= last and one.start.year >= 1928]


def _beside(name: str, title: str, point: RegionalPoint) -> Beside:
    indicator = herds(point.region) if name == "livestock" else of_region(name, point.region)
    return Beside(
        point.region, title, point.label, point.value, point.low, point.high, Asked(indicator, point.date),
        name != "collectivised_share", point.held if point.amount else 1.0,
    )  # fmt: skip


def _covered(found: Sequence[Beside]) -> Iterator[int]:
    """Yield the places of figures for which the model has an answer."""
    seen = usual([one.asked for one in found])
    yield from (place for place, value in enumerate(seen) if np.isfinite(value))


def beside(figures: Sequence[Beside], digits: int = 2) -> str:
    """Return a table of figures of the record with the model beside each."""
    seen, rows = usual([one.asked for one in figures]), []
    for one, model in zip(figures, seen, strict=True):
        off = percent(one.deviation(model), sign=True) if one.amount else fixed(
            one.deviation(model), 2, sign=True)  # fmt: skip
        recorded = _range(one, digits)
        rows.append(
            (said(one.where), one.title, one.asked.dates, one.version.replace("_", " "), recorded,
             fixed(model, digits), off)
        )  # fmt: skip
    return markdown(("Region", "What", "Date", "Version", "Record", "Model", "Deviation"), rows)


def _range(one: Beside, digits: int) -> str:
    if not np.isfinite(one.low):
        return f"at most {fixed(one.high, digits)}"
    if not np.isfinite(one.high):
        return f"at least {fixed(one.low, digits)}"
    ends = dict.fromkeys(fixed(end, digits) for end in (one.low, one.high))
    return " to ".join(ends)


# ---- deaths ------------------------------------------------------------------------------------------------


def deaths_by_year() -> str:
    """Return excess deaths by region and year, and the month of the peak."""
    places = ["country", *REPUBLICS, *(name for name in titles() if name not in REPUBLICS)]
    asked = [dead(where, year) for where in places for year in (*YEARS, FAMINE)]
    found = usual(asked).reshape(len(places), -1)
    peaks = peak_months()
    rows = [
        (_name(where), *(fixed(value, 2) for value in line), peaks.get(where, "-"))
        for where, line in zip(places, found, strict=True)
    ]
    return markdown(("Excess deaths, million", *YEARS, "1932-34", "Month of the peak"), rows)


def _name(where: str) -> str:
    return "Country, with towns and camps" if where == "country" else said(where)


def peak_months() -> dict[str, str]:
    """Return the month of most excess deaths of 1932-34 by region and republic; nothing where few died."""
    places = [*REPUBLICS, *(name for name in titles() if name not in REPUBLICS)]
    of = {where: together("excess_deaths", REPUBLICS.get(where, (where,))) for where in places}
    dataset = usual_months()
    time = pd.DatetimeIndex(dataset["time"].values)
    within = np.asarray(time.year >= 1932)
    found = {}
    for where, indicator in of.items():
        series = np.where(within, months_of(dataset, indicator), 0.0)
        if series.sum() >= 0.01:
            found[where] = time[int(np.argmax(series))].strftime("%B %Y")
    return found


def outside_kazakhstan() -> float:
    """Return the excess deaths of 1932 in villages outside Kazakhstan, million."""
    others = tuple(name for name in titles() if name != KAZAKHSTAN)
    return float(usual([Asked(together("excess_deaths", others), "1932")])[0])


def deaths_in_words() -> str:
    """Say in which order the republics come in model and record, and how far the model is off."""
    found = dict(zip(REPUBLICS, usual([dead(one) for one in REPUBLICS]), strict=True))
    record = recorded_by_republic()
    order = sorted(found, key=lambda name: -found[name])
    of_record = sorted(record, key=lambda name: -record[name])
    right = order == of_record
    off = {name: found[name] / record[name] - 1.0 for name in found}
    near = [said(name) for name, part in off.items() if abs(part) <= 0.25]
    far = [f"{said(name)} ({percent(part, sign=True)})" for name, part in off.items() if abs(part) > 0.25]
    return (
        f"In the model most die in {said(order[0])}, then in {said(order[1])}, then in {said(order[2])}; "
        + ("the record has the same order. " if right
           else f"the record has {and_so([said(name) for name in of_record])}, in this order. ")
        + f"Within a quarter of Rudnytskyi and others (recalled): {and_so(near)}; further off: {and_so(far)}."
        f" In 1932 {fixed(outside_kazakhstan(), 2)} million die outside Kazakhstan; the record has 0.14 to "
        "0.25 for Ukraine alone, and nothing of the others by year."
    )  # fmt: skip


def recorded_by_republic() -> dict[str, float]:
    """Return excess deaths of 1932-34 by the one source that has all three republics, million."""
    return {
        one.where: one.value
        for one in deaths_on_record()
        if one.version == "rudnytskyi_levchuk" and one.asked.dates == FAMINE
    }


# ---- grain -------------------------------------------------------------------------------------------------


def campaigns() -> str:
    """Return plan, grain taken, harvest and cut of the quota by region, in the campaigns of the famine."""
    rows = []
    for label in titles():
        line: list[str] = [said(label)]
        for campaign in CAMPAIGNS[1:3]:
            asked = [Asked(of_region(name, label), campaign)
                     for name in ("regional_plan", "grain_procurement")]  # fmt: skip
            asked.append(Asked(of_region("grain_harvest", label), campaign[:4]))
            plan, taken, harvest = usual(asked)
            line += [fixed(plan, 2), fixed(taken, 2), percent(taken / harvest)]
            line.append(percent(cut_of_quota(label, campaign)))
        rows.append(line)
    heads = [f"{campaign}: {what}" if what == "plan" else what for campaign in CAMPAIGNS[1:3]
             for what in ("plan", "taken", "of the harvest", "cut")]  # fmt: skip
    return markdown(("Million tonnes", *heads), rows)


def cut_of_quota(label: str, campaign: str) -> float:
    """Return by how much the plan was cut by the end of a campaign, as a share of it."""
    day = date(int(campaign[:4]) + 1, 6, 30)
    return max(float(usual_months()[f"quota_cut_{label}"].sel(time=str(day)).values), 0.0)


def cuts_in_words() -> str:
    """Say where the model cuts the plan of 1932/33, beside the cuts on record."""
    cuts = {label: cut_of_quota(label, "1932/33") for label in titles()}
    most = max(cuts, key=lambda name: cuts[name])
    return (
        f"The plan of 1932/33 is cut by {percent(cuts[UKRAINE])} in Ukraine and by "
        f"{percent(cuts['north_caucasus'])} in the North Caucasus within the campaign; most of all: "
        f"{said(most)}, {percent(cuts[most])}. By the record Ukraine's plan was cut from 5.83 to 3.57 "
        "million tonnes (39 %), that of the North Caucasus krai from 2.18 to 1.55 (29 %). The centre sees by "
        "how much a region is behind and gives up a part of that each month; what is left of the plan at the "
        "end is not attained either."
    )


def aid() -> str:
    """Return relief, loans of seed and grain sold back by region, and the state's stocks."""
    names = ("grain_relief", "seed_loan", "grain_resale")
    rows = []
    for label in titles():
        asked = [Asked(of_region(name, label), c) for c in CAMPAIGNS[1:3] for name in names]
        rows.append((said(label), *(fixed(value, 3) for value in usual(asked))))
    heads = [f"{c}: {what}" for c in CAMPAIGNS[1:3] for what in ("relief", "seed", "sold back")]
    return markdown(("Million tonnes", *heads), rows)


def loans_on_record() -> str:
    """Return the single decisions on loans that the record has by region."""
    points = [(title, one) for name, title in (("seed_loan", "seed"), ("food_loan", "food"))
              for one in regional_points(name)]  # fmt: skip
    told = [f"{said(one.region)} {one.date} {fixed(one.value, 3)} of {title}" for title, one in points]
    return "Loans on record by region (single decisions, million tonnes): " + "; ".join(told) + "."


def stocks() -> str:
    """Return the grain of the state on 1 July beside the record."""
    indicator = village().declared.indicators["state_grain_stocks"]
    days = [f"{year}-07-01" for year in range(1930, 1935)]
    model = usual([Asked(indicator, day) for day in days])
    rows = BUILT_IN.rows("state_grain_stocks")
    rows = [row for row in rows if row["date"] in days and row["territory"] in COMPARABLE]
    table = []
    for day, value in zip(days, model, strict=True):
        versions = [f"{fixed(row['value'], 2)} ({row['version'].replace('_', ' ')})"
                    for row in rows if row["date"] == day]  # fmt: skip
        table.append((day, fixed(value, 2), "; ".join(versions) or "-"))
    return markdown(("Grain of the state, million tonnes", "Model", "Record"), table)
