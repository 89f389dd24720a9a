"""The draws of a posterior: reading them from a file, choosing some, laying them over a scenario."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import xarray as xr

from planmodel.engine import Array, UserError
from planmodel.runs.members import Members
from planmodel.runs.resolve import Laid, resolve
from planmodel.scenario import Scenario
from planmodel.scenario.finding import configuration_folder
from planmodel.scenario.names import near
from planmodel.scenario.origins import layers_of
from planmodel.scenario.paths import is_file
from planmodel.storage import check_sealed

NUMBER = 200  # draws that are taken unless a number is given


@dataclass(frozen=True)
class PosteriorDraws:
    """Draws of a posterior.

    Parameters
    ----------
    values
        By dotted key, each of shape ``(draws,)``.
    name
        Of the file, for messages and manifests.
    base
        Names of the layers of the scenario that was fitted: draws take the place of what these say.
    """

    values: Mapping[str, Array]
    name: str
    base: tuple[str, ...] = ()

    def __len__(self) -> int:
        """Return how many there are."""
        return len(next(iter(self.values.values())))

    def rows(self, rows: Sequence[int] | np.ndarray) -> PosteriorDraws:
        """Return chosen draws."""
        return replace(self, values={name: values[rows] for name, values in self.values.items()})

    def some(self, number: int | None = None) -> PosteriorDraws:
        """Return a number of draws, evenly spaced: 200, or all where there are fewer.

        Raises
        ------
        UserError
            If more are asked for than there are.
        """
        held = len(self)
        if number is not None and not 1 <= number <= held:
            raise UserError(f"{self.name}: {number} draws are out of bounds; allowed: 1 to {held}")
        return self.rows(np.unique(np.linspace(0, held - 1, number or min(NUMBER, held)).astype(int)))

    def laid(self) -> Laid:
        """Return the draws as they are laid over a scenario: what it says itself is held."""
        return Laid(self.values, f"draws of {self.name}", f"{self.name}: ", yields=True, base=self.base)

    def over(self, scenario: Scenario, may_hold_all: bool = False) -> Members:
        """Return the members of a scenario, one a draw, all without shocks.

        ``may_hold_all`` lets the scenario hold every key that is drawn: all members are then alike.

        Raises
        ------
        UserError
            If a key is not one of numbers that may differ between members, or nothing is left to draw.
        """
        members = resolve(scenario, self.laid(), numbers=np.zeros(len(self), dtype=np.int64))
        if not members.columns and not may_hold_all:
            holders = ", ".join(dict.fromkeys(members.held.values()))
            raise UserError(
                f"{self.name}: all that is drawn is said by {holders}, nothing is left to draw; "
                "allowed: a scenario that says less, or no draws"
            )
        members.together(f"{self.name}: ")
        return members


def as_draws(draws: PosteriorDraws | Mapping[str, Array]) -> PosteriorDraws:
    """Return draws that are given as arrays by dotted key as those of a posterior without a name."""
    return draws if isinstance(draws, PosteriorDraws) else PosteriorDraws(draws, "draws")


def bases(scenario: Scenario) -> tuple[str, ...]:
    """Return the names of the layers of a scenario that is fitted: draws take the place of what they say."""
    return tuple(dict.fromkeys([*(layer.name for layer in layers_of(scenario)), scenario.name]))


def posterior_files() -> dict[str, Path]:
    """Return the ready posteriors by name."""
    folder = configuration_folder() / "posteriors"
    return {file.stem: file for file in sorted(folder.glob("*.nc"))}


def find_posterior(source: str | Path, folder: Path = Path()) -> Path:
    """Return the file of a posterior: a path, seen from a folder, or the name of a ready one."""
    file = folder / source
    return file if is_file(file) else posterior_files().get(str(source), file)


def read_posterior(source: str | Path, folder: Path = Path(), wanted: Sequence[str] = ()) -> PosteriorDraws:
    """Read the draws of a posterior.

    Parameters
    ----------
    source
        A NetCDF file, seen from ``folder``, or the name of a ready posterior. One variable a dotted key, with
        the dimension ``draw``, or all with ``chain`` and ``draw``, which are put one after the other.
    folder
        Where the file is looked for.
    wanted
        Names of the variables to take; without any, all are taken, and all must be draws.

    Raises
    ------
    UserError
        Naming file, variable and what is allowed.
    """
    file = find_posterior(source, folder)
    if not is_file(file):
        raise UserError(f"{source}: no such file{near(str(source), posterior_files())}")
    check_sealed(file)
    try:
        with xr.open_dataset(file, engine="h5netcdf") as dataset:
            dataset.load()
    except Exception as error:  # the library raises whatever a foreign file leads it to
        raise UserError(f"{file}: not a NetCDF file that can be read: {error}") from None
    names = list(wanted) or [str(name) for name in dataset.data_vars]
    if not names:
        raise UserError(f"{file}: holds no parameters; allowed: variables with the dimension 'draw'")
    shape: tuple[str, ...] | None = None
    values = {}
    for name in names:
        if name not in dataset.data_vars:
            raise UserError(f"{file}: '{name}' is missing{near(name, map(str, dataset.data_vars))}")
        dims = tuple(sorted(map(str, dataset[name].dims)))
        shape = dims if shape is None and dims in (("draw",), ("chain", "draw")) else shape
        if dims != shape:
            held = f"the dimensions {', '.join(dims)}" if dims else "no dimension"
            raise UserError(
                f"{file}: {name}: has {held}; allowed: {' and '.join(shape or ('draw',))}, as all draws"
            )
        values[name] = dataset[name].transpose(*dims).to_numpy().reshape(-1)
    if not next(iter(values.values())).size:
        raise UserError(f"{file}: has no draws; allowed: one or more")
    base = json.loads(str(dataset.attrs.get("layers", "[]")))
    fitted = dataset.attrs.get("scenario")
    found = posterior_files()
    name = next((ready for ready, path in found.items() if path == file), str(file))
    if "trial" in dataset.attrs:  # told wherever it is told what said the values
        name += " (a trial, no whole fit)"
    return PosteriorDraws(values, name, (*base, *([str(fitted)] if fitted else [])))
