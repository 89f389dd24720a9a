"""What an economy has by region beside what the record has of the regions.

Which quantities an economy shows by region, and by which variables of the record they are judged, stands in
its ``figures.toml``; of which territories its regions are made up, in a file named as the key that chooses
them (``regions.toml``), or else they are those of the record itself that have the same label.
"""

from __future__ import annotations

from dataclasses import dataclass

from planmodel.documented.catalogue import UnknownSeriesError
from planmodel.documented.files import parts_of_the_country
from planmodel.documented.made_of import Region, read_regions
from planmodel.documented.made_of import regions as recorded_regions
from planmodel.documented.reading import RecordError
from planmodel.documented.regional_points import RegionalPoint, regional_points
from planmodel.engine import UserError
from planmodel.engine.units import UnitError
from planmodel.report.figures import FILE, Regional, regional_of
from planmodel.scenario import Scenario
from planmodel.scenario.by_region import ByRegion, by_region, regions_of, wholes_of_regions
from planmodel.scenario.economy import Economy
from planmodel.scenario.names import hint


@dataclass(frozen=True)
class Quantity:
    """A quantity of the model by region, and what the record has of it.

    Attributes
    ----------
    name, title
        Of the model.
    found
        What each region has of it.
    points
        Of the record, in the unit of the model; without those of regions that the model does not have.
    records
        The variables of the record that they are of.
    """

    name: str
    title: str
    found: ByRegion
    points: tuple[RegionalPoint, ...]
    records: tuple[str, ...] = ()

    @property
    def without(self) -> str:
        """Say what the regions do not have of the country's; empty if they have all."""
        first, *others = self.found.lacking or ("",)
        told = f"{first} and {len(others)} others" if len(others) > 1 else ", ".join((first, *others))
        return f"without {told}, which no region has" if first else ""


def regional_quantities(scenario: Scenario, judged: bool = False) -> list[Quantity]:
    """Return what the economy of a scenario shows by region; none where it is one country.

    Parameters
    ----------
    scenario
        Says which record, and how firm its figures must be.
    judged
        Take in all indicators, too, of which the record has regional figures and each part is by region, and
        leave out what the model is given.

    Raises
    ------
    UserError
        If the files of the economy say what does not fit.
    """
    economy, record = scenario.declared, scenario.documented
    if not regions_of(economy):
        return []
    shown = regional_of(economy)
    found = [_quantity(one, scenario) for one in shown]
    if judged:
        known = set(record.variables().index)
        said = {name for one in shown for name in _records(one, scenario)}
        for name, indicator in economy.indicators.items():
            if name in said or indicator.given or name not in known:
                continue
            more = _quantity(Regional(name, name, indicator.title), scenario)
            if more is not None and more.points and not more.found.lacking:
                found.append(more)
    return [one for one in found if one is not None]


def _records(entry: Regional, scenario: Scenario) -> list[str]:
    """Name the variables of the record beside a quantity: what is declared, and what of the user's own."""
    own = [
        name
        for one in scenario.documented.own
        for name, about in one.described.items()
        if about["model"].strip() == entry.variable
    ]
    return list(dict.fromkeys([*([entry.record] if entry.record else []), *own]))


def _quantity(entry: Regional, scenario: Scenario) -> Quantity | None:
    """Return a quantity with its points; None where no region has anything of it."""
    economy = scenario.declared
    found = by_region(economy, entry.variable)
    if found is None:
        return None
    meaning = economy.meaning(entry.variable)
    title = entry.title or meaning[:1].upper() + meaning[1:]
    names = _records(entry, scenario)
    points = [point for name in names for point in _converted(name, entry, found, scenario)]
    return Quantity(entry.variable, title, found, tuple(points), tuple(names))


def _converted(name: str, entry: Regional, found: ByRegion, scenario: Scenario) -> list[RegionalPoint]:
    """Return the points of a variable of the record in the unit of the model."""
    economy, record = scenario.declared, scenario.documented
    place = f"{economy.folder / FILE}: by_region {entry.variable}"
    known = list(record.variables().index)
    if name not in known:
        raise UserError(f"{place}: the record has no variable '{name}'{hint(name, known)}")
    unit, together = record.unit(name), entry.together
    if name != entry.record and entry.record:  # what is said of the one does not hold of the other
        together = ()
    try:
        of = territories_of(economy)
        points = regional_points(name, of, record, scenario.evidence, together)
        return [point.converted(unit, found.indicator.unit) for point in points]
    except UnitError:
        raise UserError(f"{place}: '{unit}' in the record, '{found.indicator.unit}' in the model") from None
    except UnknownSeriesError as error:
        raise UserError(f"{place}: {error}") from None


def territories_of(economy: Economy) -> dict[str, Region]:
    """Return of which territories of the record the regions of an economy are made up, by label.

    Raises
    ------
    UserError
        If its file is wrong, or speaks of a region that there is not.
    """
    labels, axes = regions_of(economy), {whole.axis for whole in wholes_of_regions(economy).values()}
    files = [economy.folder / f"{v.key}.toml" for v in economy.versions.values() if v.axis in axes]
    file = next((file for file in files if file.is_file()), None)
    if file is None:
        return {name: one for name, one in recorded_regions().items() if name in labels}
    try:
        found = read_regions(file, list(parts_of_the_country()))
    except RecordError as error:
        raise UserError(f"{file.parent}: {error}") from None
    for name in found:
        if name not in labels:
            raise UserError(f"{file}: {name}: no such region; allowed: {', '.join(labels)}")
    return {name: found[name] for name in labels if name in found}
