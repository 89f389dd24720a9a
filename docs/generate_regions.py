"""What differs between the regions of the Soviet village, made of the regional record.

``python docs/generate_regions.py`` writes ``regions.csv`` of the economy from
``planmodel/documented/regional_inputs.csv``. Shares add up to one; numbers are rounded to six digits.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path

from planmodel.documented.regional_inputs import Quantity, quantities
from planmodel.storage import write_whole

FILE = Path(__file__).parents[1] / "planmodel/economies/soviet/regions.csv"
DIGITS = 6
BASE, DECREED = 1930, (1931, 1932)  # the campaign of ordinary shares, and those with plans of their own
YIELDS = (1928, 1929, 1930, 1931)  # harvests whose yields are on record by region
ORDINARY = "grain_yield"  # mean of 1928-30

# Grain fed where herds graze all year, over that of other regions: ours.
FEEDING = {"kazakhstan": 0.2, "south": 0.4}

# Level of a region's yields over those printed, as a search found it within 22 %: yields of 1928-31 are
# official, areas of most regions are ours, and what counts for food is what reached a barn.
LEVEL = {
    "ukraine": 0.903,
    "north_caucasus": 1.042,
    "volga": 1.037,
    "black_earth": 0.893,
    "consumer_regions": 0.993,
    "east": 0.984,
    "kazakhstan": 0.877,
    "south": 1.015,
}

# How far a number may be off, as a share of it: one that was printed at the time, one of ours, one that a
# decree gave and a user may want to change, and the level of yields, which the search moved so far at most.
PRINTED, OURS, DECREED_SHARE, LEVELS = 0.05, 0.5, 0.25, 0.22

# Regions whose borders the directive of 22 January 1933 closed; the Lower Volga followed in February.
CLOSED = {"ukraine": 1.0, "north_caucasus": 1.0, "volga": 0.4}

# Grain sold back to villages: to those who do not grow what they eat. No document by region: ours.
RESALE = {"consumer_regions": 0.5, "south": 0.35, "kazakhstan": 0.05, "east": 0.05, "black_earth": 0.05}

Numbers = Mapping[str, float]
Made = tuple[str, str, Numbers, str, str]  # kind, name, by region, source, evidence


def rows() -> Iterator[Made]:
    """Yield the rows of the table."""
    q = quantities()
    people, area = q["rural_population"].shares(), q["grain_area"].shares()
    fertility = over_mean(q[ORDINARY].values, area)
    harvest = normal({r: area[r] * fertility[r] for r in area})
    plan = q[f"grain_plan_{BASE}"].shares()
    by_people = ("regional_inputs: rural_population", evidence(q["rural_population"]))
    by_area = ("regional_inputs: grain_area", evidence(q["grain_area"]))
    by_harvest = ("regional_inputs: grain_area and grain_yield", evidence(q["grain_area"]))
    by_plan = (f"regional_inputs: grain_plan_{BASE}", evidence(q[f"grain_plan_{BASE}"]))
    for group in ("individual_peasants", "kolkhoz_members", "state_farm_workers", "seasonal_workers"):
        yield "share", f"people.{group}", people, *by_people
    nothing = dict.fromkeys(people, 0.0)
    source = "none: regions stand for themselves"
    yield "value", "nutrition.harvests_between", nothing, source, "assumption"
    yield "value", "nutrition.quotas_between", nothing, source, "assumption"
    yield "value", "nutrition.severity_of_a_mean", dict.fromkeys(people, 1.0), source, "assumption"
    for name in ("village_people", "village_food_need"):
        yield "share", name, people, *by_people
    for barn in ("individual", "kolkhoz", "members", "state_farms", "hidden"):
        yield "share", f"grain.{barn}", harvest, *by_harvest
    for name in (
        "harvest_this_year",
        "kolkhoz_harvest_this_year",
        "harvest_last_year",
        "distributed_this_year",
    ):
        yield "share", name, harvest, *by_harvest
    for name in ("sown_area", "growing_area", "state_farm_area"):
        yield "share", name, area, *by_area
    for form in ("individual", "kolkhoz", "state_farm"):
        yield "share", f"seed_need_{form}", area, *by_area
    for name in ("taken_this_year", "taken_from_peasants", "kolkhoz_dues", "regional_plan"):
        yield "share", name, plan, *by_plan
    for animal in ("cattle", "horses", "pigs", "sheep_and_goats"):
        herds, source = q[animal].shares(), f"regional_inputs: {animal}"
        for owner in ("household", "socialised"):
            yield "share", f"{animal}.{owner}", herds, source, evidence(q[animal])
        kept, source = {r: herds[r] / people[r] for r in people}, f"{source} over rural_population"
        yield "value", f"livestock.kept_{animal}", kept, source, evidence(q[animal])
        yield from reach(f"livestock.kept_{animal}", kept, q[animal])
    horses = q["horses"].shares()
    feeding = over_mean({r: FEEDING.get(r, 1.0) for r in people}, horses)
    yield "value", "livestock.grain_feeding", feeding, "ours: herds that graze get little grain", "assumption"
    yield from reach("livestock.grain_feeding", feeding, OURS)
    for name in ("household_feed_need", "socialised_feed_need", "socialised_feed_norm"):
        yield "share", name, horses, "regional_inputs: horses, for want of a count of feed", "assumption"
    potatoes = over_mean(q["potato_food"].values, people)
    cellars = normal({r: potatoes[r] * people[r] for r in people})
    source = "regional_inputs: potato_food"
    yield "share", "potatoes.village", cellars, source, "assumption"
    yield "value", "plots.potatoes", potatoes, source, "assumption"
    yield from reach("plots.potatoes", potatoes, q["potato_food"])
    yield "value", "cropping.land_share", area, *by_area
    yield from reach("cropping.land_share", area, q["grain_area"])
    found = over_mean({r: fertility[r] * LEVEL[r] for r in fertility}, area)
    source = (
        "regional_inputs: grain_yield, times a factor within a fifth that a search found; see docs/regions.md"
    )
    yield "value", "cropping.fertility", found, source, "assumption"
    yield from reach("cropping.fertility", {r: v / LEVEL[r] for r, v in found.items()}, LEVELS)
    source = "regional_inputs: moving_herds"
    yield "value", "livestock.moving_herds", q["moving_herds"].values, source, evidence(q["moving_herds"])
    closed = {r: CLOSED.get(r, 0.0) for r in people}
    source = "directive of 22 January 1933 and what followed (recalled), the Lower Volga as part of the Volga"
    yield "value", "migration.closed_here", closed, source, "recalled"
    yield from weather(q, harvest)
    yield "value", "state_grain.plan_share", plan, *by_plan
    yield from reach("state_grain.plan_share", plan, DECREED_SHARE)
    yield from plans(q, plan)
    last = q[f"grain_plan_{DECREED[-1]}"].shares()
    norms = {r: 0.5 + 0.5 * last[r] / area[r] for r in area}
    source = (
        f"midway between one norm for all and grain_plan_{DECREED[-1]} over grain_area: no table by region"
    )
    yield "value", "procurement.norm_ratio", norms, source, "assumption"
    yield from reach("procurement.norm_ratio", norms, DECREED_SHARE)
    resale = {r: RESALE.get(r, 0.0) for r in people}
    source = "ours: regions that do not grow what they eat; no document by region"
    yield "value", "state_grain.resale_share", resale, source, "assumption"
    due = q["drive_due"].values
    order = {r: due["ukraine"] / due[r] for r in due}
    source = "regional_inputs: drive_due, that of Ukraine over that of the region"
    yield "value", "collectivisation.drive_order", order, source, evidence(q["drive_due"])
    yield from reach("collectivisation.drive_order", order, DECREED_SHARE)
    deported = q["deported_families"].shares()
    ratio = {r: deported[r] / people[r] for r in people}
    source = "regional_inputs: deported_families over rural_population"
    yield "value", "collectivisation.deported_from", ratio, source, evidence(q["deported_families"])


def reach(name: str, values: Numbers, of: Quantity | float) -> Iterator[Made]:
    """Yield the bounds of a parameter at each region: those of a quantity, or a share of the value."""
    for end in ("low", "high"):
        found = {}
        for region, value in values.items():
            by = 1.0 - PRINTED if end == "low" else 1.0 + PRINTED
            if isinstance(of, float):
                by = 1.0 - of if end == "low" else 1.0 + of
            elif (entry := of.of[region]).low < entry.high:
                by = getattr(entry, end) / entry.value
            found[region] = value * by
        source = (
            "ours: a share of the value" if isinstance(of, float) else f"bounds of regional_inputs: {of.name}"
        )
        yield end, name, found, source, "assumption"


def weather(q: Mapping[str, Quantity], harvest: Numbers) -> Iterator[Made]:
    """Yield what the weather of each year was in a region beyond that of the country.

    Yields over those of 1928-30 by region, less the same of the country: what is common is the country's.
    """
    ordinary = q[ORDINARY].values
    for year in YIELDS:
        ratio = {r: v / ordinary[r] for r, v in q[f"{ORDINARY}_{year}"].values.items()}
        mean = sum(harvest[r] * ratio[r] for r in ratio)
        own = {r: ratio[r] - mean for r in ratio}
        yield (
            "more",
            f"weather.{year}",
            own,
            f"regional_inputs: grain_yield_{year} over grain_yield",
            "assumption",
        )


def plans(q: Mapping[str, Quantity], ordinary: Numbers) -> Iterator[Made]:
    """Yield by how much the shares of regions in the plan of a campaign differ from those of 1930."""
    nothing = dict.fromkeys(ordinary, 0.0)
    yield "more", f"plan_shift.{BASE}-07-01", nothing, "as state_grain.plan_share", "assumption"
    for year in DECREED:
        plan = q[f"grain_plan_{year}"]
        shift = {r: share - ordinary[r] for r, share in plan.shares().items()}
        source = f"regional_inputs: grain_plan_{year}"
        yield "more", f"plan_shift.{year}-07-01", shift, source, evidence(plan)


def over_mean(values: Numbers, shares: Numbers) -> dict[str, float]:
    """Return values over their mean."""
    mean = sum(shares[r] * v for r, v in values.items())
    return {r: v / mean for r, v in values.items()}


def normal(values: Numbers) -> dict[str, float]:
    """Return values over their sum."""
    whole = sum(values.values())
    return {r: v / whole for r, v in values.items()}


def evidence(quantity: Quantity) -> str:
    """Return how well a quantity is known where it is known worst: one guess makes shares a guess."""
    known = {entry.evidence for entry in quantity.of.values()}
    return next(word for word in ("assumption", "recalled", "transcribed") if word in known)


def rounded(kind: str, values: Numbers) -> list[str]:
    """Return numbers as they are written; shares still add up to one."""
    short = {r: round(v, DIGITS) for r, v in values.items()}
    if kind == "share":
        largest = max(short, key=lambda r: short[r])
        short[largest] = round(1.0 - sum(v for r, v in short.items() if r != largest), DIGITS)
    return [f"{v:.{DIGITS}f}".rstrip("0").rstrip(".") or "0" for v in short.values()]


def table() -> str:
    """Return the table as it is written."""
    labels = list(quantities()["rural_population"].values)
    lines = [["kind", "name", *labels, "source", "evidence"]]
    lines += [[kind, name, *rounded(kind, v), source, known] for kind, name, v, source, known in rows()]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(lines)
    return text.getvalue()


if __name__ == "__main__":
    write_whole(FILE, table().encode())
    print(f"{FILE.name}: {table().count(chr(10)) - 1} rows")
