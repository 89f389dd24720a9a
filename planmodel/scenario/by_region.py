"""What of a quantity each region has, where an economy is spread along an axis.

A quantity is added up of parts, some of which may be spread and some not: of deaths those of villages are by
region, those of towns are not. What a region has of it are its rows of the parts that are spread; the others
are named, so that nobody takes the regions for the whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from planmodel.engine.errors import UserError
from planmodel.engine.wholes import Whole
from planmodel.scenario.economy import Economy
from planmodel.scenario.folder import FILE
from planmodel.scenario.indicators import BETWEEN_YEARS, Indicator


@dataclass(frozen=True)
class ByRegion:
    """A quantity by the labels of an axis.

    Attributes
    ----------
    indicator
        That of the country.
    axis, labels
        Along which it is spread.
    lacking
        Names of its parts that are not spread: no region has them.
    level
        Whether a region's is no part of the country's but a level of its own: a mean, a share, a ratio.
    """

    indicator: Indicator
    axis: str
    labels: tuple[str, ...]
    lacking: tuple[str, ...]
    level: bool

    def at(self, label: str) -> Indicator:
        """Return what a region has of it."""
        of = self.indicator
        parts, over, less = (
            tuple(f"{name}_{label}" for name in names if name not in self.lacking)
            for names in (of.parts, of.over, of.less)
        )
        return replace(of, name=f"{of.name}_{label}", parts=parts, over=over, less=less)

    @property
    def made_of(self) -> tuple[str, ...]:
        """Names of all that is recorded of the regions."""
        return tuple(name for label in self.labels for name in self.at(label).made_of)


def wholes_of_regions(economy: Economy) -> dict[str, Whole]:
    """Return what is spread along the axis of regions, by name; nothing where there is none.

    Where an economy has several axes along which blocks hold, it is the first that scenarios may choose.
    """
    wholes = {whole.name: whole for whole, _ in economy.parts.values()}
    axes = [version.axis for version in economy.versions.values()] + [w.axis for w in wholes.values()]
    axis = next((axis for axis in axes if any(w.axis == axis for w in wholes.values())), "")
    return {name: whole for name, whole in wholes.items() if whole.axis == axis}


def regions_of(economy: Economy) -> tuple[str, ...]:
    """Return the labels of the axis along which an economy is spread; none where it is one country."""
    return next((whole.labels for whole in wholes_of_regions(economy).values()), ())


def by_region(economy: Economy, quantity: str | Indicator) -> ByRegion | None:
    """Return a quantity by region; None where no part of it is spread.

    A quotient is by region only where all that it is made of is.
    """
    indicator = economy.quantity(quantity) if isinstance(quantity, str) else quantity
    if not indicator.unit:
        indicator = replace(indicator, unit=economy.unit_of(indicator.name))
    wholes = wholes_of_regions(economy)
    spread = [wholes[name] for name in indicator.made_of if name in wholes]
    lacking = tuple(name for name in indicator.made_of if name not in {whole.name for whole in spread})
    quotient = indicator.measure in ("ratio", *BETWEEN_YEARS)
    if not set(indicator.parts) - set(lacking) or (quotient and lacking):
        return None
    level = quotient or any(whole.how != "sum" for whole in spread)
    return ByRegion(indicator, spread[0].axis, spread[0].labels, lacking, level)


def by_parts(economy: Economy, parts: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return the parts of a sum by region; nothing unless a region has each of them."""
    wholes = wholes_of_regions(economy)
    if not all(name in wholes and wholes[name].recorded for name in parts):
        return {}
    return {label: tuple(f"{name}_{label}" for name in parts) for label in regions_of(economy)}


def check_region(economy: Economy, region: str, place: str, more: tuple[str, ...] = ()) -> None:
    """Refuse what is no region of an economy.

    Parameters
    ----------
    region
        What the user named.
    place
        Put before the message.
    more
        Other words that are allowed.

    Raises
    ------
    UserError
        Naming the regions, or how to have some.
    """
    labels = regions_of(economy)
    if not labels:
        raise UserError(f"{place}: {economy.plain_name} {how_to_have(economy)}")
    known = (*labels, *more)
    if region not in known:
        raise UserError(f"{place}: no such region; allowed: {', '.join(known)}")


def how_to_have(economy: Economy) -> str:
    """Say how an economy that is one country here can have regions."""
    said = [f'{version.key} = "{version.along}"' for version in economy.versions.values()]
    if not said:
        return f"has no regions; allowed: an economy with an axis under [versions] in its {FILE}"
    allowed = f"a scenario that says {' or '.join(said)}, or the folder of a run of one"
    return f"is one country here; allowed: {allowed}"
