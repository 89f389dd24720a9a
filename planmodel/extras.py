"""Packages that only some uses need: which extra brings them, and one line where they are missing."""

from __future__ import annotations

from importlib.util import find_spec

from planmodel.engine.errors import UserError

# Package -> the extra of pyproject.toml that brings it.
EXTRA = {
    "typer": "cli", "rich": "cli", "tomli_w": "cli", "filelock": "cli",
    "matplotlib": "plot", "PIL": "plot",
    "SALib": "study", "emcee": "study", "jinja2": "study", "markupsafe": "study",
    "dask": "cluster", "distributed": "cluster",
    "h5netcdf": "io", "h5py": "io", "openpyxl": "io", "pyarrow": "io", "pint": "io",
}  # fmt: skip


def need(what: str, *packages: str) -> None:
    """Refuse what cannot be done without packages that are not there.

    Raises
    ------
    UserError
        Naming what was asked for, the package and how to get it.
    """
    for package in packages:
        if find_spec(package) is None:
            raise UserError(missing(what, package))


def missing(what: str, package: str) -> str:
    """Say in a line that something needs a package that is not there."""
    return f"{what} needs the package {package}; allowed: pip install 'planmodel[{EXTRA[package]}]'"
